"""How the two sides have fared against each other: one entity a pair, signed towards its first member."""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.facts import finish, home_first, pair_key
from antepost.features.kernels import ROW_COUNT, Floats, Integers, fold_windows, window_at, window_carry, window_row
from antepost.features.spine import HOME_FIRST
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("season", "margin")
LAST_FIVE = window_at(5, 1)


def _facts(tables: Facts, _: Sport) -> pl.DataFrame:
    margin = pl.col("home_score") - pl.col("away_score")
    frame = tables["results"].select(
        pair_key().alias("entity"),
        pl.col("fixture").alias("key"),
        pl.col("fixture").alias("source"),
        pl.lit(0, pl.Int64).alias("sequence"),
        "event_at",
        "known_at",
        "batch",
        "season",
        pl.when(home_first()).then(margin).otherwise(-margin).alias("margin"),
    )
    return finish(frame, VALUES)


@kernel
def read_head_to_head(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read the pair's last meetings, turned towards the home side."""
    for i in range(out.shape[0]):
        if found[i, 0] < 0:
            out[i, 0] = np.nan
            out[i, 1] = 0.0
            continue
        row = rows[found[i, 0]]
        sign = 1.0 if spine[i, HOME_FIRST] == 1.0 else -1.0
        games, margins = row[LAST_FIVE], row[LAST_FIVE + 1]
        out[i, 0] = sign * margins / games if games > 0.0 else np.nan
        out[i, 1] = row[ROW_COUNT]


def head_to_head(_: Sport) -> Group:
    """Return the group; every sport has it."""
    return Group(
        name="head_to_head",
        version=1,
        facts=_facts,
        values=VALUES,
        row=window_row(("margin",)),
        carry=window_carry(1),
        fold=fold_windows,
        read=read_head_to_head,
        roles=("pair",),
        columns=(
            Column(
                name="head_to_head.margin.5.fixture",
                unit="points",
                parity="odd",
                null="null when the sides never met",
                formula="mean margin of the home side over the last five meetings or fewer, wherever played",
            ),
            Column(
                name="head_to_head.meetings.all.fixture",
                unit="games",
                parity="even",
                null="never",
                formula="finished meetings since the first season held",
            ),
        ),
    )
