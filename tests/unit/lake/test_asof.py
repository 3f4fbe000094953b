"""What a moment can see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antepost.errors import DataError
from antepost.lake.asof import newest, visible

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
