"""Silver tables hold what the batch log says, and nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.lake import TABLES, facts, silver
from antepost.lake.batches import Batch, commit
from antepost.lake.schemas import table_of
from antepost.settings import Settings, get_settings

MOMENT = datetime(2031, 9, 7, 17, tzinfo=UTC)


@pytest.fixture
def place(home: Path) -> Settings:
    return get_settings(home=home, mirror=None, database_url=None, mlflow_url=None)


def weather(batch: int, *fixtures: str, sport: str = "nfl", temp: float = 70.0) -> pl.DataFrame:
    rows = [
        {
            "sport": sport, "league": sport, "season": 2031, "fixture": fixture, "event_at": MOMENT,
            "event_precision": "second", "known_at": MOMENT, "known_how": "assumed", "batch": batch,
            "raw": f"raw{batch}", "temp": temp, "wind": None,
        }
        for fixture in fixtures
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=TABLES["weather"].schema)


@pytest.mark.parametrize("name", ["with a blank", "mit Zubehör", "a+b#c"])
def test_a_home_may_have_any_name_that_people_give_folders(tmp_path: Path, name: str) -> None:
    place = get_settings(home=tmp_path / name, mirror=None)
    silver.append(place, "weather", weather(1, "a"), 1)
    log(place, 1)
    assert silver.read(place, "weather", "nfl")["fixture"].to_list() == ["a"]
    assert silver.recover(place) == {}


def log(place: Settings, number: int, sport: str = "nfl") -> None:
    commit(place, Batch(number=number, sport=sport, source="x", payloads=(), received_at=MOMENT, parser="1"))


def test_rows_are_read_only_once_their_batch_is_in_the_log(place: Settings) -> None:
    silver.append(place, "weather", weather(1, "a"), 1)
    assert silver.read(place, "weather", "nfl").is_empty()
    log(place, 1)
    assert silver.read(place, "weather", "nfl").equals(weather(1, "a"))


def test_a_read_goes_no_further_than_the_batch_asked_for(place: Settings) -> None:
    for number in (1, 2, 3):
        silver.append(place, "weather", weather(number, f"f{number}"), number)
    log(place, 1)
    log(place, 2)
    assert sorted(silver.read(place, "weather", "nfl")["fixture"]) == ["f1", "f2"]
    assert sorted(silver.read(place, "weather", "nfl", batch=9)["fixture"]) == ["f1", "f2"]
    assert silver.read(place, "weather", "nfl", batch=1)["fixture"].to_list() == ["f1"]


def test_facts_of_an_earlier_load_are_those_that_stood_then(place: Settings) -> None:
    for number in (1, 2):
        silver.append(place, "weather", weather(number, "a", temp=70.0 + number), number)
        log(place, number)
    assert facts(place, "nfl", batch=1)["weather"]["temp"].to_list() == [71.0]
    assert facts(place, "nfl")["weather"]["temp"].to_list() == [71.0, 72.0]


def test_sports_share_a_table_and_not_each_others_rows(place: Settings) -> None:
    silver.append(place, "weather", weather(1, "a", sport="nba"), 1)
    log(place, 1, "nba")
    assert silver.read(place, "weather", "nfl").is_empty()
    assert silver.read(place, "weather", "nba").height == 1


def test_recovery_removes_what_was_never_committed_and_keeps_the_rest(place: Settings) -> None:
    silver.append(place, "weather", weather(1, "a", "b"), 1)
    log(place, 1)
    silver.append(place, "weather", weather(2, "c"), 2)
    assert silver.recover(place) == {"weather": 1}
    assert silver.counts(place, "weather", "nfl") == {1: 2}
    assert silver.recover(place) == {}
    silver.append(place, "weather", weather(2, "d"), 2)
    log(place, 2)
    assert sorted(silver.read(place, "weather", "nfl")["fixture"]) == ["a", "b", "d"]


def test_recovery_of_a_first_load_leaves_an_empty_table(place: Settings) -> None:
    silver.append(place, "weather", weather(1, "a"), 1)
    assert silver.recover(place) == {"weather": 1}
    assert silver.counts(place, "weather", "nfl") == {}


def test_a_home_without_tables_has_facts_of_every_kind_and_no_rows(place: Settings) -> None:
    found = facts(place, "nfl")
    assert list(found) == list(TABLES)
    assert all(frame.is_empty() and dict(frame.schema) == table_of(name, "nfl").schema for name, frame in found.items())


def test_no_checkpoint_may_ever_delete_the_log(place: Settings) -> None:
    """By default a checkpoint deletes the log after thirty days, and old versions with it."""
    silver.append(place, "weather", weather(1, "a"), 1)
    entries = (place.silver / "nfl" / "weather" / "_delta_log" / f"{0:020d}.json").read_text().splitlines()
    [metadata] = [entry["metaData"] for entry in map(json.loads, entries) if "metaData" in entry]
    assert metadata["configuration"] == {"delta.enableExpiredLogCleanup": "false"}


def test_rows_of_another_shape_or_batch_are_not_taken(place: Settings) -> None:
    with pytest.raises(DataError, match=r"temp: Float32 for Float64"):
        silver.append(place, "weather", weather(1, "a").with_columns(pl.col("temp").cast(pl.Float32)), 1)
    with pytest.raises(DataError, match="wind: None for Float64"):
        silver.append(place, "weather", weather(1, "a").drop("wind"), 1)
    with pytest.raises(DataError, match="offered as batch 2"):
        silver.append(place, "weather", weather(1, "a"), 2)
    with pytest.raises(DataError, match="no silver table 'odds'"):
        silver.read(place, "odds", "nfl")


def test_a_damaged_file_is_named_with_what_to_do(place: Settings) -> None:
    silver.append(place, "weather", weather(1, "a"), 1)
    log(place, 1)
    [file] = (place.silver / "nfl" / "weather").glob("*.parquet")
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(DataError, match=r"silver table weather .* ingest again"):
        silver.read(place, "weather", "nfl")
