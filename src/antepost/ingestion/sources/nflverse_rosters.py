"""nflverse's squads: who was active, who stood where on the depth chart, and who refereed.

A depth chart of a week says nothing of its hour; since 2025 there are daily ones with their moment.

Source: https://github.com/nflverse/nflverse-data/releases
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import whole
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import refuse
from antepost.ingestion.source import Parsed, Part, claim
from antepost.ingestion.sources.nflverse_weeks import (
    FAULTS,
    MIRRORED,
    NIGHTLY,
    fixtures,
    placed,
    read,
    released,
    typed,
    weekly,
)  # fmt: skip
from antepost.sports.nfl import NFL

FIRST_SEASON, FIRST_OFFICIALS = 2001, 2015
FIRST_DAILY = 2025

# Games begin at 09:30 Eastern time or later, so this is never before midnight.
_MORNING = timedelta(hours=9)
_LAST_REGULAR = pl.when(pl.col("season") >= 2021).then(18).otherwise(17)
_OFFICIALS = {
    "R": "referee", "U": "umpire", "DJ": "down_judge", "HL": "head_linesman", "LJ": "line_judge", "FJ": "field_judge",
    "SJ": "side_judge", "BJ": "back_judge",
}  # fmt: skip

_ANNOUNCED = "scheduled start - 90 min (assumed)"
_GAME_DAY = "scheduled start - 9 h, the morning of the game (assumed: the file tells the week only)"
_DAILY = "dt, the moment of the snapshot (recorded)"
_WEEK = ("season", "week")
_SQUAD = ("team", "player_id", "player_name", "status")
_WEEKLY = ("club_code", "game_type", "gsis_id", "full_name", "depth_position", "depth_team")
_SNAPSHOT = ("dt", "team", "gsis_id", "espn_id", "player_name", "pos_abb")
_SLOT = ("pos_slot", "pos_rank")
_CREW = ("game_id", "off_pos", "name")
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("season", "week", "team", "club_code", "game_type", "game_id"), stamps.JOINED),
    **dict.fromkeys(("player_id", "player_name", "status", "off_pos", "name"), _ANNOUNCED),
    **dict.fromkeys(("gsis_id", "full_name", "depth_position", "depth_team"), _GAME_DAY),
    **dict.fromkeys(("dt", "espn_id", "pos_abb", "pos_slot", "pos_rank"), _DAILY),
}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one file, which its name tells.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    where = f"nflverse's {part.name}"
    if part.name.startswith("roster_weekly"):
        return _squads(read(data, _SQUAD, _WEEK, where))
    if part.name.startswith("officials"):
        return _crews(read(data, _CREW, (), where))
    if part.name.startswith("depth_charts_daily"):
        return _daily(read(data, _SNAPSHOT, _SLOT, where))
    return _weekly(read(data, _WEEKLY, _WEEK, where))


def _squads(sheet: pl.DataFrame) -> Parsed:
    sane, faulty = split(typed(sheet, "team"), {**FAULTS, "no player": pl.col("player_id").is_null()})
    rows = placed(sane).with_columns(
        pl.format("squad:{}", "player_id").alias("role"),
        pl.col("player_id").alias("player"),
        pl.col("player_name").alias("name"),
    )
    tables = {"fixtures": fixtures(rows), "rosters": claim(rows, "rosters", NFL.name, stamps.announced())}
    return Parsed(tables=tables, refused=refuse(faulty), games=sheet.height)


def _weekly(sheet: pl.DataFrame) -> Parsed:
    rank = whole("depth_team").alias("rank")
    twice = ("season", "week", "team", "game_type", "depth_position", "gsis_id")
    sane, faulty = split(
        typed(sheet, "club_code").with_columns(rank),
        {
            "the free week before the Super Bowl": pl.col("game_type") == "SBBYE",
            "a regular week in which nobody plays": (pl.col("game_type") == "REG") & (pl.col("week") > _LAST_REGULAR),
            **FAULTS,
            "no player": pl.col("gsis_id").is_null(),
            "no position": pl.col("depth_position").is_null(),
            "no rank": pl.col("rank").is_null(),
            "the same player lower at the same position": pl.col("rank") > pl.col("rank").min().over(twice),
        },
    )
    rows = placed(sane).with_columns(
        pl.format("depth:{}:{}", "depth_position", "gsis_id").alias("role"),
        pl.col("gsis_id").alias("player"),
        pl.col("full_name").alias("name"),
        pl.col("depth_team").alias("status"),
    )
    tables = {"fixtures": fixtures(rows), "rosters": claim(rows, "rosters", NFL.name, pl.col("start") - _MORNING)}
    return Parsed(tables=tables, refused=refuse(faulty), games=sheet.height)


def _daily(sheet: pl.DataFrame) -> Parsed:
    moment = pl.col("dt").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us", time_zone="UTC", strict=False)
    told = sheet.with_columns(
        moment.alias("event_at"),
        pl.col("team").replace(dict(NFL.relocated)).alias("team"),
        pl.coalesce("gsis_id", pl.format("espn-{}", "espn_id")).alias("player"),
        whole("pos_slot").alias("slot"),
        whole("pos_rank").alias("rank"),
    )
    sane, faulty = split(
        told,
        {
            "dt is no moment": pl.col("event_at").is_null(),
            "no team": pl.col("team").is_null(),
            "no player": pl.col("player").is_null(),
            "no position": pl.col("pos_abb").is_null() | pl.col("slot").is_null(),
            "no rank": pl.col("rank").is_null(),
        },
    )
    year, month = pl.col("event_at").dt.year(), pl.col("event_at").dt.month()
    rows = sane.with_columns(
        pl.lit(NFL.name).alias("league"),
        # The league's year begins in the middle of March: a chart of spring is the coming season's.
        pl.when(month >= 3).then(year).otherwise(year - 1).alias("season"),
        pl.lit("second").alias("event_precision"),
        pl.format("depth:{}:{}:{}:{}:{}", "team", "pos_abb", "slot", "player", "dt").alias("role"),
        pl.col("player_name").alias("name"),
        pl.col("rank").cast(pl.String).alias("status"),
    )
    tables = {"rosters": claim(rows, "rosters", NFL.name, pl.col("event_at"), "recorded")}
    return Parsed(tables=tables, refused=refuse(faulty), games=sheet.height)


def _crews(sheet: pl.DataFrame) -> Parsed:
    told = pl.col("game_id").str.extract_groups(
        r"^(?<season>\d{4})_(?<week>\d{2})_(?<away_team>\w+)_(?<home_team>\w+)$"
    )
    keyed = sheet.with_columns(told.alias("told")).unnest("told")
    role = pl.col("off_pos").replace_strict(_OFFICIALS, default=None, return_dtype=pl.String)
    sane, faulty = split(
        typed(keyed, "home_team", "away_team").with_columns(role.alias("role")),
        {**FAULTS, "an unknown place in the crew": pl.col("role").is_null(), "no name": pl.col("name").is_null()},
    )
    rows = placed(sane)
    tables = {"fixtures": fixtures(rows), "officials": claim(rows, "officials", NFL.name, stamps.announced())}
    return Parsed(tables=tables, refused=refuse(faulty), games=sheet.height)


def _parts(year: int) -> tuple[Part, ...]:
    seasons = range(FIRST_SEASON, year + 1)
    squads = [
        released("weekly_rosters", f"roster_weekly_{season}", season, name=f"roster_weekly-{season}")
        for season in seasons
    ]
    charts = [
        released("depth_charts", f"depth_charts_{season}", season, name=f"{_chart(season)}-{season}")
        for season in seasons
    ]
    snapshots = Part(
        name="depth_charts_daily-three_snapshots",
        path=f"{MIRRORED}/depth_charts/depth_charts_2026_three_snapshots.parquet",
    )
    return (*squads, *charts, snapshots, released("officials", "officials"))


def _chart(season: int) -> str:
    return "depth_charts_daily" if season >= FIRST_DAILY else "depth_charts"


NFLVERSE_ROSTERS = weekly("nflverse_rosters", _parts, parse, KNOWN_AT, "nflverse-rosters-1", NIGHTLY)
