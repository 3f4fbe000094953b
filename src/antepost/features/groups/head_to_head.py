"""How the two sides have fared against each other: one entity a pair, signed towards its first member."""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group, no_params
from antepost.features.facts import code, finish, pair_key
from antepost.features.kernels import Floats, Integers, fold_windows, window_carry, window_row
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("season", "margin")


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    first = code("home", sport.teams) < code("away", sport.teams)
    margin = pl.col("home_score") - pl.col("away_score")
    frame = tables["results"].select(
        pair_key(sport.teams).alias("entity"),
        pl.col("fixture").alias("key"),
        pl.col("fixture").alias("source"),
        pl.lit(0, pl.Int64).alias("sequence"),
        "event_at",
        "known_at",
        "batch",
        "season",
        pl.when(first).then(margin).otherwise(-margin).alias("margin"),
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
        sign = 1.0 if spine[i, 4] < spine[i, 5] else -1.0
        out[i, 0] = sign * row[7] / row[6] if row[6] > 0.0 else np.nan
        out[i, 1] = row[1]


HEAD_TO_HEAD = Group(
    name="head_to_head",
    version=1,
    sports=frozenset({"nfl"}),
    facts=_facts,
    values=VALUES,
    row=window_row(("margin",)),
    carry=lambda _: window_carry(1),
    fold=fold_windows,
    read=read_head_to_head,
    roles=("pair",),
    columns=(
        Column(
            name="head_to_head.margin.5.fixture",
            unit="points",
            parity="odd",
            null="null when the sides never met",
            formula="mean margin of the home side over the last five meetings",
        ),
        Column(
            name="head_to_head.meetings.all.fixture",
            unit="games",
            parity="even",
            null="never",
            formula="meetings since the first season held",
        ),
    ),
    params=no_params,
)
