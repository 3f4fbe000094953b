"""Pi-ratings: what a side is worth at home and away, in goals against an average side, learnt from margins.

Source: Constantinou and Fenton, J. Quant. Anal. Sports 9 (2013), 37-50. The paper knows no neutral ground: there a
side counts as the mean of its two ratings, and both move by the mean of the two steps.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group, Parity
from antepost.features.facts import finish
from antepost.features.kernels import Floats, Integers, Ops
from antepost.features.ratings import SIDES, fold_ratings, games
from antepost.features.spine import NEUTRAL
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("margin", "neutral")
RATE, CATCH_UP, BASE, DIMINISHING = range(4)
ROW = ("at_home", "away", "games")
GAMES = 2


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    frame = games(tables, sport)
    return finish(frame.drop_nulls("neutral"), VALUES, SIDES)


@kernel
def fold_pi(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Fold margins into ratings; everybody begins with 0."""
    return fold_ratings(ops, args, bounds, events, values, carry, rows, row_entity, row_known, params, 2, play)


@kernel
def play(state: Floats, fact: Floats, at: float, params: Floats) -> None:
    """Move the two sides by one game; one without a score moves nobody."""
    home, away = state[np.int64(fact[0])], state[np.int64(fact[1])]
    margin, neutral = fact[2], fact[3]
    if np.isnan(margin):
        return
    expected = goals(on_ground(home, 0, neutral), params) - goals(on_ground(away, 1, neutral), params)
    error = margin - expected
    step = params[RATE] * params[DIMINISHING] * np.log10(1.0 + abs(error)) * np.sign(error)
    here, elsewhere = step, params[CATCH_UP] * step
    if neutral == 1.0:
        here = elsewhere = 0.5 * (here + elsewhere)
    home[0] += here
    home[1] += elsewhere
    away[0] -= elsewhere
    away[1] -= here
    home[GAMES] += 1.0
    away[GAMES] += 1.0


@kernel
def on_ground(side: Floats, which: int, neutral: float) -> float:
    """Return a side's rating at home (0) or away (1), the mean of both where nobody is at home."""
    return 0.5 * (side[0] + side[1]) if neutral == 1.0 else side[which]


@kernel
def goals(rating: float, params: Floats) -> float:
    """Return by how many goals a side of ``rating`` is expected to beat an average one."""
    size = params[BASE] ** (abs(rating) / params[DIMINISHING]) - 1.0
    return size if rating >= 0.0 else -size


@kernel
def read_pi(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read both ratings for the ground, and the expected difference in goals."""
    for i in range(out.shape[0]):
        out[i, :] = np.nan
        for side in range(2):
            if found[i, side] >= 0 and rows[found[i, side], GAMES] > 0.0:
                out[i, side] = on_ground(rows[found[i, side]], side, spine[i, NEUTRAL])
        if not np.isnan(out[i, 0] + out[i, 1]):
            out[i, 2] = goals(out[i, 0], params) - goals(out[i, 1], params)


def _column(name: str, unit: str, parity: Parity, formula: str) -> Column:
    null = "null before a side's first game"
    return Column(name=f"pi.{name}", unit=unit, parity=parity, null=null, formula=formula)


def pi(sport: Sport) -> Group | None:
    """Return the group, where a sport has the constants."""
    if sport.pi is None:
        return None
    rating = "pi-rating {} after the last game; on neutral ground the mean of both"
    return Group(
        name="pi",
        version=1,
        facts=_facts,
        values=VALUES,
        row=ROW,
        carry=2 * len(ROW),
        fold=fold_pi,
        read=read_pi,
        roles=SIDES,
        columns=(
            _column("rating.now.home", "pi", "swap", rating.format("at home")),
            _column("rating.now.away", "pi", "swap", rating.format("away")),
            _column("margin.now.fixture", sport.score, "odd", "expected of the home side less that of the away side"),
        ),
        params=np.array([sport.pi.rate, sport.pi.catch_up, sport.pi.base, sport.pi.diminishing]),
        members=SIDES,
    )
