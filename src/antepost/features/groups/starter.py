"""What the announced starters (quarterback, pitcher, goalkeeper) have done: their starts for any team.

A starter is known ninety minutes before kick-off, so no column may be asked for earlier than ``T-1h``.
"""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import revisions, sides
from antepost.features.means import Mean, Role, means
from antepost.features.spine import STARTERS
from antepost.sports import Sport

HOME, AWAY = STARTERS
BETWEEN = (Role(key=HOME, less=AWAY, suffix="fixture", parity="odd", strangers=False),)
ROLES = tuple(Role(key=key, suffix=key.removesuffix("_starter"), strangers=False) for key in STARTERS)


def facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return two facts a game, as each side's starter saw it."""
    return sides(starting(tables, sport), *STARTERS)


def starting(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return the results with both sides' starters, revised as either is."""
    games = tables["results"]
    for column in STARTERS:
        role = column.replace("starter", sport.starter)
        starters = tables["rosters"].filter(pl.col("role") == role).rename({"player": column})
        games = revisions(games, starters, (column,))
    return games


def starter(sport: Sport) -> Group | None:
    """Return the group, where one player a side is announced before the start and matters by himself."""
    if not sport.starter:
        return None
    return means(
        "starter",
        (
            Mean(name="starts", unit="games", of="1", per=None, windows=("all",), roles=ROLES),
            Mean(name="margin", unit=sport.score, of="points_for - points_against", windows=(10,), roles=BETWEEN),
            Mean(name="win_rate", unit="share", of="half_wins", per="2", windows=(10,), roles=BETWEEN),
        ),
        facts,
        version=3,
        null="null for a starter without an earlier start, or not announced",
        moment="T-1h",
    )
