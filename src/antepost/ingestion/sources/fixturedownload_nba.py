"""fixturedownload.com: the NBA's season as it was planned, each game to the minute in UTC.

Starts are those planned before the season: a game that was moved within its day keeps the planned clock, one that was
moved to another day joins none (its planned start would lie before it was played), and games that hang on the cup are
missing. Scores are not read.

Source: https://fixturedownload.com
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, joined
from antepost.sports.nba import NBA

FIRST_SEASON = 2023

_PLANNED = "start - 24 h (assumed: planned before the season, joined to fixtures that are listed earlier)"
KNOWN_AT: Mapping[str, str] = dict.fromkeys(("Match Number", "Date", "Home Team", "Away Team"), _PLANNED)


def parse(data: bytes, part: Part) -> Parsed:
    """Return a season's fixtures with their planned starts.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(_ended(data), tuple(KNOWN_AT), f"fixturedownload's {part.name}").select(tuple(KNOWN_AT))
    moment = pl.col("Date").str.to_datetime("%d/%m/%Y %H:%M", strict=False, time_unit="us")
    typed = sheet.with_columns(moment.dt.replace_time_zone("UTC").alias("start"))
    faults = {
        "Date is no moment": pl.col("start").is_null(),
        "a side is missing": pl.any_horizontal(pl.col("Home Team", "Away Team").is_null()),
    }
    sane, faulty = split(typed, faults)
    games = sane.with_columns(
        pl.lit("nba").alias("league"),
        pl.lit(part.season, pl.Int32).alias("season"),
        pl.concat_str(pl.lit(part.name), "Match Number", separator="|").alias("fixture"),
        *stamps.at_moment(pl.col("start")),
        pl.col("Home Team").alias("home"),
        pl.col("Away Team").alias("away"),
        pl.lit(0).alias("sequence"),
    )
    fixtures = joined(games, NBA.name)
    refused = refuse(faulty.select(*sheet.columns, "reason"))
    return Parsed(tables={"fixtures": fixtures}, refused=refused, games=sheet.height)


def _ended(data: bytes) -> bytes:
    """Return ``data`` with the line break that some files lack after a last line that has all its fields."""
    first, last = data.split(b"\n", 1)[0], data.rsplit(b"\n", 1)[-1]
    return data + b"\n" if last and last.count(b",") == first.count(b",") else data


def _parts(year: int) -> tuple[Part, ...]:
    return tuple(
        Part(
            name=f"planned-{season}",
            path=f"nba/fixturedownload/nba-{season}-UTC.csv",
            url=f"https://fixturedownload.com/download/nba-{season}-UTC.csv",
            season=season,
        )
        for season in range(FIRST_SEASON, year + 1)
    )


FIXTUREDOWNLOAD_NBA = Source(
    name="fixturedownload_nba",
    sport=NBA.name,
    tier="C",
    primary=False,
    parts=_parts,
    terms="free to download; the copy has no licence file",
    cadence="once before a season",
    days_off=0,
    parser="fixturedownload-1",
    parse=parse,
    known_at=KNOWN_AT,
)
