"""The Kaggle set of NBA games: a score that cannot be is no result, and an even spread is zero."""

from __future__ import annotations

import polars as pl

from antepost.ingestion import get_source
from antepost.ingestion.source import Parsed
from tests.payloads.nba import PAYLOADS

SOURCE = get_source("kaggle_nba")
DATA = PAYLOADS["kaggle_nba"][1]


def _read(data: bytes) -> Parsed:
    return SOURCE.read(data, SOURCE.parts(2026)[0])


def test_a_level_score_is_refused_and_the_game_stays() -> None:
    """New York at Phoenix of 26 December 2012 stands as 95 all, which once counted as won by the visitors."""
    parsed = _read(DATA.replace(b",104,127,", b",127,127,", 1))
    assert parsed.refused["reason"].to_list() == ["a level score: no game of basketball ends in one"]
    assert parsed.tables["fixtures"].height == parsed.tables["results"].height + 1


def test_an_even_spread_is_zero_on_both_sides_and_not_below_it() -> None:
    lines = _read(DATA.replace(b",home,2,240.5,", b",home,0,240.5,", 1)).tables["prices"].filter(pl.col("line") == 0.0)
    assert [str(line) for line in lines["line"]] == ["0.0", "0.0"]


def test_in_the_weeks_of_the_cup_who_meets_shows_the_day_before() -> None:
    season = DATA.replace(b"2022,2021-10-20", b"2024,2023-12-05").replace(b"2022,2021-10-19", b"2024,2023-12-18")
    fixtures = _read(season).tables["fixtures"].filter(pl.col("season") == 2023).sort("start")
    assert [(start - known).days for start, known in fixtures.select("start", "known_at").iter_rows()] == [1, 43]
