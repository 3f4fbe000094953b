"""Hourly weather at NFL grounds from 2000 to 2020, as stations observed it: never a feature before its game.

The readings name a game only, and a second file its ground, hours and offset from UTC; so the two are one payload. A
ground tells which of our games is meant. Games under a roof have the weather outside.

Source: https://datawithbliss.com/weather-data
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.bundle import unbundle
from antepost.ingestion.cells import number
from antepost.ingestion.identity import ANYONE
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, joined
from antepost.sports.nfl import NFL

HECTOPASCAL = 33.8639
"""Of an inch of mercury."""

_OBSERVED = "the latest of TimeEndGame, scheduled start + 3 h 15 min, and the reading itself (bounded)"
_READINGS = {
    "temp": "Temperature", "wind": "WindSpeed", "wind_direction": "WindDirection", "dew_point": "DewPoint",
    "precipitation": "Precipitation", "pressure": "Pressure",
}  # fmt: skip
_GAMES = ("game_id", "StadiumName", "TimeStartGame", "TimeEndGame", "TZOffset")
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("game_id", "StadiumName", "TimeStartGame", "TZOffset"), stamps.JOINED),
    **dict.fromkeys(("TimeEndGame", "TimeMeasure", *_READINGS.values()), _OBSERVED),
}


def parse(data: bytes, _: Part) -> Parsed:
    """Return the readings, and the games to which they belong.

    Raises:
        DataError: a file is cut off or a column is missing.
    """
    readings, hours = unbundle(data, 2, "the files of NFL weather")
    columns = ("game_id", "TimeMeasure", *_READINGS.values())
    sheet = read_sheet(readings, columns, "the file of NFL weather readings").select(columns)
    listed = read_sheet(hours, _GAMES, "the file of NFL games with weather").select(_GAMES)
    games, no_games = _games(listed)
    weather, no_readings = _weather(sheet, games)
    tables = {
        "fixtures": joined(games, NFL.name),
        "weather": weather,
    }
    return Parsed(tables=tables, refused=pl.concat([refuse(no_games), refuse(no_readings)]), games=sheet.height)


def _utc(column: str) -> pl.Expr:
    local = pl.col(column).str.to_datetime("%m/%d/%Y %H:%M", time_unit="us", strict=False)
    return (local - pl.duration(hours="offset")).dt.replace_time_zone("UTC")


def _games(text: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    offset = pl.col("TZOffset").cast(pl.Int64, strict=False).alias("offset")
    typed = text.with_columns(offset).with_columns(
        _utc("TimeStartGame").alias("start"), _utc("TimeEndGame").alias("ended")
    )
    sane, faulty = split(
        typed,
        {
            "no game_id": pl.col("game_id").is_null(),
            "no StadiumName": pl.col("StadiumName").is_null(),
            "hours that cannot be read": pl.any_horizontal(pl.col("start", "ended").is_null()),
            "an end that is not after the start": pl.col("ended") <= pl.col("start"),
            "a game twice": pl.col("game_id").is_duplicated(),
        },
    )
    games = sane.with_columns(
        pl.lit(NFL.name).alias("league"),
        pl.lit(None, pl.Int32).alias("season"),
        pl.col("game_id").alias("fixture"),
        *stamps.at_moment(pl.col("start")),
        pl.col("StadiumName").alias("home"),
        pl.lit(ANYONE).alias("away"),
    )
    return games, faulty.select(*text.columns, "reason")


def _weather(text: pl.DataFrame, games: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    keys = ("fixture", "league", "season", "event_at", "event_precision", "ended", "offset")
    known = text.join(games.select(keys), left_on="game_id", right_on="fixture", how="left", maintain_order="left")
    typed = known.with_columns(
        _utc("TimeMeasure").alias("valid_at"),
        *(number(name).alias(ours) for ours, name in _READINGS.items()),
    )
    unread = [pl.col(name).is_not_null() & pl.col(ours).is_null() for ours, name in _READINGS.items()]
    sane, faulty = split(
        typed,
        {
            "a reading of a game that is not listed": pl.col("event_at").is_null(),
            "TimeMeasure is no moment": pl.col("valid_at").is_null(),
            "a reading that is no number": pl.any_horizontal(unread),
            "no reading at all": pl.all_horizontal(pl.col(ours).is_null() for ours in _READINGS),
        },
    )
    rows = sane.with_columns(
        pl.col("game_id").alias("fixture"),
        pl.lit("observed").alias("kind"),
        pl.col("pressure") * HECTOPASCAL,
    )
    # Their clock is up to three hours off ours in a few games, so that the end alone might come before our start.
    known = pl.max_horizontal("ended", pl.col("event_at") + NFL.duration, "valid_at")
    observed = claim(rows, "weather", NFL.name, known, "bounded")
    return observed, faulty.select(*text.columns, "reason")


def _parts(_: int) -> tuple[Part, ...]:
    folder = "nfl/ThompsonJamesBliss/WeatherData/data"
    upstream = "https://raw.githubusercontent.com/ThompsonJamesBliss/WeatherData/HEAD/data"
    readings, games = ((f"{folder}/{file}.csv", f"{upstream}/{file}.csv") for file in ("games_weather", "games"))
    beside = Part(name="games", path=games[0], url=games[1])
    return (Part(name="games_weather", path=readings[0], url=readings[1], beside=(beside,)),)


NFL_WEATHER = Source(
    name="nfl_weather",
    sport=NFL.name,
    tier="C",
    primary=False,
    parts=_parts,
    terms="Meteostat and Weather Underground by way of a repository without a licence file: for research and tests",
    cadence="never: an archive",
    parser="nfl-weather-1",
    parse=parse,
    known_at=KNOWN_AT,
)
