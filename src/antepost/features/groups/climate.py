"""How warm it has been at a ground at this time of the year: the climate, as far as earlier games tell it.

What is observed at a game is known once it is over, so the game's own weather is nowhere in it. Under a roof that is
closed nobody observes any.
"""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import revisions
from antepost.features.means import Mean, Role, means
from antepost.features.spine import CLIMATE
from antepost.sports import Sport

ROLES = (Role(key="climate", suffix="fixture", parity="even"),)


def facts(tables: Facts, _: Sport) -> pl.DataFrame:
    """Return a fact a game at which one reading was taken, in whole degrees, of its ground in its month."""
    observed = tables["weather"].filter((pl.col("kind") == "observed") & pl.col("valid_at").is_null())
    games = revisions(observed, tables["fixtures"], ("venue", "start"))
    return games.with_columns(CLIMATE.alias("entity")).drop_nulls("entity").select(
        "entity",
        pl.col("fixture").alias("key"),
        pl.col("fixture").alias("source"),
        pl.lit(0, pl.Int64).alias("sequence"),
        "event_at", "known_at", "batch", "season",
        pl.col("temp").round().cast(pl.Int64).alias("temp"),
    )  # fmt: skip


def climate(sport: Sport) -> Group | None:
    """Return the group where the weather is told of games that are over."""
    if not sport.observed:
        return None
    return means(
        "climate",
        (Mean(name="temp", unit="degrees Fahrenheit", of="temp", windows=("all",), roles=ROLES),),
        facts,
        version=1,
        null="null before a game with a reading on this ground in this month of any year, so indoors too",
    )
