"""Tiny invented games files in nflverse's layout; no game in them was ever played."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from antepost.ingestion.sources.nflverse import KNOWN_AT, NFLVERSE
from antepost.settings import Settings, get_settings

type Row = dict[str, str]
type MakeGame = Callable[..., Row]
type MakeFile = Callable[..., bytes]

_INVENTED: Row = {
    "game_type": "REG", "gameday": "2031-09-07", "gametime": "13:00", "away_score": "17", "home_score": "20",
    "location": "Home", "overtime": "0", "away_moneyline": "130", "home_moneyline": "-150",
    "spread_line": "3", "away_spread_odds": "-110", "home_spread_odds": "-110", "total_line": "44.5",
    "under_odds": "-110", "over_odds": "-110", "roof": "outdoors", "surface": "grass ", "temp": "70",
    "wind": "5", "away_qb_id": "99-0000001", "home_qb_id": "99-0000002", "away_qb_name": "Ann Invented",
    "home_qb_name": "Bob Invented", "referee": "Cee Invented", "stadium_id": "INV00",
    "stadium": "Invented Field",
}  # fmt: skip


@pytest.fixture
def game() -> MakeGame:
    """Make one invented game; keywords override its columns."""

    def make(away: str = "KC", home: str = "BUF", season: str = "2031", week: str = "1", **columns: str) -> Row:
        named = {"game_id": f"{season}_{int(week):02d}_{away}_{home}", "season": season, "week": week}
        return {**_INVENTED, **named, "away_team": away, "home_team": home, **columns}

    return make


@pytest.fixture
def file() -> MakeFile:
    """Write invented games as the bytes of a file, with the columns given."""

    def make(*rows: Row, columns: tuple[str, ...] = tuple(KNOWN_AT)) -> bytes:
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue().encode()

    return make


@pytest.fixture
def place(home: Path) -> Settings:
    """Settings of an empty home; nothing here needs a database."""
    return get_settings(home=home, mirror=None, database_url=None, mlflow_url=None)


@pytest.fixture
def mirror(tmp_path: Path) -> Callable[[bytes], str]:
    """Put bytes where the games file lies below a mirror's root, and return the root."""

    def put(data: bytes) -> str:
        path = tmp_path / "mirror" / NFLVERSE.parts(2031)[0].path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return str(tmp_path / "mirror")

    return put
