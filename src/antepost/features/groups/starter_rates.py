"""How the announced starter himself plays: a quarterback's passes, a goalkeeper's saves, what a pitcher's side gave up.

Which rates a sport has, and whether rows of the player himself tell them, is said in its own file
(``Sport.starter_rates``, ``Sport.starter_rows``). A starter is known ninety minutes before the start, so no column may
be asked for earlier than ``T-1h``.
"""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import boxed, counted, revisions, sides
from antepost.features.groups.starter import starting
from antepost.features.means import Mean, Role, means
from antepost.features.spine import STARTERS
from antepost.sports import Sport

HOME, AWAY = STARTERS
ROLES = (Role(key=HOME, less=AWAY, suffix="fixture", parity="odd", strangers=False),)


def facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return a fact for each game of a player, or, where no rows tell of him, of his side in a game that he started."""
    if sport.starter_rows:
        return _played(tables["player_stats"], sport)
    whole, decimal = sport.starter_columns()
    games = boxed(starting(tables, sport), tables["team_stats"], whole, decimal)
    return sides(games, HOME, AWAY, (*whole, *decimal))


def _played(rows: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    whole, decimal = sport.starter_columns()
    names = (*whole, *decimal)
    stamps = ("fixture", "event_at", "known_at", "batch", "season")
    # Two counts of one player in one game are revised each for itself; ``fixture`` names both of them for a while.
    told = rows.with_columns(
        pl.concat_str("fixture", "player", separator="|").alias("fixture"), *counted(whole, decimal)
    )
    first, *others = (
        told.filter(pl.col("role") == role).select(*stamps, "player", *names) for role in sport.starter_rows
    )
    games = first
    for other in others:
        renamed = other.rename({name: f"{name}_too" for name in names})
        games = revisions(games, renamed, tuple(f"{name}_too" for name in names))
        games = games.with_columns(pl.coalesce(name, f"{name}_too").alias(name) for name in names).select(first.columns)
    # Who sat on the bench has played no game. A revision that says so takes the game back, so the row goes to nobody.
    played = pl.any_horizontal(pl.col(name) > 0 for name in whole).fill_null(value=False)
    return games.filter(played.any().over("fixture")).select(
        pl.when(played).then("player").otherwise(pl.lit("")).alias("entity"),
        pl.col("fixture").alias("key"),
        pl.col("fixture").alias("source"),
        pl.lit(0, pl.Int64).alias("sequence"),
        "event_at", "known_at", "batch", "season", *names,
    )  # fmt: skip


def starter_rates(sport: Sport) -> Group | None:
    """Return the group where it is told what an announced starter does."""
    if not sport.starter_rates:
        return None
    return means(
        "starter_rates",
        tuple(
            Mean(name=rate.name, unit=rate.unit, of=rate.of, per=rate.per, windows=(sport.lately,), roles=ROLES)
            for rate in sport.starter_rates
        ),
        facts,
        version=1,
        null="null where a side's starter is not announced or has no earlier game that tells it",
        moment="T-1h",
    )
