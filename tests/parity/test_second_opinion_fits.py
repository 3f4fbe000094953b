"""A second opinion on what is fitted to many games at once: normal equations, and a general search for a likelihood.

Nothing comes from the kernels or the groups. The games are those that could be known on the last Tuesday noon (UTC).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize

from tests.parity.test_second_opinion import WORLDS, World
from tests.worlds import TINY, Tables, tiny_tables

# What is known of a game, as it now stands, counts from the first Tuesday noon on that is not before it.
GAMES = """
WITH results_seen AS (
    SELECT r.*, o.as_of, o.league AS asked FROM own o JOIN results r ON r.known_at < o.as_of WHERE o.ask = $ask
    QUALIFY row_number() OVER (PARTITION BY r.fixture ORDER BY r.batch DESC, r.known_at DESC) = 1
), listed AS (
    SELECT f.fixture, f.neutral, f.known_at FROM own o JOIN fixtures f ON f.known_at < o.as_of WHERE o.ask = $ask
    QUALIFY row_number() OVER (PARTITION BY f.fixture ORDER BY f.batch DESC, f.known_at DESC) = 1
), told AS (
    SELECT r.*, l.neutral, greatest(r.known_at, l.known_at) AS last FROM results_seen r JOIN listed l USING (fixture)
)
SELECT home, away, home_score, away_score, neutral, epoch_us(event_at) FROM told
WHERE league = asked AND as_of > INTERVAL 7 DAY
    + time_bucket(INTERVAL 7 DAY, last - INTERVAL 1 MICROSECOND, TIMESTAMPTZ '1970-01-06 12:00:00+00')
ORDER BY event_at, fixture
"""
ASKED = "SELECT home, away, neutral FROM own WHERE ask = $ask"
DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Game:
    """A game that is fitted, with the days from it to the newest."""

    home: int
    away: int
    home_score: int
    away_score: int
    at_home: float
    days: float


Opinion = Callable[[World, list[Game], int, int, int, float], Iterator[tuple[str, float]]]


def massey(
    world: World, games: list[Game], sides: int, home: int, away: int, at_home: float
) -> Iterator[tuple[str, float]]:
    """Write the ridge's normal equations out and solve them."""
    its = world.sport.massey
    assert its
    design = np.zeros((len(games), sides + 1))
    for row, game in zip(design, games, strict=True):
        row[game.home], row[game.away], row[sides] = 1.0, -1.0, game.at_home
    weights = np.array([0.5 ** (game.days / its.half_life.days) for game in games])
    margins = np.array([game.home_score - game.away_score for game in games], np.float64)
    normal = design.T @ (weights[:, None] * design) + its.ridge * np.eye(sides + 1)
    rating = np.linalg.solve(normal, design.T @ (weights * margins))

    def met(side: int) -> float:
        rivals = [(g.away if g.home == side else g.home, w) for g, w in zip(games, weights, strict=True)
                  if side in (g.home, g.away)]  # fmt: skip
        return sum(rating[rival] * w for rival, w in rivals) / sum(w for _, w in rivals)

    yield "massey.margin.now.fixture", rating[home] - rating[away] + at_home * rating[sides]
    yield "massey.schedule.now.fixture", met(home) - met(away)


def dixon_coles(
    world: World, games: list[Game], sides: int, home: int, away: int, at_home: float
) -> Iterator[tuple[str, float]]:
    """Let scipy look for the parameters, by slopes that it takes itself; then add up a table of scores."""
    its = world.sport.dixon_coles
    assert its
    host, guest = (np.array([getattr(game, name) for game in games]) for name in ("home", "away"))
    scores = np.array([(game.home_score, game.away_score) for game in games], np.float64).T
    grounds = np.array([game.at_home for game in games])
    weights = np.array([0.5 ** (game.days / its.half_life.days) for game in games])

    def rates(theta: np.ndarray, one: np.ndarray, two: np.ndarray, ground: np.ndarray) -> np.ndarray:
        attack, defence, (level, advantage) = theta[:sides], theta[sides : 2 * sides], theta[2 * sides : -1]
        return np.exp([level + advantage * ground + attack[one] - defence[two], level + attack[two] - defence[one]])

    def tau(x: np.ndarray, y: np.ndarray, one: np.ndarray, two: np.ndarray, rho: float) -> np.ndarray:
        cases = [(x == 0) & (y == 0), (x == 0) & (y == 1), (x == 1) & (y == 0), (x == 1) & (y == 1)]
        return np.select(cases, [1 - one * two * rho, 1 + one * rho, 1 + two * rho, np.full(one.shape, 1 - rho)], 1.0)

    def cost(theta: np.ndarray) -> float:
        rate = rates(theta, host, guest, grounds)
        chances = tau(*scores, *rate, theta[-1])
        if not np.isfinite(rate).all() or (chances <= 0).any():
            return 1e9
        fit = (weights * ((scores * np.log(rate) - rate).sum(axis=0) + np.log(chances))).sum()
        prior = (theta[: 2 * sides] ** 2).sum() / its.prior**2 + theta[-1] ** 2 / its.rho_prior**2
        return (prior + (theta[2 * sides : -1] ** 2).sum()) / 2 - fit

    start = np.zeros(2 * sides + 3)
    start[2 * sides] = math.log(scores.mean() + 0.1)
    theta = minimize(cost, start, method="BFGS", options={"gtol": 1e-6, "maxiter": 2_000}).x
    home_rate, away_rate = rates(theta, np.array([home]), np.array([away]), np.array([at_home])).ravel()
    x, y = np.meshgrid(np.arange(16), np.arange(16), indexing="ij")
    factorial = np.array([math.factorial(goals) for goals in range(16)], np.float64)
    told = np.exp(-home_rate - away_rate) * home_rate**x * away_rate**y / factorial[x] / factorial[y]
    told = told * np.maximum(tau(x, y, np.full(x.shape, home_rate), np.full(x.shape, away_rate), theta[-1]), 0.0)
    yield "dixon_coles.rate.now.home", home_rate
    yield "dixon_coles.rate.now.away", away_rate
    yield "dixon_coles.draw.now.fixture", math.log(np.trace(told) / (told.sum() - np.trace(told)))
    few = told[x + y < 3].sum()
    yield "dixon_coles.over.now.fixture", math.log(1.0 - few) - math.log(few)
    yield "dixon_coles.logit.now.fixture", math.log(np.tril(told, -1).sum() / np.triu(told, 1).sum())


def of_goals() -> Tables:
    """Return the tiny world with scores as low as in football."""
    tables = tiny_tables()
    low = tables["results"].with_columns(home_score=pl.col("home_score") % 4, away_score=pl.col("away_score") % 3)
    return {**tables, "results": low}


FITTED: dict[str, Callable[[], World]] = {
    "tiny": WORLDS["tiny"],
    "goals": cache(lambda: World(replace(TINY, rates=()), of_goals(), (0, 24))),
    "simulated": WORLDS["simulated"],
    **({"real": WORLDS["real"]} if "real" in WORLDS else {}),
}


@pytest.fixture(scope="module", params=list(FITTED))
def world(request: pytest.FixtureRequest) -> World:
    return FITTED[request.param]()


@pytest.mark.parametrize(("opinion", "asked", "near"), [(massey, 40, 1e-7), (dixon_coles, 12, 2e-5)])
def test_a_general_solver_finds_the_same(world: World, opinion: Opinion, asked: int, near: float) -> None:
    mine = [name for name in world.columns if name.startswith(f"{opinion.__name__}.")]
    if not mine:
        assert not world.sport.dixon_coles
        return
    asks = np.linspace(0, world.height - 1, min(world.height, asked)).astype(int)
    told = [answer(world, opinion, int(ask)) for ask in asks]
    for name in mine:
        expected = np.array([each.get(name, math.nan) for each in told])
        assert np.isfinite(expected).any(), name
        np.testing.assert_allclose(world.said(name)[asks], expected, rtol=0.0, atol=near, err_msg=name)


def answer(world: World, opinion: Opinion, ask: int) -> dict[str, float]:
    """Return what ``opinion`` says of one fixture, nothing where a side has no game."""
    its = getattr(world.sport, opinion.__name__)
    rows = world.database.execute(GAMES, {"ask": ask}).fetchall()[-its.games :]
    rows = [row for row in rows if (rows[-1][5] - row[5]) / DAY <= its.window.days]
    names = sorted({name for row in rows for name in row[:2]})
    home, away, neutral = world.database.execute(ASKED, {"ask": ask}).fetchall()[0]
    if not {home, away} <= {*names}:
        return {}
    at = {name: i for i, name in enumerate(names)}
    games = [
        Game(at[row[0]], at[row[1]], row[2], row[3], float(not row[4]), (rows[-1][5] - row[5]) / DAY) for row in rows
    ]
    return dict(opinion(world, games, len(names), at[home], at[away], float(not neutral)))
