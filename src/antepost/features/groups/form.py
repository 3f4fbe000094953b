"""How a side has been doing: results of its last games and of this season."""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import sides
from antepost.features.means import Mean, means
from antepost.sports import Sport

NULL = "null before the side's first game, over this season before its first game of the season"


def facts(tables: Facts, _: Sport) -> pl.DataFrame:
    """Return two facts a game, as each side saw it."""
    return sides(tables["results"], "home", "away")


def form(sport: Sport) -> Group:
    """Return the group; every sport has it."""
    unit = sport.score
    declared = (
        Mean(name="margin", unit=unit, of="points_for - points_against", windows=(3, 5, 10, "season")),
        Mean(name="win_rate", unit="share", of="half_wins", per="2", windows=(5, 10, 20, "season")),
        Mean(name="points_for", unit=unit, of="points_for", windows=(5, 10)),
        Mean(name="points_against", unit=unit, of="points_against", windows=(5, 10)),
        Mean(name="games", unit="games", of="1", per=None, windows=("season",)),
    )
    return means(
        "form",
        tuple(mean for mean in declared if mean.unit),
        facts,
        version=2,
        null=NULL,
    )
