"""nflverse's injury reports: the last state of what a team said of a player before a game, with its moment.

Source: https://github.com/nflverse/nflverse-data/releases/tag/injuries
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import refuse
from antepost.ingestion.source import Parsed, Part, claim
from antepost.ingestion.sources.nflverse_weeks import (
    FAULTS,
    NIGHTLY,
    fixtures,
    placed,
    read,
    released,
    typed,
    weekly,
)  # fmt: skip
from antepost.sports.nfl import NFL

FIRST_SEASON = 2009

_REPORTED = "date_modified, the last change of the row (recorded); changes after the start are refused"
_INJURIES = (
    ("report_primary_injury", "practice_primary_injury"),
    ("report_secondary_injury", "practice_secondary_injury"),
)
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("season", "week", "team"), stamps.JOINED),
    **dict.fromkeys(("gsis_id", "full_name", "report_status", "practice_status", "date_modified"), _REPORTED),
    **dict.fromkeys((name for pair in _INJURIES for name in pair), _REPORTED),
}
_TEXTS = tuple(name for name in KNOWN_AT if name not in {"season", "week"})


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one season's reports, a row a player and week.

    ``status`` is what was said of the game (Out, Doubtful, Questionable), or of the last practice where nothing was.
    ``detail`` is what hurts, then the practice.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read(data, _TEXTS, ("season", "week"), f"nflverse's {part.name}")
    moment = pl.col("date_modified").str.to_datetime("%Y-%m-%d %H:%M:%S%.f%:z", time_unit="us", strict=False)
    told = typed(sheet, "team").with_columns(moment.dt.convert_time_zone("UTC").alias("reported"))
    sane, faulty = split(
        told,
        {**FAULTS, "no player": pl.col("gsis_id").is_null(), "no moment of the report": pl.col("reported").is_null()},
    )
    one, other = (pl.coalesce(pair) for pair in _INJURIES)
    hurts = pl.coalesce(pl.concat_str(one, other, separator=", "), one, other)
    rows = placed(sane).with_columns(
        pl.col("gsis_id").alias("player"),
        pl.col("full_name").alias("name"),
        pl.coalesce("report_status", "practice_status").alias("status"),
        pl.coalesce(pl.concat_str(hurts, "practice_status", separator="; "), hurts, "practice_status").alias("detail"),
    )
    tables = {
        "fixtures": fixtures(rows),
        "injuries": claim(rows, "injuries", NFL.name, pl.col("reported"), "recorded"),
    }
    return Parsed(tables=tables, refused=refuse(faulty), games=sheet.height)


def _parts(year: int) -> tuple[Part, ...]:
    return tuple(
        released("injuries", f"injuries_{season}", season, name=f"injuries-{season}")
        for season in range(FIRST_SEASON, year + 1)
    )


NFLVERSE_INJURIES = weekly("nflverse_injuries", _parts, parse, KNOWN_AT, "nflverse-injuries-2", NIGHTLY)
