"""The ground as it was announced: roof, turf, and whether anybody is at home."""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group, Moment
from antepost.features.facts import finish
from antepost.features.kernels import Floats, Integers, fold_latest
from antepost.features.spine import NEUTRAL
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
        out[i, 2] = spine[i, NEUTRAL]


def _column(name: str, null: str, formula: str, moment: Moment) -> Column:
    return Column(
        name=f"venue.{name}.now.fixture", unit="flag", parity="even", null=null, formula=formula, moment=moment
    )


_NULL = "null until announced, or where the source does not know"


def venue(_: Sport) -> Group:
    """Return the group; every sport has it."""
    return Group(
        name="venue",
        version=1,
        facts=_facts,
        values=VALUES,
        row=VALUES,
        carry=len(VALUES),
        fold=fold_latest,
        read=read_venue,
        roles=("fixture",),
        columns=(
            _column("indoors", _NULL, "roof is a dome or closed", "T-1h"),
            _column("grass", _NULL, "surface is natural grass", "T-1h"),
            _column("neutral", "never", "nobody plays at home, by the schedule", "open"),
        ),
    )
