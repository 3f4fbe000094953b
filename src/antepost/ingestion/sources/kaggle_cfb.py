"""A Kaggle set of college football games with an FBS team since 2002: quarter scores and team statistics.

Source: https://www.kaggle.com/datasets/jeffgallini/college-football-team-stats-2019 (family of sets), from ESPN's pages
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, outcome_of, whole
from antepost.ingestion.identity import slug
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, single
from antepost.sports.ncaaf import NCAAF

_LISTED = "first start of the season - 30 d; bowls, play-offs and all from 30 November on: start - 5 d (assumed)"
_ENDED = "start + 3 h 30 min + 30 min (assumed)"
_RANKED = "two days before the start: the poll of the game's week (assumed)"
EARLIEST = time(5)
"""Nobody kicks off between midnight and five in New York, but in Hawaii, where it is evening."""
DRAWN = timedelta(days=5)
_SIDES = ("away", "home")
_QUARTERS = ("q1", "q2", "q3", "q4", "ot")
_COUNTS = {
    "first_downs": "first_downs", "third_downs_made": "third_down_comp", "third_downs_attempted": "third_down_att",
    "fourth_downs_made": "fourth_down_comp", "fourth_downs_attempted": "fourth_down_att",
    "passes_completed": "pass_comp", "passes_attempted": "pass_att", "passing_yards": "pass_yards",
    "rushes": "rush_att", "rushing_yards": "rush_yards", "total_yards": "total_yards", "fumbles_lost": "fum",
    "interceptions_thrown": "int", "penalties": "pen_num", "penalty_yards": "pen_yards",
}  # fmt: skip
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(
        ("season", "week", "date", "time_et", "game_type", "away", "home", "conf_away", "conf_home", "neutral"), _LISTED
    ),
    **dict.fromkeys(("rank_away", "rank_home"), _RANKED),
    **dict.fromkeys(("score_away", "score_home"), _ENDED),
    **dict.fromkeys(
        (f"{name}_{side}" for name in (*_QUARTERS, *_COUNTS.values(), "possession") for side in _SIDES), _ENDED
    ),
}


def parse(data: bytes, _: Part) -> Parsed:
    """Return the tables of the set.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), "the Kaggle college football set").select(tuple(KNOWN_AT))
    games, refused = _games(sheet)
    tables = {
        "fixtures": _fixtures(games),
        "results": _results(games),
        "periods": _periods(games),
        "team_stats": _team_stats(games),
        "rankings": _rankings(games),
    }
    return Parsed(tables=tables, refused=refuse(refused), games=sheet.height)


def _games(text: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    # Midnight stands for a time that nobody wrote down, except in Hawaii, where a game may begin at it.
    midnight = (pl.col("time_et") == "12:00 AM") & (pl.col("home") != "Hawaii")
    clock = pl.col("time_et").str.to_time("%I:%M %p", strict=False)
    typed = text.with_columns(
        day_of("date").alias("day"),
        pl.when(~midnight).then(clock).alias("clock"),
        whole("season").cast(pl.Int32).alias("year"),
        whole("week").cast(pl.Int32).alias("number"),
    )
    sane, faulty = split(
        typed,
        {
            "date or season cannot be read": pl.any_horizontal(pl.col("day", "year").is_null()),
            "a side is missing": pl.any_horizontal(pl.col("home", "away").is_null()),
        },
    )
    # The clock is New York's and the day the ground's: what begins after midnight belongs to the evening before.
    late = (pl.col("clock") < EARLIEST).fill_null(value=False)
    day = pl.when(late).then(pl.col("day").dt.offset_by("1d")).otherwise("day")
    sides = [pl.col(name).map_elements(slug, return_dtype=pl.String) for name in ("away", "home")]
    games = sane.drop("season", "week").with_columns(
        pl.lit("fbs").alias("league"),
        pl.col("year").alias("season"),
        pl.col("number").alias("week"),
        pl.concat_str(pl.lit("ncaaf"), "date", *sides, separator="-").alias("fixture"),
        *stamps.at_clock(day, pl.col("clock"), NCAAF.timezone),
        (pl.col("neutral") == "True").alias("neutral"),
        pl.when(pl.col("game_type") == "post").then(pl.lit("POST")).otherwise(pl.lit("REG")).alias("stage"),
        pl.col("conf_home").alias("home_division"),
        pl.col("conf_away").alias("away_division"),
        pl.lit(0).alias("sequence"),
    )
    return games, faulty.select(*text.columns, "reason")


def _claimed(rows: pl.DataFrame, table: str, known_at: pl.Expr) -> pl.DataFrame:
    return claim(rows, table, NCAAF.name, known_at)


def _ended() -> pl.Expr:
    return stamps.result_known(NCAAF.duration)


def _fixtures(games: pl.DataFrame) -> pl.DataFrame:
    # The set calls the finals of the conferences regular games; the earliest were played on 30 November.
    month, day = pl.col("day").dt.month(), pl.col("day").dt.day()
    late = (pl.col("stage") == "POST") | (month == 12) | ((month == 11) & (day == 30))
    return _claimed(games, "fixtures", pl.when(late).then(pl.col("start") - DRAWN).otherwise(stamps.listed()))


def _results(games: pl.DataFrame) -> pl.DataFrame:
    scores = [whole(f"score_{side}").alias(f"{side}_score") for side in _SIDES]
    played = games.with_columns(scores).drop_nulls(("home_score", "away_score"))
    overtime = (whole("ot_home").fill_null(0) + whole("ot_away").fill_null(0)) > 0
    rows = played.with_columns(
        overtime.alias("overtime"),
        outcome_of(),
        pl.when(overtime).then(pl.lit("overtime")).otherwise(pl.lit("regulation")).alias("ending"),
    )
    return _claimed(rows, "results", _ended())


def _periods(games: pl.DataFrame) -> pl.DataFrame:
    told = [
        games.with_columns(
            pl.lit(side).alias("side"), pl.lit(number).alias("period"), whole(f"{quarter}_{side}").alias("score")
        )
        for side in _SIDES
        for number, quarter in enumerate(_QUARTERS, start=1)
    ]
    # No overtime is written as a zero.
    played = pl.concat(told).filter(pl.col("score").is_not_null() & ((pl.col("period") < 5) | (pl.col("score") > 0)))
    return _claimed(played, "periods", _ended())


def _team_stats(games: pl.DataFrame) -> pl.DataFrame:
    told = [
        games.with_columns(
            pl.lit(side).alias("side"),
            pl.col(side).alias("team"),
            *(whole(f"{name}_{side}").alias(stat) for stat, name in _COUNTS.items()),
            _seconds(f"possession_{side}").alias("possession_seconds"),
        )
        for side in _SIDES
    ]
    rows = pl.concat(told).filter(pl.any_horizontal(pl.col(*_COUNTS, "possession_seconds").is_not_null()))
    return _claimed(rows, "team_stats", _ended())


def _seconds(column: str) -> pl.Expr:
    """Return the seconds of a possession written as minutes and seconds with a point between: 28.4 is 28:40."""
    text = pl.col(column)
    tail = text.str.extract(r"\.(\d{1,2})")
    seconds = pl.when(tail.str.len_chars() == 1).then(tail + pl.lit("0")).otherwise(tail).cast(pl.Int64, strict=False)
    return text.str.extract(r"^(\d+)").cast(pl.Int64, strict=False) * 60 + seconds.fill_null(0)


def _rankings(games: pl.DataFrame) -> pl.DataFrame:
    told = [
        games.select(
            "league", "season", (pl.col("start") - timedelta(days=3)).dt.truncate("1d").alias("event_at"),
            pl.lit("none").alias("event_precision"), pl.col("start"),
            pl.col(side).alias("player"), whole(f"rank_{side}").cast(pl.Int32).alias("rank"),
        )
        for side in _SIDES
    ]  # fmt: skip
    ranked = pl.concat(told).drop_nulls("rank")
    return _claimed(ranked, "rankings", pl.col("start") - timedelta(days=2))


KAGGLE_CFB = Source(
    name="kaggle_cfb",
    sport=NCAAF.name,
    tier="C",
    primary=True,
    parts=single("games", "ncaaf/kaggle_cfb_box_scores/cfb_box-scores_2002-2024.csv"),
    terms="MIT in the copy at hand; Kaggle's own terms were not checked",
    cadence="never: an archive, to be had from a mirror",
    parser="kaggle-cfb-3",
    parse=parse,
    known_at=KNOWN_AT,
)
