"""How the announced referee (in baseball the umpire at home plate) has led his games: what he gave, and to whom.

He is known ninety minutes before the start, so no column may be asked for earlier than ``T-1h``. He is the name
that the source gives him, which is not the same in all seasons.
"""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import boxed, revisions
from antepost.features.means import Mean, Role, means
from antepost.features.spine import REFEREE
from antepost.sports import Sport

ROLES = (Role(key=REFEREE, suffix="fixture", parity="even", strangers=False),)


def facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return a fact a game of its referee: what both sides were given, and how a side at home did."""
    named = tables["officials"].filter(pl.col("role") == sport.referee).rename({"name": REFEREE})
    games = revisions(tables["results"], named, (REFEREE,))
    games = boxed(games, tables[sport.box], sport.whistled)
    listed = tables["fixtures"].with_columns(pl.col("neutral").fill_null(value=False))
    games = revisions(games, listed, ("neutral",))
    home, away = pl.col("home_score"), pl.col("away_score")
    won = pl.when(pl.col("neutral").not_()).then(pl.when(home > away).then(2).when(home == away).then(1).otherwise(0))
    return games.drop_nulls(REFEREE).select(
        pl.col(REFEREE).alias("entity"),
        pl.col("fixture").alias("key"),
        pl.col("fixture").alias("source"),
        pl.lit(0, pl.Int64).alias("sequence"),
        "event_at", "known_at", "batch", "season",
        won.alias("home_half_wins"),
        *((pl.col(f"home_{name}") + pl.col(f"away_{name}")).alias(name) for name in sport.whistled),
    )  # fmt: skip


def officials(sport: Sport) -> Group | None:
    """Return the group where a referee is announced and the box score tells what he gives."""
    if not sport.whistled:
        return None
    return means(
        "officials",
        (
            *(
                Mean(name=name, unit=sport.team_stats[name], of=name, windows=(20,), roles=ROLES)
                for name in sport.whistled
            ),
            Mean(
                name="home_win_rate", unit="share", of="home_half_wins", per="2", windows=(40,), roles=ROLES,
            ),
        ),
        facts,
        version=2,
        null="null where no referee is announced, or before his first game with such a figure",
        moment="T-1h",
    )  # fmt: skip
