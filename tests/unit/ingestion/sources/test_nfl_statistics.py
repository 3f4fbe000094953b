"""nflverse's weekly files: what becomes of codes of the time, weeks without a day, and totals of a season."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from antepost.ingestion import stamps
from antepost.ingestion.identity import ANYONE
from antepost.ingestion.source import Parsed, Source
from antepost.ingestion.sources.nflverse_injuries import NFLVERSE_INJURIES
from antepost.ingestion.sources.nflverse_player_stats import NFLVERSE_PLAYER_STATS
from antepost.ingestion.sources.nflverse_rosters import NFLVERSE_ROSTERS
from antepost.ingestion.sources.nflverse_team_stats import NFLVERSE_TEAM_STATS
from tests.payloads.nfl import INJURIES, PLAYER_STATS, ROSTERS, TEAM_COLUMNS, TEAM_STATS, parquet, report


def _read(source: Source, data: bytes, name: str) -> Parsed:
    return source.read(data, next(part for part in source.parts(2026) if part.name == name))


def _reasons(parsed: Parsed) -> list[str]:
    return parsed.refused["reason"].to_list()


def test_a_game_told_by_both_sides_is_one_undated_fixture_of_todays_franchises() -> None:
    parsed = _read(NFLVERSE_TEAM_STATS, TEAM_STATS, "stats_team_week-2021")
    game = parsed.tables["fixtures"].row(0, named=True)
    assert (game["home"], game["away"], game["start"], game["week"]) == ("CHI", "LAR", stamps.UNDATED, 1)
    told = parsed.tables["team_stats"].filter(pl.col("fixture") == game["fixture"]).sort("team")
    assert told["team"].to_list() == ["CHI", "LAR"]
    assert told["side"].to_list() == ["home", "away"]


def test_team_figures_have_plain_names_and_lost_yards_are_above_zero() -> None:
    rams = (
        _read(NFLVERSE_TEAM_STATS, TEAM_STATS, "stats_team_week-2021")
        .tables["team_stats"]
        .sort("team")
        .row(1, named=True)
    )
    assert rams["sack_yards_lost"] == 12
    assert rams["fumbles_lost"] == 2
    assert rams["passing_epa"] == 13.25


def test_fumbles_of_which_a_part_is_not_told_are_not_told() -> None:
    """Three blanks once summed to no fumble."""
    blank = ",".join(
        ["2021", "1", "LA", "REG", "CHI", *("" if "fumbles_lost" in name else "1" for name in TEAM_COLUMNS)]
    )
    data = TEAM_STATS.split(b"\n")[0] + b"\n" + blank.encode() + b"\n"
    told = _read(NFLVERSE_TEAM_STATS, data, "stats_team_week-2021").tables["team_stats"]
    assert told["fumbles_lost"].to_list() == [None]


def test_a_figure_that_is_no_number_is_refused() -> None:
    broken = TEAM_STATS.replace(b"13.25", b"many")
    assert "a figure that is no number" in _reasons(_read(NFLVERSE_TEAM_STATS, broken, "stats_team_week-2021"))


def test_a_returner_whose_opponent_is_his_own_team_is_refused() -> None:
    parsed = _read(NFLVERSE_PLAYER_STATS, PLAYER_STATS, "player_stats-2021")
    assert _reasons(parsed) == ["a team plays itself"]
    assert set(parsed.tables["player_stats"]["role"]) == {"offense"}


def test_snaps_keep_their_shares_and_another_role() -> None:
    data = parquet([{
        "season": 2021, "week": 1, "team": "LA", "opponent": "CHI", "pfr_player_id": "PassAn00", "player": "An Passer",
        "offense_snaps": 50.0, "offense_pct": 0.8, "defense_snaps": 0.0, "defense_pct": 0.0, "st_snaps": 1.0,
        "st_pct": 0.05,
    }])  # fmt: skip
    row = _read(NFLVERSE_PLAYER_STATS, data, "snap_counts-2021").tables["player_stats"].row(0, named=True)
    assert (row["role"], row["player"], row["name"], row["team"]) == ("snaps", "PassAn00", "An Passer", "LAR")
    assert (row["offense_snaps"], row["offense_snap_share"], row["passing_yards"]) == (50, 0.8, None)


def _tracked(season: int, week: int) -> dict[str, object]:
    return {
        "season": season, "week": week, "team_abbr": "LAR", "player_gsis_id": "00-0000001",
        "player_display_name": "A. Passer", "avg_time_to_throw": 2.5, "avg_completed_air_yards": 6.0,
        "avg_intended_air_yards": 7.5, "avg_air_yards_to_sticks": -1.0, "completion_percentage_above_expectation": 3.5,
        "aggressiveness": 12.5, "expected_completion_percentage": 62.5,
    }  # fmt: skip


def test_tracking_leaves_out_season_totals_and_counts_the_super_bowl_as_nflverse_does() -> None:
    rows = [_tracked(2021, 0), _tracked(2021, 1), _tracked(2020, 22), _tracked(2021, 23), _tracked(2021, 21)]
    parsed = _read(NFLVERSE_PLAYER_STATS, parquet(rows), "ngs_passing")
    assert _reasons(parsed) == ["week 0: the total of a season"]
    games = parsed.tables["fixtures"]
    assert games["week"].to_list() == [1, 21, 22, 21]
    assert set(games["away"]) == {ANYONE}
    stats = parsed.tables["player_stats"].row(0, named=True)
    assert (stats["aggressive_share"], stats["completion_expected"], stats["time_to_throw"]) == (0.125, 0.625, 2.5)


def test_an_injury_is_known_from_its_last_change_and_belongs_to_the_teams_game_of_the_week() -> None:
    parsed = _read(NFLVERSE_INJURIES, INJURIES, "injuries-2021")
    told = parsed.tables["injuries"]
    assert set(told["known_how"]) == {"recorded"}
    assert set(told["known_at"]) == {datetime(2021, 9, 10, 19, 35, 39, tzinfo=UTC)}
    assert set(told["fixture"]) <= set(parsed.tables["fixtures"]["fixture"])
    assert told["team"].to_list() == ["LAR", "CHI", "CHI", "XXX"]
    assert _reasons(parsed) == []


def test_a_report_of_practice_only_says_how_the_practice_was() -> None:
    told = _read(NFLVERSE_INJURIES, INJURIES, "injuries-2021").tables["injuries"].head(3)
    assert told["status"].to_list() == ["Out", "Did Not Participate In Practice", None]
    assert told["detail"].to_list() == [
        "Knee; Did Not Participate In Practice",
        "Knee, Toe; Did Not Participate In Practice",
        "Knee",
    ]


def test_who_is_inactive_is_known_ninety_minutes_before_the_game() -> None:
    parsed = _read(NFLVERSE_ROSTERS, ROSTERS, "roster_weekly-2021")
    told = parsed.tables["rosters"]
    assert told["status"].to_list() == ["INA", "ACT"]
    assert set(told["known_at"]) == {stamps.UNDATED - timedelta(minutes=90)}
    assert _reasons(parsed) == ["no player"]


def _chart(rank: str, position: str | None = "LT", week: float | None = 1.0, kind: str = "REG") -> dict[str, object]:
    keys = {"season": 2021, "week": week, "club_code": "LA", "game_type": kind, "gsis_id": "00-0000011"}
    return {**keys, "full_name": "A. Guard", "depth_position": position, "depth_team": rank}


def test_a_weekly_depth_chart_is_known_on_the_morning_of_the_game() -> None:
    rows = [
        _chart("2"),
        _chart("1"),
        _chart("1", "\n    "),
        _chart("1", week=None, kind="SBBYE"),
        _chart("1", week=19.0),
    ]
    parsed = _read(NFLVERSE_ROSTERS, parquet(rows), "depth_charts-2021")
    row = parsed.tables["rosters"].row(0, named=True)
    assert parsed.tables["rosters"].height == 1
    assert (row["role"], row["status"]) == ("depth:LT:00-0000011", "1")
    assert row["known_at"] == stamps.UNDATED - timedelta(hours=9)
    assert sorted(_reasons(parsed)) == [
        "a regular week in which nobody plays",
        "no position",
        "the free week before the Super Bowl",
        "the same player lower at the same position",
    ]


def test_a_daily_depth_chart_is_known_at_its_own_moment_and_belongs_to_no_game() -> None:
    row = {
        "dt": "2026-03-22T06:38:42Z", "team": "LA", "gsis_id": None, "espn_id": "123", "player_name": "A. Guard",
        "pos_abb": "LDE", "pos_slot": 1.0, "pos_rank": 2.0,
    }  # fmt: skip
    parsed = _read(NFLVERSE_ROSTERS, parquet([row]), "depth_charts_daily-2025")
    told = parsed.tables["rosters"].row(0, named=True)
    assert set(parsed.tables) == {"rosters"}
    assert (told["fixture"], told["season"], told["team"], told["player"]) == (None, 2026, "LAR", "espn-123")
    assert told["known_at"] == datetime(2026, 3, 22, 6, 38, 42, tzinfo=UTC)
    assert told["known_how"] == "recorded"


def test_the_crew_is_read_from_the_games_id() -> None:
    rows = [
        {"game_id": "2021_01_CHI_LA", "off_pos": "DJ", "name": "An Official"},
        {"game_id": "2021_01_CHI_LA", "off_pos": "XX", "name": "An Official"},
    ]
    parsed = _read(NFLVERSE_ROSTERS, parquet(rows), "officials")
    assert parsed.tables["officials"].select("role", "name").rows() == [("down_judge", "An Official")]
    assert set(pl.concat([parsed.tables["fixtures"]["home"], parsed.tables["fixtures"]["away"]])) == {"CHI", "LAR"}
    assert _reasons(parsed) == ["an unknown place in the crew"]


@pytest.mark.parametrize(
    ("injury", "practice", "detail"),
    [(None, "Full Participation", "Full Participation"), (None, None, None), ("Knee", None, "Knee")],
)
def test_a_detail_has_no_empty_half(injury: str | None, practice: str | None, detail: str | None) -> None:
    """A practice without an injury was once told after a lonely semicolon."""
    row = report("00-0000021", "CHI", practice_status=practice, report_primary_injury=injury,
                 practice_primary_injury=injury)  # fmt: skip
    kept = report("00-0000022", "CHI")
    told = _read(NFLVERSE_INJURIES, parquet([row, kept]), "injuries-2021").tables["injuries"]
    assert told["detail"].to_list()[0] == detail
