"""football-data.co.uk: results, half time, match statistics, referees and the odds of many bookmakers since 1993.

Source: https://www.football-data.co.uk/notes.txt
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, outcome_of, unread, whole
from antepost.ingestion.identity import slug
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.ingestion.sources.football_data_prices import CLOSED, EARLY, prices_of
from antepost.ingestion.sources.soccer_shared import ENDED, goals, results
from antepost.sports.soccer import SOCCER

NAME = "a football-data.co.uk file"
FIRST_SEASON = 1993

_LISTED = "first start of the league's season - 30 d (assumed)"
_ANNOUNCED = "start - 90 min (assumed)"
_STATS = {"shots": "S", "shots_on_target": "ST", "fouls": "F", "corners": "C", "yellow_cards": "Y", "red_cards": "R",
          "woodwork": "HW", "offsides": "O"}  # fmt: skip
_STAT_COLUMNS = {stat: (f"H{suffix}", f"A{suffix}") for stat, suffix in _STATS.items()}
_NEEDED = ("Div", "Date", "HomeTeam", "AwayTeam", "FTHG", "FTAG", "FTR")

KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("Div", "Date", "HomeTeam", "AwayTeam"), _LISTED),
    **dict.fromkeys(("FTHG", "FTAG", "FTR"), ENDED),
}
OPTIONAL_KNOWN_AT: Mapping[str, str] = {
    "Time": _LISTED,
    "Referee": _ANNOUNCED,
    **dict.fromkeys(("HTHG", "HTAG", *(c for pair in _STAT_COLUMNS.values() for c in pair)), ENDED),
    "odds": EARLY,
    "closing odds": CLOSED,
}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one league's season.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, _NEEDED, f"{NAME} ({part.name})", ragged=True)
    rows = sheet.filter(pl.any_horizontal(pl.col("Date", "HomeTeam", "AwayTeam").is_not_null()))
    games, refused = _games(rows, part)
    prices, unpriced = prices_of(games)
    tables = {
        "fixtures": _claimed(games, "fixtures", stamps.listed()),
        **results(games),
        "team_stats": _team_stats(games),
        "officials": _officials(games),
        "prices": prices,
    }
    return Parsed(tables=tables, refused=pl.concat([refuse(refused), refuse(unpriced)]), games=rows.height)


def _games(rows: pl.DataFrame, part: Part) -> tuple[pl.DataFrame, pl.DataFrame]:
    absent = [name for name in OPTIONAL_KNOWN_AT if name not in rows.columns]
    text = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    day = pl.coalesce(
        pl.when(pl.col("Date").str.len_chars() <= 8).then(day_of("Date", "%d/%m/%y")),
        day_of("Date", "%d/%m/%Y"),
    )
    typed = text.with_columns(
        day.alias("day"),
        pl.col("Time").str.to_time("%H:%M", strict=False).alias("clock"),
        *goals(),
    )
    season = pl.lit(part.season, pl.Int32)
    faults = {
        "Date is no date": pl.col("day").is_null(),
        "Time is no clock time": unread("Time", "clock"),
        "a date outside the file's season": ~pl.col("day").dt.year().is_between(season, season + 1),
        "a league that is not the file's": pl.col("Div") != part.name.split("-")[0],
        "the score of one side only": pl.col("home_score").is_null() != pl.col("away_score").is_null(),
        "a score that is no whole number": unread("FTHG", "home_score"),
    }
    sane, faulty = split(typed, faults)
    sides = [pl.col(name).map_elements(slug, return_dtype=pl.String) for name in ("HomeTeam", "AwayTeam")]
    games = sane.with_columns(
        pl.col("Div").alias("league"),
        season.alias("season"),
        pl.concat_str(pl.lit("soccer"), pl.col("Div"), season, *sides, separator="-").alias("fixture"),
        *stamps.at_clock(pl.col("day"), pl.col("clock"), SOCCER.timezone),
        pl.col("HomeTeam").alias("home"),
        pl.col("AwayTeam").alias("away"),
        pl.lit(value=False).alias("neutral"),
        pl.lit("REG").alias("stage"),
        outcome_of(),
        pl.lit(value=False).alias("overtime"),
        pl.lit("regulation").alias("ending"),
        pl.lit(0).alias("sequence"),
    )
    return games, faulty.select(*rows.columns, "reason")


def _claimed(rows: pl.DataFrame, table: str, known_at: pl.Expr, how: str | pl.Expr = "assumed") -> pl.DataFrame:
    return claim(rows, table, SOCCER.name, known_at, how)


def _played(games: pl.DataFrame) -> pl.DataFrame:
    return games.drop_nulls(("home_score", "away_score"))


def _team_stats(games: pl.DataFrame) -> pl.DataFrame:
    there = {
        stat: pair for stat, pair in _STAT_COLUMNS.items() if pair[0] in games.columns and pair[1] in games.columns
    }
    told = [
        _played(games).with_columns(
            pl.lit(side).alias("side"),
            pl.col(side).alias("team"),
            *(whole(pair[at]).alias(stat) for stat, pair in there.items()),
        )
        for at, side in enumerate(("home", "away"))
    ]
    rows = pl.concat(told)
    counted = pl.any_horizontal(pl.col(*there).is_not_null()) if there else pl.lit(value=False)
    return _claimed(rows.filter(counted), "team_stats", stamps.result_known(SOCCER.duration))


def _officials(games: pl.DataFrame) -> pl.DataFrame:
    named = games.filter(pl.col("Referee").is_not_null())
    rows = named.with_columns(pl.lit("referee").alias("role"), pl.col("Referee").alias("name"))
    return _claimed(rows, "officials", stamps.announced())


def _parts(year: int) -> tuple[Part, ...]:
    def folder(season: int) -> str:
        return f"{season % 100:02d}{(season + 1) % 100:02d}"

    return tuple(
        Part(
            name=f"{league}-{season}",
            path=f"soccer/football-data.co.uk/mmz4281/{folder(season)}/{league}.csv",
            url=f"https://www.football-data.co.uk/mmz4281/{folder(season)}/{league}.csv",
            season=season,
        )
        for season in range(FIRST_SEASON, year + 1)
        for league in SOCCER.reference_close
    )


FOOTBALL_DATA_CO_UK = Source(
    name="football_data_co_uk",
    sport=SOCCER.name,
    tier="C",
    primary=True,
    parts=_parts,
    terms="free for personal use, football-data.co.uk is to be named as the source",
    cadence="twice a week in season",
    parser="football-data-2",
    parse=parse,
    known_at={**KNOWN_AT, **OPTIONAL_KNOWN_AT},
)
