"""Periods against the score, on invented games."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
import pytest

from antepost.ingestion.periods import contradicted, without_contradictions
from antepost.sports import SPORTS


def results(home: int, away: int, outcome: str = "home", ending: str | None = "regulation") -> pl.DataFrame:
    row = {"fixture": "a", "home_score": home, "away_score": away, "outcome": outcome, "ending": ending, "raw": "b"}
    return pl.DataFrame([row], schema_overrides={"ending": pl.String})


def periods(home: Sequence[int | None], away: Sequence[int | None]) -> pl.DataFrame:
    rows = [
        {"fixture": "a", "side": side, "period": number, "score": score, "raw": "b"}
        for side, told in (("home", home), ("away", away))
        for number, score in enumerate(told, start=1)
        if score is not None
    ]
    return pl.DataFrame(rows, schema_overrides={"score": pl.Int64})


@pytest.mark.parametrize(
    ("sport", "home", "away", "scores", "told"),
    [
        ("nba", (20, 20, 20, 20), (10, 10, 10, 10), (80, 40), ""),
        ("nba", (20, 20, 20, 20, 9), (20, 20, 20, 20, 5), (89, 85), ""),
        ("nba", (20, 20, 20, 20), (10, 10, 10, 10), (81, 40), "home has 81, its periods make 80"),
        # Two quarters of four say nothing but that the score lies above them.
        ("nba", (20, 20), (10, 10), (81, 40), ""),
        ("nba", (20, None, 20, 20), (10, 10, 10, 10), (81, 40), ""),
        ("nba", (50, 50), (10, 10), (81, 40), "home has 81, its periods make 100"),
        ("mlb", (0, 0, 3, 0, 0), (0, 0, 0, 0, 0), (3, 0), ""),
        ("soccer", (1, 1), (0, 0), (2, 1), "away has 1, its periods make 0"),
    ],
)
def test_periods_that_are_whole_sum_to_the_score(
    sport: str, home: Sequence[int | None], away: Sequence[int], scores: tuple[int, int], told: str
) -> None:
    wrong = contradicted(results(*scores), periods(home, away), SPORTS[sport])
    assert "; ".join(wrong["told"]) == told


@pytest.mark.parametrize("shootout", [(3, 2), (1, 0), None])
def test_a_shootout_gives_its_winner_one_goal_however_it_is_listed(shootout: tuple[int, int] | None) -> None:
    home, away = [1, 1, 0, 0], [0, 2, 0, 0]
    if shootout:
        home, away = [*home, shootout[0]], [*away, shootout[1]]
    told = periods(home, away)
    assert contradicted(results(3, 2, ending="shootout"), told, SPORTS["nhl"]).is_empty()
    assert contradicted(results(4, 2, ending="shootout"), told, SPORTS["nhl"]).height == 1


@pytest.mark.parametrize(
    ("home", "away", "outcome", "ending", "told"),
    [
        ((6, 3, 6), (4, 6, 2), "home", "regulation", ""),
        ((6, 6), (4, 2), "home", "regulation", ""),
        ((4, 2), (6, 6), "home", "regulation", "2-0 is told, the sets make 0-2"),
        ((6, 3, 2), (4, 6, 4), "home", "retired", "2-0 is told, the sets make 1-1"),
        ((6, 6), (4, 2), "away", "regulation", "away won with sets of 2-0"),
        # Who was ahead may retire.
        ((6, 6, 1), (4, 4, 0), "away", "retired", ""),
        # A walkover is no play.
        ((0,), (6,), "home", "walkover", ""),
    ],
)
def test_sets_make_the_score_by_who_won_them(
    home: Sequence[int], away: Sequence[int], outcome: str, ending: str, told: str
) -> None:
    scores = (2, 1) if (home, away) == ((6, 3, 6), (4, 6, 2)) else (2, 0)
    wrong = contradicted(results(*scores, outcome, ending), periods(home, away), SPORTS["atp"])
    assert "; ".join(wrong["told"]) == told


def test_a_sport_whose_periods_make_no_score_is_not_judged() -> None:
    assert contradicted(results(1, 0), periods((9, 9), (3, 3)), SPORTS["dota2"]).is_empty()


def test_a_game_in_two_files_is_summed_once() -> None:
    told = periods((1, 1), (0, 0))
    assert contradicted(results(2, 0), pl.concat([told, told]), SPORTS["soccer"]).is_empty()


def test_periods_that_contradict_their_own_score_are_refused_and_the_score_stands() -> None:
    tables = {"results": results(2, 1), "periods": periods((1, 1), (0, 0))}
    kept, refused = without_contradictions(tables, SPORTS["soccer"])
    assert kept["periods"].is_empty()
    assert kept["results"].height == 1
    assert refused["reason"].unique().to_list() == ["periods: they do not make up the score that the same source tells"]
    assert refused.height == 4
    assert set(refused["raw"]) == {"b"}


@pytest.mark.parametrize("name", sorted(SPORTS))
def test_every_sport_says_what_its_periods_are(name: str) -> None:
    sport = SPORTS[name]
    assert sport.score_from in {"sum", "won", None}
    assert sport.least_periods >= 1
    for month, day in sport.played:
        assert date(2023, month, day)
