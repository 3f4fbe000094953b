"""Invented hockey games of real clubs in the layouts of fastRhockey, Kaggle, OddsPortal and The Odds API."""

from __future__ import annotations

import io

import polars as pl

GAMES = (2022020001, 2022020002, 2022020003)


def parquet(frame: pl.DataFrame) -> bytes:
    """Return ``frame`` as the bytes of a parquet file."""
    file = io.BytesIO()
    frame.write_parquet(file, compression="uncompressed")
    return file.getvalue()


def schedule() -> pl.DataFrame:
    """Return three games of a season, one of the pre-season and one of the play-offs."""
    return pl.DataFrame({
        "game_id": [*GAMES, 2022010001, 2022030111],
        "season_full": ["20222023"] * 5,
        "game_type": ["R", "R", "R", "PR", "P"],
        "game_date": ["2022-10-11", "2022-10-11", "2022-10-13", "2022-09-25", "2023-04-17"],
        "game_time": ["2022-10-11T23:30:00Z", "2022-10-12T02:00:00Z", "2022-10-14T00:00:00Z", "2022-09-25T23:00:00Z",
                      "2023-04-17T23:00:00Z"],
        "home_team_abbr": ["BOS", "ARI", "BOS", "BOS", "BOS"],
        "away_team_abbr": ["NYR", "VGK", "NYR", "GOT", "NYR"],
        "venue": ["Garden of Ants", "Mullett", "Garden of Ants", "Garden of Ants", "Garden of Ants"],
    })  # fmt: skip


def team_box() -> pl.DataFrame:
    """Return the boxes: a shoot-out, an overtime, and a game won by three."""
    goals = ((4, 3), (2, 3), (5, 2))
    rows = [
        (game, side, team, at, own, other)
        for game, (home, away), (first, second) in zip(GAMES, (("BOS", "NYR"), ("ARI", "VGK"), ("BOS", "NYR")), goals,
                                                       strict=True)
        for at, side, team, own, other in ((1, "away", away, second, first), (2, "home", home, first, second))
    ]  # fmt: skip
    return pl.DataFrame([
        {"game_id": game, "home_away": side, "team_id": at, "team_abbrev": team, "team_name": team, "goals": own,
         "shots_on_goal": 30, "pim": 6, "hits": 20, "blocked_shots": 11, "giveaways": 5, "takeaways": 4,
         "power_play_goals": 1, "faceoff_win_pctg": 0.5, "saves": 28, "save_pctg": 0.9, "goals_against": other}
        for game, side, team, at, own, other in rows
    ])  # fmt: skip


def _player(game: int | None, side: str, team: str, number: int, **told: object) -> dict[str, object]:
    empty = dict.fromkeys((
        "position", "goals", "assists", "plus_minus", "hits", "power_play_goals", "shots_on_goal",
        "faceoff_winning_pctg", "blocked_shots", "shifts", "giveaways", "takeaways", "even_strength_shots_against",
        "power_play_shots_against", "shorthanded_shots_against", "even_strength_goals_against",
        "power_play_goals_against", "shorthanded_goals_against", "goals_against", "starter", "decision",
        "shots_against", "saves",
    ))  # fmt: skip
    about: dict[str, object] = {"game_id": game, "home_away": side, "team_abbrev": team, "player_id": number,
                                "player_name": f"P. {number}", "pim": 0, "toi": "20:00"}  # fmt: skip
    return {**about, **empty, **told}


def player_box(goalies: tuple[str, str] = ("BOS", "NYR")) -> pl.DataFrame:
    """Return a skater and a goalie of each side; the goalies of the third game are of ``goalies``."""
    rows: list[dict[str, object]] = []
    told = (
        (GAMES[0], ("BOS", "NYR"), (3, 3), ("65:00", "65:00"), ("W", "O"), ("BOS", "NYR")),
        (GAMES[1], ("ARI", "VGK"), (2, 3), ("62:10", "62:10"), ("O", "W"), ("ARI", "VGK")),
        (GAMES[2], ("BOS", "NYR"), (3, 2), ("60:00", "58:30"), ("W", "L"), goalies),
    )
    for game, teams, goals, clocks, decisions, keepers in told:
        for at, side in enumerate(("home", "away")):
            skater = {"position": "C", "goals": goals[at], "assists": 1, "shots_on_goal": 5, "shifts": 20,
                      "faceoff_winning_pctg": 0.6}  # fmt: skip
            kept = {"starter": True, "decision": decisions[at], "toi": clocks[at], "saves": 18, "shots_against": 20,
                    "goals_against": 2, "even_strength_shots_against": "17/18",
                    "even_strength_goals_against": 1}  # fmt: skip
            rows.append(_player(game, side, teams[at], 8000001 + at, **skater))
            rows.append(_player(game, side, keepers[at], 8000011 + at, **kept))
    rows.append(_player(None, "away", "NYR", 8000099, starter=False, toi="00:00"))
    return pl.DataFrame(rows, infer_schema_length=None)


_SCRATCHES = pl.DataFrame({
    "id": [8000021, 8000022], "firstName": ["Sid", None], "lastName": ["Sore", "Hurt"], "game_id": [GAMES[0]] * 2,
})  # fmt: skip
_ROSTERS = pl.DataFrame({
    "player_id": [8000001, 8000002], "full_name": ["Ann Ace", "Bea Back"], "team_abbr": ["BOS", "NYR"],
    "season": pl.Series([2023, 2023], dtype=pl.Int32),
})  # fmt: skip
KAGGLE = b""""game_id","team_id","HoA","won","settled_in","head_coach","goals","shots","hits","pim","powerPlayOpportunities","powerPlayGoals","faceOffWinPercentage","giveaways","takeaways"
"2013020001","3","away",FALSE,"SO","A Bench",2,35,44,8,3,0,44.8,17,7
"2013020001","6","home",TRUE,"SO","B Bench",2,48,51,6,4,1,55.2,4,5
"2013020002","27","away",FALSE,"REG","C Bench",2,33,11,5,0,0,51.7,1,4
"2013020002","6","home",TRUE,"REG","B Bench",5,32,36,19,1,0,48.3,16,6
"2013020002","6","home",TRUE,"REG","B Bench",5,32,36,19,1,0,48.3,16,6
"2013020003","99","home",TRUE,"REG","D Bench",5,32,36,19,1,0,48.3,16,6
"""
ODDSPORTAL = b"""date,season_type,neutral,team_1,team_2,points_1,points_2,moneyline_1,moneyline_2,game_url
11 Oct 2022,Regular,0,Boston Bruins,New York Rangers,4,3,-128,+109,https://odds.invalid/a
16 Apr 2014,Play Offs,0,Boston Bruins,New York Rangers,3,2,-165,+146,https://odds.invalid/b
02 Oct 2013,Regular,1,Winnipeg Jets,Boston Bruins,2,5,+140,-160,https://odds.invalid/c
24 Sep 2013,Pre-season,0,Boston Bruins,New York Rangers,3,2,,,https://odds.invalid/d
25 Jan 2009,Regular,0,All-Stars East,All-Stars West,12,11,,,https://odds.invalid/e
"""
SNAPSHOTS = b"""date,sport,game_id,commence_time,home_team,away_team,bookmaker,ml_home,ml_away,spread_home,spread_home_odds,spread_away,spread_away_odds,total_line,total_over_odds,total_under_odds,source_file,snapshot_taken_at_utc,api_snapshot_timestamp_utc,response_received_at_utc,bookmaker_last_update_utc
2022-10-11,NHL,aa,2022-10-11T23:30:00Z,Boston Bruins,New York Rangers,betmgm,-160,135,-1.5,150,1.5,-178,6.5,-105,-115,x/historical/odds_2022-10-11.csv,,,,
2022-10-11,NHL,aa,2022-10-11T23:40:00Z,Boston Bruins,New York Rangers,betmgm,-3000,1300,,,,,,,,x/odds_2022-10-11_close_a.csv,2022-10-11T23:45:00Z,,,2022-10-11T23:44:00Z
2022-10-11,NHL,aa,2022-10-11T23:40:00Z,Boston Bruins,New York Rangers,caesars,-150,130,-1.5,150,1.5,-178,6.5,-105,-115,x/odds_2022-10-11_open_a.csv,2022-10-11T05:00:00Z,,,2022-10-11T04:59:00Z
2022-10-11,NHL,bb,2022-10-12T02:00:00Z,Utah Hockey Club,Vegas Golden Knights,betmgm,50,-110,,,,,,,,x/odds_2022-10-11_close_a.csv,2022-10-11T23:45:00Z,,,
2022-10-11,NBA,cc,2022-10-12T02:00:00Z,Boston Celtics,Miami Heat,betmgm,100,-110,,,,,,,,x/odds_2022-10-11_close_a.csv,,,,
2022-10-11,NHL,bb,2022-10-12T02:00:00Z,Utah Hockey Club,Vegas Golden Knights,betmgm,105,-125,,,,,,,,x/odds_2022-10-11_close_b.csv,,,,
"""
PAYLOADS = {
    "sportsdataverse_nhl": ("nhl_schedule_2023", parquet(schedule())),
    "sportsdataverse_nhl_teams": ("team_box_2023", parquet(team_box())),
    "sportsdataverse_nhl_players": ("player_box_2023", parquet(player_box())),
    "sportsdataverse_nhl_scratches": ("scratches_2023", parquet(_SCRATCHES)),
    "sportsdataverse_nhl_rosters": ("rosters_2023", parquet(_ROSTERS)),
    "kaggle_nhl": ("game_teams_stats", KAGGLE),
    "oddsportal_nhl": ("games", ODDSPORTAL),
    "oddsportal_nhl_seasons": ("games", ODDSPORTAL),
    "the_odds_api_nhl_archive": ("snapshots_historical_noon_et", SNAPSHOTS),
    "the_odds_api_wnba_archive": ("snapshots_daily", SNAPSHOTS.replace(b",NHL,", b",WNBA,")),
}
