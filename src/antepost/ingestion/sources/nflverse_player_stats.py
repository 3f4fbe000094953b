"""nflverse's weekly player figures: the offence's box score, snap counts, and the league's tracking (Next Gen Stats).

Each kind has a ``role`` of its own, since one player may have a row of each in one game. Snap counts name players by
Pro Football Reference's ids, the others by the league's (``00-0023459``).

Source: https://github.com/nflverse/nflverse-data/releases
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import number, whole
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import refuse
from antepost.ingestion.source import Parsed, Part, claim
from antepost.ingestion.sources.nflverse_weeks import (
    ENDED,
    FAULTS,
    fixtures,
    placed,
    read,
    released,
    typed,
    weekly,
)  # fmt: skip
from antepost.sports.nfl import NFL

FIRST_SEASON, FIRST_SNAPS = 1999, 2012

_TRACKED = ("season", "week", "team_abbr", "player_gsis_id", "player_display_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """One kind of file: its columns for season, week, side, player and name, and its figures by our names."""

    role: str
    keys: tuple[str, str, str, str, str]
    opponent: str | None = None
    counts: Mapping[str, str]
    values: Mapping[str, str]
    percents: Mapping[str, str]

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the columns that say who played whom."""
        return (*self.keys[2:], self.opponent) if self.opponent else self.keys[2:]

    @property
    def figures(self) -> tuple[str, ...]:
        """Return the columns that say what the player did."""
        return (*self.counts.values(), *self.values.values(), *self.percents.values())


_OFFENSE = _Kind(
    role="offense",
    keys=("season", "week", "recent_team", "player_id", "player_display_name"),
    opponent="opponent_team",
    counts={
        "completions": "completions", "pass_attempts": "attempts", "passing_yards": "passing_yards",
        "passing_touchdowns": "passing_tds", "interceptions_thrown": "interceptions", "sacks_suffered": "sacks",
        "sack_yards_lost": "sack_yards", "passing_air_yards": "passing_air_yards",
        "passing_first_downs": "passing_first_downs", "carries": "carries", "rushing_yards": "rushing_yards",
        "rushing_touchdowns": "rushing_tds", "rushing_first_downs": "rushing_first_downs", "targets": "targets",
        "receptions": "receptions", "receiving_yards": "receiving_yards", "receiving_touchdowns": "receiving_tds",
        "receiving_air_yards": "receiving_air_yards", "receiving_first_downs": "receiving_first_downs",
        "receiving_yards_after_catch": "receiving_yards_after_catch",
        "passing_fumbles_lost": "sack_fumbles_lost", "rushing_fumbles_lost": "rushing_fumbles_lost",
        "receiving_fumbles_lost": "receiving_fumbles_lost",
    },
    values={
        "passing_epa": "passing_epa", "rushing_epa": "rushing_epa", "receiving_epa": "receiving_epa",
        "target_share": "target_share", "air_yards_share": "air_yards_share",
    },
    percents={},
)  # fmt: skip
_SNAPS = _Kind(
    role="snaps",
    keys=("season", "week", "team", "pfr_player_id", "player"),
    opponent="opponent",
    counts={
        "offense_snaps": "offense_snaps",
        "defense_snaps": "defense_snaps",
        "special_teams_snaps": "st_snaps",
    },
    values={
        "offense_snap_share": "offense_pct",
        "defense_snap_share": "defense_pct",
        "special_teams_snap_share": "st_pct",
    },
    percents={},
)
_PASSING = _Kind(
    role="tracked_passing",
    keys=_TRACKED,
    counts={},
    values={
        "time_to_throw": "avg_time_to_throw",
        "completed_air_yards": "avg_completed_air_yards",
        "intended_air_yards": "avg_intended_air_yards",
        "air_yards_to_sticks": "avg_air_yards_to_sticks",
        "completion_over_expected": "completion_percentage_above_expectation",
    },
    percents={"aggressive_share": "aggressiveness", "completion_expected": "expected_completion_percentage"},
)
_RUSHING = _Kind(
    role="tracked_rushing",
    keys=_TRACKED,
    counts={},
    values={
        "rushing_efficiency": "efficiency",
        "time_behind_line": "avg_time_to_los",
        "rushing_yards_expected": "expected_rush_yards",
        "rushing_yards_over_expected": "rush_yards_over_expected",
    },
    percents={"stacked_box_share": "percent_attempts_gte_eight_defenders"},
)
_RECEIVING = _Kind(
    role="tracked_receiving",
    keys=_TRACKED,
    counts={},
    values={
        "cushion": "avg_cushion",
        "separation": "avg_separation",
        "intended_air_yards": "avg_intended_air_yards",
        "yards_after_catch_expected": "avg_expected_yac",
        "yards_after_catch_over_expected": "avg_yac_above_expectation",
    },
    percents={"air_yards_share": "percent_share_of_intended_air_yards"},
)
_KINDS = {
    "player_stats": _OFFENSE,
    "snap_counts": _SNAPS,
    "ngs_passing": _PASSING,
    "ngs_rushing": _RUSHING,
    "ngs_receiving": _RECEIVING,
}
KNOWN_AT: Mapping[str, str] = {
    **{column: stamps.JOINED for kind in _KINDS.values() for column in (*kind.keys, *kind.texts)},
    **{column: ENDED for kind in _KINDS.values() for column in kind.figures},
}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one file, a row a player and game.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    kind = _KINDS[part.name.split("-")[0]]
    season, week, team, player, name = kind.keys
    sheet = read(data, kind.texts, (season, week, *kind.figures), f"nflverse's {part.name}")
    told = typed(sheet.rename({player: "player", name: "name"}), team, kind.opponent)
    if kind.keys == _TRACKED:
        told = told.with_columns(_true_week())
    sane, faulty = split(
        told, {"week 0: the total of a season": pl.col("week") == 0, **FAULTS, "no player": pl.col("player").is_null()}
    )
    rows = placed(sane).with_columns(
        *(whole(column).alias(stat) for stat, column in kind.counts.items()),
        *(number(column).alias(stat) for stat, column in kind.values.items()),
        *((number(column) / 100).alias(stat) for stat, column in kind.percents.items()),
        pl.lit(kind.role).alias("role"),
    )
    tables = {
        "fixtures": fixtures(rows),
        "player_stats": claim(rows, "player_stats", NFL.name, stamps.result_known(NFL.duration)),
    }
    return Parsed(tables=tables, refused=refuse(faulty), games=sheet.height)


def _true_week() -> pl.Expr:
    """Return the week as nflverse counts it: the league's tracking counts the free week before the Super Bowl."""
    final = pl.when(pl.col("season") >= 2021).then(22).otherwise(21)
    return pl.when(pl.col("week") > final).then(pl.col("week") - 1).otherwise("week").cast(pl.Int32).alias("week")


def _parts(year: int) -> tuple[Part, ...]:
    seasons = range(FIRST_SEASON, year + 1)
    box = [
        released("player_stats", f"player_stats_{season}", season, name=f"player_stats-{season}") for season in seasons
    ]
    snaps = [
        released("snap_counts", f"snap_counts_{season}", season, name=f"snap_counts-{season}")
        for season in seasons
        if season >= FIRST_SNAPS
    ]
    tracked = [released("nextgen_stats", name) for name in _KINDS if name.startswith("ngs")]
    return (*box, *snaps, *tracked)


NFLVERSE_PLAYER_STATS = weekly("nflverse_player_stats", _parts, parse, KNOWN_AT, "nflverse-player-stats-1")
