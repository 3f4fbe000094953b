"""Neil Paine's WNBA file: every game from 1997 to 2023, each told from both sides, with his Elo chances.

Franchises have the names of today throughout. Ratings before the game are in his chances, which are a rival's forecast.

Source: https://github.com/Neil-Paine-1/WNBA-stats
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, number, outcome_of
from antepost.ingestion.identity import slug
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, single
from antepost.sports.wnba import WNBA

_LISTED = "first start of the season - 30 d; play-offs: start - 24 h (assumed)"
_FORECAST = "start - 1 s: from ratings before the game, with no time of their own (assumed)"
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("season", "date", "playoff", "neutral", "team1", "team2", "is_home"), _LISTED),
    "team1_winprob": _FORECAST,
    **dict.fromkeys(("team1_score", "team2_score"), stamps.NO_CLOCK),
}
_SIDES = ("home", "away")
_FILE = "wnba_elo.csv"


def parse(data: bytes, _: Part) -> Parsed:
    """Return the tables of the file: one game of every two rows.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), "Neil Paine's WNBA file").select(tuple(KNOWN_AT))
    games, refused = _games(sheet)
    final = stamps.result_known(WNBA.duration)
    fixed = pl.when(pl.col("stage") == "REG").then(stamps.listed()).otherwise(pl.col("start") - timedelta(hours=24))
    played = games.drop_nulls(("home_score", "away_score")).with_columns(outcome_of(level=None))
    tables = {
        "fixtures": claim(games, "fixtures", WNBA.name, fixed),
        "results": claim(played, "results", WNBA.name, final),
        "forecasts": _forecasts(games),
    }
    return Parsed(tables=tables, refused=refuse(refused), games=sheet.height)


def _games(text: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    typed = text.with_columns(
        day_of("date").alias("day"),
        pl.col("season").cast(pl.Int32, strict=False).alias("year"),
        pl.col("team1_score").cast(pl.Int64, strict=False).alias("home_score"),
        pl.col("team2_score").cast(pl.Int64, strict=False).alias("away_score"),
        pl.min_horizontal("team1", "team2").alias("first"),
        pl.max_horizontal("team1", "team2").alias("second"),
    )
    game = ("date", "first", "second")
    ahead = pl.when(pl.col("team1") == pl.col("first")).then(1).otherwise(-1)
    margin = ahead * (pl.col("home_score") - pl.col("away_score"))
    faults = {
        "date or season cannot be read": pl.any_horizontal(pl.col("day", "year").is_null()),
        "a side is missing": pl.any_horizontal(pl.col("team1", "team2").is_null()),
        "a game that is not told twice": pl.len().over(game) != 2,
        "two rows of one game contradict each other": margin.n_unique().over(game) > 1,
        "a level score": pl.col("home_score") == pl.col("away_score"),
    }
    sane, faulty = split(typed, faults)
    # At a neutral site neither row is the home side's; then the alphabet says which is called so.
    hosted = (pl.col("is_home") == "1").any().over(game)
    taken = pl.when(hosted).then(pl.col("is_home") == "1").otherwise(pl.col("team1") == pl.col("first"))
    sides = [pl.col(name).map_elements(slug, return_dtype=pl.String) for name in ("team2", "team1")]
    games = sane.filter(taken).with_columns(
        pl.lit("wnba").alias("league"),
        pl.col("year").alias("season"),
        pl.concat_str(pl.lit("wnba"), "date", *sides, separator="-").alias("fixture"),
        *stamps.on_day(pl.col("day")),
        pl.col("team1").alias("home"),
        pl.col("team2").alias("away"),
        (pl.col("neutral") == "1").alias("neutral"),
        pl.when(pl.col("playoff") == "1").then(pl.lit("PLAYOFF")).otherwise(pl.lit("REG")).alias("stage"),
        pl.lit(0).alias("sequence"),
    )
    return games, faulty.select(*text.columns, "reason")


def _forecasts(games: pl.DataFrame) -> pl.DataFrame:
    chance = number("team1_winprob")
    told = [
        games.with_columns(
            pl.lit("neil_paine").alias("forecaster"),
            pl.lit("elo").alias("model"),
            pl.lit(side).alias("outcome"),
            expected.alias("probability"),
        )
        for side, expected in zip(_SIDES, (chance, 1.0 - chance), strict=True)
    ]
    return claim(pl.concat(told).drop_nulls("probability"), "forecasts", WNBA.name, stamps.closing())


NEIL_PAINE_WNBA = Source(
    name="neil_paine_wnba",
    sport=WNBA.name,
    tier="C",
    primary=True,
    parts=single(
        "games",
        f"wnba/Neil-Paine-1/WNBA-stats/{_FILE}",
        f"https://raw.githubusercontent.com/Neil-Paine-1/WNBA-stats/HEAD/{_FILE}",
    ),
    terms="MIT, Neil Paine",
    cadence="now and then",
    parser="neil-paine-wnba-1",
    parse=parse,
    known_at=KNOWN_AT,
)
