"""The grounds of football clubs with their coordinates, of about 2013, in the FootballData collection of jokecamp.

Matches name no ground, so a ground goes by the id of the club whose home it is. The rows of Scotland, a league that is
not ours, are not read.

Source: https://github.com/jokecamp/FootballData
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import number
from antepost.ingestion.identity import slug
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, single
from antepost.sports.soccer import SOCCER

SURVEYED = datetime(2013, 8, 1, tzinfo=UTC)
_ABOUT = "2013-08-02: the list has no date, and names the clubs and grounds of that summer (assumed)"
KNOWN_AT: Mapping[str, str] = dict.fromkeys(("FDCOUK", "Stadium", "Latitude", "Longitude", "Country"), _ABOUT)

_LEAGUES = {"England": "E0", "Germany": "D1", "France": "F1", "Spain": "SP1"}
_ZONES = {"England": "Europe/London", "Germany": "Europe/Berlin", "France": "Europe/Paris", "Spain": "Europe/Madrid"}
# The one club that football-data.co.uk calls otherwise on its pages than in its files.
_CLUBS = {"fortuna-dusseldorf": "dusseldorf"}


def parse(data: bytes, _: Part) -> Parsed:
    """Return the grounds, ``places``.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), "jokecamp's stadiums", ragged=True).select(tuple(KNOWN_AT))
    rows = sheet.filter(pl.col("Country").is_in(list(_LEAGUES)) | pl.col("Country").is_null())
    typed = rows.with_columns(number(name).alias(name.lower()) for name in ("Latitude", "Longitude"))
    sane, faulty = split(
        typed,
        {
            "no country": pl.col("Country").is_null(),
            "no club": pl.col("FDCOUK").is_null(),
            "no coordinates": pl.any_horizontal(pl.col("latitude", "longitude").is_null()),
        },
    )
    grounds = sane.with_columns(
        pl.col("Country").replace_strict(_LEAGUES, return_dtype=pl.String).alias("league"),
        pl.lit(None, pl.Int32).alias("season"),
        pl.lit(SURVEYED).dt.cast_time_unit("us").alias("event_at"),
        pl.lit("none").alias("event_precision"),
        pl.col("FDCOUK").map_elements(slug, return_dtype=pl.String).replace(_CLUBS).alias("venue"),
        pl.col("Stadium").alias("name"),
        pl.col("Country").replace_strict(_ZONES, return_dtype=pl.String).alias("timezone"),
    )
    places = claim(grounds, "places", SOCCER.name, pl.col("event_at") + stamps.DAY)
    return Parsed(tables={"places": places}, refused=refuse(faulty.select(*rows.columns, "reason")), games=rows.height)


JOKECAMP = Source(
    name="jokecamp",
    sport=SOCCER.name,
    tier="C",
    primary=False,
    parts=single(
        "stadiums",
        "soccer/jokecamp/stadiums-with-GPS-coordinates.csv",
        "https://raw.githubusercontent.com/jokecamp/FootballData/HEAD/other/stadiums-with-GPS-coordinates.csv",
    ),
    terms="MIT, jokecamp",
    cadence="never",
    parser="jokecamp-1",
    parse=parse,
    known_at=KNOWN_AT,
)
