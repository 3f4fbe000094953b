"""How fresh the announced starter is: the days since his last start, and how many starts lie in the last two weeks.

By when the games began whose results are known. A starter is known ninety minutes before the start, so no column may
be asked for earlier than ``T-1h``.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.facts import finish
from antepost.features.groups.starter import facts as starts
from antepost.features.kernels import FOLD, RESET, Floats, Integers, Ops
from antepost.features.spine import SEASON, START, STARTERS
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("season",)
DAY = 86_400_000_000.0
FORTNIGHT = 14
# Nobody starts more often in two weeks.
KEPT = 16
ROW = ("season", *(f"start.{back}" for back in range(1, KEPT + 1)))


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    return finish(starts(tables, sport), VALUES)


@kernel
def fold_starts(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Keep when a player's last games began, newest first; return the row count.

    State and row: the season of the newest, then ``KEPT`` moments in microseconds, 0 where there were fewer.
    """
    n_rows = 0
    for e in range(bounds.size - 1):
        state = carry[e]
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == RESET:
                state[:] = 0.0
            elif ops[t] == FOLD:
                for back in range(KEPT, 1, -1):
                    state[back] = state[back - 1]
                state[0] = values[args[t], 0]
                state[1] = float(events[args[t]])
            else:
                rows[n_rows] = state
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
    return n_rows


@kernel
def read_starts(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Write the rest of both starters and, where asked for, how many starts more the home side's has behind him."""
    counts = np.zeros(2)
    for i in range(out.shape[0]):
        for side in range(2):
            out[i, side] = counts[side] = np.nan
            row = found[i, side]
            if row >= 0 and rows[row, 1] > 0.0:
                counts[side] = 0.0
                for back in range(KEPT, 0, -1):
                    days = (spine[i, START] - rows[row, back]) / DAY
                    if rows[row, back] > 0.0 and days > 0.0:
                        if rows[row, 0] == spine[i, SEASON]:
                            out[i, side] = days
                        if days <= params[0]:
                            counts[side] += 1.0
        if out.shape[1] > 2:
            out[i, 2] = counts[0] - counts[1]


def starter_rest(sport: Sport) -> Group | None:
    """Return the group where a starter is announced; starts are counted where there are several in a fortnight."""
    if not sport.starter:
        return None
    rest = tuple(
        Column(
            name=f"starter_rest.days.now.{side}", unit="days", parity="swap", moment="T-1h",
            null="null for a starter who is not announced or has not started a game since the season's first",
            formula="scheduled start less when the last game that he started began, if it was of this season",
        )
        for side in ("home", "away")
    )  # fmt: skip
    often = Column(
        name="starter_rest.starts.14d.fixture", unit="games", parity="odd", moment="T-1h",
        null="null where a side's starter is not announced or has never started a game",
        formula="games that the home starter began in the fourteen days before, less those of the away one",
    )  # fmt: skip
    return Group(
        name="starter_rest",
        version=1,
        facts=_facts,
        values=VALUES,
        row=ROW,
        carry=len(ROW),
        fold=fold_starts,
        read=read_starts,
        roles=STARTERS,
        columns=(*rest, often) if sport.rest_horizon <= timedelta(days=FORTNIGHT) else rest,
        params=np.array([float(FORTNIGHT)]),
    )
