"""A quant's own facts keep the rules of all others: stamps, loads, revisions, half-open reads."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from antepost.desk.lake import Lake
from antepost.domain.clock import FixedClock
from antepost.errors import DataError
from antepost.ingestion import ingest
from antepost.lake import silver
from antepost.lake.batches import OWN, batches, loaded_sports, watermark
from antepost.lake.upkeep import compact
from antepost.settings import Settings, get_settings

KICKOFF = datetime(2031, 9, 7, 17, tzinfo=UTC)
SAID = KICKOFF - timedelta(days=2)
NOW = datetime(2031, 9, 6, 8, tzinfo=UTC)


@pytest.fixture
def place(home: Path) -> Settings:
    return get_settings(home=home, mirror=None, database_url=None, mlflow_url=None)


def desk(place: Settings, now: datetime = NOW) -> Lake:
    return Lake(place, FixedClock(now))


def mood(*said: tuple[str, float], known_at: datetime = SAID) -> pl.DataFrame:
    schema = {"fixture": pl.String, "kickoff": pl.Datetime("us", "UTC"), "said_at": pl.Datetime("us", "UTC")}
    rows = [(fixture, KICKOFF, known_at, value) for fixture, value in said]
    return pl.DataFrame(rows, schema={**schema, "mood": pl.Float64}, orient="row")


def add(place: Settings, frame: pl.DataFrame, now: datetime = NOW, **more: object) -> int:
    stated: dict[str, object] = {"name": "mood", "event_at": "kickoff", "known_at": "said_at", **more}
    return desk(place, now).add(frame, **stated)  # type: ignore[arg-type]


def test_facts_are_seen_from_just_after_the_moment_at_which_they_were_known(place: Settings) -> None:
    assert add(place, mood(("a", 0.5), ("b", -1.0))) == 2
    lake = desk(place)
    assert lake.read_own("mood", as_of=SAID).is_empty()
    seen = lake.read_own("mood", as_of=SAID + timedelta(microseconds=1))
    assert seen.select("fixture", "mood", "known_how", "batch").rows() == [
        ("a", 0.5, "assumed", 1), ("b", -1.0, "assumed", 1),
    ]  # fmt: skip
    assert lake.read_own("mood", as_of="2031-09-05T17:00Z").is_empty()
    each = pl.DataFrame({"fixture": ["a", "b"], "as_of": [SAID, KICKOFF]})
    assert lake.read_own("mood", as_of=each)["fixture"].to_list() == ["b"]


def test_the_same_again_adds_nothing_and_a_change_is_a_revision_known_from_its_receipt(place: Settings) -> None:
    add(place, mood(("a", 0.5)))
    assert add(place, mood(("a", 0.5))) == 0
    assert watermark(place) == 1
    assert add(place, mood(("a", 0.7), ("b", 0.1))) == 2
    lake = desk(place)
    assert lake.read_own("mood", as_of=NOW)["mood"].to_list() == [0.5, 0.1]
    after = lake.read_own("mood", as_of=NOW + timedelta(seconds=1))
    assert after.select("mood", "known_how").rows() == [(0.7, "recorded"), (0.1, "assumed")]


def test_a_correction_of_what_nobody_knows_yet_is_known_by_its_own_stamp(place: Settings) -> None:
    """A figure that is to be published on Sunday and is mended on Friday replaces the first one without a trace."""
    early = SAID - timedelta(days=3)
    add(place, mood(("a", 0.5)), early)
    add(place, mood(("a", 0.7)), early + timedelta(hours=1))
    assert desk(place).read_own("mood", as_of=SAID + timedelta(seconds=1))["mood"].to_list() == [0.7]


@pytest.mark.parametrize(
    ("frame", "more", "said"),
    [
        (mood(("a", 1.0)).with_columns(pl.lit(None, pl.Datetime("us", "UTC")).alias("said_at")), {}, "null in 1 rows"),
        (mood(("a", 1.0)).with_columns(pl.col("said_at").dt.replace_time_zone(None)), {}, "make it a moment in UTC"),
        (mood(("a", 1.0)).with_columns(pl.col("kickoff").dt.date()), {}, "kickoff of mood is Date"),
        (mood(("a", 1.0)), {"known_at": "when"}, "no column 'when'"),
        (mood(("a", 1.0), ("a", 2.0)), {}, "two rows for one fact"),
        (mood(("a", 1.0)).drop("fixture"), {}, "say by key="),
        (mood(("a", 1.0)), {"key": ("known_at",)}, "say by key="),
        (mood(("a", 1.0)).with_columns(batch=pl.lit(7)), {}, "columns that the lake writes itself: batch"),
        (mood(("a", 1.0)).with_columns(pl.col("mood").cast(pl.Float32)), {}, "Float32"),
        (mood(("a", 1.0)), {"name": "../mood"}, "no name of a table"),
        (mood(("a", 1.0)), {"how": "guessed"}, "choose from recorded"),
    ],
)
def test_what_is_no_fact_is_not_taken(place: Settings, frame: pl.DataFrame, more: dict[str, object], said: str) -> None:
    with pytest.raises(DataError, match=said):
        add(place, frame, **more)
    assert watermark(place) == 0


def test_a_table_keeps_its_columns_and_its_key(place: Settings) -> None:
    add(place, mood(("a", 0.5)))
    with pytest.raises(DataError, match="tempo"):
        add(place, mood(("a", 0.5)).with_columns(tempo=pl.lit(1)))
    with pytest.raises(DataError, match="named by fixture, not by fixture, event_at"):
        add(place, mood(("a", 0.5)), key=("fixture", "event_at"))
    with pytest.raises(DataError, match=r"called 'tempo'; there are: mood"):
        desk(place).read_own("tempo")


def test_a_fact_without_a_fixture_is_named_by_a_key(place: Settings) -> None:
    frame = pl.DataFrame({"city": ["Antford"], "at": [KICKOFF], "strikes": [True]})
    lake = desk(place)
    assert lake.add(frame, name="strikes", event_at="at", known_at="at", key=("city", "event_at"), how="recorded") == 1
    assert desk(place, KICKOFF).read_own("strikes")["city"].to_list() == ["Antford"]
    with pytest.raises(DataError, match="no column fixture"):
        lake.read_own("strikes", as_of=pl.DataFrame({"fixture": ["a"], "as_of": [KICKOFF]}))


def test_what_was_lost_or_left_by_a_killed_process_changes_nothing(place: Settings) -> None:
    add(place, mood(("a", 0.5)))
    add(place, mood(("a", 0.7), ("b", 0.1)))
    before = desk(place).read_own("mood")
    left = silver.held(place, "mood", OWN, 2)
    assert left is not None
    silver.put(place, "mood", OWN, left.with_columns(pl.lit(3, pl.Int64).alias("batch")))
    assert desk(place).read_own("mood").equals(before)
    shutil.rmtree(place.silver / OWN / "mood")
    assert desk(place).read_own("mood").equals(before)
    assert add(place, mood(("c", 0.0))) == 1
    assert silver.counts(place, "mood", OWN) == {1: 1, 2: 2, 3: 1}


def test_own_facts_stand_beside_a_sports_loads_and_are_no_sport(place: Settings) -> None:
    add(place, mood(("a", 0.5)))
    assert ingest(place, "nfl", FixedClock(NOW), source="simulated", seasons=(2010, 2010)).batch == 2
    add(place, mood(("a", 0.6)))
    assert loaded_sports(place) == ["nfl"]
    assert [batch.number for batch in batches(place, "nfl")] == [2]
    assert set(desk(place).loads()["sport"]) == {OWN, "nfl"}
    assert set(desk(place).report()["sport"]) == {"nfl"}
    told = {(each.folder, each.table): (each.before, each.after) for each in compact(place)}
    assert told[OWN, "mood"] == (2, 1)
    assert desk(place).read_own("mood")["mood"].to_list() == [0.6]


def test_without_a_moment_what_is_stamped_later_than_now_is_not_known_yet(place: Settings) -> None:
    """It was shown: only an ``as_of`` asked when a fact was known."""
    add(place, mood(("a", 0.5)), now=SAID - timedelta(hours=1))
    assert desk(place, SAID - timedelta(microseconds=1)).read_own("mood").is_empty()
    assert desk(place, SAID).read_own("mood")["fixture"].to_list() == ["a"]


@pytest.mark.parametrize("odd", [5, "yesterday", KICKOFF.date()])
def test_what_is_no_moment_is_refused_by_name(place: Settings, odd: object) -> None:
    add(place, mood(("a", 0.5)))
    with pytest.raises(DataError, match="is no moment"):
        desk(place).read_own("mood", as_of=odd)  # type: ignore[arg-type]
