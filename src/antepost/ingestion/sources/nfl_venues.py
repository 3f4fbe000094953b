"""Where NFL games are played since 1999, by nflverse's ids of grounds: coordinates, altitude, time zone.

All American grounds lie west of Greenwich; where the file lost the sign of a longitude (San Diego) it is put back.
Surface and roof are left out: the file has today's, and calls a roof that opens no roof. The games file has them.

Source: https://github.com/greerreNFL/Stadiums
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, number
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, single
from antepost.sports.nfl import NFL

_BUILT = "first game - 30 d (assumed: a ground is public before the first fixture list that names it)"
_NUMBERS = {"latitude": "lat", "longitude": "lon", "altitude": "altitude"}
# Towns that are no zone of the IANA's.
_ZONES = {"Europe/Frankfurt": "Europe/Berlin", "Europe/Munich": "Europe/Berlin"}
KNOWN_AT: Mapping[str, str] = dict.fromkeys(
    ("stadium_id", "stadium_name", "first_game_date", "tz", *_NUMBERS.values()), _BUILT
)


def parse(data: bytes, _: Part) -> Parsed:
    """Return the places of the file.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), "the file of NFL grounds").select(tuple(KNOWN_AT))
    typed = sheet.with_columns(
        day_of("first_game_date").alias("day"),
        *(number(name).alias(ours) for ours, name in _NUMBERS.items()),
    )
    american = pl.col("tz").str.starts_with("America/")
    west = pl.when(american).then(-pl.col("longitude").abs()).otherwise("longitude")
    sane, faulty = split(
        typed.with_columns(west.alias("longitude")),
        {
            "no stadium_id": pl.col("stadium_id").is_null(),
            "first_game_date is no date": pl.col("day").is_null(),
            "no coordinates": pl.any_horizontal(pl.col("latitude", "longitude").is_null()),
        },
    )
    noon = stamps.start_of(pl.col("day"), pl.lit(None, pl.Time), NFL.timezone)
    year, month = pl.col("day").dt.year(), pl.col("day").dt.month()
    rows = sane.with_columns(
        pl.lit(NFL.name).alias("league"),
        noon.alias("event_at"),
        pl.lit("day").alias("event_precision"),
        pl.col("stadium_id").alias("venue"),
        pl.col("stadium_name").alias("name"),
        pl.col("tz").replace(_ZONES).alias("timezone"),
        pl.when(month >= NFL.starts_month).then(year).otherwise(year - 1).alias("season"),
    )
    places = claim(rows.drop("first_game_date"), "places", NFL.name, pl.col("event_at") - stamps.FIXTURE_LIST)
    return Parsed(
        tables={"places": places}, refused=refuse(faulty.select(*sheet.columns, "reason")), games=sheet.height
    )


NFL_VENUES = Source(
    name="nfl_venues",
    sport=NFL.name,
    tier="C",
    primary=False,
    parts=single(
        "stadiums",
        "nfl/greerreNFL/Stadiums/data/stadiums.csv",
        "https://raw.githubusercontent.com/greerreNFL/Stadiums/HEAD/data/stadiums.csv",
    ),
    terms="a public repository without a licence file: for research and tests, not to be passed on",
    cadence="when a ground is new",
    parser="nfl-venues-2",
    parse=parse,
    known_at=KNOWN_AT,
)
