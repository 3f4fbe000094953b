from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from antepost.errors import DataError
from antepost.features import build_states, read_states, spine
from antepost.features.catalogue import groups_of
from antepost.features.groups.dixon_coles import below, draws, wins
from antepost.sports import Sport
from antepost.sports.ratings import DixonColes, Massey
from tests.worlds import GAME, TINY, Game, at, result_row, tables_of

# A Sunday; what is known of it counts from Tuesday noon on.
FIRST = Game(fixture="f1", season=2001, start=at("2001-09-02T17:00"), home="ANT", away="BEE", neutral=True)
LISTED = at("2001-08-01T00:00")
TUESDAY = at("2001-09-04T12:00")
INSTANT = timedelta(microseconds=1)


def later(number: int, **changes: object) -> Game:
    """Return the same pairing some weeks later, on neutral ground."""
    start = FIRST.start + number * timedelta(days=7)
    return replace(FIRST, fixture=f"f{number + 1}", start=start, listed=LISTED, **changes)


def ask(
    games: list[Game],
    fixture: str,
    as_of: str | datetime = "close",
    sport: Sport = TINY,
    **extra: list[dict[str, object]],
) -> dict[str, float]:
    """Return the fits of one fixture, null as NaN."""
    groups = tuple(group for group in groups_of(sport) if group.name in ("massey", "dixon_coles"))
    columns = tuple(column.name for group in groups for column in group.columns)
    tables = tables_of(games, extra)
    asked = spine(tables, sport, as_of).filter(pl.col("fixture") == fixture)
    values = read_states(sport, build_states(sport, tables, groups), asked, columns, groups)
    return dict(zip(columns, values[0], strict=True))


def test_a_result_is_in_no_fit_before_tuesday_noon() -> None:
    games = [FIRST, later(1)]
    assert all(math.isnan(value) for value in ask(games, "f2", TUESDAY).values())
    assert all(math.isfinite(value) for value in ask(games, "f2", TUESDAY + INSTANT).values())


def test_one_margin_is_shared_between_both_sides_and_the_ridge() -> None:
    """Three points and two unknowns: with a ridge of k games either side is 3 / (2 + k) from the mean."""
    its = TINY.massey
    assert its
    said = ask([FIRST, later(1)], "f2")
    assert said["massey.margin.now.fixture"] == pytest.approx(2 * 3 / (2 + its.ridge), abs=1e-12)
    assert said["massey.schedule.now.fixture"] == pytest.approx(-said["massey.margin.now.fixture"], abs=1e-12)


def test_whom_a_side_has_met_counts_as_he_is_rated_now() -> None:
    games = [FIRST, later(1, home="BEE", away="CAT", home_score=50), later(2)]
    before, after = (ask(games, "f3", FIRST.start + timedelta(days=days)) for days in (8, 12))
    assert after["massey.schedule.now.fixture"] > before["massey.schedule.now.fixture"]


def test_a_result_corrected_within_its_week_counts_as_corrected_only() -> None:
    wrong = result_row(replace(FIRST, home_score=90), FIRST.start + GAME, 1)
    right = result_row(FIRST, FIRST.start + 2 * GAME, 2)
    once, twice = [FIRST, later(1)], [later(1)]
    listed = tables_of([FIRST])["fixtures"].to_dicts()
    corrected = ask(twice, "f2", results=[wrong, right], fixtures=listed)
    assert corrected == ask(once, "f2")


def test_a_corrected_result_is_in_no_fit_before_the_next_tuesday() -> None:
    games = [FIRST, later(1, home_score=1), later(3)]
    changed = result_row(replace(FIRST, home_score=90), TUESDAY + timedelta(days=9), 2)
    days = {day: ask(games, "f4", TUESDAY + timedelta(days=day), results=[changed]) for day in (8, 10, 15)}
    margins = [said["massey.margin.now.fixture"] for said in days.values()]
    alone = ask(games[1:], "f4", TUESDAY + timedelta(days=10))
    assert margins[1] == alone["massey.margin.now.fixture"] < margins[0] < margins[2]


def test_what_was_not_played_is_in_no_fit() -> None:
    awarded = {**result_row(FIRST, FIRST.start + 2 * GAME, 2), "ending": "awarded", "outcome": "home"}
    assert all(math.isnan(value) for value in ask([FIRST, later(1)], "f2", results=[awarded]).values())


def test_a_league_of_more_sides_than_a_row_holds_is_refused() -> None:
    small = replace(TINY, dixon_coles=None, massey=Massey(ridge=1.0, games=10, sides=1))
    with pytest.raises(DataError, match="massey: an entity has more facts"):
        ask([FIRST, later(1)], "f2", sport=small)


def test_games_beyond_the_window_are_forgotten() -> None:
    short = replace(TINY, dixon_coles=DixonColes(window=timedelta(days=20), games=8, sides=8), massey=None)
    games = [replace(FIRST, home_score=9), later(4, home_score=1, away_score=1), later(5)]
    alone = ask(games[1:], "f6", sport=short)
    assert ask(games, "f6", sport=short) == alone


def test_the_chances_of_scores_are_those_of_the_paper() -> None:
    """Its corrected table of two Poisson counts, added up cell by cell."""
    x, y = np.meshgrid(np.arange(16), np.arange(16), indexing="ij")
    factorial = np.array([math.factorial(goals) for goals in range(16)], np.float64)
    told = np.exp(-1.4 - 0.9) * 1.4**x * 0.9**y / factorial[x] / factorial[y]
    told[:2, :2] *= [[1 + 1.4 * 0.9 * 0.1, 1 - 1.4 * 0.1], [1 - 0.9 * 0.1, 1 + 0.1]]
    assert wins(1.4, 0.9, -0.1) == pytest.approx(np.tril(told, -1).sum(), abs=1e-14)
    assert wins(0.9, 1.4, -0.1) == pytest.approx(np.triu(told, 1).sum(), abs=1e-14)
    assert below(1.4, 0.9, -0.1) == pytest.approx(told[x + y < 3].sum(), abs=1e-14)
    assert draws(1.4, 0.9, -0.1) == pytest.approx(np.trace(told), abs=1e-14)


def test_a_side_that_scores_more_has_the_greater_rate_and_level_sides_the_likelier_draw() -> None:
    level = [replace(FIRST, home_score=1, away_score=1), later(1, home_score=0, away_score=0), later(2)]
    apart = [replace(FIRST, home_score=3, away_score=0), later(1, home_score=2, away_score=0), later(2)]
    said, other = ask(level, "f3"), ask(apart, "f3")
    assert said["dixon_coles.logit.now.fixture"] == pytest.approx(0.0, abs=1e-9)
    assert other["dixon_coles.logit.now.fixture"] > 0.5
    assert other["dixon_coles.rate.now.home"] > other["dixon_coles.rate.now.away"]
    assert said["dixon_coles.draw.now.fixture"] > other["dixon_coles.draw.now.fixture"]
