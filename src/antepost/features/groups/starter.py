"""What the announced starters (quarterback, pitcher, goalkeeper) have done: their starts for any team.

A starter is known ninety minutes before kick-off, so no column may be asked for earlier than ``T-1h``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.facts import finish, revisions, sides
from antepost.features.groups.form import STATISTICS, VALUES, window_means
from antepost.features.kernels import (
    ROW_COUNT,
    ROW_SEASON,
    ROW_SEASON_COUNT,
    Floats,
    Integers,
    fold_windows,
    window_at,
    window_carry,
    window_row,
)
from antepost.features.spine import SEASON, STARTERS
from antepost.kernelcache import kernel
from antepost.sports import Sport

LAST_TEN = window_at(10, len(STATISTICS))


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    games = tables["results"]
    for column in STARTERS:
        role = column.replace("starter", sport.starter)
        starters = tables["rosters"].filter(pl.col("role") == role).rename({"player": column})
        games = revisions(games, starters, (column,))
    return finish(sides(games, *STARTERS), VALUES)


@kernel
def read_starter(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read each starter's career starts, starts of this season and the last ten's mean margin and win rate."""
    for i in range(out.shape[0]):
        for side in range(2):
            base = side * 4
            if found[i, side] < 0 or rows[found[i, side], ROW_COUNT] == 0.0:
                out[i, base : base + 4] = np.nan
                continue
            row = rows[found[i, side]]
            means = window_means(row, LAST_TEN)
            out[i, base] = row[ROW_COUNT]
            out[i, base + 1] = row[ROW_SEASON_COUNT] if row[ROW_SEASON] == spine[i, SEASON] else 0.0
            out[i, base + 2] = means[1]
            out[i, base + 3] = means[2]


def _columns(side: str) -> tuple[Column, ...]:
    def column(name: str, unit: str, formula: str) -> Column:
        null = "null for a starter without an earlier start, or not announced"
        return Column(
            name=f"starter.{name}.{side}", unit=unit, parity="swap", null=null, formula=formula, moment="T-1h"
        )

    return (
        column("starts.all", "games", "games started before, for any team"),
        column("starts.season", "games", "games started this season"),
        column("margin.10", "points", "mean team margin over the last ten starts or fewer"),
        column("win_rate.10", "share", "(wins + ties / 2) / games over the last ten starts or fewer"),
    )


def starter(sport: Sport) -> Group | None:
    """Return the group where one player a side is announced before the start: quarterback, pitcher, goalkeeper."""
    if not sport.starter:
        return None
    return Group(
        name="starter",
        version=1,
        facts=_facts,
        values=VALUES,
        row=window_row(STATISTICS),
        carry=window_carry(len(STATISTICS)),
        fold=fold_windows,
        read=read_starter,
        roles=STARTERS,
        columns=(*_columns("home"), *_columns("away")),
    )
