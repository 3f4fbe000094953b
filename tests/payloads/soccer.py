"""Invented matches in the layouts of the football publishers; nobody ever played them."""

from __future__ import annotations

import json

from antepost.ingestion.bundle import bundle

ODDSPORTAL = b"""Date,country,league,Season,HomeTeam,AwayTeam,FTHG,FTAG,HTHG,HTAG,home_close,home_open,draw_close,draw_open,away_close,away_open,over_2.5_close,over_2.5_open,under_2.5_close,under_2.5_open,bts_yes_close,bts_yes_open,bts_no_close,bts_no_open
2019-08-10 16:00:00,england,premier-league,2019-2020,Antford Town,Beebury Utd,2,1,1,0,2.1,2.2,3.4,3.3,3.6,3.5,1.9,1.95,1.9,1.85,1.8,1.75,1.95,2.0
2019-12-26 13:30:00,england,premier-league,2019-2020,Ceeham,Antford Town,0,0,0,0,2.6,2.5,3.2,3.1,2.8,2.9,2.1,2.0,1.75,1.8,,,,
2020-01-01 16:00:00,england,premier-league,2019-2020,Beebury Utd,Ceeham,1,3,0,2,3.1,3.0,3.3,3.3,2.3,2.35,,,,,,,,
"""

_FOOTYSTATS = """Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,HTHG,HTAG,B365H,B365D,B365A,B365>2.5,B365<2.5,HST,AST,HC,AC,HomeXG,AwayXG,Odd_1_HT,Odd_X_HT,Odd_2_HT,BTTS_Yes,BTTS_No,Over_FT_0_5,Under_FT_0_5,Over_FT_1_5,Under_FT_1_5,Over_FT_3_5,Under_FT_3_5,Over_FT_4_5,Under_FT_4_5,DC_1X,DC_12,DC_X2,DNB_1,DNB_2,Over_HT_0_5,Under_HT_0_5,Over_HT_1_5,Under_HT_1_5,Over_HT_2_5,Under_HT_2_5,Over_HT_3_5,Under_HT_3_5,Over_2H_0_5,Under_2H_0_5,Over_2H_1_5,Under_2H_1_5,Over_2H_2_5,Under_2H_2_5,Over_2H_3_5,Under_2H_3_5,Odd_1_2H,Odd_X_2H,Odd_2_2H,odds_win_to_nil_1,odds_win_to_nil_2,odds_corners_over_75,odds_corners_over_85,odds_corners_over_95,odds_corners_over_105,odds_corners_over_115,odds_corners_under_75,odds_corners_under_85,odds_corners_under_95,odds_corners_under_105,odds_corners_under_115,odds_corners_1,odds_corners_x,odds_corners_2
2020-09-12,11:00:00,Antford Town,Beebury Utd,1.0,0.0,H,1.0,0.0,3.2,3.3,2.5,2.15,1.69,4.0,6.0,7.0,3.0,1.04,1.41,3.5,2.05,3.2,1.83,1.83,1.06,8.75,1.38,3.05,4.0,1.25,8.0,1.08,1.5,1.28,1.4,,,1.44,2.62,3.25,1.33,10.0,1.06,26.0,1.01,1.28,3.4,2.25,1.57,5.0,1.14,10.0,1.02,3.1,2.3,2.8,4.55,3.7,1.12,1.24,1.49,1.91,2.45,5.8,3.85,2.62,1.93,1.55,2.5,7.5,1.73
2020-12-26,12:00:00,Ceeham,Antford Town,0.0,2.0,A,0.0,1.0,2.1,3.4,3.5,1.9,1.9,,,,,0.9,1.8,2.7,2.1,4.0,1.8,1.9,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,
"""
FOOTYSTATS = _FOOTYSTATS.encode()

FIVETHIRTYEIGHT = b"""season,date,league_id,league,team1,team2,spi1,spi2,prob1,prob2,probtie,proj_score1,proj_score2,importance1,importance2,score1,score2,xg1,xg2,nsxg1,nsxg2,adj_score1,adj_score2
2019.0,2019-08-10,2411.0,Barclays Premier League,Antford Town,Beebury Utd,71.2,65.8,0.4512,0.2877,0.2611,1.5,1.2,33.1,22.2,2.0,1.0,1.85,0.77,1.17,1.25,2.1,1.05
2019.0,2019-08-17,2411.0,Barclays Premier League,Beebury Utd,Ceeham,65.8,60.1,0.4312,0.2977,0.2711,1.4,1.1,,,,,,,,,,
2019.0,2019-08-17,1947.0,Danish SAS-Ligaen,Effby,Geeby,35.8,40.1,0.4012,0.3277,0.2711,1.4,1.1,,,1.0,1.0,,,,,,
"""

STADIUMS = b"""Team,FDCOUK,City,Stadium,Capacity,Latitude,Longitude,Country
Antford Town ,Antford,Antford ,Ant Park ,20000,51.5,-0.1,England
Fortuna D,Fortuna Dusseldorf,D,Arena ,54000,51.26,6.73,Germany
Effglen ,Effglen,Effglen ,Eff Road ,9000,56.1,-3.9,Scotland
"""

RESULTS = b"""date,home_team,away_team,home_score,away_score,tournament,city,country,neutral
1974-02-17,Aland,Beeland,2,1,Friendly,Aville,Aland,FALSE
1974-02-17,Aland,Beeland,1,1,Friendly,Aville,Aland,FALSE
1998-07-12,Ceeland,Aland,3,3,World Cup,Beeville,Beeland,TRUE
1998-07-13,Ceeland,Beeland,2,1,World Cup,Beeville,Beeland,TRUE
1998-07-14,Beeland,Aland,2,0,Friendly,Beeville,Beeland,FALSE
1998-07-15,Beeland,Ceeland,1,0,World Cup qualification,Beeville,Beeland,FALSE
"""
# Upstream's file ends without a newline.
SHOOTOUTS = b"""date,home_team,away_team,winner,first_shooter
1998-07-12,Ceeland,Aland,Aland,Ceeland
1998-07-13,Ceeland,Beeland,Deeland,
1998-07-15,Beeland,Ceeland,Ceeland,"""
_GOALS = (
    *(("07-12", "Ceeland,Aland", team, minute) for team, minute in (
        ("Ceeland", 23), ("Ceeland", 45), ("Aland", 80), ("Aland", 90), ("Ceeland", 108), ("Aland", 118),
    )),
    *(("07-13", "Ceeland,Beeland", team, minute) for team, minute in (("Ceeland", 1), ("Beeland", 90), ("Ceeland", 112))),
    *(("07-14", "Beeland,Aland", "Beeland", minute) for minute in (46, 93)),
)  # fmt: skip
SCORERS = "\n".join(
    [
        "date,home_team,away_team,team,scorer,minute,own_goal,penalty",
        *(f"1998-{day},{sides},{team},Eff Inventor,{minute},FALSE,FALSE" for day, sides, team, minute in _GOALS),
        "1974-02-17,Aland,Beeland,Aland,Gee Inventor,10,FALSE,FALSE\n",
    ]
).encode()
FORMER_NAMES = b"""current,former,start_date,end_date
Aland,Old Aland,1950-01-01,1960-05-01
Aland,Aland and Beyond,1960-06-01,1970-05-01
"""
INTERNATIONAL = (RESULTS, SHOOTOUTS, SCORERS, FORMER_NAMES)


def _event(kind: str, team: str, period: int = 1, **more: object) -> dict[str, object]:
    return {"type": {"id": 1, "name": kind}, "team": {"id": 2, "name": team}, "period": period, **more}


def _shot(team: str, xg: float, outcome: str, period: int = 1) -> dict[str, object]:
    return _event("Shot", team, period, shot={"statsbomb_xg": xg, "outcome": {"id": 3, "name": outcome}})


EVENTS = json.dumps([
    _event("Starting XI", "Barcelona"),
    _event("Starting XI", "Deportivo Alav\u00e9s"),
    _shot("Barcelona", 0.25, "Goal"),
    _shot("Barcelona", 0.5, "Saved"),
    _shot("Deportivo Alav\u00e9s", 0.125, "Off T", 2),
    _shot("Barcelona", 0.75, "Goal", 5),
    _event("Foul Committed", "Deportivo Alav\u00e9s", 2),
    _event("Own Goal For", "Deportivo Alav\u00e9s", 2),
]).encode()  # fmt: skip


def _series(market: str, outcome: str, norm: str, *changes: tuple[str, float]) -> dict[str, object]:
    updates = [{"timestamp": f"1998-07-12T{clock}+00:00", "price": price} for clock, price in changes]
    return {"market_type": market, "outcome_name": outcome, "norm_market": norm, "updates": updates}


TRACKED = json.dumps(
    {
        "1": {
            "title": "Ceeland vs Aland", "sport": "soccer_invented", "commence_time": "1998-07-12T19:00:00Z",
            "bookmakers": {
                "Inventors (FR)": {
                    "h2h_home": _series("h2h", "Ceeland", "home", ("10:00:00.5", 2.1), ("18:59:00", 2.2), ("19:30:00", 1.4)),
                    "h2h_away": _series("h2h", "Aland", "away", ("10:00:00.5", 3.4)),
                    "h2h_draw": _series("h2h", "Draw", "draw", ("10:00:00.5", 3.3)),
                    "totals_over25": _series("totals", "Over", "over25", ("10:00:00.5", 1.9)),
                    "spreads_home": _series("spreads", "Ceeland", "home_spread", ("10:00:00.5", 1.9)),
                    "h2h_lay_home": _series("h2h_lay", "Ceeland", "Ceeland", ("10:00:00.5", 2.2)),
                },
            },
        }
    }
).encode()  # fmt: skip

PAYLOADS = {
    "odds_tracker_soccer": ("world-cup-2026", TRACKED),
    "oddsportal_soccer": ("E0", ODDSPORTAL),
    "footystats": ("E0-2020", FOOTYSTATS),
    "fivethirtyeight_soccer": ("spi-matches", FIVETHIRTYEIGHT),
    "jokecamp": ("stadiums", STADIUMS),
    "international_results": ("results", bundle(INTERNATIONAL)),
    "statsbomb": ("15946", EVENTS),
}
