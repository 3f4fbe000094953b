"""Two lists of the grounds of the major leagues: elevation and surface in 2022; roof and surface in 2020.

What is built to last (elevation, roof) is dated by the opening, a surface by the year in which the list was made.
Source: https://github.com/EthanRubenstein/mlb_home_advantage, https://github.com/jaymztheking/Baseball_Stats
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

import polars as pl

from antepost.errors import DataError
from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, single
from antepost.sports.mlb import MLB

_BUILT = "the day after the opening (assumed)"
_STATE = "the first day of the list's year (bounded: by then it was laid)"
_METRES = 0.3048
_STADIUM_YEAR, _PARK_YEAR = 2022, 2020

STADIUM_COLUMNS = ("Name", "Opened", "Elevation", "Surface", "Code")
PARK_COLUMNS = ("park_name", "park_open_date", "turf_type", "roof_type")

_CODES = {
    "Chase Field": "PHO01", "SunTrust Park": "ATL03", "Oriole Park at Camden Yards": "BAL12", "Fenway Park": "BOS07",
    "Wrigley Field": "CHI11", "Guaranteed Rate Field": "CHI12", "Great American Ball Park": "CIN09",
    "Progressive Field": "CLE08", "Coors Field": "DEN02", "Comerica Park": "DET05", "Minute Maid Park": "HOU03",
    "Kauffman Stadium": "KAN06", "Angel Stadium": "ANA01", "Dodger Stadium": "LOS03", "Marlins Park": "MIA02",
    "Miller Park": "MIL06", "Target Field": "MIN04", "Citi Field": "NYC20", "New Yankee Stadium": "NYC21",
    "Oakland\u2013Alameda County Coliseum": "OAK01", "Citizens Bank Park": "PHI13", "PNC Park": "PIT08",
    "Petco Park": "SAN02", "AT&T Park": "SFO03", "Safeco Field": "SEA03", "Busch Stadium III": "STL10",
    "Tropicana Field": "STP01", "Globe Life Park in Arlington": "ARL02", "Rogers Centre": "TOR02",
    "Nationals Park": "WAS11",
}  # fmt: skip
"""The grounds of the list of 2020, by the names they had then, under Retrosheet's keys."""

_CENTURY_OLD = ("BOS07", "CHI11")
"""Grounds that the list of 2020 has as opened in 2012 and 2014: its years lost their century."""


def parse_stadiums(data: bytes, part: Part) -> Parsed:
    """Return the grounds of the list of 2022, which is separated by tabs and ends without a line break.

    Raises:
        DataError: the list is cut off or a column is missing.
    """
    name = f"the list of grounds {part.name}"
    sheet = read_sheet(_unquoted(data, name), STADIUM_COLUMNS, name).select(STADIUM_COLUMNS)
    typed = sheet.with_columns(
        day_of("Opened", "%m/%d/%Y").alias("opened"),
        (pl.col("Elevation").str.replace_all(r"[',]", "").cast(pl.Float64, strict=False) * _METRES)
        .round(1)
        .alias("altitude"),
        pl.col("Code").alias("venue"),
        pl.col("Name").alias("name"),
        pl.when(pl.col("Surface").str.contains("(?i)turf")).then(pl.lit("artificial")).otherwise(pl.lit("grass"))
        .alias("laid"),
    )  # fmt: skip
    faults = {"no elevation": pl.col("altitude").is_null(), "no day of opening": pl.col("opened").is_null()}
    sane, faulty = split(typed, faults)
    built = sane.with_columns(_midnight("opened").alias("event_at"), pl.lit("day").alias("event_precision"))
    return _parsed(built, _laid(sane, _STADIUM_YEAR), faulty.select(*STADIUM_COLUMNS, "reason"), sheet.height)


def parse_parks(data: bytes, part: Part) -> Parsed:
    """Return the grounds of the list of 2020.

    Raises:
        DataError: the list is cut off or a column is missing.
    """
    sheet = read_sheet(data, PARK_COLUMNS, f"the list of grounds {part.name}").select(PARK_COLUMNS)
    venue = pl.col("park_name").replace_strict(_CODES, default=None, return_dtype=pl.String)
    year = day_of("park_open_date").dt.year()
    lost = (year > _PARK_YEAR) | venue.is_in(_CENTURY_OLD)
    typed = sheet.with_columns(
        venue.alias("venue"),
        pl.col("park_name").alias("name"),
        pl.date(pl.when(lost).then(year - 100).otherwise(year), 1, 1).alias("opened"),
        pl.col("roof_type").str.to_lowercase().alias("roof"),
        pl.when(pl.col("turf_type") == "Grass").then(pl.lit("grass")).otherwise(pl.lit("artificial")).alias("laid"),
    )
    faults = {"a ground without a Retrosheet key": venue.is_null(), "no day of opening": pl.col("opened").is_null()}
    sane, faulty = split(typed, faults)
    # Dated by the year: the other list has the day, and a row of its own.
    built = sane.with_columns(_midnight("opened").alias("event_at"), pl.lit("none").alias("event_precision"))
    return _parsed(built, _laid(sane, _PARK_YEAR), faulty.select(*PARK_COLUMNS, "reason"), sheet.height)


def _unquoted(data: bytes, name: str) -> bytes:
    lines = [line.split("\t") for line in data.decode("utf-8", errors="replace").splitlines()]
    if not lines or not re.fullmatch(r"[A-Z]{3}\d\d", lines[-1][-1].strip()):
        raise DataError(f"{name} is cut off: its last line has no key of a ground; fetch it again", name=name)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue().encode()


def _midnight(day: str) -> pl.Expr:
    return pl.col(day).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def _laid(rows: pl.DataFrame, year: int) -> pl.DataFrame:
    return rows.select(
        "venue",
        pl.col("laid").alias("surface"),
        pl.datetime(year, 1, 1, time_unit="us", time_zone="UTC").alias("event_at"),
        pl.lit("none").alias("event_precision"),
    )


def _parsed(built: pl.DataFrame, laid: pl.DataFrame, faulty: pl.DataFrame, games: int) -> Parsed:
    about = (pl.lit("mlb").alias("league"), pl.lit(None, pl.Int32).alias("season"))
    known_at = pl.col("event_at") + stamps.DAY
    places = pl.concat([
        claim(built.with_columns(about), "places", MLB.name, known_at),
        claim(laid.with_columns(about), "places", MLB.name, known_at, "bounded"),
    ])  # fmt: skip
    return Parsed(tables={"places": places}, refused=refuse(faulty), games=games)


_STADIUM_KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("Name", "Opened", "Elevation", "Code"), _BUILT),
    "Surface": _STATE,
}
_PARK_KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("park_name", "park_open_date", "roof_type"), _BUILT),
    "turf_type": _STATE,
}

MLB_STADIUMS = Source(
    name="mlb_stadiums",
    sport=MLB.name,
    tier="C",
    primary=False,
    parts=single("stadiumdata", "mlb/venues/EthanRubenstein/stadiumdata.txt"),
    terms="a public repository without a licence file: for research and tests, not to be passed on",
    cadence="never: the state of 2022, to be had from a mirror",
    parser="mlb-stadiums-1",
    parse=parse_stadiums,
    known_at=_STADIUM_KNOWN_AT,
)
MLB_PARKS = Source(
    name="mlb_parks",
    sport=MLB.name,
    tier="C",
    primary=False,
    parts=single("park", "mlb/venues/jaymztheking/park.csv"),
    terms="a public repository without a licence file: for research and tests, not to be passed on",
    cadence="never: the state of 2020, to be had from a mirror",
    parser="mlb-parks-1",
    parse=parse_parks,
    known_at=_PARK_KNOWN_AT,
)
