"""Open-Meteo's forecasts for the ground and the hours of a game, each known when it was answered.

An answer tells neither whose ground it is for nor when it was given, so whoever asks puts both around it (``Asked``):
what is read is a list of such. `request` says how to ask. Grounds are our own ids.

Source: https://open-meteo.com/en/docs
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated

import polars as pl
from pydantic import AwareDatetime, BaseModel, Field, FiniteFloat, TypeAdapter

from antepost.ingestion import stamps
from antepost.ingestion.answers import read_answer
from antepost.ingestion.identity import ANYONE
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, joined
from antepost.sports import MLB, NFL, Sport

_ISSUED = "received_at: the moment of the answer (recorded)"
_READINGS: Mapping[str, tuple[str, frozenset[str]]] = {
    "temp": ("temperature_2m", frozenset({"°F"})),
    "wind": ("wind_speed_10m", frozenset({"mp/h", "mph"})),
    "wind_direction": ("wind_direction_10m", frozenset({"°"})),
    "dew_point": ("dew_point_2m", frozenset({"°F"})),
    "precipitation": ("precipitation", frozenset({"inch"})),
    "pressure": ("pressure_msl", frozenset({"hPa"})),
}
"""Ours, theirs, and how theirs is written in the unit of ours."""

KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("ground", "start"), stamps.JOINED),
    **dict.fromkeys(("received_at", "answer", "hourly_units", "hourly", "time"), _ISSUED),
    **{theirs: _ISSUED for theirs, _ in _READINGS.values()},
}
_HOUR = timedelta(hours=1)
HOST = "api.open-meteo.com"
_URL = (
    f"https://{HOST}/v1/forecast"
    "?latitude={:.4f}&longitude={:.4f}&hourly={}"
    "&temperature_unit=fahrenheit&wind_speed_unit=mph&precipitation_unit=inch&timezone=GMT"
)


class _Units(BaseModel):
    temperature_2m: str
    wind_speed_10m: str
    wind_direction_10m: str
    dew_point_2m: str
    precipitation: str
    pressure_msl: str


class _Hourly(BaseModel):
    time: list[str]
    temperature_2m: list[FiniteFloat | None]
    wind_speed_10m: list[FiniteFloat | None]
    wind_direction_10m: list[FiniteFloat | None]
    dew_point_2m: list[FiniteFloat | None]
    precipitation: list[FiniteFloat | None]
    pressure_msl: list[FiniteFloat | None]


class Forecast(BaseModel):
    """What Open-Meteo answers, as far as it is read; its hours are UTC, as we ask for."""

    utc_offset_seconds: Annotated[int, Field(ge=-86400, le=86400)]
    hourly_units: _Units
    hourly: _Hourly


class Asked(BaseModel):
    """An answer with the ground and the start it was asked for, and the moment at which it came."""

    ground: str
    start: AwareDatetime
    received_at: AwareDatetime
    answer: Forecast


_ANSWERS: TypeAdapter[list[Asked] | Forecast] = TypeAdapter(list[Asked] | Forecast)
_SCHEMA: Mapping[str, pl.DataType] = {
    "fixture": pl.String(),
    "ground": pl.String(),
    **dict.fromkeys(("start", "received_at"), pl.Datetime("us", "UTC")),
    **dict.fromkeys(("offset", "hours"), pl.Int64()),
    "units": pl.String(),
}


def request(latitude: float, longitude: float, start: datetime) -> str:
    """Return the address of the forecast for the hours of a game that starts at ``start`` at these coordinates."""
    first = start.astimezone(UTC)
    hours = f"&start_hour={first:%Y-%m-%dT%H:00}&end_hour={first + 5 * _HOUR:%Y-%m-%dT%H:00}"
    return _plain(latitude, longitude) + hours


def _plain(latitude: float, longitude: float) -> str:
    return _URL.format(latitude, longitude, ",".join(theirs for theirs, _ in _READINGS.values()))


def parser(sport: Sport) -> Callable[[bytes, Part], Parsed]:
    """Return the function that reads the forecasts for one sport's games."""

    def parse(data: bytes, part: Part) -> Parsed:
        answers = read_answer(data, _ANSWERS, f"Open-Meteo's {part.name}")
        if isinstance(answers, Forecast):
            reason = "a forecast without its ground and the moment of its answer"
            told = pl.DataFrame({"hours": [len(answers.hourly.time)], "reason": [reason]})
            return Parsed(tables={}, refused=refuse(told), games=1)
        games, faulty = _games(answers, sport)
        weather, broken = _weather(answers, games, sport)
        fixtures = games.sort("received_at", maintain_order=True).unique("fixture", keep="last", maintain_order=True)
        tables = {"fixtures": joined(fixtures, sport.name), "weather": weather}
        return Parsed(tables=tables, refused=pl.concat([refuse(faulty), refuse(broken)]), games=len(answers))

    return parse


def _units(answer: Forecast) -> str | None:
    told: dict[str, str] = answer.hourly_units.model_dump()
    other = [f"{theirs} in {told[theirs]}" for theirs, ours in _READINGS.values() if told[theirs] not in ours]
    return ", ".join(other) or None


def _uneven(answer: Forecast) -> bool:
    columns: dict[str, list[object]] = answer.hourly.model_dump()
    return len({len(column) for column in columns.values()}) > 1


def _games(answers: list[Asked], sport: Sport) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = [
        (
            f"{asked.ground}@{asked.start.astimezone(UTC):%Y-%m-%dT%H:%MZ}", asked.ground, asked.start,
            asked.received_at, asked.answer.utc_offset_seconds, -1 if _uneven(asked.answer) else 0,
            _units(asked.answer),
        )
        for asked in answers
    ]  # fmt: skip
    typed = pl.DataFrame(rows, schema=_SCHEMA, orient="row").with_row_index("answer")
    sane, faulty = split(
        typed,
        {
            "hours that are not UTC": pl.col("offset") != 0,
            "units that were not asked for": pl.col("units").is_not_null(),
            "columns of different lengths": pl.col("hours") < 0,
        },
    )
    games = sane.with_columns(
        pl.lit(next(iter(sport.leagues))).alias("league"),
        pl.lit(None, pl.Int32).alias("season"),
        pl.col("start").alias("event_at"),
        pl.lit("second").alias("event_precision"),
        pl.col("ground").alias("home"),
        pl.lit(ANYONE).alias("away"),
    )
    return games, faulty.drop("answer", "hours")


def _weather(answers: list[Asked], games: pl.DataFrame, sport: Sport) -> tuple[pl.DataFrame, pl.DataFrame]:
    schema = {"answer": pl.UInt32(), "time": pl.String(), **dict.fromkeys(_READINGS, pl.Float64())}
    sound = set(games["answer"])
    rows: list[tuple[object, ...]] = []
    for number, asked in enumerate(answers):
        if number in sound:
            hourly = asked.answer.hourly
            columns: list[list[float | None]] = [getattr(hourly, theirs) for theirs, _ in _READINGS.values()]
            rows += [(number, *hour) for hour in zip(hourly.time, *columns, strict=True)]
    told = pl.DataFrame(rows, schema=schema, orient="row").join(games, on="answer", maintain_order="left")
    moment = pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M", time_unit="us", strict=False).dt.replace_time_zone("UTC")
    timed = told.with_columns(moment.alias("valid_at"))
    near = pl.col("valid_at").is_between(pl.col("start") - _HOUR, pl.col("start") + sport.duration + _HOUR)
    sane, faulty = split(
        timed.filter(near.fill_null(value=True)),
        {
            "time cannot be read": pl.col("valid_at").is_null(),
            "an hour that had begun: no forecast any more": pl.col("received_at") >= pl.col("valid_at"),
            "no reading at all": pl.all_horizontal(pl.col(name).is_null() for name in _READINGS),
        },
    )
    issued = sane.with_columns(pl.lit("forecast").alias("kind"), pl.col("received_at").alias("issued_at"))
    shown = faulty.select("fixture", "received_at", "time", "reason")
    return claim(issued, "weather", sport.name, pl.col("received_at"), "recorded"), shown


def _source(sport: Sport, latitude: float, longitude: float) -> Source:
    return Source(
        name=f"open_meteo_{sport.name}",
        sport=sport.name,
        tier="B",
        primary=False,
        parts=lambda _: (Part(name="forecasts", path=f"open_meteo/{sport.name}/forecasts.json", rhythm="weather"),),
        terms="Open-Meteo, CC BY 4.0; free of charge for non-commercial use",
        cadence="every hour",
        parser="open-meteo-1",
        parse=parser(sport),
        known_at=KNOWN_AT,
        named=False,
        probe=Part(name="probe", path=f"open_meteo/{sport.name}/probe.json", url=_plain(latitude, longitude)),
    )


# Asked to see whether the layout is as we know it: Lambeau Field and Wrigley Field.
OPEN_METEO_NFL = _source(NFL, 44.5013, -88.0622)
OPEN_METEO_MLB = _source(MLB, 41.9484, -87.6553)
