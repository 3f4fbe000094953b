"""Invented games of real clubs in the layouts of nflverse's weekly files, nfelo, SBR, OddsPortal, 538 and the rest."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import polars as pl

from antepost.ingestion.bundle import bundle


def parquet(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Return ``rows`` as an uncompressed parquet file."""
    file = io.BytesIO()
    pl.DataFrame([dict(row) for row in rows], infer_schema_length=None).write_parquet(
        file, compression="uncompressed", statistics=False
    )
    return file.getvalue()


_TEAM = (
    "completions attempts passing_yards passing_tds passing_interceptions sacks_suffered sack_yards_lost "
    "sack_fumbles_lost passing_air_yards passing_first_downs passing_epa passing_cpoe carries rushing_yards "
    "rushing_tds rushing_fumbles_lost rushing_first_downs rushing_epa receiving_fumbles_lost "
    "receiving_yards_after_catch special_teams_tds def_tackles_for_loss def_fumbles_forced def_sacks def_qb_hits "
    "def_interceptions def_pass_defended def_tds fumble_recovery_opp penalties penalty_yards punt_return_yards "
    "kickoff_return_yards fg_made fg_att pat_made pat_att"
)
TEAM_COLUMNS = _TEAM.split()


def team_week(team: str, opponent: str, week: int = 1, **figures: object) -> str:
    """Return a line of the weekly team file; figures that are not given are 1."""
    told = [str(figures.get(name, 1)) for name in TEAM_COLUMNS]
    return ",".join(["2021", str(week), team, "REG", opponent, *told])


_HEADER = ",".join(["season", "week", "team", "season_type", "opponent_team", *TEAM_COLUMNS])
TEAM_STATS = "\n".join([
    _HEADER,
    team_week("LA", "CHI", passing_epa="13.25", passing_cpoe="-2.5", sack_yards_lost=-12, sack_fumbles_lost=0),
    team_week("CHI", "LA", passing_epa="-4.5", passing_cpoe="", sack_yards_lost=0),
    team_week("XXX", "CHI", week=2),
    "",
]).encode()  # fmt: skip

_PASSES_AND_RUNS = (
    "completions attempts passing_yards passing_tds interceptions sacks sack_yards passing_air_yards "
    "passing_first_downs carries rushing_yards rushing_tds rushing_first_downs targets receptions receiving_yards "
    "receiving_tds receiving_air_yards receiving_first_downs receiving_yards_after_catch sack_fumbles_lost "
    "rushing_fumbles_lost receiving_fumbles_lost"
)
_OFFENSE = _PASSES_AND_RUNS.split()


def player_week(player: str, team: str, opponent: str) -> dict[str, object]:
    """Return a row of the weekly file of the offence."""
    keys = {"player_id": player, "player_display_name": "A. Passer", "season": 2021, "week": 1}
    values = {
        "passing_epa": 8.5,
        "rushing_epa": None,
        "receiving_epa": None,
        "target_share": 0.25,
        "air_yards_share": 0.5,
    }
    sides = {"recent_team": team, "opponent_team": opponent}
    return {**keys, **sides, **dict.fromkeys(_OFFENSE, 3.0), **values}


PLAYER_STATS = parquet([
    player_week("00-0000001", "LA", "CHI"),
    player_week("00-0000002", "CHI", "LA"),
    player_week("00-0000003", "MIN", "MIN"),
])  # fmt: skip


def report(player: str, team: str, week: int = 1, **more: object) -> dict[str, object]:
    """Return a row of the injury reports."""
    row: dict[str, object] = {
        "season": 2021, "week": week, "team": team, "gsis_id": player, "full_name": "A. Guard",
        "report_primary_injury": "Knee", "report_secondary_injury": None, "report_status": "Out",
        "practice_primary_injury": "Knee", "practice_secondary_injury": None,
        "practice_status": "Did Not Participate In Practice",
        "date_modified": datetime(2021, 9, 10, 19, 35, 39, tzinfo=UTC),
    }  # fmt: skip
    return {**row, **more}


INJURIES = parquet([
    report("00-0000011", "LA"),
    report("00-0000012", "CHI", report_status=None, report_primary_injury=None, practice_secondary_injury="Toe"),
    report("00-0000013", "CHI", practice_status="\n    ", report_status=None),
    report("00-0000014", "XXX"),
])  # fmt: skip


def squad(player: str | None, team: str, status: str) -> dict[str, object]:
    """Return a row of a week's squads."""
    keys = {"season": 2021, "week": 1, "team": team, "player_id": player, "player_name": "A. Guard"}
    return {**keys, "status": status}


ROSTERS = parquet([
    squad("00-0000011", "LA", "INA"),
    squad("00-0000012", "CHI", "ACT"),
    squad(None, "CHI", "DEV"),
])  # fmt: skip

LINES = b"""game_id,season,week,home_team,away_team,home_spread_open,home_spread_open_price,away_spread_open_price,home_spread_open_source,home_spread_open_timestamp,home_spread_last,home_spread_last_price,away_spread_last_price,home_spread_last_source,home_spread_last_timestamp,home_ml_last,total_line_open,under_price_open,over_price_open,total_line_open_source,total_line_open_timestamp,total_line_last,under_price_last,over_price_last,total_line_last_source,total_line_last_timestamp
2021_01_CHI_LAR,2021,1,LAR,CHI,-7.0,,,legacy,,-9.5,-108.0,-112.0,legacy,,-450,,,,,,46.5,,,legacy,
2021_02_OAK_PIT,2021,2,PIT,OAK,0.0,,,legacy,,6.0,,,manual,,,,,,,,47.0,,,legacy,
2023_21_KC_BAL,2023,21,BAL,KC,-3.5,-102.0,-118.0,draftkings,2024-01-23 00:05:05.489359-08:00,-4.5,-108.0,-112.0,draftkings,2024-01-28 00:05:05.396080-08:00,-218,44.5,-110.0,-110.0,draftkings,2024-01-23 00:05:05.489359-08:00,44.5,-115.0,-105.0,draftkings,2024-01-28 00:05:05.396080-08:00
"""


def archived(**more: object) -> dict[str, object]:
    """Return a game of SBR's archive."""
    row: dict[str, object] = {
        "season": 2021, "date": 20210912.0, "home_team": "Rams", "away_team": "Bears",
        "home_1stQtr": "7", "home_2ndQtr": "6", "home_3rdQtr": "14", "home_4thQtr": "7", "home_final": "34",
        "away_1stQtr": "0", "away_2ndQtr": "7", "away_3rdQtr": "7", "away_4thQtr": "0", "away_final": "14",
        "home_close_ml": -430, "away_close_ml": 340, "home_open_spread": -7.0, "away_open_spread": 7.0,
        "home_close_spread": -9.5, "away_close_spread": 9.5, "home_2H_spread": -24.5, "away_2H_spread": 24.5,
        "2H_total": 0.0, "open_over_under": 44.5, "close_over_under": 46.5,
    }  # fmt: skip
    return {**row, **more}


SBR = json.dumps([
    archived(),
    archived(date=20210919.0, home_team="Steelers", away_team="LVRaiders", home_close_ml=-105, away_close_ml=-115,
             home_open_spread=-1.0, home_close_spread=47.0, close_over_under=1.0),
    archived(date=20220213.0, home_team=0, home_final=0),
]).encode()  # fmt: skip

ODDSPORTAL = b"""date,season_type,neutral,team_1,team_2,points_1,points_2,moneyline_1,moneyline_2,game_url
12 Sep 2021,Regular,0,Los Angeles Rams,Chicago Bears,34,14,-430,+340,https://odds.invalid/a
19 Sep 2021,Regular,0,Pittsburgh Steelers,Las Vegas Raiders,17,26,-,-,https://odds.invalid/b
31 Jan 2010,Play Offs,0,NFC,AFC,34,41,-110,-110,https://odds.invalid/c
29 Aug 2021,Pre-season,0,Atlanta Falcons,Cleveland Browns,10,19,+150,-175,https://odds.invalid/d
"""

VENUES = b"""stadium_id,stadium_name,lat,lon,altitude,heading,first_game_date,last_game_date,surface_type,roof_type,tz
LAX01,SoFi Stadium,33.9534709,-118.3391018,36.95,300,2020-09-13,2027-01-10,Turf,Dome,America/Los_Angeles
FRA00,Deutsche Bank Park,50.0685667,8.6454585,109.63,312,2023-11-05,2023-11-12,Grass,Outdoors,Europe/Frankfurt
SDG00,Qualcomm Stadium,32.7830565,117.1195906,16.18,320,1999-09-26,2016-12-18,Grass,Outdoors,America/Los_Angeles
"""

READINGS = b"""game_id,Source,DistanceToStation,TimeMeasure,Temperature,DewPoint,Humidity,Precipitation,WindSpeed,WindDirection,Pressure,EstimatedCondition
2020091305,Meteostat,2.1,9/13/2020 13:00,81.0,60.1,49,0,6.9,250,29.92,Clear
2020091305,Meteostat,2.1,9/13/2020 17:00,84.0,60.1,45,,8.0,,29.92,Clear
2020091399,Meteostat,2.1,9/13/2020 14:00,84.0,60.1,45,,8.0,,29.92,Clear
"""
HOURS = b"""game_id,Season,StadiumName,TimeStartGame,TimeEndGame,TZOffset
2020091305,2020,SoFi Stadium,9/13/2020 13:25,9/13/2020 16:31,-7
"""
WEATHER = bundle([READINGS, HOURS])

FIVETHIRTYEIGHT = b"""date,season,neutral,playoff,team1,team2,elo1_pre,elo_prob1,qbelo_prob1,score1,score2
1998-09-06,1998,0,,LAR,CHI,1500,0.55,,20,10
2021-09-12,2021,0,,LAR,CHI,1560.1,0.7123456789012345,0.75,34,14
2021-09-12,2021,0,,OAK,WSH,1480.0,0.51,,27,33
"""

PAYLOADS = {
    "nflverse_team_stats": ("stats_team_week-2021", TEAM_STATS),
    "nflverse_player_stats": ("player_stats-2021", PLAYER_STATS),
    "nflverse_injuries": ("injuries-2021", INJURIES),
    "nflverse_rosters": ("roster_weekly-2021", ROSTERS),
    "nfelo_lines": ("lines", LINES),
    "sbr_archive_nfl": ("archive", SBR),
    "oddsportal_nfl": ("games", ODDSPORTAL),
    "nfl_venues": ("stadiums", VENUES),
    "nfl_weather": ("games_weather", WEATHER),
    "fivethirtyeight_nfl": ("nfl_elo_2012_2021", FIVETHIRTYEIGHT),
}
