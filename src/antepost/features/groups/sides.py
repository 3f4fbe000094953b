"""How a side has fared on each side of the map, and with the first and the second pick of heroes.

Radiant and Dire are no mirror images, and whoever does not pick first has the last word of the draft. Means over a
side's own matches: who has which side in this one is another group's (``toss``).
"""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.drafts import set_up
from antepost.features.facts import sides as seen
from antepost.features.means import BETWEEN, Mean, means
from antepost.sports import Sport

_FLAGS = ("first_side", "first_pick")


def facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return two facts a match, as each side saw it, with flags for the first side of the map and the first pick."""
    if sport.draft is None:
        raise ValueError(f"{sport.name} has no draft")
    games = set_up(tables, sport.draft)
    flags = [
        (pl.col(flag) == pl.col(side)).cast(pl.Int64).alias(f"{side}_{flag}")
        for flag in _FLAGS
        for side in ("home", "away")
    ]
    return seen(games.with_columns(flags), "home", "away", _FLAGS)


def sides(sport: Sport) -> Group | None:
    """Return the group where rosters tell who has which side."""
    if sport.draft is None:
        return None
    first, second = sport.draft.sides

    def share(name: str, of: str, per: str = "1") -> Mean:
        return Mean(name=name, unit="share", of=of, per=per, windows=(20,), roles=BETWEEN)

    return means(
        "sides",
        (
            share(f"{first}_win_rate", "half_wins * first_side", "2 * first_side"),
            share(f"{second}_win_rate", "half_wins * (1 - first_side)", "2 * (1 - first_side)"),
            share(f"{first}_share", "first_side"),
            share("first_pick_win_rate", "half_wins * first_pick", "2 * first_pick"),
            share("last_pick_win_rate", "half_wins * (1 - first_pick)", "2 * (1 - first_pick)"),
            share("first_pick_share", "first_pick"),
        ),
        facts,
        version=1,
        null="null before either side's first match of which that is told",
    )
