"""Sportsbook Reviews Online: NBA moneylines and finals of 2017/18 to 2019/20, as the R package bettingtools has them.

Every moneyline here equals that of the Kaggle set for the same game: the two are one witness, not two.

Source: https://github.com/pwu97/bettingtools, from https://www.sportsbookreviewsonline.com
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.quality import split, split_american
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.lake.schemas import CLAIM
from antepost.sports.nba import NBA

BOOK = "sbr"
FIRST_SEASON = 2017

_LISTED = "start - 24 h (assumed: joined to fixtures that are listed earlier)"
_ENDED = "12:00 UTC the next day: there is no clock (assumed)"
_CLOSED = "start - 1 s (assumed: the archive gives one moneyline and no time)"
_SIDES = ("home", "away")
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("date", "game", "away_name", "home_name"), _LISTED),
    **dict.fromkeys(("away_score", "home_score"), _ENDED),
    **dict.fromkeys(("away_ml", "home_ml"), _CLOSED),
}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one season.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), f"SBR's {part.name}").select(tuple(KNOWN_AT))
    scores = [
        pl.col(f"{side}_score").cast(pl.Float64, strict=False).cast(pl.Int64, strict=False).alias(f"{side}_points")
        for side in _SIDES
    ]
    typed = sheet.with_columns(pl.col("date").str.to_date("%Y-%m-%d", strict=False).alias("day"), *scores)
    faults = {
        "date cannot be read": pl.col("day").is_null(),
        "a side is missing": pl.any_horizontal(pl.col("home_name", "away_name").is_null()),
    }
    sane, faulty = split(typed, faults)
    noon = stamps.start_of(pl.col("day"), pl.lit(None, pl.Time), NBA.timezone)
    won = pl.when(pl.col("home_points") > pl.col("away_points")).then(pl.lit("home")).otherwise(pl.lit("away"))
    games = sane.with_columns(
        pl.lit("nba").alias("league"),
        pl.lit(part.season, pl.Int32).alias("season"),
        pl.concat_str("date", "game", separator="|").alias("fixture"),
        noon.alias("start"),
        noon.alias("event_at"),
        pl.lit("day").alias("event_precision"),
        pl.col("home_name").alias("home"),
        pl.col("away_name").alias("away"),
        pl.col("home_points").alias("home_score"),
        pl.col("away_points").alias("away_score"),
        won.alias("outcome"),
        pl.lit(0).alias("sequence"),
    )
    played = games.drop_nulls(("home_score", "away_score"))
    prices, impossible = _prices(games)
    tables = {
        "fixtures": claim(games, "fixtures", NBA.name, pl.col("start") - stamps.DAY),
        "results": claim(played, "results", NBA.name, stamps.result_known(NBA.duration)),
        "prices": prices,
    }
    refused = pl.concat([refuse(faulty.select(*sheet.columns, "reason")), refuse(impossible)])
    return Parsed(tables=tables, refused=refused, games=sheet.height)


def _prices(games: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    keys = [name for name in CLAIM if name in games.columns]
    told = pl.concat(
        games.select(
            *keys,
            "start",
            pl.lit(BOOK).alias("book"),
            pl.lit("moneyline").alias("market"),
            pl.lit(side).alias("outcome"),
            pl.lit("close").alias("label"),
            pl.col(f"{side}_ml").cast(pl.Float64, strict=False).alias("american"),
        )
        for side in _SIDES
    ).drop_nulls("american")
    priced, impossible = split_american(told)
    shown = impossible.select("fixture", "outcome", "american", "reason")
    return claim(priced, "prices", NBA.name, stamps.closing()), shown


def _parts(year: int) -> tuple[Part, ...]:
    return tuple(
        # A file is named by the year in which its season closes.
        Part(name=f"odds-{season}", path=f"nba/sportsbookreview/nba_odds_{season + 1}.csv", season=season)
        for season in range(FIRST_SEASON, year + 1)
    )


SBR_NBA = Source(
    name="sbr_nba",
    sport=NBA.name,
    tier="C",
    primary=False,
    parts=_parts,
    terms="free use with credit to bettingtools (Peter Wu); figures from Sportsbook Reviews Online",
    cadence="never: an archive, to be had from a mirror",
    parser="sbr-nba-1",
    parse=parse,
    known_at=KNOWN_AT,
)
