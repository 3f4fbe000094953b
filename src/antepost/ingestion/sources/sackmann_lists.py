"""Jeff Sackmann's lists: who every player is, and the weekly rankings.

Source: https://github.com/JeffSackmann/tennis_atp
"""

from __future__ import annotations

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, whole
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, claim
from antepost.sports import Sport

RANKED = "the day after the list's date (assumed)"
ALWAYS = "the day after the birth; without one, 1900 (assumed)"
PLAYER_COLUMNS = ("player_id", "name_first", "name_last", "hand", "dob", "ioc", "height")
RANKING_COLUMNS = ("ranking_date", "rank", "player", "points")


def ranking_known() -> pl.Expr:
    """Return the day after a list's date, from which on it counts."""
    return pl.col("event_at") + stamps.DAY


def read_players(data: bytes, sport: Sport) -> Parsed:
    """Return who every player is, as ``entities``.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, PLAYER_COLUMNS, f"Sackmann's {sport.name} players").select(PLAYER_COLUMNS)
    born = pl.col("dob").str.replace(r"\.0$", "").str.to_date("%Y%m%d", strict=False)
    known, nobody = split(sheet, {"a player without a number": pl.col("player_id").is_null()})
    rows = known.with_columns(
        pl.lit(sport.name).alias("league"),
        pl.col("player_id").alias("entity"),
        pl.lit("player").alias("kind"),
        pl.concat_str("name_first", "name_last", separator=" ", ignore_nulls=True).alias("name"),
        pl.col("ioc").alias("country"),
        born.alias("born"),
        whole("height").cast(pl.Int32, strict=False).alias("height"),
        # Born is as early as anything can be known of anybody; without a date, when the archive begins.
        pl.coalesce(born.cast(pl.Datetime("us")), pl.datetime(1900, 1, 1))
        .dt.replace_time_zone("UTC")
        .alias("event_at"),
        pl.lit("none").alias("event_precision"),
        pl.lit(None, pl.Int32).alias("season"),
    )
    entities = claim(rows, "entities", sport.name, pl.col("event_at") + stamps.DAY)
    return Parsed(tables={"entities": entities}, refused=refuse(nobody), games=sheet.height)


def read_rankings(data: bytes, sport: Sport, part: Part) -> Parsed:
    """Return the lists of one decade, a row a player and date.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, RANKING_COLUMNS, f"Sackmann's {part.name}").select(RANKING_COLUMNS)
    typed = sheet.with_columns(
        day_of("ranking_date", "%Y%m%d").alias("day"),
        whole("rank").cast(pl.Int32, strict=False).alias("place"),
    )
    sane, faulty = split(
        typed,
        {
            "ranking_date is no date": pl.col("day").is_null(),
            "rank is no number": pl.col("place").is_null(),
            "no player": pl.col("player").is_null(),
        },
    )
    rows = sane.drop("rank").with_columns(
        pl.lit(sport.name).alias("league"),
        pl.col("day").dt.year().alias("season"),
        pl.col("day").cast(pl.Datetime("us")).dt.replace_time_zone("UTC").alias("event_at"),
        pl.lit("day").alias("event_precision"),
        pl.col("place").alias("rank"),
        whole("points").alias("points"),
    )
    ranked = claim(rows, "rankings", sport.name, ranking_known())
    return Parsed(
        tables={"rankings": ranked}, refused=refuse(faulty.select(*sheet.columns, "reason")), games=sheet.height
    )
