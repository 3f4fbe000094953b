from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.features import spine
from antepost.sports.nfl import NFL
from tests.worlds import TINY, tiny_tables


def test_starters_are_null_a_day_before_and_named_at_the_close() -> None:
    tables = tiny_tables()
    assert spine(tables, TINY, "T-24h")["home_starter"].is_null().all()
    assert spine(tables, TINY, "close")["home_starter"].is_not_null().any()


def test_a_moved_fixture_closes_at_the_start_it_was_given_before_that_start() -> None:
    tables = tiny_tables()
    first = tables["fixtures"].sort("start").unique("fixture", keep="first", maintain_order=True).tail(1)
    start = first["start"][0]
    moved = first.with_columns(
        (pl.col("start") + timedelta(days=1)).alias("start"),
        pl.lit(start - timedelta(days=2)).cast(pl.Datetime("us", "UTC")).alias("known_at"),
        (pl.col("batch") + 100).alias("batch"),
    )
    tables = {**tables, "fixtures": pl.concat([tables["fixtures"], moved])}
    name = first["fixture"][0]
    assert spine(tables, TINY, "close").filter(pl.col("fixture") == name)["as_of"][0] == start + timedelta(days=1)
    early = spine(tables, TINY, start - timedelta(days=3)).filter(pl.col("fixture") == name)
    assert early["start"][0] == start


def test_a_fixture_that_nobody_knew_of_is_left_out() -> None:
    assert spine(tiny_tables(), TINY, datetime(1990, 1, 1, tzinfo=UTC)).is_empty()


@pytest.mark.parametrize("moment", ["open", "yesterday"])
def test_a_moment_this_sport_does_not_have_is_named(moment: str) -> None:
    with pytest.raises(DataError, match=moment):
        spine(tiny_tables(), NFL, moment)


def test_a_naive_timestamp_is_refused() -> None:
    with pytest.raises(DataError, match="time zone"):
        spine(tiny_tables(), TINY, datetime(2020, 1, 1))  # noqa: DTZ001
