"""How the two sides have fared against each other: one entity a pair, signed towards its first member."""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import home_first, pair_key
from antepost.features.means import Mean, Role, means
from antepost.sports import Sport

TOGETHER = Role(key="pair", suffix="fixture", parity="even")
TOWARDS_HOME = Role(key="pair", suffix="fixture", parity="odd", signed=True)


def facts(tables: Facts, _: Sport) -> pl.DataFrame:
    """Return a fact a game: the margin as the pair's first member saw it."""
    margin = pl.col("home_score") - pl.col("away_score")
    return tables["results"].select(
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


def head_to_head(sport: Sport) -> Group:
    """Return the group; every sport has it."""
    # Where a result only says who won, a margin of one is a win.
    unit = sport.score or "wins"
    return means(
        "head_to_head",
        (
            Mean(name="margin", unit=unit, of="margin", windows=(5,), roles=(TOWARDS_HOME,)),
            Mean(name="meetings", unit="games", of="1", per=None, windows=("all",), roles=(TOGETHER,)),
        ),
        facts,
        version=2,
        null="null where the sides never met",
    )
