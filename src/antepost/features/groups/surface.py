"""Elo on the surface of the match: a rating on each, one on all, and the blend of both that the trade uses.

K falls with the matches a rating has seen, so a player's first matches on grass move his rating there by much.

Source: Kovalchik, J. Quant. Anal. Sports 12 (2016), and Tennis Abstract (``sports/ratings.py``).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group, Parity
from antepost.features.facts import finish, revisions
from antepost.features.kernels import Floats, Integers, Ops
from antepost.features.ratings import SIDES, fold_ratings, games
from antepost.features.spine import ON_SURFACE
from antepost.kernelcache import kernel
from antepost.sports import Sport

# A player on a surface is a member of his own.
MEMBERS = (*SIDES, *ON_SURFACE)
VALUES = ("half_wins",)
K, OFFSET, SHAPE, WEIGHT, MEAN, SCALE = range(6)
ROW = ("rating", "matches")
RATING, MATCHES = range(2)


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    grounds = tables["venues"].with_columns(pl.col("surface").str.to_lowercase())
    results = revisions(tables["results"], grounds, ("surface",))
    kind = pl.when(pl.col("surface").is_in(sport.surfaces)).then(pl.col("surface"))
    frame = games({**tables, "results": results.with_columns(kind)}, sport)
    members = [expression.alias(name) for name, expression in ON_SURFACE.items()]
    return finish(frame.drop_nulls("neutral").with_columns(members), VALUES, MEMBERS)


@kernel
def fold_surface(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Fold results into ratings: those on all surfaces, then those on the one of the match."""
    return fold_ratings(ops, args, bounds, events, values, carry, rows, row_entity, row_known, params, 4, play)


@kernel
def play(state: Floats, fact: Floats, at: float, params: Floats) -> None:
    """Move two pairs of ratings by one match; what was not played moves none, an unknown surface one pair."""
    if np.isnan(fact[4]):
        return
    for pair in range(2):
        if fact[2 * pair] < 0.0 or fact[2 * pair + 1] < 0.0:
            continue
        home, away = state[np.int64(fact[2 * pair])], state[np.int64(fact[2 * pair + 1])]
        for which in range(2):
            side = state[np.int64(fact[2 * pair + which])]
            if side[MATCHES] == 0.0:
                side[RATING] = params[MEAN]
        edge = home[RATING] - away[RATING]
        surprise = 0.5 * fact[4] - 1.0 / (1.0 + np.exp(-edge * np.log(10.0) / params[SCALE]))
        home[RATING] += pace(home, params) * surprise
        away[RATING] -= pace(away, params) * surprise
        home[MATCHES] += 1.0
        away[MATCHES] += 1.0


@kernel
def pace(side: Floats, params: Floats) -> float:
    """Return K of a rating that has seen so many matches."""
    return params[K] / (side[MATCHES] + params[OFFSET]) ** params[SHAPE]


@kernel
def read_surface(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read both ratings on the announced surface, and the log-odds of these blended with those on all."""
    ratings = np.empty(4)
    for i in range(out.shape[0]):
        for which in range(4):
            row = found[i, which]
            ratings[which] = rows[row, RATING] if row >= 0 and rows[row, MATCHES] > 0.0 else np.nan
        everywhere, here = ratings[0] - ratings[1], ratings[2] - ratings[3]
        edge = params[WEIGHT] * everywhere + (1.0 - params[WEIGHT]) * here
        out[i, 0], out[i, 1] = ratings[2], ratings[3]
        out[i, 2] = edge * np.log(10.0) / params[SCALE]


def _column(name: str, unit: str, parity: Parity, formula: str, sport: Sport) -> Column:
    # A list of matches names the surface with the draw; elsewhere it is announced on the day.
    moment = "open" if sport.sides == "player" else "T-1h"
    null = "null before a player's first match on the surface, and where that is not known"
    return Column(name=f"surface.{name}", unit=unit, parity=parity, null=null, formula=formula, moment=moment)


def surface(sport: Sport) -> Group | None:
    """Return the group, where a sport has the constants."""
    if sport.surface_elo is None:
        return None
    its = sport.surface_elo
    rating = "Elo after the last match on this surface, K falling with their number"
    blend = "(weight of the difference on all surfaces + the rest of that on this one) ln 10 / scale"
    return Group(
        name="surface",
        version=1,
        facts=_facts,
        values=VALUES,
        row=ROW,
        carry=2 * len(ROW),
        fold=fold_surface,
        read=read_surface,
        roles=MEMBERS,
        columns=(
            *(_column(f"rating.now.{side}", "elo", "swap", rating, sport) for side in SIDES),
            _column("logit.now.fixture", "log-odds", "odd", blend, sport),
        ),
        params=np.array([its.k, its.offset, its.shape, its.weight, its.mean, its.scale]),
        members=MEMBERS,
    )
