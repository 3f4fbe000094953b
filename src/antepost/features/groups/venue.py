"""The ground as it was announced: roof, surface, and whether anybody is at home."""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.facts import finish
from antepost.features.kernels import Floats, Integers, fold_latest
from antepost.features.spine import NEUTRAL
from antepost.kernelcache import kernel
from antepost.sports import Sport

INDOORS = ["dome", "closed", "indoor"]


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    surface = pl.col("surface").str.to_lowercase()
    frame = tables["venues"].select(
        pl.col("fixture").alias("entity"),
        pl.lit("venue").alias("key"),
        pl.col("fixture").alias("source"),
        pl.lit(0, pl.Int64).alias("sequence"),
        "event_at",
        "known_at",
        "batch",
        pl.col("roof").str.to_lowercase().is_in(INDOORS).alias("indoors"),
        *((surface == name).alias(name) for name in sport.surfaces),
    )
    return finish(frame, ("indoors", *sport.surfaces))


@kernel
def read_venue(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read the announced roof and surface; whether the ground is neutral comes from the schedule."""
    announced = rows.shape[1]
    for i in range(out.shape[0]):
        for c in range(announced):
            out[i, c] = np.nan if found[i, 0] < 0 else rows[found[i, 0], c]
        if out.shape[1] > announced:
            out[i, announced] = spine[i, NEUTRAL]


def _column(name: str, formula: str, null: str, sport: Sport) -> Column:
    # A list of matches names the surface with the draw; a roof is opened or closed on the day.
    moment = "open" if name in ("neutral", *sport.surfaces) and sport.sides == "player" else "T-1h"
    moment = "open" if name == "neutral" else moment
    return Column(
        name=f"venue.{name}.now.fixture", unit="flag", parity="even", null=null, formula=formula, moment=moment
    )


def venue(sport: Sport) -> Group | None:
    """Return the group where the ground differs from match to match."""
    if not sport.surfaces:
        return None
    null = "null until announced, or where the source does not know"
    announced = [_column("indoors", "roof is a dome or closed", null, sport)]
    announced += [_column(name, f"surface is {name}", null, sport) for name in sport.surfaces]
    neutral = _column("neutral", "nobody plays at home, by the schedule", "never", sport)
    return Group(
        name="venue",
        version=2,
        facts=_facts,
        values=("indoors", *sport.surfaces),
        row=("indoors", *sport.surfaces),
        carry=1 + len(sport.surfaces),
        fold=fold_latest,
        read=read_venue,
        roles=("fixture",),
        columns=(*announced, *(() if sport.interchangeable else (neutral,))),
    )
