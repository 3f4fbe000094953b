"""FiveThirtyEight's NBA Elo: its chances for every game up to August 2020, a rival to be judged against.

The file begins in 1946; games before ours, which begin in 2007, join none. Its CARM-Elo and RAPTOR columns are empty.
Codes are those of the time.

Source: https://github.com/fivethirtyeight/data/tree/master/nba-elo
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, number, outcome_of, whole
from antepost.ingestion.naming import names_claimed
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, joined, single
from antepost.sports.nba import NBA

_FORECAST = "start - 1 s: from ratings before the game, with no time of their own (assumed)"
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("date", "season", "neutral", "team1", "team2"), stamps.JOINED),
    **dict.fromkeys(("elo_prob1", "elo_prob2"), _FORECAST),
    **dict.fromkeys(("score1", "score2"), stamps.NO_CLOCK),
}
FIRST_SEASON = 2007
_SIDES = {"home": "1", "away": "2"}


def parse(data: bytes, _: Part) -> Parsed:
    """Return the games, their results and FiveThirtyEight's chances.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), "FiveThirtyEight's NBA Elo").select(tuple(KNOWN_AT))
    typed = sheet.with_columns(
        day_of("date").alias("day"),
        # A season is named by the year in which it closes.
        (whole("season").cast(pl.Int32, strict=False) - 1).alias("year"),
        *(whole(f"score{at}").alias(f"{side}_score") for side, at in _SIDES.items()),
    )
    faults = {
        "date or season cannot be read": pl.any_horizontal(pl.col("day", "year").is_null()),
        "a side is missing": pl.any_horizontal(pl.col("team1", "team2").is_null()),
        "the same row again": pl.struct("date", "team1", "team2").is_duplicated()
        & ~pl.struct("date", "team1", "team2").is_first_distinct(),
    }
    sane, faulty = split(typed, faults)
    games = sane.with_columns(
        pl.lit("nba").alias("league"),
        pl.col("year").alias("season"),
        pl.concat_str("date", "team2", "team1", separator="-").alias("fixture"),
        *stamps.on_day(pl.col("day")),
        pl.col("team1").alias("home"),
        pl.col("team2").alias("away"),
        (pl.col("neutral") == "True").alias("neutral"),
        outcome_of(level=None),
        pl.lit(0).alias("sequence"),
    )
    played = games.drop_nulls(("home_score", "away_score"))
    tables = {
        "fixtures": joined(games, NBA.name),
        "results": claim(played, "results", NBA.name, stamps.result_known(NBA.duration)),
        "forecasts": _forecasts(games),
        "names": _names(games),
    }
    return Parsed(tables=tables, refused=refuse(faulty.select(*sheet.columns, "reason")), games=sheet.height)


def _names(games: pl.DataFrame) -> pl.DataFrame:
    """Return the codes of the time (Seattle's SEA, New Jersey's NJN) of all that played since our fixtures begin."""
    sides = [
        games.select("league", "season", pl.col(side).alias("entity"), pl.col(side).alias("name")) for side in _SIDES
    ]
    told = pl.concat(sides)
    ours = told.filter(pl.col("season") >= FIRST_SEASON)["entity"].unique()
    return names_claimed(told.filter(pl.col("entity").is_in(ours.implode())), NBA)


def _forecasts(games: pl.DataFrame) -> pl.DataFrame:
    told = [
        games.with_columns(
            pl.lit("fivethirtyeight").alias("forecaster"),
            pl.lit("elo").alias("model"),
            pl.lit(side).alias("outcome"),
            number(f"elo_prob{at}").alias("probability"),
        )
        for side, at in _SIDES.items()
    ]
    return claim(pl.concat(told).drop_nulls("probability"), "forecasts", NBA.name, stamps.closing())


FIVETHIRTYEIGHT_NBA = Source(
    name="fivethirtyeight_nba",
    sport=NBA.name,
    tier="B",
    primary=False,
    parts=single("elo", "nba/fivethirtyeight/nba_elo.csv"),
    terms="CC BY 4.0, FiveThirtyEight",
    cadence="never: the site has closed, to be had from a mirror",
    parser="fivethirtyeight-nba-2",
    parse=parse,
    known_at=KNOWN_AT,
)
