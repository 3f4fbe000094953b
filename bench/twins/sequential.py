"""Ratings game by game for both rivals: a plain loop over arrays under numba.

That is what pandas ("Enhancing performance") and polars ("User-defined functions") advise where a row needs what the
row before has left. Each takes the games in order with its sides numbered, and returns what stands after each game.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from antepost.sports import Sport

type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]


@njit(cache=True, error_model="numpy")
def elo(
    home: Whole, away: Whole, season: Whole, margin: Whole, ground: Floats, its: Floats
) -> Floats:  # pragma: no cover
    """Return both ratings after each game, and what each was rated when they met.

    ``its``: K, home advantage, what a season keeps, mean, scale.
    """
    sides = max(home.max(), away.max()) + 1
    rating = np.full(sides, its[3])
    last = np.zeros(sides, np.int64)
    after = np.empty((home.size, 4))
    for i in range(home.size):
        h, a = home[i], away[i]
        for side in (h, a):
            if last[side] != season[i] and last[side] != 0:
                rating[side] = its[2] * rating[side] + (1.0 - its[2]) * its[3]
            last[side] = season[i]
        after[i, 2:] = rating[h], rating[a]
        edge = rating[h] - rating[a] + its[1] * ground[i]
        score = 0.5 * (np.sign(margin[i]) + 1.0)
        weight = np.log(max(abs(margin[i]), 1) + 1.0) * 2.2 / (edge * np.sign(margin[i]) * 0.001 + 2.2)
        shift = its[0] * weight * (score - 1.0 / (1.0 + np.exp(-edge * np.log(10.0) / its[4])))
        rating[h] += shift
        rating[a] -= shift
        after[i, :2] = rating[h], rating[a]
    return after


@njit(cache=True, error_model="numpy")
def pi(home: Whole, away: Whole, margin: Whole, ground: Floats, its: Floats) -> Floats:  # pragma: no cover
    """Return after each game what home is worth at home and away, then away's two; ``its`` as ``pi_constants``."""
    rate, catch_up, base, diminishing = its
    rating = np.zeros((max(home.max(), away.max()) + 1, 2))
    after = np.empty((home.size, 4))
    for i in range(home.size):
        h, a = home[i], away[i]
        expected = 0.0
        for side, column, sign in ((h, 0, 1.0), (a, 1, -1.0)):
            worth = rating[side, column] if ground[i] == 1.0 else 0.5 * (rating[side, 0] + rating[side, 1])
            expected += sign * np.sign(worth) * (base ** (abs(worth) / diminishing) - 1.0)
        error = margin[i] - expected
        step = rate * diminishing * np.log10(1.0 + abs(error)) * np.sign(error)
        here, elsewhere = step, catch_up * step
        if ground[i] == 0.0:
            here = elsewhere = 0.5 * (here + elsewhere)
        rating[h, 0] += here
        rating[h, 1] += elsewhere
        rating[a, 0] -= elsewhere
        rating[a, 1] -= here
        after[i, :2], after[i, 2:] = rating[h], rating[a]
    return after


@njit(cache=True, error_model="numpy")
def strengths(
    home: Whole, away: Whole, league: Whole, season: Whole, scores: Whole, ground: Floats, its: Floats
) -> Floats:  # pragma: no cover
    """Return attack and defence of home, of away, and the league's level and advantage, after each game."""
    level, advantage, rate, league_rate, keep = its
    sides = max(home.max(), away.max()) + 1
    attack, defence, last = np.zeros(sides), np.zeros(sides), np.zeros(sides, np.int64)
    leagues = np.empty((league.max() + 1, 2))
    leagues[:, 0], leagues[:, 1] = level, advantage
    after = np.empty((home.size, 6))
    for i in range(home.size):
        h, a, its_league = home[i], away[i], leagues[league[i]]
        for side in (h, a):
            if last[side] != season[i]:
                attack[side] *= keep
                defence[side] *= keep
            last[side] = season[i]
        step = 0.5 * its_league[1] * ground[i]
        home_left = scores[i, 0] - (its_league[0] + attack[h] - defence[a] + step)
        away_left = scores[i, 1] - (its_league[0] + attack[a] - defence[h] - step)
        attack[h] += rate * home_left
        defence[h] -= rate * away_left
        attack[a] += rate * away_left
        defence[a] -= rate * home_left
        its_league[0] += league_rate * 0.5 * (home_left + away_left)
        its_league[1] += league_rate * (home_left - away_left) * ground[i]
        after[i, :4] = attack[h], defence[h], attack[a], defence[a]
        after[i, 4:] = its_league
    return after


@njit(cache=True, error_model="numpy")
def surface(home: Whole, away: Whole, kind: Whole, score: Floats, its: Floats) -> Floats:  # pragma: no cover
    """Return after each match the ratings of home and away on all surfaces, then of both on the one of the match."""
    k, offset, shape, mean, scale = its
    sides = max(home.max(), away.max()) + 1
    rating = np.full((kind.max() + 2, sides), mean)
    matches = np.zeros(rating.shape)
    after = np.empty((home.size, 4))
    for i in range(home.size):
        h, a = home[i], away[i]
        for which, at in ((0, 0), (1, kind[i] + 1)):
            edge = rating[at, h] - rating[at, a]
            surprise = score[i] - 1.0 / (1.0 + np.exp(-edge * np.log(10.0) / scale))
            rating[at, h] += k / (matches[at, h] + offset) ** shape * surprise
            rating[at, a] -= k / (matches[at, a] + offset) ** shape * surprise
            matches[at, h] += 1.0
            matches[at, a] += 1.0
            after[i, 2 * which], after[i, 2 * which + 1] = rating[at, h], rating[at, a]
    return after


def elo_constants(sport: Sport) -> Floats:
    """Return what ``elo`` takes."""
    its = sport.elo
    return np.array([its.k, its.home_advantage, its.season_keep, its.mean, its.scale])


def pi_constants(sport: Sport) -> Floats:
    """Return what ``pi`` takes: the rate, how the other ground catches up, and the base and slope of its curve."""
    its = sport.pi
    if its is None:
        raise SystemExit(f"{sport.name} has no pi-ratings")
    return np.array([its.rate, its.catch_up, its.base, its.diminishing])


def strengths_constants(sport: Sport) -> Floats:
    """Return what ``strengths`` takes."""
    its = sport.strengths
    if its is None:
        raise SystemExit(f"{sport.name} has no strengths")
    return np.array([its.level, its.home_advantage, its.rate, its.league_rate, sport.elo.season_keep])


def surface_constants(sport: Sport) -> Floats:
    """Return what ``surface`` takes."""
    its = sport.surface_elo
    if its is None:
        raise SystemExit(f"{sport.name} has no surface Elo")
    return np.array([its.k, its.offset, its.shape, its.mean, its.scale])
