"""What sides were called in earlier seasons, as files of those seasons call them."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from antepost.ingestion.source import claim
from antepost.sports import Sport

_ANNOUNCED = timedelta(days=30)

NAMED = "30 days before the first month of the season in which it is first called so (assumed)"


def names_claimed(told: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    """Return the claims about names that ``told`` holds (league, season, entity, name; a row or more for each).

    A name is told of the first season of the file in which the side bears it, and again when it comes back. How long
    it stays says only the next one: who looks on the day must not see that a side will move.
    """
    seasons = told.drop_nulls(("season", "entity", "name")).unique(["season", "entity"], keep="first")
    ordered = seasons.sort("entity", "season")
    first = (pl.col("name") != pl.col("name").shift(1)).over("entity").fill_null(value=True)
    rows = ordered.filter(first).with_columns(
        pl.datetime("season", sport.starts_month, 1, 12, time_unit="us", time_zone="UTC").alias("event_at"),
        pl.lit("none").alias("event_precision"),
    )
    return claim(rows, "names", sport.name, pl.col("event_at") - _ANNOUNCED)


def names_of_moved(games: pl.DataFrame, sport: Sport, home: str, away: str) -> pl.DataFrame:
    """Return what the sides that ``sport.relocated`` knows are called in ``games``: in columns ``home`` and ``away``.

    Columns read beside: league, season, home and away (our ids).
    """
    told = [
        games.select("league", "season", pl.col(ours).alias("entity"), pl.col(theirs).alias("name"))
        for ours, theirs in (("home", home), ("away", away))
    ]
    return names_claimed(pl.concat(told).filter(pl.col("entity").is_in(list(sport.relocated.values()))), sport)
