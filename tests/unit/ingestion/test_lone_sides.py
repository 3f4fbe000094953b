"""Rows of which a source tells one side, or the ground, and a day or a week; and files that need each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from antepost.domain import FixedClock
from antepost.errors import DataError, SourceAbsent
from antepost.ingestion import SOURCES, fetch, ingest, stamps
from antepost.ingestion.bundle import bundle, unbundle
from antepost.ingestion.identity import ANYONE, CANDIDATES, candidates
from antepost.ingestion.matching import match
from antepost.lake import silver
from antepost.lake.schemas import table_of
from antepost.settings import Settings
from tests.payloads.nfl import HOURS, READINGS, parquet, report

type Row = dict[str, str]
type MakeGame = Callable[..., Row]
type MakeFile = Callable[..., bytes]

START = datetime(2021, 9, 12, 17, tzinfo=UTC)
WHO = pl.DataFrame(
    {"name": ["KC", "BUF", "The Field", ANYONE], "entity": ["KC", "BUF", "INV00", ANYONE], "first": None, "last": None},
    schema=CANDIDATES,
)


def _games(*games: tuple[str, datetime, str, str], venue: str | None = None) -> pl.DataFrame:
    stamped = {"sport": "nfl", "league": "nfl", "known_how": "assumed", "raw": "ab", "batch": 1}
    rows = [
        {
            **stamped, "fixture": fixture, "start": start, "event_at": start, "event_precision": "second",
            "known_at": start - timedelta(days=30), "season": 2021, "home": home, "away": away, "week": 1,
            "venue": venue,
        }
        for fixture, start, home, away in games
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=table_of("fixtures", "nfl").schema)


def _linked(games: pl.DataFrame, fixtures: pl.DataFrame) -> list[tuple[str, str, bool]]:
    found = match(games, WHO, fixtures, 1, "America/New_York")
    return sorted(found.links.select("local", "fixture", "flipped").iter_rows())


def test_each_side_of_a_game_may_have_a_row_of_its_own() -> None:
    fixtures = _games(("g1", START, "BUF", "KC"))
    rows = _games(("x", stamps.UNDATED, "KC", ANYONE), ("y", stamps.UNDATED, "BUF", ANYONE))
    assert _linked(rows, fixtures) == [("x", "g1", True), ("y", "g1", False)]


def test_a_side_that_does_not_play_in_the_week_joins_nothing() -> None:
    fixtures = _games(("g1", START, "BUF", "KC")).with_columns(pl.lit(2, pl.Int32).alias("week"))
    assert _linked(_games(("x", stamps.UNDATED, "KC", ANYONE)), fixtures) == []


def test_two_rows_of_one_side_are_not_guessed_between() -> None:
    fixtures = _games(("g1", START, "BUF", "KC"))
    rows = _games(("x", stamps.UNDATED, "KC", ANYONE), ("y", stamps.UNDATED, "KC", ANYONE))
    assert _linked(rows, fixtures) == []


def test_a_ground_and_a_day_tell_the_game() -> None:
    fixtures = _games(("g1", START, "BUF", "KC"), venue="INV00")
    assert _linked(_games(("x", START, "The Field", ANYONE)), fixtures) == [("x", "g1", False)]


def test_anyone_is_nobody_who_has_to_be_mapped() -> None:
    told = candidates(
        SOURCES["nfl_weather"],
        pl.Series("name", [ANYONE, "Elsewhere"]),
        WHO.clear(),
        WHO.clear().select("entity", "name"),
    )
    assert told["name"].to_list() == [ANYONE]


def test_a_report_made_after_the_start_is_refused_and_one_before_joins_its_game(
    place: Settings, mirror: Callable[[bytes], str], game: MakeGame, file: MakeFile
) -> None:
    row = game(away="CHI", home="LA", season="2021", gameday="2021-09-12", gametime="20:20")
    root = mirror(file(row))
    clock = FixedClock(datetime(2022, 3, 1, tzinfo=UTC))
    ingest(place, "nfl", clock, mirror=root)
    late = datetime(2021, 9, 13, 15, tzinfo=UTC)
    part = next(part for part in SOURCES["nflverse_injuries"].parts(2022) if part.season == 2021)
    path = Path(root) / part.path
    path.parent.mkdir(parents=True)
    path.write_bytes(parquet([report("00-0000011", "LA"), report("00-0000012", "CHI", date_modified=late)]))
    told = ingest(place, "nfl", clock, mirror=root, source="nflverse_injuries")
    assert (told.added, told.refused) == ({"injuries": 1}, 1)
    held = silver.read(place, "injuries", "nfl").row(0, named=True)
    assert (held["fixture"], held["team"], held["player"]) == ("nfl-2021-01-CHI-LA", "LAR", "00-0000011")
    assert held["event_at"] == datetime(2021, 9, 13, 0, 20, tzinfo=UTC)
    assert held["known_at"] == datetime(2021, 9, 10, 19, 35, 39, tzinfo=UTC)
    refused = silver.read(place, "quarantine", "nfl")["reason"].to_list()
    assert refused == ["injuries: known only after the start of its game"]


def test_weather_of_another_clock_is_still_not_known_before_our_game_is_over(
    place: Settings, mirror: Callable[[bytes], str], game: MakeGame, file: MakeFile
) -> None:
    """A station's readings of a game that a second file has three hours too early were once known before its start."""
    row = game(home="LA", season="2020", gameday="2020-09-13", gametime="20:20", stadium_id="LAX01")
    root = mirror(file(row))
    clock = FixedClock(datetime(2022, 3, 1, tzinfo=UTC))
    ingest(place, "nfl", clock, mirror=root)
    (part,) = SOURCES["nfl_weather"].parts(2022)
    for name, data in ((part.path, READINGS), (part.beside[0].path, HOURS)):
        path = Path(root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    ingest(place, "nfl", clock, mirror=root, source="nfl_weather")
    seen = silver.read(place, "weather", "nfl").filter(pl.col("valid_at").is_not_null())
    assert set(seen["fixture"]) == {"nfl-2020-01-KC-LA"}
    assert seen["known_at"].min() == datetime(2020, 9, 14, 3, 35, tzinfo=UTC)


def test_files_that_need_each_other_come_as_one(tmp_path: Path) -> None:
    source = SOURCES["nfl_weather"]
    (part,) = source.parts(2022)
    first, second = tmp_path / part.path, tmp_path / part.beside[0].path
    first.parent.mkdir(parents=True)
    first.write_bytes(READINGS)
    with pytest.raises(SourceAbsent):
        fetch(source, part, str(tmp_path))
    second.write_bytes(HOURS)
    assert fetch(source, part, str(tmp_path)).data == bundle([READINGS, HOURS])


@pytest.mark.parametrize("data", [b"", b"[1]\n", b"[2, -1]\na", b'["1"]\na', b"{}\n", b"1\na", b"[1, 0]\na", b"\xff\n"])
def test_what_is_no_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(DataError):
        unbundle(data, 1, "a feed")
