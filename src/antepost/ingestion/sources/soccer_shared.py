"""What files of football matches have in common: scores at half time and at the end, a wall clock without its zone."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import outcome_of, whole
from antepost.ingestion.source import claim
from antepost.sports.soccer import SOCCER

ENDED = "start + 1 h 55 min + 30 min; without a clock, 12:00 UTC the next day (assumed)"
SCORES: Mapping[str, str] = {"FTHG": "home_score", "FTAG": "away_score", "HTHG": "home_half", "HTAG": "away_half"}
"""Goals at the end and at half time, by the names that files took over from football-data.co.uk, and ours."""


def goals() -> tuple[pl.Expr, ...]:
    """Return the columns of ``SCORES`` as whole numbers under our names."""
    return tuple(whole(theirs).alias(ours) for theirs, ours in SCORES.items())


def local(text: pl.Expr, timezone: str) -> pl.Expr:
    """Return the UTC moment of a wall clock written as ``2031-08-09 20:30:00``; one that no clock showed is null."""
    wall = text.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
    return wall.dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")


def sided() -> tuple[pl.Expr, ...]:
    """Return what a dated game of these files is called, who meets, and who won it; columns read: those of the file."""
    return (
        pl.concat_str("Date", "HomeTeam", "AwayTeam", separator="|").alias("fixture"),
        pl.col("HomeTeam").alias("home"),
        pl.col("AwayTeam").alias("away"),
        outcome_of(),
        pl.lit(0).alias("sequence"),
    )


def results(games: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the tables of the games that have a score: ``results``, and the goals of each half as ``periods``."""
    played = games.drop_nulls(("home_score", "away_score"))
    known = played.drop_nulls(("home_half", "away_half"))
    told = [
        known.with_columns(pl.lit(side).alias("side"), pl.lit(number).alias("period"), scored.alias("score"))
        for side in ("home", "away")
        for number, scored in (
            (1, pl.col(f"{side}_half")),
            (2, pl.col(f"{side}_score") - pl.col(f"{side}_half")),
        )
    ]
    ended = stamps.result_known(SOCCER.duration)
    return {
        "results": claim(played, "results", SOCCER.name, ended),
        "periods": claim(pl.concat(told), "periods", SOCCER.name, ended),
    }
