"""What a moment can see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antepost.errors import DataError
from antepost.lake.asof import before_start, newest, settled, visible
from antepost.lake.schemas import MOMENT, PRICES, TABLES
from tests.worlds import tiny_tables

START = datetime(2031, 9, 7, 17, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

REVISIONS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 6)).map(list), min_size=0, max_size=12)


def table(revisions: list[list[object]]) -> pl.DataFrame:
    """Return revisions (key, hours after START), numbered as batches in order."""
    schema = {"key": pl.String, "known_at": pl.Datetime("us", "UTC"), "batch": pl.Int64}
    rows = [
        (key, START + timedelta(hours=int(str(hours))), number)
        for number, (key, hours) in enumerate(revisions, start=1)
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_a_fact_is_not_visible_at_the_instant_at_which_it_is_known() -> None:
    frame = table([["a", 0]])
    assert visible(frame, ("key",), START).is_empty()
    assert visible(frame, ("key",), START + MICROSECOND).height == 1


def test_a_later_load_wins_even_where_its_row_is_known_earlier() -> None:
    """A match brought forward has its closing price before the one that it replaces."""
    frame = table([["a", 5], ["a", 2]])
    assert visible(frame, ("key",), START + timedelta(hours=9))["batch"].to_list() == [2]


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(DataError, match="names no time zone"):
        visible(table([["a", 0]]), ("key",), datetime(2031, 9, 7))  # noqa: DTZ001


@given(revisions=REVISIONS, hour=st.integers(-1, 8))
def test_a_read_equals_a_search_through_all_revisions(revisions: list[list[object]], hour: int) -> None:
    as_of = START + timedelta(hours=hour)
    expected: dict[str, int] = {}
    for key, known_at, batch in table(revisions).iter_rows():
        if known_at < as_of:
            expected[key] = max(batch, expected.get(key, 0))
    seen = visible(table(revisions), ("key",), as_of)
    assert dict(seen.select("key", "batch").iter_rows()) == expected


@given(revisions=REVISIONS, hour=st.integers(-1, 8), late=st.integers(9, 20))
def test_a_planted_future_changes_nothing_that_was_visible(revisions: list[list[object]], hour: int, late: int) -> None:
    as_of = START + timedelta(hours=hour)
    before = visible(table(revisions), ("key",), as_of)
    assert visible(table([*revisions, ["a", late], ["z", late]]), ("key",), as_of).equals(before)


def test_the_newest_revision_does_not_ask_when_it_was_known() -> None:
    assert newest(table([["a", 5], ["b", 1], ["a", 2]]), ("key",))["batch"].to_list() == [2, 3]


def prices(*rows: tuple[str, int, datetime, float]) -> pl.DataFrame:
    """Return moneylines of invented games: (outcome, batch, known_at, odds)."""
    said = [
        {
            "sport": "nfl", "league": "nfl", "season": 2031, "fixture": "a", "event_at": START,
            "event_precision": "minute", "known_at": known_at, "known_how": "recorded", "batch": batch, "raw": "00",
            "book": "invented",
            "market": "moneyline", "outcome": outcome, "label": "close", "line": None, "odds": odds,
        }
        for outcome, batch, known_at, odds in rows
    ]  # fmt: skip
    return pl.DataFrame(said, schema=PRICES.schema)


def odds(frame: pl.DataFrame) -> list[float]:
    return settled({"prices": frame})["prices"]["odds"].to_list()


def test_a_later_correction_stands_beside_what_it_corrects() -> None:
    assert odds(prices(("home", 1, START, 2.0), ("home", 2, START + timedelta(days=1), 2.1))) == [2.0, 2.1]


def test_a_row_that_a_later_load_replaced_from_an_earlier_moment_never_comes_back() -> None:
    assert odds(prices(("home", 1, START, 2.0), ("home", 2, START - timedelta(days=1), 2.1))) == [2.1]
    assert odds(prices(("home", 1, START, 2.0), ("home", 2, START, 2.1))) == [2.1]


def test_other_facts_are_left_alone() -> None:
    assert sorted(odds(prices(("home", 1, START, 2.0), ("away", 2, START - timedelta(days=1), 1.9)))) == [1.9, 2.0]


def test_settling_twice_is_settling_once() -> None:
    moments = [START, START - timedelta(days=2), START + timedelta(days=1), START - timedelta(days=1)]
    frame = prices(*(("home", batch, known_at, 2.0 + batch) for batch, known_at in enumerate(moments, start=1)))
    once = settled({"prices": frame})
    assert settled(once)["prices"].equals(once["prices"])


def test_no_rows_are_no_rows() -> None:
    assert odds(PRICES.empty()) == []


def test_settled_facts_are_those_that_the_lake_calls_visible() -> None:
    tables = tiny_tables()
    for name, frame in settled(tables).items():
        key = TABLES[name].key
        for moment in tables["results"]["known_at"].sort().gather_every(9):
            seen = frame.filter(pl.col("known_at") < moment).sort("known_at", "batch").unique(key, keep="last")
            assert seen.sort(key).equals(visible(tables[name], key, moment).sort(key))


@given(revisions=REVISIONS, seed=st.integers(0, 5), hour=st.integers(-1, 8))
def test_the_order_of_the_rows_does_not_matter(revisions: list[list[object]], seed: int, hour: int) -> None:
    """Revisions mostly stand beside each other, which makes the search short; they need not."""
    frame = table(revisions)
    mixed = frame.sample(fraction=1.0, shuffle=True, seed=seed)
    key = ("key",)
    assert newest(mixed, key).sort(key).equals(newest(frame, key).sort(key))
    slow = frame.sort("batch", "known_at").unique(["key"], keep="last").sort(key)
    assert newest(mixed, key).sort(key).equals(slow)
    moment = START + timedelta(hours=hour)
    asked = frame.select(pl.col("key").alias("fixture"), pl.lit(moment).cast(MOMENT).alias("as_of")).unique()
    each = visible(mixed.with_columns(pl.col("key").alias("fixture")), key, asked).drop("fixture")
    assert each.sort(key).equals(visible(frame, key, moment).sort(key))


def test_of_two_moments_for_one_fixture_the_later_counts() -> None:
    frame = table([["a", 1], ["a", 3]]).with_columns(pl.col("key").alias("fixture"))
    moments = [START + timedelta(hours=hours) for hours in (2, 4)]
    asked = pl.DataFrame({"fixture": ["a", "a"], "as_of": moments})
    assert visible(frame, ("key",), asked)["batch"].to_list() == [2]


def test_the_close_is_the_start_as_it_stood_before_it() -> None:
    """A kick-off corrected a day later once moved the close to after the end, with the result in sight."""
    moved = START + timedelta(hours=7)
    frame = table([["a", -48], ["a", 24], ["b", 1]]).with_columns(
        pl.col("key").alias("fixture"), pl.Series("start", [START, moved, START])
    )
    assert before_start(frame).rows() == [("a", START)]
    assert before_start(frame, timedelta(hours=24)).rows() == [("a", START - timedelta(hours=24))]
    assert before_start(frame, timedelta(hours=48)).is_empty()
