from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from antepost.features import build_states, read_states, spine
from antepost.features.catalogue import code_of, groups_of
from antepost.features.groups.elo import fold_elo
from antepost.features.groups.glicko import damping, grown, volatility
from antepost.features.groups.pi import goals, play
from antepost.sports.nba import NBA
from antepost.sports.ratings import Glicko
from antepost.sports.soccer import SOCCER
from tests.worlds import GAME, TINY, Game, Row, at, result_row, tables_of

# Where box scores tell how a side plays, Glicko-2's ratings themselves are not told.
RATED = replace(TINY, rates=())
FIRST = Game(fixture="f1", season=2001, start=at("2001-09-02T17:00"), home="ANT", away="BEE", neutral=True)
LISTED = at("2001-08-01T00:00")
WEEK = timedelta(days=7)
RATINGS = ("glicko", "pi", "strengths", "surface", "opponents")
COLUMNS = tuple(c.name for group in groups_of(RATED) if group.name in RATINGS for c in group.columns)
GLICKO = np.array([1500.0, 350.0, 0.06, 0.5, 0.21436, 0.0])


def later(number: int, **changes: object) -> Game:
    """Return the same pairing some weeks later, on neutral ground."""
    return replace(FIRST, fixture=f"f{number + 1}", start=FIRST.start + number * WEEK, listed=LISTED, **changes)


def ask(
    games: Sequence[Game], fixture: str, as_of: str | datetime = "close", extra: dict[str, list[Row]] | None = None
) -> dict[str, float]:
    """Return all ratings of one fixture, null as NaN."""
    tables = tables_of(games, extra)
    asked = spine(tables, RATED, as_of).filter(pl.col("fixture") == fixture)
    groups = [group for group in groups_of(RATED) if group.name in RATINGS]
    values = read_states(RATED, build_states(RATED, tables, groups), asked, COLUMNS)
    return dict(zip(COLUMNS, values[0], strict=True))


def test_before_any_game_there_is_no_rating() -> None:
    assert all(math.isnan(value) for value in ask([FIRST], "f1").values())


def test_the_figures_of_the_glicko_paper_come_out() -> None:
    """Example of the Glicko-2 system, pages 4 and 5."""
    damped = [damping(deviation / 173.7178) for deviation in (30.0, 100.0, 300.0)]
    assert damped == pytest.approx([0.9955, 0.9531, 0.7242], abs=5e-5)
    delta, variance = -0.4834, 1.7785
    assert volatility(0.06, delta, 1.1513, variance, 0.5) == pytest.approx(0.05999, abs=1e-5)


def test_a_volatility_rises_where_a_surprise_is_beyond_its_deviation() -> None:
    assert volatility(0.06, 4.0, 0.5, 0.4, 0.5) > 0.06


def test_a_deviation_of_60_grows_to_110_in_a_year_and_never_beyond_a_newcomers() -> None:
    year = 365.0 * 86_400_000_000.0
    side = np.array([1500.0, 60.0, 0.06, 0.0, 1.0])
    assert grown(side, year, GLICKO) == pytest.approx(110.0, abs=0.05)
    assert grown(side, 1000.0 * year, GLICKO) == Glicko().deviation
    assert grown(side, -year, GLICKO) == pytest.approx(60.0, abs=1e-12)


def test_glicko_moves_equal_newcomers_apart_and_is_surer_of_both() -> None:
    said = ask([FIRST, later(1)], "f2")
    assert said["glicko.rating.now.home"] - 1500.0 == pytest.approx(1500.0 - said["glicko.rating.now.away"], abs=1e-9)
    assert said["glicko.rating.now.home"] > 1500.0
    assert said["glicko.deviation.now.home"] == said["glicko.deviation.now.away"] < Glicko().deviation
    assert 0.0 < said["glicko.logit.now.fixture"] < (2.0 * said["glicko.rating.now.home"] - 3000.0) / 173.7178


def test_a_deviation_is_that_of_the_start_not_of_the_last_game() -> None:
    soon, late = ask([FIRST, later(1)], "f2"), ask([FIRST, later(30)], "f31")
    assert late["glicko.deviation.now.home"] > soon["glicko.deviation.now.home"]
    assert late["glicko.rating.now.home"] == soon["glicko.rating.now.home"]


def test_what_was_not_played_moves_neither_glicko_nor_a_surface() -> None:
    told = FIRST.start + 2 * GAME
    walkover = {**result_row(FIRST, told, 2), "ending": "walkover", "outcome": "home"}
    said = ask([FIRST, later(1)], "f2", extra={"results": [walkover]})
    assert all(math.isnan(said[name]) for name in COLUMNS if name.startswith(("glicko", "surface")))
    assert math.isfinite(ask([FIRST, later(1)], "f2", told, {"results": [walkover]})["glicko.rating.now.home"])


def test_who_stands_when_the_other_retires_has_won_whatever_the_score() -> None:
    retired = {**result_row(FIRST, FIRST.start + 2 * GAME, 2), "ending": "retired", "outcome": "away"}
    said = ask([FIRST, later(1)], "f2", extra={"results": [retired]})
    assert said["glicko.rating.now.away"] > said["glicko.rating.now.home"]


def test_the_example_of_the_pi_rating_paper_comes_out() -> None:
    """Its sides of 1.6 and 0.4 and of 0.3 and -1.2 meet with lambda 0.1, gamma 0.3; the home side wins by 3."""
    params = np.array([0.1, 0.3, 10.0, 3.0])
    assert goals(1.6, params) == pytest.approx(2.4145, abs=5e-5)
    assert goals(-1.2, params) == pytest.approx(-1.5119, abs=5e-5)
    state = np.array([[1.6, 0.4, 9.0], [0.3, -1.2, 9.0]])
    play(state, np.array([0.0, 1.0, 3.0, 0.0]), 0.0, params)
    np.testing.assert_allclose(state, [[1.5146, 0.3744, 10.0], [0.3256, -1.1146, 10.0]], atol=5e-5)


def test_on_neutral_ground_both_pi_ratings_move_alike() -> None:
    said = ask([FIRST, later(1, neutral=False)], "f2")
    assert said["pi.rating.now.home"] == pytest.approx(0.035 * 0.85 * 3.0 * math.log10(4.0), abs=1e-12)
    assert said["pi.rating.now.away"] == -said["pi.rating.now.home"]


def test_attack_and_defence_move_by_what_the_scores_leave_over() -> None:
    its = TINY.strengths
    assert its
    home_left, away_left = 20.0 - its.level, 17.0 - its.level
    said = ask([FIRST, later(1)], "f2")
    assert said["strengths.attack.now.home"] == pytest.approx(its.rate * home_left, abs=1e-12)
    assert said["strengths.defence.now.home"] == pytest.approx(-its.rate * away_left, abs=1e-12)
    assert said["strengths.attack.now.away"] == pytest.approx(its.rate * away_left, abs=1e-12)
    level = its.level + its.league_rate * (home_left + away_left) / 2.0
    expected = 2.0 * level + 2.0 * its.rate * (home_left + away_left)
    assert said["strengths.total.now.fixture"] == pytest.approx(expected, abs=1e-12)


def test_a_new_season_keeps_as_much_of_a_strength_as_of_a_rating() -> None:
    last = ask([FIRST, later(1)], "f2")["strengths.attack.now.home"]
    said = ask([FIRST, later(53, season=2002)], "f54")
    assert said["strengths.attack.now.home"] == pytest.approx(TINY.elo.season_keep * last, abs=1e-12)


def test_a_match_on_another_surface_moves_the_rating_on_all_only() -> None:
    said = ask([replace(FIRST, surface="grass"), later(1, surface="turf"), later(2, surface="grass")], "f3")
    step = 250.0 / 5.0**0.4 * 0.5
    assert said["surface.rating.now.home"] == pytest.approx(1500.0 + step, abs=1e-9)
    once = 2.0 * step
    twice = once + 2.0 * 250.0 / 6.0**0.4 * (1.0 - 1.0 / (1.0 + 10.0 ** (-once / 400.0)))
    blend = 0.5 * once + 0.5 * twice
    assert said["surface.logit.now.fixture"] == pytest.approx(blend * math.log(10.0) / 400.0, abs=1e-12)


def test_a_surface_that_is_not_announced_yet_has_no_rating() -> None:
    games = [replace(FIRST, surface="grass"), later(1, surface="grass")]
    said = ask(games, "f2", games[1].start - timedelta(hours=2))
    assert all(math.isnan(said[name]) for name in COLUMNS if name.startswith("surface."))


def test_opponents_count_as_they_were_rated_when_they_met() -> None:
    games = [FIRST, later(1, home="BEE", away="CAT", home_score=50), later(2)]
    said = ask(games, "f3")
    assert said["opponents.elo.10.home"] == TINY.elo.mean
    again = ask([*games, later(3)], "f4")
    met = 2.0 * again["opponents.elo.10.home"] - TINY.elo.mean
    assert met > TINY.elo.mean


def test_the_eleventh_meeting_back_is_forgotten() -> None:
    games = [later(0, home="CAT", away="DOG", home_score=50), later(1, away="CAT")]
    games += [later(2 + number, away=f"new-{number}") for number in range(10)]
    assert ask([*games[:-1], later(60)], "f61")["opponents.elo.10.home"] > TINY.elo.mean
    said = ask([*games, later(60, season=2002)], "f61")
    assert said["opponents.elo.10.home"] == TINY.elo.mean


def test_a_definition_holds_the_game_that_the_shared_fold_plays() -> None:
    code = code_of(fold_elo)
    assert [line for line in code if line.startswith("antepost.features.groups.elo.play=")]
    assert [line for line in code if line.startswith("antepost.features.ratings.fold_ratings=")]


def test_a_sport_has_the_ratings_whose_constants_it_has() -> None:
    names = [{group.name for group in groups_of(sport)} & {*RATINGS} for sport in (NBA, SOCCER)]
    assert names == [{"glicko", "strengths", "opponents"}, {"pi", "opponents"}]
