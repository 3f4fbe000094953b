"""Glicko-2: a rating, how sure it is, and how steadily a side performs.

A game is a rating period of its own, and the time since the last one counts as so many periods. The deviation grows
with them before the game (step 6 of the paper, taken when somebody asks), so that the one read before a game is the
one that the game is folded with. The home side is given Elo's home advantage.

Source: Glickman, Example of the Glicko-2 system, http://www.glicko.net/glicko/glicko2.pdf.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group, Parity
from antepost.features.facts import finish
from antepost.features.kernels import Floats, Integers, Ops
from antepost.features.ratings import SIDES, fold_ratings, games
from antepost.features.spine import NEUTRAL, START
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("half_wins", "neutral")
MEAN, DEVIATION, VOLATILITY, TAU, PERIODS_PER_DAY, HOME_ADVANTAGE = range(6)
ROW = ("rating", "deviation", "volatility", "last", "games")
RATING, SPREAD, UNREST, LAST, GAMES = range(5)
SCALE = 173.7178
DAY = 86_400_000_000.0
CLOSE_ENOUGH = 1e-6


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    frame = games(tables, sport)
    return finish(frame.drop_nulls("neutral"), VALUES, SIDES)


@kernel
def fold_glicko(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Fold results into ratings."""
    return fold_ratings(ops, args, bounds, events, values, carry, rows, row_entity, row_known, params, 2, play)


@kernel
def play(state: Floats, fact: Floats, at: float, params: Floats) -> None:
    """Move the two sides by one game; what was not played moves nobody."""
    home, away = state[np.int64(fact[0])], state[np.int64(fact[1])]
    if np.isnan(fact[2]):
        return
    for which in range(2):
        side = state[np.int64(fact[which])]
        if side[GAMES] == 0.0:
            side[RATING], side[SPREAD], side[UNREST] = params[MEAN], params[DEVIATION], params[VOLATILITY]
            side[LAST] = at
        side[SPREAD] = grown(side, at, params)
        side[LAST] = at
        side[GAMES] += 1.0
    edge = (home[RATING] - away[RATING] + params[HOME_ADVANTAGE] * (1.0 - fact[3])) / SCALE
    home_spread, away_spread = home[SPREAD] / SCALE, away[SPREAD] / SCALE
    move(home, home_spread, away_spread, edge, 0.5 * fact[2], params)
    move(away, away_spread, home_spread, -edge, 1.0 - 0.5 * fact[2], params)


@kernel
def grown(side: Floats, now: float, params: Floats) -> float:
    """Return a side's deviation at ``now``: never more than that of somebody nobody has seen."""
    periods = max(now - side[LAST], 0.0) / DAY * params[PERIODS_PER_DAY]
    spread = side[SPREAD] / SCALE
    return min(SCALE * np.sqrt(spread * spread + periods * side[UNREST] * side[UNREST]), params[DEVIATION])


@kernel
def damping(spread: float) -> float:
    """Return how much less a difference says when a deviation of ``spread`` stands behind it (the paper's g)."""
    return 1.0 / np.sqrt(1.0 + 3.0 * spread * spread / (np.pi * np.pi))


@kernel
def move(side: Floats, spread: float, other: float, edge: float, score: float, params: Floats) -> None:
    """Move one side by a game (steps 3 to 7); ``spread`` and ``other`` are deviations, all in units of ``SCALE``."""
    g = damping(other)
    expected = 1.0 / (1.0 + np.exp(-g * edge))
    variance = 1.0 / (g * g * expected * (1.0 - expected))
    surprise = g * (score - expected)
    side[UNREST] = volatility(side[UNREST], variance * surprise, spread, variance, params[TAU])
    after = 1.0 / (1.0 / (spread * spread) + 1.0 / variance)
    side[SPREAD] = SCALE * np.sqrt(after)
    side[RATING] += SCALE * after * surprise


@kernel
def volatility(sigma: float, delta: float, spread: float, variance: float, tau: float) -> float:
    """Return the new volatility: the root of the paper's f (step 5) by regula falsi, the Illinois way."""
    a = np.log(sigma * sigma)
    excess = delta * delta - spread * spread - variance
    low = a
    if excess > 0.0:
        high = np.log(excess)
    else:
        high = a - tau
        while slope(high, a, delta, spread, variance, tau) < 0.0:
            high -= tau
    f_low = slope(low, a, delta, spread, variance, tau)
    f_high = slope(high, a, delta, spread, variance, tau)
    while abs(high - low) > CLOSE_ENOUGH:
        middle = low + (low - high) * f_low / (f_high - f_low)
        f_middle = slope(middle, a, delta, spread, variance, tau)
        if f_middle * f_high <= 0.0:
            low, f_low = high, f_high
        else:
            f_low *= 0.5
        high, f_high = middle, f_middle
    return np.exp(0.5 * low)


@kernel
def slope(x: float, a: float, delta: float, spread: float, variance: float, tau: float) -> float:
    """Return the paper's f at ``x``, the logarithm of the squared volatility."""
    grown_to = spread * spread + variance + np.exp(x)
    return 0.5 * np.exp(x) * (delta * delta - grown_to) / (grown_to * grown_to) - (x - a) / (tau * tau)


@kernel
def read_glicko(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read both deviations as grown until the start, the log-odds damped by both, and, where asked, both ratings."""
    for i in range(out.shape[0]):
        out[i, :] = np.nan
        edge = params[HOME_ADVANTAGE] * (1.0 - spine[i, NEUTRAL])
        for side in range(2):
            rating = np.nan
            if found[i, side] >= 0 and rows[found[i, side], GAMES] > 0.0:
                row = rows[found[i, side]]
                rating = row[RATING]
                out[i, side] = grown(row, spine[i, START], params)
            edge += rating if side == 0 else -rating
            if out.shape[1] > 3:
                out[i, 3 + side] = rating
        both = np.sqrt(out[i, 0] * out[i, 0] + out[i, 1] * out[i, 1]) / SCALE
        out[i, 2] = damping(both) * edge / SCALE


def _column(name: str, unit: str, parity: Parity, formula: str) -> Column:
    null = "null before a side's first game"
    return Column(name=f"glicko.{name}", unit=unit, parity=parity, null=null, formula=formula)


def glicko(sport: Sport) -> Group | None:
    """Return the group, where a sport has the constants."""
    if sport.glicko is None:
        return None
    its = sport.glicko
    constants = [its.mean, its.deviation, its.volatility, its.tau, its.periods_per_day, sport.elo.home_advantage]
    rating, spread = "Glicko-2 rating after the last game", "its deviation, grown until the scheduled start"
    return Group(
        name="glicko",
        version=2,
        facts=_facts,
        values=VALUES,
        row=ROW,
        carry=2 * len(ROW),
        fold=fold_glicko,
        read=read_glicko,
        roles=SIDES,
        columns=(
            *(_column(f"deviation.now.{side}", "elo", "swap", spread) for side in SIDES),
            _column(
                "logit.now.fixture", "log-odds", "odd",
                "g(both deviations) (home - away + home advantage unless neutral) / 173.7178",
            ),
            *(() if sport.rates else (_column(f"rating.now.{side}", "elo", "swap", rating) for side in SIDES)),
        ),
        params=np.array(constants),
        members=SIDES,
    )  # fmt: skip
