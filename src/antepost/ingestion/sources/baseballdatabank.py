"""The baseball databank (Lahman's): who everybody is, and the names of teams and grounds under Retrosheet's keys.

Its other tables, and all else in that of teams, are totals of whole seasons, which say nothing that the game logs do
not say game by game.
Source: https://github.com/chadwickbureau/baseballdatabank
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import number
from antepost.ingestion.naming import NAMED, names_claimed
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.sports.mlb import MLB

_ALWAYS = "the day after the birth; without a birth, and for grounds, 1871 (assumed)"
_CENTIMETRES = 2.54

PEOPLE = ("retroID", "nameFirst", "nameLast", "birthCountry", "birthYear", "birthMonth", "birthDay", "height", "throws")
PARKS = ("park.key", "park.name")
TEAMS = ("yearID", "teamIDretro", "name")


def parse(data: bytes, part: Part) -> Parsed:
    """Return people, teams' names or grounds, whichever the file holds.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    return {"People": _people, "Teams": _teams, "Parks": _parks}[part.name](data, part)


def _founded() -> pl.Expr:
    return pl.datetime(1871, 1, 1, time_unit="us", time_zone="UTC")


def _people(data: bytes, part: Part) -> Parsed:
    sheet = read_sheet(data, PEOPLE, f"the databank's {part.name}").select(PEOPLE)
    known, nobody = split(sheet, {"nobody who is in a game log: no Retrosheet id": pl.col("retroID").is_null()})
    birth = [pl.col(name).cast(pl.Int32, strict=False) for name in ("birthYear", "birthMonth", "birthDay")]
    rows = known.with_columns(
        pl.lit("mlb").alias("league"),
        pl.lit("none").alias("event_precision"),
        pl.lit(None, pl.Int32).alias("season"),
        pl.when(pl.all_horizontal(number.is_not_null() for number in birth)).then(pl.date(*birth)).alias("born"),
        pl.col("retroID").alias("entity"),
        pl.lit("player").alias("kind"),
        pl.concat_str("nameFirst", "nameLast", separator=" ", ignore_nulls=True).alias("name"),
        pl.col("birthCountry").alias("country"),
        pl.col("throws").alias("hand"),
        (number("height") * _CENTIMETRES).round().cast(pl.Int32).alias("height"),
    ).with_columns(
        pl.coalesce(pl.col("born").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"), _founded()).alias("event_at")
    )
    entities = claim(rows, "entities", MLB.name, pl.col("event_at") + stamps.DAY)
    return Parsed(tables={"entities": entities}, refused=refuse(nobody), games=sheet.height)


def _teams(data: bytes, part: Part) -> Parsed:
    """Return what today's teams were called from year to year."""
    sheet = read_sheet(data, TEAMS, f"the databank's {part.name}").select(TEAMS)
    typed = sheet.with_columns(
        pl.lit("mlb").alias("league"),
        pl.col("yearID").cast(pl.Int32, strict=False).alias("season"),
        pl.col("teamIDretro").replace(MLB.relocated).alias("entity"),
    )
    sane, faulty = split(typed, {"a year, team or name is missing": pl.any_horizontal(pl.col(TEAMS).is_null())})
    ours = sane.filter(pl.col("entity").is_in(MLB.teams))
    refused = refuse(faulty.select(*TEAMS, "reason"))
    return Parsed(tables={"names": names_claimed(ours, MLB)}, refused=refused, games=sheet.height)


def _parks(data: bytes, part: Part) -> Parsed:
    sheet = read_sheet(data, PARKS, f"the databank's {part.name}").select(PARKS)
    known, nowhere = split(sheet, {"a ground without a key": pl.col("park.key").is_null()})
    rows = known.with_columns(
        pl.lit("mlb").alias("league"),
        pl.lit(None, pl.Int32).alias("season"),
        _founded().alias("event_at"),
        pl.lit("none").alias("event_precision"),
        pl.col("park.key").alias("venue"),
        pl.col("park.name").alias("name"),
    )
    places = claim(rows, "places", MLB.name, pl.col("event_at") + stamps.DAY)
    return Parsed(tables={"places": places}, refused=refuse(nowhere), games=sheet.height)


def _parts(_: int) -> tuple[Part, ...]:
    folder = "mlb/chadwickbureau/baseballdatabank/core"
    return tuple(Part(name=name, path=f"{folder}/{name}.csv") for name in ("Parks", "People", "Teams"))


KNOWN_AT: Mapping[str, str] = {**dict.fromkeys((*PEOPLE, *PARKS), _ALWAYS), **dict.fromkeys(TEAMS, NAMED)}

BASEBALLDATABANK = Source(
    name="baseballdatabank",
    sport=MLB.name,
    tier="C",
    primary=False,
    parts=_parts,
    terms="CC BY-SA 3.0, Chadwick Baseball Bureau",
    cadence="yearly; to be had from a mirror",
    parser="baseballdatabank-2",
    parse=parse,
    known_at=KNOWN_AT,
)
