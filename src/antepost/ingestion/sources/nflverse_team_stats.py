"""nflverse's weekly team statistics: what each side did in a game, with expected points added.

Source: https://github.com/nflverse/nflverse-data/releases/tag/stats_team
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import number, whole
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, claim
from antepost.ingestion.sources.nflverse_weeks import (
    ENDED,
    FAULTS,
    fixtures,
    placed,
    released,
    typed,
    weekly,
)  # fmt: skip
from antepost.sports.nfl import NFL

FIRST_SEASON = 1999

_COUNTS = {
    "completions": "completions", "pass_attempts": "attempts", "passing_yards": "passing_yards",
    "passing_touchdowns": "passing_tds", "interceptions_thrown": "passing_interceptions",
    "sacks_suffered": "sacks_suffered", "passing_air_yards": "passing_air_yards",
    "passing_first_downs": "passing_first_downs", "carries": "carries", "rushing_yards": "rushing_yards",
    "rushing_touchdowns": "rushing_tds", "rushing_first_downs": "rushing_first_downs",
    "receiving_yards_after_catch": "receiving_yards_after_catch", "special_teams_touchdowns": "special_teams_tds",
    "tackles_for_loss": "def_tackles_for_loss", "fumbles_forced": "def_fumbles_forced", "sacks": "def_sacks",
    "quarterback_hits": "def_qb_hits", "interceptions": "def_interceptions", "passes_defended": "def_pass_defended",
    "defensive_touchdowns": "def_tds", "fumbles_recovered": "fumble_recovery_opp", "penalties": "penalties",
    "penalty_yards": "penalty_yards", "punt_return_yards": "punt_return_yards",
    "kickoff_return_yards": "kickoff_return_yards", "field_goals_made": "fg_made", "field_goals_attempted": "fg_att",
    "extra_points_made": "pat_made", "extra_points_attempted": "pat_att",
}  # fmt: skip
_VALUES = {"passing_epa": "passing_epa", "completion_over_expected": "passing_cpoe", "rushing_epa": "rushing_epa"}
_LOST = ("sack_fumbles_lost", "rushing_fumbles_lost", "receiving_fumbles_lost")
_FIGURES = (*_COUNTS.values(), *_VALUES.values(), *_LOST, "sack_yards_lost")
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("season", "week", "team", "opponent_team"), stamps.JOINED),
    **dict.fromkeys(_FIGURES, ENDED),
}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one season, two rows a game.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), f"nflverse's {part.name}").select(tuple(KNOWN_AT))
    unread = [pl.col(name).is_not_null() & number(name).is_null() for name in _FIGURES]
    sane, faulty = split(
        typed(sheet, "team", "opponent_team"),
        {
            **FAULTS,
            "no opponent": pl.col("opponent").is_null(),
            "a figure that is no number": pl.any_horizontal(unread),
        },
    )
    rows = placed(sane).with_columns(
        *(whole(name).alias(stat) for stat, name in _COUNTS.items()),
        *(number(name).alias(stat) for stat, name in _VALUES.items()),
        # This file writes lost yards below zero, that of the players above.
        whole("sack_yards_lost").abs().alias("sack_yards_lost"),
        pl.sum_horizontal((whole(name) for name in _LOST), ignore_nulls=False).alias("fumbles_lost"),
    )
    tables = {
        "fixtures": fixtures(rows),
        "team_stats": claim(rows, "team_stats", NFL.name, stamps.result_known(NFL.duration)),
    }
    return Parsed(tables=tables, refused=refuse(faulty), games=sheet.height)


def _parts(year: int) -> tuple[Part, ...]:
    return tuple(
        released("stats_team", f"stats_team_week_{season}", season, name=f"stats_team_week-{season}", kind="csv")
        for season in range(FIRST_SEASON, year + 1)
    )


NFLVERSE_TEAM_STATS = weekly("nflverse_team_stats", _parts, parse, KNOWN_AT, "nflverse-team-stats-2")
