"""What all files of professional Dota matches have in common: two sides without a home, a winner, a moment.

Radiant and Dire are drawn anew for every match, and who has which is known only when the draft begins. So the side
with the lower id is called home, which says nothing; who was Radiant stands among the rosters.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.source import claim
from antepost.sports.dota2 import DOTA2

LISTED = "12 h before the horn, and not before their last game of that day was over (assumed)"
DRAFTED = "90 s before the horn, when the heroes step out (assumed)"
ENDED = "half an hour after the horn and the time that the match took (bounded)"

# A list of teams tells no day. What an id is called says nothing of a match, so that it holds from the first on.
TEAMS_SINCE = datetime(2017, 1, 1, tzinfo=UTC)
ANNOUNCED = timedelta(hours=12)
SERIES = {0: "BO1", 1: "BO3", 2: "BO5", 3: "BO2"}
"""What OpenDota's ``series_type`` stands for."""
_SERIES = timedelta(hours=8)
_DRAFTED = timedelta(seconds=90)
_SIDES = ("radiant", "dire")


def arranged(matches: pl.DataFrame) -> pl.DataFrame:
    """Return ``matches`` with home and away, and the columns that every claim has.

    Columns read: match_id, start, event_precision, radiant and dire (ids as text), radiant_won (null: not told).
    Columns added: fixture, league, season, event_at, neutral, home, away, radiant_side, dire_side, outcome,
    home_score, away_score. The score is one for the side that won: nothing else is won in a match.
    """
    first = pl.col("radiant").cast(pl.Int64) < pl.col("dire").cast(pl.Int64)
    home_won = pl.when(first).then("radiant_won").otherwise(~pl.col("radiant_won"))
    return matches.with_columns(
        pl.concat_str(pl.lit(DOTA2.name), "match_id", separator="-").alias("fixture"),
        pl.lit("pro").alias("league"),
        pl.col("start").dt.year().cast(pl.Int32).alias("season"),
        pl.col("start").alias("event_at"),
        pl.lit(value=True).alias("neutral"),
        pl.when(first).then("radiant").otherwise("dire").alias("home"),
        pl.when(first).then("dire").otherwise("radiant").alias("away"),
        pl.when(first).then(pl.lit("home")).otherwise(pl.lit("away")).alias("radiant_side"),
        pl.when(first).then(pl.lit("away")).otherwise(pl.lit("home")).alias("dire_side"),
        pl.when(home_won).then(pl.lit("home")).when(~home_won).then(pl.lit("away")).alias("outcome"),
        home_won.cast(pl.Int64).alias("home_score"),
        (~home_won).cast(pl.Int64).alias("away_score"),
    )


def faults() -> dict[str, pl.Expr]:
    """Return what is wrong with a match that has no id, no two sides, or one side twice."""
    return {
        "no match_id": pl.col("match_id").is_null(),
        "a side is missing": pl.col("radiant").is_null() | pl.col("dire").is_null(),
        "a side meets itself": pl.col("radiant") == pl.col("dire"),
    }


def fixtures_of(games: pl.DataFrame) -> pl.DataFrame:
    """Return the fixtures of ``games``, which need ``ended`` (UTC, null where the clock is not known).

    That there is a second game of a series shows only once the first is over, so none is listed before that.
    """
    last = pl.col("ended").shift(1).over("home", "away", order_by="start")
    of_series = (pl.col("start") > last) & (pl.col("start") - last < _SERIES)
    listed = pl.when(of_series).then(last).otherwise(pl.col("start") - ANNOUNCED)
    return claim(games, "fixtures", DOTA2.name, pl.max_horizontal(listed, pl.col("start") - ANNOUNCED))


def results_of(games: pl.DataFrame, known: pl.Expr, how: str) -> pl.DataFrame:
    """Return the results of ``games`` that have one."""
    told = games.filter(pl.col("outcome").is_not_null()).with_columns(
        pl.lit("regulation").alias("ending"), pl.lit(value=False).alias("overtime")
    )
    return claim(told, "results", DOTA2.name, known, how)


def over_known() -> pl.Expr:
    """Return half an hour after the end, as ``ended`` tells it."""
    return pl.col("ended") + stamps.AFTER_RESULT


def as_rosters(rows: pl.DataFrame) -> pl.DataFrame:
    """Return ``rows`` (role, team, player beside a claim's columns) as known once the draft is over."""
    return claim(rows, "rosters", DOTA2.name, pl.col("event_at") - _DRAFTED)


def roles_of(games: pl.DataFrame) -> pl.DataFrame:
    """Return who of each match is Radiant and who Dire."""
    told = [games.with_columns(pl.lit(side).alias("role"), pl.col(side).alias("team")) for side in _SIDES]
    return as_rosters(pl.concat(told))


def by_side(games: pl.DataFrame) -> pl.DataFrame:
    """Return two rows a match, with ``side`` and ``team``; what each has of its own loses ``radiant_`` or ``dire_``."""
    shared = [name for name in games.columns if not name.startswith(("radiant_", "dire_"))]
    named = [name.removeprefix("radiant_") for name in games.columns if name.startswith("radiant_")]
    both = [name for name in named if f"dire_{name}" in games.columns]
    told = [
        games.select(*shared, pl.col(own).alias("team"), *(pl.col(f"{own}_{name}").alias(name) for name in both))
        for own in _SIDES
    ]
    return pl.concat(told)


def names_of_teams(games: pl.DataFrame) -> pl.DataFrame:
    """Return what the teams of ``games`` are called (columns radiant_name, dire_name beside the ids)."""
    told = [
        games.select(
            "league",
            pl.lit(None, pl.Int32).alias("season"),
            pl.col(side).alias("entity"),
            pl.lit("team").alias("kind"),
            pl.col(f"{side}_name").alias("name"),
            pl.lit(TEAMS_SINCE).alias("event_at"),
            pl.lit("none").alias("event_precision"),
        )
        for side in ("radiant", "dire")
    ]
    first = pl.concat(told).drop_nulls("name").unique("entity", keep="first", maintain_order=True)
    return claim(first, "entities", DOTA2.name, pl.col("event_at"))
