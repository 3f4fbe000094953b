"""A Kaggle set of NBA games since 2007: quarter scores, and the spread, total and moneyline of a sportsbook.

Source: https://www.kaggle.com/datasets/cviaxmiwnptr/nba-betting-data-october-2007-to-june-2024
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, number, outcome_of, whole
from antepost.ingestion.markets import quoted
from antepost.ingestion.quality import split, split_american, unsigned_zero
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, single
from antepost.sports.nba import NBA

BOOK = "kaggle"

_LISTED = "first start of the season - 30 d; play-offs, and the weeks of the cup: start - 24 h (assumed)"
_CLOSED = "start - 1 s (assumed: the set gives no time)"
_SIDES = ("home", "away")
_PERIODS = tuple(f"{period}_{side}" for side in _SIDES for period in ("q1", "q2", "q3", "q4", "ot"))

KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("season", "date", "regular", "playoffs", "home", "away"), _LISTED),
    **dict.fromkeys(("score_home", "score_away", *_PERIODS), stamps.NO_CLOCK),
    **dict.fromkeys(("whos_favored", "spread", "total", "moneyline_home", "moneyline_away"), _CLOSED),
}


def parse(data: bytes, _: Part) -> Parsed:
    """Return the tables of the set.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), "the Kaggle NBA set").select(tuple(KNOWN_AT))
    games, refused = _games(sheet)
    results, level = _results(games)
    prices, impossible = _prices(games)
    tables = {
        "fixtures": _fixtures(games),
        "results": results,
        "periods": _periods(games),
        "prices": prices,
    }
    parts = [refuse(part) for part in (refused, level, impossible)]
    return Parsed(tables=tables, refused=pl.concat(parts), games=sheet.height)


def _games(text: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    typed = text.with_columns(
        day_of("date").alias("day"),
        # The set names a season by the year in which it ends.
        (whole("season") - 1).cast(pl.Int32).alias("year"),
    )
    sane, faulty = split(
        typed,
        {
            "date or season cannot be read": pl.any_horizontal(pl.col("day", "year").is_null()),
            "a side is missing": pl.any_horizontal(pl.col("home", "away").is_null()),
        },
    )
    stage = (
        pl.when(pl.col("playoffs") == "True").then(pl.lit("PLAYOFF"))
        .when(pl.col("regular") == "True").then(pl.lit("REG"))
        .otherwise(pl.lit("PLAY-IN"))
    )  # fmt: skip
    games = sane.drop("season").with_columns(
        pl.lit("nba").alias("league"),
        pl.col("year").alias("season"),
        pl.concat_str(pl.lit("nba"), "date", "away", "home", separator="-").alias("fixture"),
        *stamps.on_day(pl.col("day")),
        stage.alias("stage"),
        pl.lit(0).alias("sequence"),
    )
    return games, faulty.select(*text.columns, "reason")


def _claimed(rows: pl.DataFrame, table: str, known_at: pl.Expr) -> pl.DataFrame:
    return claim(rows, table, NBA.name, known_at)


def _fixtures(games: pl.DataFrame) -> pl.DataFrame:
    # Since 2023 a cup decides in the first half of December who meets in some sixty regular games.
    cup = (pl.col("season") >= 2023) & (pl.col("day").dt.month() == 12) & (pl.col("day").dt.day() <= 17)
    regular = (pl.col("stage") == "REG") & ~cup
    return _claimed(
        games, "fixtures", pl.when(regular).then(stamps.listed()).otherwise(pl.col("start") - timedelta(hours=24))
    )


def _results(games: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    scores = [whole(f"score_{side}").alias(f"{side}_score") for side in _SIDES]
    told = games.with_columns(scores).drop_nulls(("home_score", "away_score"))
    faults = {"a level score: no game of basketball ends in one": pl.col("home_score") == pl.col("away_score")}
    played, level = split(told, faults)
    overtime = (whole("ot_home").fill_null(0) + whole("ot_away").fill_null(0)) > 0
    rows = played.with_columns(
        overtime.alias("overtime"),
        outcome_of(level=None),
        pl.when(overtime).then(pl.lit("overtime")).otherwise(pl.lit("regulation")).alias("ending"),
    )
    shown = level.select("fixture", "home_score", "away_score", "reason")
    return _claimed(rows, "results", stamps.result_known(NBA.duration)), shown


def _periods(games: pl.DataFrame) -> pl.DataFrame:
    told = [
        games.with_columns(
            pl.lit(side).alias("side"), pl.lit(number).alias("period"), whole(f"{period}_{side}").alias("score")
        )
        for side in _SIDES
        for number, period in enumerate(("q1", "q2", "q3", "q4", "ot"), start=1)
    ]
    # No overtime is written as a zero.
    played = pl.concat(told).filter(pl.col("score").is_not_null() & ((pl.col("period") < 5) | (pl.col("score") > 0)))
    return _claimed(played, "periods", stamps.result_known(NBA.duration))


def _prices(games: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    favoured = pl.when(pl.col("whos_favored") == "home").then(1.0).when(pl.col("whos_favored") == "away").then(-1.0)
    line = number("spread") * favoured
    nothing = pl.lit(None, pl.Float64)
    offers = [
        *(("moneyline", side, nothing, number(f"moneyline_{side}")) for side in _SIDES),
        *(("spread", side, unsigned_zero(line * sign), nothing) for side, sign in (("home", 1.0), ("away", -1.0))),
        *(("total", side, number("total"), nothing) for side in ("over", "under")),
    ]
    told = pl.concat(
        quoted(games, book=BOOK, market=market, outcome=outcome, label="close", line=given, american=american)
        for market, outcome, given, american in offers
    )
    priced, impossible = split_american(told.filter(pl.any_horizontal(pl.col("american", "line").is_not_null())))
    return _claimed(priced, "prices", stamps.closing()), impossible.select("fixture", "outcome", "american", "reason")


KAGGLE_NBA = Source(
    name="kaggle_nba",
    sport=NBA.name,
    tier="C",
    primary=True,
    parts=single("games", "nba/kaggle_nba_betting/nba_2008-2025.csv"),
    terms="a Kaggle set without a licence file: for research and tests, not to be passed on",
    cadence="never: an archive, to be had from a mirror",
    parser="kaggle-nba-2",
    parse=parse,
    known_at=KNOWN_AT,
)
