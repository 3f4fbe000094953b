from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from antepost.errors import ModelError
from antepost.models.arrays import pack, unpack
from antepost.models.counts import (
    BIVARIATE,
    COUNTS,
    KINDS,
    NEGATIVE_BINOMIAL,
    WEIBULL,
    CountArrays,
    chance_of_score,
    draw_and_home,
    frank,
    marginal,
    score_grid,
    weibull_series,
)
from antepost.models.families.family import Setup
from antepost.models.families.goals import Goals

COLUMNS = ("never.read", "pi.margin.now.fixture", "strengths.total.now.fixture")
HOME, AWAY = 1.7, 1.1
SHAPES = {BIVARIATE: (0.2, 0.0, 0.0), NEGATIVE_BINOMIAL: (6.0, 0.0, 0.0), WEIBULL: (1.1, -0.8, 0.05)}


def told(kind: int) -> tuple[int, float, float, np.ndarray, np.ndarray]:
    series = weibull_series(1.1) if kind == WEIBULL else np.zeros((1, 1))
    return kind, math.log(HOME), math.log(AWAY), np.array(SHAPES[kind]), series


@pytest.mark.parametrize("kind", SHAPES)
def test_draws_and_wins_are_those_of_the_grid(kind: int) -> None:
    grid = score_grid(*told(kind))
    assert grid.sum() == pytest.approx(1.0, abs=1e-9)
    drawn, won = draw_and_home(*told(kind))
    assert drawn == pytest.approx(np.trace(grid), abs=1e-9)
    assert won == pytest.approx(np.tril(grid, -1).sum(), abs=1e-9)
    kind, home, away, shape, series = told(kind)
    for x, y in ((0, 0), (2, 1), (1, 3), (5, 5)):
        assert chance_of_score(kind, home, away, x, y, shape, series) == pytest.approx(grid[x, y], abs=1e-12)


def test_the_bivariate_grid_is_the_sum_of_the_paper() -> None:
    """Karlis and Ntzoufras (2003), equation 1, term by term."""
    a, b, c = HOME - 0.2, AWAY - 0.2, 0.2
    grid = score_grid(*told(BIVARIATE))
    for x in range(6):
        for y in range(6):
            sums = sum(
                math.comb(x, k) * math.comb(y, k) * math.factorial(k) * (c / (a * b)) ** k for k in range(min(x, y) + 1)
            )
            first = math.exp(-(a + b + c)) * a**x / math.factorial(x) * b**y / math.factorial(y)
            assert grid[x, y] == pytest.approx(first * sums, rel=1e-12)
    goals = np.arange(grid.shape[0])
    means = grid.sum(axis=1) @ goals, grid.sum(axis=0) @ goals
    assert means == pytest.approx((HOME, AWAY), rel=1e-9)
    assert goals @ grid @ goals - means[0] * means[1] == pytest.approx(c, rel=1e-9)


def test_the_negative_binomial_is_scipys() -> None:
    p = marginal(NEGATIVE_BINOMIAL, math.log(HOME), np.array([6.0, 0.0, 0.0]), np.zeros((1, 1)), 12)
    np.testing.assert_allclose(p, nbinom.pmf(np.arange(12), 6.0, 6.0 / (6.0 + HOME)), rtol=1e-12)


@pytest.mark.parametrize("rate", [0.3, 1.4, 5.9])
def test_a_weibull_count_of_shape_one_is_poisson(rate: float) -> None:
    p = marginal(WEIBULL, math.log(rate), np.array([1.0, 0.0, 0.0]), weibull_series(1.0), 20)
    np.testing.assert_allclose(p, poisson.pmf(np.arange(20), rate), atol=1e-10)


@pytest.mark.parametrize("c", [0.8, 1.3])
def test_a_weibull_count_counts_waiting_times(c: float) -> None:
    """By simulation: events are counted until time one, their waiting times have the survival exp(-rate t^c)."""
    rate, dice = 1.6, np.random.default_rng(4)
    waits = (dice.exponential(size=(200_000, 12)) / rate) ** (1.0 / c)
    seen = np.bincount((np.cumsum(waits, axis=1) <= 1.0).sum(axis=1), minlength=13)[:6] / 200_000
    p = marginal(WEIBULL, math.log(rate), np.array([c, 0.0, 0.0]), weibull_series(c), COUNTS)
    np.testing.assert_allclose(p[:6], seen, atol=0.005)
    assert p.sum() == pytest.approx(1.0, abs=1e-9)


def test_franks_copula_has_its_margins_and_leans_as_its_parameter_does() -> None:
    assert frank(0.3, 1.0, 2.0) == pytest.approx(0.3)
    assert frank(0.3, 0.6, 1e-9) == pytest.approx(0.18)
    assert frank(0.3, 0.6, -2.0) < 0.18 < frank(0.3, 0.6, 2.0)
    assert frank(0.3, 0.6, 2.0) == pytest.approx(
        -math.log(1 + (math.exp(-0.6) - 1) * (math.exp(-1.2) - 1) / (math.exp(-2) - 1)) / 2
    )


def played(n: int, kind: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return rows, final scores of invented games of a kind, and each game's chance of a draw."""
    dice = np.random.default_rng(seed)
    X = np.clip(dice.normal(size=(n, 3)), -1.5, 1.5)
    scores, drawn = np.empty((n, 2)), np.empty(n)
    _, _, _, shape, series = told(kind)
    for i in range(n):
        home, away = 0.4 + 0.3 * X[i, 1] + 0.2 * X[i, 2], 0.1 - 0.3 * X[i, 1] + 0.2 * X[i, 2]
        grid = score_grid(kind, home, away, shape, series)
        place = dice.choice(grid.size, p=grid.ravel() / grid.sum())
        scores[i], drawn[i] = divmod(int(place), grid.shape[1]), np.trace(grid)
    return X, scores, drawn


@pytest.mark.parametrize("name", KINDS)
def test_a_fit_finds_the_world_it_was_played_in_and_is_stored(name: str) -> None:
    kind = KINDS[name]
    X, scores, drawn = played(2000, kind, 5)
    fitted = (
        Goals(of_draw=True)
        .fit_scores(X, scores, Setup(columns=COLUMNS, seed=0, threads=1, recipe={"l2": 1.0, "kind": name}))
        .arrays
    )
    assert isinstance(fitted, CountArrays)
    said = fitted.score(X)
    assert np.abs(said - drawn).mean() < 0.025
    assert pack(unpack(fitted)).score(X).tobytes() == said.tobytes()
    assert all(fitted.score(X[i : i + 1])[0] == said[i] for i in range(0, 2000, 97))
    assert np.trace(fitted.grid(X[3])) == pytest.approx(said[3], abs=1e-9)
    won = scores[:, 0] != scores[:, 1]
    winner = (
        Goals()
        .fit_scores(X[won], scores[won], Setup(columns=COLUMNS, seed=0, threads=1, recipe={"l2": 1.0, "kind": name}))
        .arrays
    )
    y = scores[won, 0] > scores[won, 1]
    p = winner.score(X[won])
    assert -np.log(np.where(y, p, 1.0 - p)).mean() < 0.66
    assert abs(p.mean() - y.mean()) < 0.02


def test_a_kind_that_there_is_not_is_named() -> None:
    X, scores, _ = played(60, NEGATIVE_BINOMIAL, 6)
    with pytest.raises(ModelError, match="no kind 'skellam'; choose from dixon_coles, bivariate"):
        Goals(of_draw=True).fit_scores(
            X, scores, Setup(columns=COLUMNS, seed=0, threads=1, recipe={"l2": 1.0, "kind": "skellam"})
        )
