"""Refusals, apart from any source."""

from __future__ import annotations

import polars as pl
import pytest

from antepost.ingestion.quality import split, split_duplicates, split_prices


def prices(*odds: float | None) -> pl.DataFrame:
    frame = pl.DataFrame({"odds": odds}, schema={"odds": pl.Float64})
    return frame.with_columns(pl.lit("x").alias(name) for name in ("fixture", "book", "market", "label"))


def test_a_row_is_refused_for_its_first_fault() -> None:
    rows = pl.DataFrame({"a": [1, -1, None]})
    kept, refused = split(rows, {"negative": pl.col("a") < 0, "odd": pl.col("a") == -1})
    assert kept["a"].to_list() == [1, None]
    assert refused.rows() == [(-1, "negative")]


@pytest.mark.parametrize(
    ("odds", "kept"),
    [
        ((1.9, 1.9), 2),
        ((1.0, 1.9), 1),
        ((0.5, 1.9), 1),
        ((None, None), 2),
        ((1.9, None), 2),
        ((2.2, 2.2), 2),
        ((2.3, 2.3), 0),
        ((1.34, 1.34), 2),
        ((1.33, 1.33), 0),
        ((2.5, 3.2, 2.9), 3),
    ],
)
def test_prices_of_one_or_less_and_unfair_markets_are_refused(odds: tuple[float | None, ...], kept: int) -> None:
    sound, refused = split_prices(prices(*odds))
    assert sound.height == kept
    assert refused.height == len(odds) - kept


def test_rows_without_a_key_are_not_each_others_duplicates() -> None:
    rows = pl.DataFrame({"key": [None, None, "a"], "value": [1, 2, 3]}, schema={"key": pl.String, "value": pl.Int64})
    kept, refused = split_duplicates(rows, ("key",))
    assert kept.height == 3
    assert refused.is_empty()
