"""Massey's ratings: how many points each side is better than the mean, by least squares over all margins at once.

A margin is expected to be the home side's rating less the other's plus the home advantage. A game counts half as much
as one ``half_life`` later, and a ridge of so many games that end level with the mean keeps who has hardly played near
it; in the first weeks of a season last year's ratings stand.

Source: Massey, Statistical models applied to the rating of sports teams (Bluefield College, 1997); the ridge as in
Harville, Predictions for National Football League games via linear-model methodology, JASA 75 (1980).
"""

from __future__ import annotations

import numpy as np

from antepost.features.declaration import Column, Group
from antepost.features.fits import (
    AWAY,
    AWAY_SCORE,
    FIELDS,
    HOME,
    HOME_SCORE,
    NEUTRAL,
    VALUES,
    WEIGHT,
    facts,
    fold_fits,
    line_of,
)
from antepost.features.kernels import Floats, Integers, Ops
from antepost.features.spine import HOME_NUMBER
from antepost.features.spine import NEUTRAL as ON_NEUTRAL
from antepost.kernelcache import kernel
from antepost.sports import Sport

RIDGE = 2
HEAD = ("sides", "home_advantage")
LINE = ("number", "rating", "schedule")
RATING, SCHEDULE = 1, 2
# By so much less than at first, in the norm, is left over when the search ends.
ENOUGH = 1e-13


@kernel
def fold_massey(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Fit margins at every refit. Row: ``HEAD``, then ``LINE`` for each side."""
    return fold_fits(ops, args, bounds, events, values, carry, rows, row_entity, row_known, params, len(HEAD), fit)


@kernel
def fit(games: Floats, count: int, head: Floats, sides: Floats, params: Floats) -> None:
    """Solve the normal equations by conjugate gradients, each unknown scaled by its own weight; then the schedules.

    The unknowns are the ratings and, last, the home advantage, which the ridge of one side keeps from running away.
    """
    n = sides.shape[0] + 1
    home, away, weight, ground = games[:count, HOME], games[:count, AWAY], games[:count, WEIGHT], games[:count, NEUTRAL]
    own = np.full(n, params[RIDGE])
    left = np.zeros(n)
    for i in range(count):
        h, a, at_home = np.int64(home[i]), np.int64(away[i]), 1.0 - ground[i]
        margin = weight[i] * (games[i, HOME_SCORE] - games[i, AWAY_SCORE])
        left[h] += margin
        left[a] -= margin
        left[n - 1] += at_home * margin
        own[h] += weight[i]
        own[a] += weight[i]
        own[n - 1] += at_home * weight[i]
    found, towards, ahead = np.zeros(n), left / own, np.empty(n)
    size = dot(left, towards)
    least = ENOUGH * ENOUGH * size
    for _ in range(4 * n):
        if size <= least:
            break
        for p in range(n):
            ahead[p] = params[RIDGE] * towards[p]
        for i in range(count):
            h, a, at_home = np.int64(home[i]), np.int64(away[i]), 1.0 - ground[i]
            pull = weight[i] * (towards[h] - towards[a] + at_home * towards[n - 1])
            ahead[h] += pull
            ahead[a] -= pull
            ahead[n - 1] += at_home * pull
        step = size / dot(towards, ahead)
        for p in range(n):
            found[p] += step * towards[p]
            left[p] -= step * ahead[p]
        before, size = size, 0.0
        for p in range(n):
            size += left[p] * left[p] / own[p]
        for p in range(n):
            towards[p] = left[p] / own[p] + size / before * towards[p]
    head[1] = found[n - 1]
    met = np.zeros(n)
    for i in range(count):
        h, a = np.int64(home[i]), np.int64(away[i])
        sides[h, SCHEDULE] += weight[i] * found[a]
        sides[a, SCHEDULE] += weight[i] * found[h]
        met[h] += weight[i]
        met[a] += weight[i]
    for side in range(n - 1):
        sides[side, RATING] = found[side]
        sides[side, SCHEDULE] /= met[side]


@kernel
def dot(a: Floats, b: Floats) -> float:
    """Return the inner product, summed from the first on."""
    total = 0.0
    for p in range(a.size):
        total += a[p] * b[p]
    return total


@kernel
def read_massey(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read the expected margin, and whose opponents were the better."""
    for i in range(out.shape[0]):
        out[i, :] = np.nan
        if found[i, 0] < 0:
            continue
        row = rows[found[i, 0]]
        home = line_of(row, len(HEAD), spine[i, HOME_NUMBER])
        away = line_of(row, len(HEAD), spine[i, HOME_NUMBER + 1])
        if home >= 0 and away >= 0:
            out[i, 0] = row[home + RATING] - row[away + RATING] + row[1] * (1.0 - spine[i, ON_NEUTRAL])
            out[i, 1] = row[home + SCHEDULE] - row[away + SCHEDULE]


def massey(sport: Sport) -> Group | None:
    """Return the group, where a sport has the constants."""
    if sport.massey is None:
        return None
    its = sport.massey

    def column(name: str, formula: str) -> Column:
        return Column(
            name=f"massey.{name}.now.fixture", unit=sport.score, parity="odd", formula=formula,
            null="null until both sides have a game of the window that was known by Tuesday noon",
        )  # fmt: skip

    return Group(
        name="massey",
        version=1,
        facts=facts,
        values=VALUES,
        row=(*HEAD, *(f"{side}.{name}" for side in range(its.sides) for name in LINE)),
        carry=1 + FIELDS * its.games,
        fold=fold_massey,
        read=read_massey,
        roles=("league",),
        columns=(
            column("margin", "home rating - away rating + home advantage unless neutral"),
            column("schedule", "mean rating, as of now, of whom the home side has met less that of the away side's"),
        ),
        params=np.array([its.window.days, its.half_life.days, its.ridge, its.games], np.float64),
    )
