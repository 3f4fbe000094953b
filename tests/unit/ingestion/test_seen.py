"""A file of a secondary source is read again where something near its days changed, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from antepost.domain.clock import FixedClock
from antepost.errors import NamesError
from antepost.ingestion import SOURCES, IngestReport, get_source, ingest
from antepost.ingestion.seen import seen
from antepost.settings import Settings, get_settings
from tests.tour import FILES, mirror_in

MATCHES, ODDS = FILES["sackmann_atp"][1], FILES["tennis_data_atp"][1]

type Load = Callable[..., IngestReport]


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    return get_settings(home=tmp_path / "home", mirror=mirror_in(tmp_path / "mirror"))


@pytest.fixture
def load(place: Settings) -> Load:
    def run(source: str, hours: int = 0) -> IngestReport:
        clock = FixedClock(datetime(2031, 9, 20, 8, tzinfo=UTC) + timedelta(hours=hours))
        return ingest(place, "atp", clock, source=source)

    return run


def put(place: Settings, name: str, data: bytes) -> None:
    path = Path(str(place.mirror)) / next(p for p in SOURCES["sackmann_atp"].parts(2031) if p.name == name).path
    path.write_bytes(data)


def read(report: IngestReport) -> list[str]:
    return [part for part, _ in report.payloads]


def test_matches_of_another_year_leave_the_odds_of_this_one_as_they_are(place: Settings, load: Load) -> None:
    """Each match that was played had every file of every other source read again."""
    load("sackmann_atp")
    load("tennis_data_atp")
    put(place, "matches-2020", MATCHES.replace(b"2019-0001", b"2020-0001").replace(b"20190107", b"20200106"))
    assert load("sackmann_atp", hours=1).added["results"] > 0
    assert read(load("tennis_data_atp", hours=1)) == []


def test_a_match_near_its_days_has_a_file_read_again_and_once_only(place: Settings, load: Load) -> None:
    *others, final = MATCHES.splitlines(keepends=True)
    put(place, "matches-2019", b"".join(others))
    load("sackmann_atp")
    assert load("tennis_data_atp").refused == 1
    put(place, "matches-2019", b"".join([*others, final]))
    load("sackmann_atp", hours=1)
    again = load("tennis_data_atp", hours=1)
    assert (read(again), again.added["prices"]) == (["atp-2019"], 8)
    assert read(load("tennis_data_atp", hours=2)) == []


def test_a_file_that_says_nothing_new_is_read_once(place: Settings, load: Load) -> None:
    """No batch came of it, and so it was read at every load."""
    load("sackmann_atp")
    load("tennis_data_atp")
    header, *rows = ODDS.splitlines(keepends=True)
    mirror_in(Path(str(place.mirror)), tennis_data_atp=b"".join([header, *reversed(rows)]))
    again = load("tennis_data_atp", hours=1)
    assert (read(again), again.batch) == (["atp-2019"], None)
    assert read(load("tennis_data_atp", hours=2)) == []


def test_a_damaged_note_costs_one_reading(place: Settings, load: Load) -> None:
    load("sackmann_atp")
    load("tennis_data_atp")
    note = place.batches / "seen" / "tennis_data_atp.json"
    note.write_text("{")
    assert read(load("tennis_data_atp")) == []
    assert seen(place, get_source("tennis_data_atp"))["atp-2019"].told is None
    put(place, "matches-2020", MATCHES.replace(b"2019-0001", b"2020-0001").replace(b"20190107", b"20200106"))
    load("sackmann_atp", hours=1)
    note.unlink()
    assert read(load("tennis_data_atp", hours=1)) == ["atp-2019"]
    assert read(load("tennis_data_atp", hours=2)) == []


def test_a_file_refused_as_a_whole_is_read_again_at_each_load(place: Settings, load: Load) -> None:
    mirror_in(Path(str(place.mirror)), tennis_data_atp=ODDS.replace(b"Lob G.", b"Nobody X."))
    load("sackmann_atp")
    for hours in (1, 2):
        with pytest.raises(NamesError, match=r"unmapped name 'Nobody X\.'"):
            load("tennis_data_atp", hours)
