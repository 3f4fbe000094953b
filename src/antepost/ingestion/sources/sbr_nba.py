"""Sportsbook Reviews Online: NBA moneylines and finals of 2017/18 to 2019/20, as the R package bettingtools has them.

Every moneyline here equals that of the Kaggle set for the same game: the two are one witness, not two.

Source: https://github.com/pwu97/bettingtools, from https://www.sportsbookreviewsonline.com
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, outcome_of, whole
from antepost.ingestion.markets import closing_moneylines
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, joined
from antepost.sports.nba import NBA

BOOK = "sbr"
FIRST_SEASON = 2017

_CLOSED = "start - 1 s (assumed: the archive gives one moneyline and no time)"
_SIDES = ("home", "away")
_MONEYLINES = {"home": "home_ml", "away": "away_ml"}
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("date", "game", "away_name", "home_name"), stamps.JOINED),
    **dict.fromkeys(("away_score", "home_score"), stamps.NO_CLOCK),
    **dict.fromkeys(("away_ml", "home_ml"), _CLOSED),
}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one season.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), f"SBR's {part.name}").select(tuple(KNOWN_AT))
    scores = [whole(f"{side}_score").alias(f"{side}_points") for side in _SIDES]
    typed = sheet.with_columns(day_of("date").alias("day"), *scores)
    faults = {
        "date cannot be read": pl.col("day").is_null(),
        "a side is missing": pl.any_horizontal(pl.col("home_name", "away_name").is_null()),
    }
    sane, faulty = split(typed, faults)
    games = sane.with_columns(
        pl.lit("nba").alias("league"),
        pl.lit(part.season, pl.Int32).alias("season"),
        pl.concat_str("date", "game", separator="|").alias("fixture"),
        *stamps.on_day(pl.col("day")),
        pl.col("home_name").alias("home"),
        pl.col("away_name").alias("away"),
        pl.col("home_points").alias("home_score"),
        pl.col("away_points").alias("away_score"),
        outcome_of("home_points", "away_points", level=None),
        pl.lit(0).alias("sequence"),
    )
    played = games.drop_nulls(("home_score", "away_score"))
    prices, impossible = closing_moneylines(games, NBA.name, BOOK, _MONEYLINES)
    tables = {
        "fixtures": joined(games, NBA.name),
        "results": claim(played, "results", NBA.name, stamps.result_known(NBA.duration)),
        "prices": prices,
    }
    refused = pl.concat([refuse(faulty.select(*sheet.columns, "reason")), refuse(impossible)])
    return Parsed(tables=tables, refused=refused, games=sheet.height)


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
