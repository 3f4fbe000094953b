"""Professional team matches of Dota 2 from 2017 to 2019, out of OpenDota: sides, drafts, winners.

Source: https://docs.opendota.com
"""

from __future__ import annotations

import polars as pl

from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, nothing_refused
from antepost.ingestion.sources.opendota_shared import (
    DRAFTED,
    ENDED,
    LISTED,
    TEAMS_SINCE,
    arranged,
    as_rosters,
    by_side,
    faults,
    fixtures_of,
    over_known,
    results_of,
    roles_of,
)
from antepost.sports.dota2 import DOTA2

_FOLDER = "dota2/pro_2017_2019_teams"
_PICKS = tuple(f"{side}_pick_{number}" for side in ("radiant", "dire") for number in range(1, 6))
_MATCHES = (
    "match_id", "start_time", "radiant_team_id", "dire_team_id", "winner", "duration", "first_pick_team", *_PICKS,
)  # fmt: skip
_TEAMS = ("team_id", "name")
_WINNERS = {"Radiant": True, "Dire": False}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of the matches, or of the teams' names.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    return _names(data) if part.name == "teams" else _matches(data)


def _matches(data: bytes) -> Parsed:
    sheet = read_sheet(data, _MATCHES, "OpenDota's team matches").select(_MATCHES)
    seconds = pl.col("start_time").cast(pl.Int64, strict=False)
    typed = sheet.with_columns(
        pl.from_epoch(seconds, time_unit="s").cast(pl.Datetime("us")).dt.replace_time_zone("UTC").alias("start"),
        pl.col("duration").cast(pl.Int64, strict=False).alias("seconds"),
        pl.col("radiant_team_id").cast(pl.Int64, strict=False).cast(pl.String).alias("radiant"),
        pl.col("dire_team_id").cast(pl.Int64, strict=False).cast(pl.String).alias("dire"),
        pl.col("winner").replace_strict(_WINNERS, default=None, return_dtype=pl.Boolean).alias("radiant_won"),
        pl.lit("second").alias("event_precision"),
    )
    sane, faulty = split(
        typed,
        {
            **faults(),
            "start_time is no moment": pl.col("start").is_null(),
            "duration is no number of seconds": ~(pl.col("seconds") > 0).fill_null(value=False),
            "winner is neither Radiant nor Dire": pl.col("radiant_won").is_null(),
        },
    )
    ended = pl.col("start") + pl.duration(seconds=pl.col("seconds"))
    games = arranged(sane.drop("radiant_team_id", "dire_team_id").with_columns(ended.alias("ended")))
    tables = {
        "fixtures": fixtures_of(games),
        "results": results_of(games, over_known(), "bounded"),
        "rosters": pl.concat([roles_of(games), _picks(games)]),
        "team_stats": claim(by_side(games), "team_stats", DOTA2.name, over_known(), "bounded"),
    }
    return Parsed(tables=tables, refused=refuse(faulty.select(*sheet.columns, "reason")), games=sheet.height)


def _picks(games: pl.DataFrame) -> pl.DataFrame:
    told = [
        games.with_columns(
            pl.lit(pick).alias("role"), pl.col(pick.partition("_")[0]).alias("team"), pl.col(pick).alias("player")
        )
        for pick in _PICKS
    ]
    radiant_first = pl.col("first_pick_team") == "Radiant"
    first = games.with_columns(
        pl.lit("first_pick").alias("role"),
        pl.when(radiant_first).then("radiant").otherwise("dire").alias("team"),
        pl.lit(None, pl.String).alias("player"),
    )
    return as_rosters(pl.concat([*told, first]))


def _names(data: bytes) -> Parsed:
    sheet = read_sheet(data, _TEAMS, "OpenDota's teams").select(_TEAMS)
    rows = sheet.filter(pl.all_horizontal(pl.col(_TEAMS).is_not_null())).with_columns(
        pl.lit("pro").alias("league"),
        pl.lit(None, pl.Int32).alias("season"),
        pl.col("team_id").alias("entity"),
        pl.lit("team").alias("kind"),
        pl.lit(TEAMS_SINCE).alias("event_at"),
        pl.lit("none").alias("event_precision"),
    )
    entities = claim(rows, "entities", DOTA2.name, pl.col("event_at"))
    return Parsed(tables={"entities": entities}, refused=nothing_refused(), games=sheet.height)


OPENDOTA_TEAM_MATCHES = Source(
    name="opendota_team_matches",
    sport=DOTA2.name,
    tier="C",
    primary=True,
    parts=lambda _: (
        Part(name="teams", path=f"{_FOLDER}/teams.csv"),
        Part(name="matches", path=f"{_FOLDER}/team_matches.csv"),
    ),
    terms="a copy of OpenDota's answers by tsakurai42/dota2-win-prediction; no licence stated",
    cadence="finished: June 2017 to March 2019",
    parser="opendota-team-matches-1",
    parse=parse,
    known_at={
        **dict.fromkeys(("match_id", "start_time", "radiant_team_id", "dire_team_id"), LISTED),
        **dict.fromkeys(("winner", "duration"), ENDED),
        **dict.fromkeys(("first_pick_team", *_PICKS), DRAFTED),
        "team_id": "the year in which the archive begins (assumed)",
        "name": "the year in which the archive begins (assumed)",
    },
    named=False,
)
