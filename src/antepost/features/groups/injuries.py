"""Who will miss a game by the report made for it, and what his side lacks with him.

A man is worth what he did a game in his last five for his side, within a year: passes, carries, targets, shares of the
snaps. ``player_stats`` numbers men otherwise than reports do, so that his name and side stand for him, less what tells
him from his father. Which words a report has and what is counted is said in the sport's own file
(``Sport.designations``, ``Sport.absences``).
"""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import MICRO, counted, revisions
from antepost.features.means import NOW, Mean, Role, means
from antepost.lake.asof import newest
from antepost.sports import Sport

HOME, AWAY = "home_entry", "away_entry"
LEVELS = (Role(key=HOME, suffix="home"), Role(key=AWAY, suffix="away"))
BETWEEN = (Role(key=HOME, less=AWAY, suffix="fixture", parity="odd"),)
GAMES = 5
YEAR = "365d"
_STAMPS = ("fixture", "event_at", "known_at", "batch", "season")


def facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return a fact for each man of a report, and one for the report itself, which is the unit of both."""
    reports = tables["injuries"].drop_nulls("fixture").with_columns(
        pl.concat_str("fixture", "team", separator="|").alias("entity"),
        _plain().alias("name"),
        pl.col("fixture").alias("game"),
        pl.concat_str("fixture", "team", "player", separator="|").alias("fixture"),
    )  # fmt: skip
    worth = [rate.name for rate in sport.absences]
    expected = pl.col("status").is_in([word for word, misses in sport.designations.items() if misses])
    listed = _worth(reports, tables, sport).select(
        "entity", "key", "source", "sequence", *_STAMPS[1:],
        *((pl.col("status") == word).fill_null(value=False).cast(pl.Int64).alias(word.lower())
          for word in sport.designations),
        *(pl.when(expected).then(name).otherwise(0).fill_null(0).cast(pl.Int64).alias(name) for name in worth),
        pl.lit(0, pl.Int64).alias("report"),
    )  # fmt: skip
    first = reports.sort("known_at", "batch").unique("entity", keep="first", maintain_order=True)
    itself = first.select(
        "entity", pl.lit("").alias("key"), pl.col("entity").alias("source"), pl.lit(0, pl.Int64).alias("sequence"),
        *_STAMPS[1:],
        *(pl.lit(0, pl.Int64).alias(name) for name in (*map(str.lower, sport.designations), *worth)),
        pl.lit(1, pl.Int64).alias("report"),
    )  # fmt: skip
    return pl.concat([listed, itself])


def _plain() -> pl.Expr:
    return pl.col("name").str.replace(r" (Jr\.?|Sr\.?|II|III|IV|V)$", "").str.to_lowercase()


def _worth(reports: pl.DataFrame, tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return the men of ``reports`` at every moment at which what is told of them changed, with what they are worth."""
    told = _games(tables["player_stats"], sport)
    men = reports.select("fixture", "event_at", "team", "name").unique()
    near = men.join(told, on=["team", "name"]).filter(
        pl.col("played_at") < pl.col("event_at"), pl.col("played_at") >= pl.col("event_at").dt.offset_by(f"-{YEAR}")
    )
    moments = near.select("fixture", "known_at", "batch")
    stands = revisions(reports, moments, ()).with_columns(
        pl.col("player").alias("key"), pl.col("fixture").alias("source"),
        pl.lit(1, pl.Int64).alias("sequence"),
    )  # fmt: skip
    asked = stands.select("fixture", "event_at", "name", pl.col("known_at").alias("moment"))
    seen = asked.join(near, on=["fixture", "event_at", "name"]).filter(pl.col("known_at") <= pl.col("moment"))
    last = newest(seen, ("fixture", "moment", "game")).sort("played_at", "game", descending=True)
    recent = last.group_by("fixture", "moment", maintain_order=True).head(GAMES)
    names = [rate.name for rate in sport.absences]
    worth = recent.group_by("fixture", "moment").agg(pl.col(name).sum() // pl.len() for name in names)
    return stands.join(worth, left_on=["fixture", "known_at"], right_on=["fixture", "moment"], how="left")


def _games(rows: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    """Return what each man did in each game, in integers: (team, name, game, played_at) and the sport's absences."""
    whole, decimal = sport.absence_columns()
    names = (*whole, *decimal)
    named = rows.with_columns(_plain().alias("name"), pl.col("fixture").alias("game")).with_columns(
        pl.concat_str("fixture", "team", "name", separator="|").alias("fixture"), *counted(whole, decimal)
    )
    told = [
        named.filter(pl.col("role") == role).unique(["fixture", "known_at", "batch"], keep="first", maintain_order=True)
        for role in sport.absence_rows
    ]
    games = told[0].select(*_STAMPS, "team", "name", "game", *names)
    for other in told[1:]:
        renamed = other.rename({name: f"{name}_too" for name in names})
        games = revisions(games, renamed, tuple(f"{name}_too" for name in names))
        games = games.with_columns(pl.coalesce(name, f"{name}_too").alias(name) for name in names)
    return games.select(
        "team", "name", "game", pl.col("event_at").alias("played_at"), "known_at", "batch",
        *(pl.sql_expr(rate.of).cast(pl.Int64).fill_null(0).alias(rate.name) for rate in sport.absences),
    )  # fmt: skip


def injuries(sport: Sport) -> Group | None:
    """Return the group where reports are made for a game."""
    if not sport.designations:
        return None
    words = [(word.lower(), "players", "report", BETWEEN) for word in sport.designations]
    worth = [(rate.name, rate.unit, f"{MICRO} * report", LEVELS if rate.level else BETWEEN) for rate in sport.absences]
    return means(
        "injuries",
        tuple(
            Mean(name=name, unit=unit, of=name, per=per, windows=(NOW,), roles=roles)
            for name, unit, per, roles in (*words, *worth)
        ),
        facts,
        version=1,
        null="null before a report is made of the side for this game",
    )
