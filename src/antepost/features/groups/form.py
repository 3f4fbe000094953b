"""How a side has been doing: results of its last games and of this season.

Where box scores tell how a side plays, most is told as what the one side has over the other, and what it scores is
left to its strengths, which know whom it met.
"""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import sides
from antepost.features.means import BETWEEN, SIDES, Mean, means
from antepost.sports import Sport

NULL = "null before the side's first game, over this season before its first game of the season"


def facts(tables: Facts, _: Sport) -> pl.DataFrame:
    """Return two facts a game, as each side saw it."""
    return sides(tables["results"], "home", "away")


def form(sport: Sport) -> Group:
    """Return the group; every sport has it."""
    unit = sport.score
    roles = BETWEEN if sport.rates else SIDES
    scores = tuple(Mean(name=name, unit=unit, of=name, windows=(10,)) for name in ("points_for", "points_against"))
    rated = sport.strengths is not None or sport.dixon_coles is not None
    # Where margins are fitted over many games, that says what many wins do, and of whom they were.
    wins = (5, 20) if sport.massey is None else (5,)
    declared = (
        Mean(name="margin", unit=unit, of="points_for - points_against", windows=(10,)),
        Mean(name="margin", unit=unit, of="points_for - points_against", windows=(3, "season"), roles=roles),
        Mean(name="win_rate", unit="share", of="half_wins", per="2", windows=wins, roles=roles),
        *(() if rated and sport.rates else scores),
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
