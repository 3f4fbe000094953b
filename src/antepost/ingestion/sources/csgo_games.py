"""Professional results of Counter-Strike from 2016 to 2019: day, two names, a score in rounds or in maps.

Source: https://www.hltv.org/results (a Kaggle set out of it)
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.identity import slug
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, single
from antepost.sports.cs2 import CS2

_COLUMNS = ("yyyy-mm-dd", "team1", "team2", "score1", "score2")
_LISTED = "12 h before noon of the day (assumed)"
_ENDED = "12:00 UTC on the next day (assumed)"
# A map was won with 16 rounds until 2023 and with 13 since; no series has so many maps.
_LEAST_ROUNDS, _MOST_MAPS = 13, 4


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of the file.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, _COLUMNS, f"the CS:GO results {part.name}").select(_COLUMNS)
    day = pl.col("yyyy-mm-dd").str.to_date("%Y-%m-%d", strict=False)
    typed = sheet.with_columns(
        day.alias("day"),
        *(pl.col(name).cast(pl.Int64, strict=False).alias(f"{name}_read") for name in ("score1", "score2")),
    )
    most = pl.max_horizontal("score1_read", "score2_read")
    nobody = pl.col("team1", "team2").is_null() | (pl.col("team1", "team2") == "?")
    sane, faulty = split(
        typed,
        {
            "yyyy-mm-dd is no date": pl.col("day").is_null(),
            "a side is missing": pl.any_horizontal(nobody),
            "a side meets itself": pl.col("team1") == pl.col("team2"),
            "a score is no number": pl.any_horizontal(pl.col("score1_read", "score2_read").is_null()),
            "a score that is neither rounds of a map nor maps of a series": (most > _MOST_MAPS)
            & (most < _LEAST_ROUNDS),
            "the same row again": pl.struct(_COLUMNS).is_first_distinct().not_(),
        },
    )
    games = _games(sane)
    tables = {
        "fixtures": claim(games, "fixtures", CS2.name, pl.col("start") - timedelta(hours=12)),
        "results": claim(games, "results", CS2.name, stamps.result_known(CS2.duration)),
    }
    return Parsed(tables=tables, refused=refuse(faulty.select(*sheet.columns, "reason")), games=sheet.height)


def _games(sane: pl.DataFrame) -> pl.DataFrame:
    """Return the games with the sides in the order of their names, which says nothing."""
    first = pl.col("team1") < pl.col("team2")
    home_score = pl.when(first).then("score1_read").otherwise("score2_read")
    away_score = pl.when(first).then("score2_read").otherwise("score1_read")
    most = pl.max_horizontal("score1_read", "score2_read")
    noon = (pl.col("day").cast(pl.Datetime("us")) + stamps.NOON).dt.replace_time_zone("UTC")
    games = sane.with_columns(
        pl.when(first).then("team1").otherwise("team2").alias("home"),
        pl.when(first).then("team2").otherwise("team1").alias("away"),
        home_score.alias("home_score"),
        away_score.alias("away_score"),
        # A best of two may end level, and so may a map that is played without overtime.
        pl.when(home_score > away_score).then(pl.lit("home")).when(home_score < away_score).then(pl.lit("away"))
        .otherwise(pl.lit("draw")).alias("outcome"),
        pl.when(most < _LEAST_ROUNDS).then(pl.lit("SERIES")).otherwise(pl.lit("MAP")).alias("stage"),
        pl.lit("pro").alias("league"),
        pl.col("day").dt.year().cast(pl.Int32).alias("season"),
        noon.alias("start"),
        noon.alias("event_at"),
        pl.lit("day").alias("event_precision"),
        pl.lit(value=True).alias("neutral"),
    )  # fmt: skip
    slugs = {name: slug(name) for name in {*games["home"], *games["away"]}}
    sides = [pl.col(side).replace_strict(slugs, default=None, return_dtype=pl.String) for side in ("home", "away")]
    # Series and maps of one series are not told apart: the meetings of a day are numbered as the file has them.
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("day", "home", "away").alias("sequence")
    counted = games.with_columns(number)
    day = pl.col("day").dt.strftime("%Y-%m-%d")
    return counted.with_columns(
        pl.concat_str(pl.lit(CS2.name), day, *sides, "sequence", separator="-").alias("fixture")
    )


CSGO_GAMES = Source(
    name="csgo_games",
    sport=CS2.name,
    tier="C",
    primary=True,
    parts=single("games", "cs2/csgo_games_2016_2020/csgo_games.csv"),
    terms="a copy by rovantalani/counterStrikeData of a Kaggle set out of HLTV; no licence stated",
    cadence="finished: January 2016 to June 2019",
    parser="csgo-games-1",
    parse=parse,
    known_at={
        **dict.fromkeys(("yyyy-mm-dd", "team1", "team2"), _LISTED),
        **dict.fromkeys(("score1", "score2"), _ENDED),
    },
)
