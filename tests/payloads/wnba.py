"""Invented WNBA games in Neil Paine's layout, and invented player props of invented players with their outcomes."""

from __future__ import annotations

from tests.payloads.ncaab import parquet

ELO = b"""season,date,playoff,neutral,status,team1,team2,team1_abbr,team2_abbr,team1_pregame_rating,team2_pregame_rating,team1_winprob,team2_winprob,team1_score,team2_score,team1_postgame_rating,team2_postgame_rating,is_home
2019,2019-05-24,0,0,post,Atlanta Dream,Dallas Wings,ATL,DAL,1500.0,1500.0,0.61313682,0.38686318,76,72,1510.0,1490.0,1
2019,2019-05-24,0,0,post,Dallas Wings,Atlanta Dream,DAL,ATL,1500.0,1500.0,0.38686318,0.61313682,72,76,1490.0,1510.0,0
2020,2020-07-26,0,1,post,Seattle Storm,Connecticut Sun,SEA,CON,1500.0,1500.0,0.5,0.5,87,74,1510.0,1490.0,0
2020,2020-07-26,0,1,post,Connecticut Sun,Seattle Storm,CON,SEA,1500.0,1500.0,0.5,0.5,74,87,1490.0,1510.0,0
2020,2020-09-28,1,0,post,Las Vegas Aces,Dallas Wings,LVA,DAL,1520.0,1480.0,0.66,0.34,60,79,1500.0,1500.0,1
2020,2020-09-28,1,0,post,Dallas Wings,Las Vegas Aces,DAL,LVA,1480.0,1520.0,0.34,0.66,79,60,1500.0,1500.0,0
"""
_OPEN, _CLOSE = "2026-05-07T23:25:38Z", "2026-05-08T23:20:38Z"
QUOTES = {
    "odds_event_id": ["a1"] * 7,
    "commence_time": ["2026-05-08T23:30:00Z"] * 7,
    "home_team": ["New York Liberty"] * 7,
    "away_team": ["Portland Fire"] * 7,
    "book": ["fanduel", "fanduel", "fanduel", "fanduel", "betrivers", "betrivers", "betrivers"],
    "market_key": ["player_assists"] * 4 + ["player_points"] * 3,
    "player_name": ["Ann Invented"] * 4 + ["Bea Invented"] * 3,
    "side": ["over", "under", "over", "under", "over", "over", "over"],
    "line": [2.5, 2.5, 3.5, 3.5, 11.5, 12.5, 12.5],
    "american_odds": [-174, 130, 105, -140, -148, -105, -105],
    "snapshot_time": [_OPEN, _OPEN, _CLOSE, _CLOSE, _CLOSE, _CLOSE, _CLOSE],
    "game_id": ["90001"] * 7,
    "player_id": ["7001"] * 4 + ["7002"] * 3,
}
_STATS = ("pts", "reb", "ast", "fg3m", "stl", "blk", "turnover")
OUTCOMES = {
    "game_id": ["90001"] * 8,
    "player_id": ["7001"] * 7 + ["7002"],
    "stat": [*_STATS, "pts"],
    "actual_outcome": [12, 5, 3, 1, 0, 0, 2, 9],
    "game_date": ["2026-05-08"] * 7 + [None],
}
PAYLOADS = {
    "neil_paine_wnba": ("games", ELO),
    "wnba_props": ("quotes", parquet(QUOTES)),
    "wnba_props_outcomes": ("outcomes", parquet(OUTCOMES)),
}
