"""Ratings of everybody in a sport, moved game by game: the facts they rest on and the fold that moves and takes back.

A group of ratings is a kernel ``play`` that moves the members' numbers by one game, and a ``read``. Its row is what it
carries, so that what was published can be compared with what stands, and a late game takes the later ones back.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from antepost.features.declaration import Facts
from antepost.features.facts import revisions
from antepost.features.kernels import EMIT, FOLD, Floats, Integers, Ops
from antepost.kernelcache import kernel, skeleton
from antepost.sports import Sport

Play = Callable[[Floats, Floats, float, Floats], None]

SIDES = ("home", "away")
# Nobody hit a ball or kicked one: it says nothing of strength.
UNPLAYED = ("walkover", "awarded")


def games(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return the sport's results as facts of one entity, one row for every moment at which one of them changed.

    Columns: stamps and ``source``; home, away, league, season, neutral; margin, home_score, away_score; half_wins of
    the home side (2, 1 or 0, whoever stood at the end where somebody retired; null where nothing was played).

    A result whose schedule entry is not known yet has no ``neutral``: nobody can say whose ground it was.
    """
    listed = tables["fixtures"].with_columns(pl.col("neutral").fill_null(value=False))
    told = revisions(tables["results"], listed, ("neutral",))
    margin = pl.col("home_score") - pl.col("away_score")
    words = pl.col("outcome").replace_strict({"home": 2, "draw": 1, "away": 0}, default=None, return_dtype=pl.Int64)
    half_wins = pl.coalesce(words, margin.sign().cast(pl.Int64) + 1)
    return told.with_columns(
        pl.lit(sport.name).alias("entity"),
        pl.col("fixture").alias("key"),
        pl.col("fixture").alias("source"),
        pl.lit(0, pl.Int64).alias("sequence"),
        margin.alias("margin"),
        pl.when(pl.col("ending").is_in(UNPLAYED)).then(None).otherwise(half_wins).alias("half_wins"),
    )  # fmt: skip


@skeleton
def fold_ratings(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats, members: int, play: Play,
) -> int:  # fmt: skip
    """Fold games into ratings; a row for each member whose numbers changed at an instant; return the row count.

    ``play(state, fact, event_at, params)`` moves the numbers of the first ``members`` values of a fact; a member of -1
    is nobody. Carry: every member's row, then the same as last published.
    """
    n_rows = 0
    fields = rows.shape[1]
    everybody = carry.shape[1] // (2 * fields)
    played = np.empty((values.shape[0], members), np.int64)
    earlier = np.empty((values.shape[0], members, fields))
    touched = np.empty(everybody, np.int64)
    waiting = np.zeros(everybody, np.bool_)
    for e in range(bounds.size - 1):
        state = carry[e].reshape(everybody, 2 * fields)
        depth = moved = 0
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == EMIT:
                for i in range(moved):
                    member = touched[i]
                    waiting[member] = False
                    if (state[member, :fields] != state[member, fields:]).any():
                        rows[n_rows] = state[member, :fields]
                        state[member, fields:] = state[member, :fields]
                        row_entity[n_rows] = member
                        row_known[n_rows] = args[t]
                        n_rows += 1
                moved = 0
                continue
            if ops[t] == FOLD:
                fact = values[args[t]]
                for which in range(members):
                    played[depth, which] = np.int64(fact[which])
                    if played[depth, which] >= 0:
                        earlier[depth, which] = state[played[depth, which], :fields]
                play(state, fact, float(events[args[t]]), params)
                depth += 1
                last = depth - 1
            else:
                depth -= 1
                last = depth
                for which in range(members):
                    if played[last, which] >= 0:
                        state[played[last, which], :fields] = earlier[last, which]
            for which in range(members):
                member = played[last, which]
                if member >= 0 and not waiting[member]:
                    waiting[member] = True
                    touched[moved] = member
                    moved += 1
    return n_rows


@kernel
def standing(rating: float, season: float, now: float, keep: float, mean: float) -> float:
    """Return a rating as it stands in season ``now``: drawn back to the mean once a new season has begun."""
    if season == now:
        return rating
    return keep * rating + (1.0 - keep) * mean
