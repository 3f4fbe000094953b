"""OpenDota's list of the newest professional matches: who met whom, where, and who won.

It tells of a hundred matches, so that one that is missing was not taken off. Through it matches that were watched live
become fixtures, and their recordings find them. A match without both teams' ids is none of ours.

Source: https://docs.opendota.com
"""

from __future__ import annotations

import polars as pl
import pydantic

from antepost.ingestion.answers import read_answer
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import refuse
from antepost.ingestion.source import Parsed, Part, Source, single
from antepost.ingestion.sources.opendota_shared import (
    DRAFTED,
    ENDED,
    LISTED,
    SERIES,
    arranged,
    faults,
    fixtures_of,
    names_of_teams,
    over_known,
    results_of,
    roles_of,
)
from antepost.sports.dota2 import DOTA2


class _Match(pydantic.BaseModel):
    match_id: int
    start_time: int
    duration: int
    radiant_team_id: int | None
    dire_team_id: int | None
    radiant_name: str | None
    dire_name: str | None
    leagueid: int
    league_name: str | None
    series_id: int | None
    series_type: int | None
    radiant_win: bool | None


_MATCHES = pydantic.TypeAdapter(list[_Match])
_SCHEMA = {
    name: pl.Boolean() if name == "radiant_win" else pl.String() if name.endswith("_name") else pl.Int64()
    for name in _Match.model_fields
}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the matches of a list.

    Raises:
        DataError: it is cut off, or laid out otherwise.
    """
    matches = read_answer(data, _MATCHES, f"OpenDota's {part.name}")
    read = pl.DataFrame([match.model_dump() for match in matches], schema=_SCHEMA)
    begun = pl.from_epoch("start_time", time_unit="s").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    typed = read.with_columns(
        begun.alias("start"),
        (begun + pl.duration(seconds="duration")).alias("ended"),
        pl.lit("second").alias("event_precision"),
        pl.col("radiant_team_id").cast(pl.String).alias("radiant"),
        pl.col("dire_team_id").cast(pl.String).alias("dire"),
        pl.col("radiant_win").alias("radiant_won"),
        pl.col("series_type").replace_strict(SERIES, default=None, return_dtype=pl.String).alias("stage"),
        pl.col("leagueid").cast(pl.String).alias("venue"),
        pl.col("league_name").alias("venue_name"),
    )
    told = {"no duration": ~(pl.col("duration") > 0), "the same match again": ~pl.col("match_id").is_first_distinct()}
    sane, faulty = split(typed, {**faults(), **told})
    games = arranged(sane)
    tables = {
        "fixtures": fixtures_of(games),
        "results": results_of(games, over_known(), "bounded"),
        "rosters": roles_of(games),
        "entities": names_of_teams(games),
    }
    return Parsed(tables=tables, refused=refuse(faulty.select(*_SCHEMA, "reason")), games=read.height)


OPENDOTA_NEWEST = Source(
    name="opendota_newest",
    sport=DOTA2.name,
    tier="B",
    primary=True,
    window=True,
    parts=single(
        "proMatches", "dota2/api_samples/odota_web/proMatches_.json", "https://api.opendota.com/api/proMatches"
    ),
    terms="open to all within the limits of calls that its documentation states",
    cadence="within minutes of a match's end",
    parser="opendota-newest-1",
    parse=parse,
    known_at={
        **dict.fromkeys(_SCHEMA, LISTED),
        **dict.fromkeys(("radiant_win", "duration"), ENDED),
        **dict.fromkeys(("radiant_team_id", "dire_team_id"), f"as fixtures: {LISTED}; who is Radiant: {DRAFTED}"),
    },
    named=False,
)
