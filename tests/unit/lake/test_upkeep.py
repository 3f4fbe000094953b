"""Compaction makes few files of many, and nothing that is read changes: not a row, not an old batch, not a count."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable

from antepost.lake import TABLES, silver
from antepost.lake.batches import Batch, commit
from antepost.lake.upkeep import compact
from antepost.settings import Settings, get_settings

MOMENT = datetime(2031, 9, 7, 17, tzinfo=UTC)


@pytest.fixture
def place(home: Path) -> Settings:
    """A home in which three loads brought weather, one fixture, two and three."""
    place = get_settings(home=home, mirror=None, database_url=None, mlflow_url=None)
    for number in (1, 2, 3):
        silver.append(place, "weather", weather(number), number)
        commit(place, Batch(number=number, sport="nfl", source="x", payloads=(), received_at=MOMENT, parser="1"))
    return place


def weather(batch: int) -> pl.DataFrame:
    rows = [
        {
            "sport": "nfl", "league": "nfl", "season": 2031, "fixture": f"f{number}", "event_at": MOMENT,
            "event_precision": "second", "known_at": MOMENT, "known_how": "assumed", "batch": batch, "raw": "r",
            "temp": 70.0 + batch,
        }
        for number in range(batch)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=TABLES["weather"].schema)


def read(place: Settings, batch: int | None = None) -> pl.DataFrame:
    return silver.read(place, "weather", "nfl", batch).sort("batch", "fixture")


def files(place: Settings) -> int:
    return len(DeltaTable(place.silver / "nfl" / "weather").file_uris())


def test_one_file_holds_what_three_did(place: Settings) -> None:
    before = {batch: read(place, batch) for batch in (1, 2, 3)}
    [done] = compact(place)
    assert (done.folder, done.table, done.before, done.after) == ("nfl", "weather", 3, 1)
    assert files(place) == 1
    assert all(read(place, batch).equals(frame) for batch, frame in before.items())
    assert silver.counts(place, "weather", "nfl") == {1: 1, 2: 2, 3: 3}
    assert [(done.before, done.after) for done in compact(place)] == [(1, 1)]


def test_a_reader_that_began_before_finds_its_files(place: Settings) -> None:
    held = [Path(uri.removeprefix("file://")) for uri in DeltaTable(place.silver / "nfl" / "weather").file_uris()]
    compact(place)
    assert all(path.is_file() for path in held)


def test_what_a_killed_load_left_goes_out_of_a_file_it_shares_with_others(place: Settings) -> None:
    """Whoever compacts a table by other means does not know which loads are committed."""
    before = read(place)
    silver.append(place, "weather", weather(4), 4)
    DeltaTable(place.silver / "nfl" / "weather").optimize.compact()
    assert files(place) == 1
    assert read(place).equals(before)
    assert silver.recover(place) == {"weather": 4}
    assert silver.counts(place, "weather", "nfl") == {1: 1, 2: 2, 3: 3}
    assert read(place).equals(before)


def test_compaction_leaves_out_what_was_never_committed(place: Settings) -> None:
    silver.append(place, "weather", weather(4), 4)
    compact(place)
    assert silver.counts(place, "weather", "nfl") == {1: 1, 2: 2, 3: 3}


def test_a_load_goes_on_after_compaction(place: Settings) -> None:
    compact(place)
    silver.append(place, "weather", weather(4), 4)
    commit(place, Batch(number=4, sport="nfl", source="x", payloads=(), received_at=MOMENT, parser="1"))
    assert read(place).height == 10
    assert [(done.before, done.after) for done in compact(place)] == [(2, 1)]


def test_an_empty_home_has_nothing_to_compact(tmp_path: Path) -> None:
    assert compact(get_settings(home=tmp_path / "empty", mirror=None)) == []
