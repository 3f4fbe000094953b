"""How wide a team's pool of heroes is: what it picked in its last matches, once they were over."""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.drafts import picks
from antepost.features.facts import finish, number
from antepost.features.kernels import EMIT, FOLD, Floats, Integers, Ops
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("hero",)
TEAM = 5
MATCHES = 10
HELD = TEAM * MATCHES
ROW = ("picks", "breadth", "favourite", "repeated")


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    if sport.draft is None:
        raise ValueError(f"{sport.name} has no draft")
    made = picks(tables, sport.draft).drop_nulls("team")
    # What is told no more stays a fact, so that a pick whose hero is corrected leaves the pool again.
    return finish(
        made.with_columns(
            pl.col("team").alias("entity"),
            pl.col("fixture").alias("key"),
            pl.col("fixture").alias("source"),
            pl.lit(0, pl.Int64).alias("sequence"),
            number("hero").fill_null(0).alias("hero"),
        ),
        VALUES,
    )


@kernel
def fold_pool(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Fold picks, match by match. Carry: their count and a ring of the last ``HELD``; row: the count, then ``ROW``."""
    n_rows = 0
    for e in range(bounds.size - 1):
        state = carry[e]
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == FOLD:
                if values[args[t], 0] != 0.0:
                    state[1 + np.int64(state[0]) % HELD] = values[args[t], 0]
                    state[0] += 1.0
            elif ops[t] == EMIT:
                emit_pool(state, rows[n_rows])
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
            else:
                state[:] = 0.0
    return n_rows


@kernel
def emit_pool(state: Floats, row: Floats) -> None:
    """Count the different heroes of the ring, the picks of the commonest, and those of the last match picked before."""
    count = np.int64(state[0])
    held = min(count, HELD)
    row[:] = 0.0
    row[0] = state[0]
    for back in range(1, held + 1):
        hero = state[1 + (count - back) % HELD]
        times, first = 0.0, True
        for other in range(1, held + 1):
            if state[1 + (count - other) % HELD] == hero:
                times += 1.0
                if other < back:
                    first = False
        if first:
            row[1] += 1.0
        row[2] = max(row[2], times)
        if back <= TEAM:
            for other in range(TEAM + 1, min(2 * TEAM, held) + 1):
                if state[1 + (count - other) % HELD] == hero:
                    row[3] += 1.0


@kernel
def read_pool(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Compare both pools; they say nothing before they are full."""
    for i in range(out.shape[0]):
        out[i, :] = np.nan
        if found[i, 0] < 0 or found[i, 1] < 0:
            continue
        home, away = rows[found[i, 0]], rows[found[i, 1]]
        if home[0] >= HELD and away[0] >= HELD:
            for c in range(out.shape[1]):
                out[i, c] = home[1 + c] - away[1 + c]


def pool(sport: Sport) -> Group | None:
    """Return the group where rosters tell the picks."""
    if sport.draft is None:
        return None

    def column(name: str, unit: str, formula: str) -> Column:
        return Column(
            name=f"pool.{name}.{MATCHES}.fixture", unit=unit, parity="odd",
            null=f"null before {HELD} picks of either side are known", formula=f"{formula}: home less away",
        )  # fmt: skip

    return Group(
        name="pool",
        version=1,
        facts=_facts,
        values=VALUES,
        row=ROW,
        carry=1 + HELD,
        fold=fold_pool,
        read=read_pool,
        roles=("home", "away"),
        columns=(
            column("breadth", "heroes", f"different heroes among the last {HELD} picks"),
            column("favourite", "picks", f"picks of the hero picked most often among the last {HELD}"),
            column("repeated", "picks", f"heroes of the last {TEAM} picks that stand among the {TEAM} before"),
        ),
    )
