"""How a side has been doing: results of its last games and of this season.

Both sides' levels are told over one window; over the others it is what the one has over the other.
"""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import sides
from antepost.features.means import BETWEEN, Mean, means
from antepost.sports import Sport

NULL = "null before the side's first game, over this season before its first game of the season"


def facts(tables: Facts, _: Sport) -> pl.DataFrame:
    """Return two facts a game, as each side saw it."""
    return sides(tables["results"], "home", "away")


def form(sport: Sport) -> Group:
    """Return the group; every sport has it."""
    unit = sport.score
    declared = (
        Mean(name="margin", unit=unit, of="points_for - points_against", windows=(10,)),
        Mean(name="margin", unit=unit, of="points_for - points_against", windows=(3, "season"), roles=BETWEEN),
        Mean(name="win_rate", unit="share", of="half_wins", per="2", windows=(20,)),
        Mean(name="win_rate", unit="share", of="half_wins", per="2", windows=(5,), roles=BETWEEN),
        Mean(name="points_for", unit=unit, of="points_for", windows=(10,)),
        Mean(name="points_against", unit=unit, of="points_against", windows=(10,)),
        Mean(name="games", unit="games", of="1", per=None, windows=("season",)),
    )
    return means(
        "form",
        (*(mean for mean in declared if mean.unit), *(_goals(sport) if sport.score == "goals" else ())),
        facts,
        version=3,
        null=NULL,
    )


def _goals(sport: Sport) -> tuple[Mean, ...]:
    """Return what counts where a game has few goals: none against, none for, and level at the end."""
    none = "CASE WHEN {} = 0 THEN 1 ELSE 0 END"
    clean, scoreless = none.format("points_against"), none.format("points_for")
    level = "CASE WHEN half_wins = 1 THEN 1 ELSE 0 END"
    return (
        Mean(name="clean_sheets", unit="share", of=clean, windows=(20,), roles=BETWEEN),
        Mean(name="scoreless", unit="share", of=scoreless, windows=(20,), roles=BETWEEN),
        *((Mean(name="draws", unit="share", of=level, windows=(20,)),) if "draw" in sport.outcomes else ()),
    )
