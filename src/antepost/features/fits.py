"""Strengths of a league's sides fitted to its last games all at once, anew at one fixed moment a week.

What becomes known in a week counts from its refit on, and a row is stamped there. It is a function of the games that
are then known: no fit begins with the one before it, which a correction would have to take back with all that followed.
A group of fits is a kernel ``fit``, which writes what it finds of the sides, and a ``read``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import polars as pl

from antepost.features.declaration import Facts
from antepost.features.facts import finish, number
from antepost.features.kernels import EMIT, FOLD, Floats, Integers, Ops
from antepost.features.ratings import UNPLAYED, games
from antepost.kernelcache import kernel, skeleton
from antepost.sports import Sport

Fit = Callable[[Floats, int, Floats, Floats, Floats], None]

VALUES = ("home_number", "away_number", "home_score", "away_score", "neutral")
WEEK = timedelta(days=7)
# Tuesday noon in UTC: Monday night's games have been told everywhere. The epoch was a Thursday.
REFIT = timedelta(days=5, hours=12)
DAY = 86_400_000_000.0
# The first two params of every fit, both in days; then a line of a game in the ring, and of one that is fitted.
WINDOW, HALF_LIFE = range(2)
HOME, AWAY, HOME_SCORE, AWAY_SCORE, NEUTRAL, AT = range(6)
WEIGHT = AT
FIELDS = 6
# What a row has of a side: its number and two figures.
LINE = 3


def facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return a fact a game of the leagues in ``reference_close``, stamped at the first refit that may know it.

    What is revised is gone at once and comes back as revised at the next refit: nobody can tell from a row what used
    to be said. A game without a score stays a fact, and is none of the fit.
    """
    told = games(tables, sport).filter(pl.col("league").is_in(list(sport.reference_close))).drop_nulls("neutral")
    played = ~pl.col("ending").is_in(UNPLAYED).fill_null(value=False)
    revised = told.sort("key", "known_at").with_columns(
        pl.col("league").alias("entity"),
        number("home").alias("home_number"),
        number("away").alias("away_number"),
        *(pl.when(played).then(name).alias(name) for name in ("home_score", "away_score")),
        pl.col("known_at").shift(-1).over("key").alias("revised_at"),
        _refit("known_at").alias("moment"),
    )
    fitted = revised.filter(pl.col("revised_at").is_null() | (pl.col("moment") < pl.col("revised_at")))
    gone = fitted.filter(_refit("revised_at") > pl.col("revised_at"))
    live = fitted.drop("known_at", "source").rename({"moment": "known_at"})
    taken_back = gone.drop("known_at", "source").rename({"revised_at": "known_at"})
    return pl.concat([finish(live, VALUES), finish(taken_back, VALUES).with_columns(pl.lit(False).alias("live"))])


def _refit(column: str) -> pl.Expr:
    """Return the first refit that is not before the moments in ``column``."""
    week, refit = (int(span.total_seconds() * 1e6) for span in (WEEK, REFIT))
    known = pl.col(column).dt.epoch("us")
    return ((known - refit + week - 1) // week * week + refit).cast(pl.Datetime("us", "UTC"))


@skeleton
def fold_fits(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats, head: int, fit: Fit,
) -> int:  # fmt: skip
    """Keep a league's last games and fit them at every refit; return the row count, or -1 where a row is too short.

    ``fit(games, count, head, sides, params)`` fills ``head``, whose first is how many sides there are, and their lines
    of ``LINE``, which begin with a side's number and are in its order. Carry: how many games there were, then a ring
    of the last of them. Row: ``head`` numbers, then a line a side.
    """
    n_rows = 0
    length = (carry.shape[1] - 1) // FIELDS
    chosen = np.empty((length, FIELDS))
    for e in range(bounds.size - 1):
        state = carry[e]
        ring = state[1:].reshape(length, FIELDS)
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == FOLD:
                at = np.int64(state[0]) % length
                ring[at, :AT] = values[args[t]]
                ring[at, AT] = float(events[args[t]])
                state[0] += 1.0
            elif ops[t] == EMIT:
                row = rows[n_rows]
                row[:] = 0.0
                lines = row[head:].reshape((row.size - head) // LINE, LINE)
                count = choose(ring, int(state[0]), params, chosen)
                sides = enrol(chosen, count, lines)
                if sides < 0:
                    return -1
                row[0] = float(sides)
                if sides > 0:
                    fit(chosen, count, row[:head], lines[:sides], params)
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
            else:
                state[0] = 0.0
    return n_rows


@kernel
def choose(ring: Floats, count: int, params: Floats, chosen: Floats) -> int:
    """Copy the games of the window, newest first, each with its weight beside the newest; return how many there are.

    They are weighed against each other and not against the clock, so that a fit says the same until it learns of games.
    """
    n = 0
    length = ring.shape[0]
    newest = 0.0
    for back in range(1, min(count, length) + 1):
        game = ring[(count - back) % length]
        if np.isnan(game[HOME_SCORE] + game[AWAY_SCORE]) or game[HOME] == game[AWAY]:
            continue
        newest = game[AT] if n == 0 else newest
        age = (newest - game[AT]) / DAY
        if age <= params[WINDOW]:
            chosen[n] = game
            chosen[n, WEIGHT] = np.exp2(-age / params[HALF_LIFE])
            n += 1
    return n


@kernel
def enrol(chosen: Floats, count: int, lines: Floats) -> int:
    """Write the sides' numbers into ``lines``, in order, and their places into the games; return how many, or -1."""
    sides = 0
    for i in range(count):
        for which in range(2):
            at = first_from(lines, sides, chosen[i, which])
            if at < sides and lines[at, 0] == chosen[i, which]:
                continue
            if sides == lines.shape[0]:
                return -1
            for p in range(sides, at, -1):
                lines[p, 0] = lines[p - 1, 0]
            lines[at, 0] = chosen[i, which]
            sides += 1
    for i in range(count):
        for which in range(2):
            chosen[i, which] = float(first_from(lines, sides, chosen[i, which]))
    return sides


@kernel
def first_from(lines: Floats, sides: int, side: float) -> int:
    """Return the place of the first of ``sides`` lines whose number is not below that of ``side``."""
    low, high = 0, sides
    while low < high:
        middle = (low + high) // 2
        if lines[middle, 0] < side:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def line_of(row: Floats, head: int, side: float) -> int:
    """Return where the line of ``side`` begins in ``row``, -1 where it has none."""
    sides = int(row[0])
    lines = row[head:].reshape((row.size - head) // LINE, LINE)
    at = first_from(lines, sides, side)
    return head + at * LINE if at < sides and lines[at, 0] == side else -1
