"""The ground as it was announced: roof, turf, and whether anybody is at home."""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group, no_params
from antepost.features.facts import finish
from antepost.features.kernels import Floats, Integers, fold_latest
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("indoors", "grass")


def _facts(tables: Facts, _: Sport) -> pl.DataFrame:
    frame = tables["venues"].select(
        pl.col("fixture").alias("entity"),
        pl.lit("venue").alias("key"),
        pl.col("fixture").alias("source"),
        pl.lit(0, pl.Int64).alias("sequence"),
        "event_at",
        "known_at",
        "batch",
        pl.col("roof").is_in(["dome", "closed"]).alias("indoors"),
        (pl.col("surface") == "grass").alias("grass"),
    )
    return finish(frame, VALUES)


@kernel
def read_venue(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read the announced roof and turf; neutrality comes from the schedule."""
    for i in range(out.shape[0]):
        out[i, 0] = np.nan
        out[i, 1] = np.nan
        if found[i, 0] >= 0:
            out[i, 0] = rows[found[i, 0], 0]
            out[i, 1] = rows[found[i, 0], 1]
        out[i, 2] = spine[i, 3]


VENUE = Group(
    name="venue",
    version=1,
    sports=frozenset({"nfl"}),
    facts=_facts,
    values=VALUES,
    row=VALUES,
    carry=lambda _: len(VALUES),
    fold=fold_latest,
    read=read_venue,
    roles=("fixture",),
    columns=(
        Column(
            name="venue.indoors.now.fixture",
            unit="flag",
            parity="even",
            null="null until announced",
            moment="T-1h",
            formula="roof is a dome or closed",
        ),
        Column(
            name="venue.grass.now.fixture",
            unit="flag",
            parity="even",
            null="null until announced or unknown",
            moment="T-1h",
            formula="surface is grass",
        ),
        Column(
            name="venue.neutral.now.fixture", unit="flag", parity="even", null="never", formula="nobody plays at home"
        ),
    ),
    params=no_params,
)
