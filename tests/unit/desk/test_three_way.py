"""Home, draw and away in an invented soccer world, judged on the same games by two questions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from antepost.desk import Desk, open_desk
from antepost.desk.examples import all_examples
from antepost.desk.judging import plan_of
from antepost.desk.three_way import ThreeWay, compose, judge_three_way
from antepost.errors import DataError, PolicyError
from antepost.evaluation import log_loss, losses, outcomes
from antepost.ingestion import ingest
from antepost.models import Recipe, read_recipe
from antepost.models.frame import DICHOTOMIES, UNDECIDED
from antepost.settings import get_settings
from antepost.sports import get_sport

FAMILIES = ("elo", "goals", "logistic")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk over a home with an invented world."""
    home: Path = tmp_path_factory.mktemp("soccer") / "home"
    desk = open_desk(settings=get_settings(home=home, mirror=None, database_url=None, mlflow_url=None))
    ingest(desk.settings, "soccer", desk.clock, source="simulated_soccer")
    return desk


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    """Soccer's recipe, for a world of five seasons."""
    real = read_recipe("soccer")
    return real.model_copy(update={"walk_forward": real.walk_forward.model_copy(update={"first_train_seasons": 2})})


@pytest.fixture(scope="module")
def judged(desk: Desk, recipe: Recipe) -> ThreeWay:
    """The newest season of set none."""
    plan = plan_of("soccer", "1x2", "none", desk.seasons("soccer")[-1:], None, "season", FAMILIES)
    return judge_three_way(desk.settings, replace(plan, recipe=recipe))


def test_the_figures_are_those_of_the_three_chances(judged: ThreeWay) -> None:
    shown, P, came = judged.figures(), judged.chances(), judged.came
    assert (shown["target"], shown["n"], judged.simulated) == ("1x2", came.size, True)
    np.testing.assert_allclose(P.sum(axis=1), 1.0, rtol=1e-12)
    assert set(np.unique(came)) == {0, 1, 2}
    assert shown["log_loss"] == pytest.approx(outcomes.losses(P, came).mean())
    assert shown["market_log_loss"] < shown["base_log_loss"]
    assert shown["elo_log_loss"] < shown["base_log_loss"]
    assert set(shown["families"]) == set(FAMILIES)  # pyright: ignore[reportArgumentType]  # a table of them


def test_the_three_way_loss_is_the_sum_of_the_two_questions(judged: ThreeWay) -> None:
    drawn, decided = judged.draw.y, judged.winner.y != UNDECIDED
    assert ((drawn == 1) == ~decided).all()
    total = losses(judged.draw.p, drawn).sum() + losses(judged.winner.p[decided], judged.winner.y[decided]).sum()
    assert outcomes.losses(judged.chances(), judged.came).sum() == pytest.approx(total, rel=1e-12)
    assert judged.draw.fixtures == judged.winner.fixtures


def test_the_market_is_the_prices_without_their_margin(desk: Desk, judged: ThreeWay) -> None:
    prices = desk.prices("soccer", market="1x2")
    closing = prices.filter(prices["label"] == "close")
    offered = {(row["fixture"], row["book"], row["outcome"]): row["odds"] for row in closing.iter_rows(named=True)}
    book = get_sport("soccer").reference_close["E0"][0]
    market = judged.chances("market_p")
    for i in range(0, judged.n, 23):
        odds = [offered[judged.draw.fixtures[i], book, outcome] for outcome in ("home", "draw", "away")]
        implied = np.array([1 / price for price in odds])
        np.testing.assert_allclose(market[i], implied / implied.sum(), rtol=1e-9)


def test_rivals_of_a_season_know_nothing_of_it(desk: Desk) -> None:
    found = all_examples(desk.settings, "soccer", "none", DICHOTOMIES["1x2"])
    draws, winners = found["draw"], found["winner"]
    frame, newest = draws.frame, draws.frame.season == draws.frame.season.max()
    earlier = frame.y[~newest]
    assert np.unique(draws.base_p[newest]) == pytest.approx([earlier.mean()])
    known = ~np.isnan(draws.elo_p)
    assert log_loss(draws.elo_p[known], frame.y[known]) < 0.7
    assert (winners.frame.y == UNDECIDED).sum() == (frame.y == 1).sum()
    np.testing.assert_array_equal(frame.scores[:, 0] == frame.scores[:, 1], frame.y == 1)
    # With as much known of both sides nothing is likelier to be drawn than the game of equals.
    evenness = np.abs(winners.elo_p - 0.5)[newest & known]
    assert np.corrcoef(evenness, draws.elo_p[newest & known])[0, 1] < -0.9


def test_each_question_is_a_model_of_its_own(desk: Desk) -> None:
    with pytest.raises(DataError, match="train draw and winner"):
        desk.train("soccer", "none", target="1x2")  # pyright: ignore[reportArgumentType]  # a slip of the hand


def test_a_sport_without_draws_has_no_such_target(desk: Desk) -> None:
    with pytest.raises(DataError, match=r"nba has no target '1x2'.*moneyline.*winner"):
        desk.evaluate_three_way("nba", 2023)
    with pytest.raises(DataError, match="nba has no target 'draw'"):
        desk.train("nba", "none", target="draw")
    with pytest.raises(PolicyError, match="tuned through 2013"):
        desk.evaluate_three_way("soccer", 2013)


def test_chances_are_put_together_by_hand() -> None:
    np.testing.assert_allclose(compose(np.array([0.2]), np.array([0.75])), [[0.6, 0.2, 0.2]])
