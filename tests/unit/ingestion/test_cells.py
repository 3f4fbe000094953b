"""What the text in a cell says; the figures here are invented."""

from __future__ import annotations

import polars as pl
import pytest

from antepost.ingestion.cells import day_of, number, outcome_of, unread, whole


@pytest.mark.parametrize(
    ("text", "read"), [("7", 7), ("7.0", 7), ("-3", -3), ("3.7", None), ("inf", None), ("x", None)]
)
def test_a_whole_number_is_one_or_none(text: str, read: int | None) -> None:
    """Three and seven tenths of a goal were once taken for three."""
    assert pl.DataFrame({"x": [text]}).select(whole("x")).item() == read


@pytest.mark.parametrize(("text", "read"), [("1.5", 1.5), ("nan", None), ("inf", None), ("1e400", None), (None, None)])
def test_a_number_is_finite_or_none(text: str | None, read: float | None) -> None:
    assert pl.DataFrame({"x": [text]}, schema={"x": pl.String}).select(number("x")).item() == read


def test_what_could_not_be_read_is_told_from_what_is_not_there() -> None:
    cells = pl.DataFrame({"x": ["1", "-", None]})
    assert cells.select(unread("x", number("x"))).to_series().to_list() == [False, True, False]


def test_a_day_is_read_as_it_is_written() -> None:
    cells = pl.DataFrame({"x": ["09/07/2031", "2031-07-09"]})
    assert cells.select(day_of("x", "%d/%m/%Y").cast(pl.String)).to_series().to_list() == ["2031-07-09", None]


def test_level_scores_are_what_the_sport_says() -> None:
    scores = pl.DataFrame({"home_score": [2, 0, 1, None], "away_score": [1, 3, 1, 1]})
    assert scores.select(outcome_of()).to_series().to_list() == ["home", "away", "draw", None]
    assert scores.select(outcome_of(level=None)).to_series().to_list() == ["home", "away", None, None]
