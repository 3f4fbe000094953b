"""What a side has done at home, and what away: the home side's record on its own ground, the visitor's on others'.

Where box scores tell how a side plays, its record on such ground is told against the other's only.
"""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import revisions, sides
from antepost.features.means import Mean, Role, means
from antepost.sports import Sport

ROLES = (
    Role(key="home_ground", suffix="home", grounded=True),
    Role(key="away_ground", suffix="away", grounded=True),
)
BETWEEN = (Role(key="home_ground", less="away_ground", suffix="fixture", parity="odd", grounded=True),)


def facts(tables: Facts, _: Sport) -> pl.DataFrame:
    """Return two facts a game, each of a side on such ground; a neutral one is a ground of its own."""
    listed = tables["fixtures"].with_columns(pl.col("neutral").fill_null(value=False))
    games = revisions(tables["results"], listed, ("neutral",)).drop_nulls("neutral")
    for side in ("home", "away"):
        ground = pl.when("neutral").then(pl.lit("@neutral")).otherwise(pl.lit(f"@{side}"))
        games = games.with_columns((pl.col(side) + ground).alias(f"{side}_ground"))
    return sides(games, "home_ground", "away_ground")


def splits(sport: Sport) -> Group | None:
    """Return the group where one of the sides plays at home."""
    if sport.interchangeable:
        return None
    roles = BETWEEN if sport.rates else ROLES
    scores = tuple(
        Mean(name=name, unit=sport.score, of=name, windows=(10,), roles=roles)
        for name in ("points_for", "points_against")
    )
    return means(
        "splits",
        (
            Mean(name="margin", unit=sport.score, of="points_for - points_against", windows=(20,), roles=roles),
            Mean(name="win_rate", unit="share", of="half_wins", per="2", windows=("season",), roles=roles),
            *(() if sport.rates else scores),
        ),
        facts,
        version=2,
        null="null before the side's first game on such ground, and where the ground is neutral",
    )
