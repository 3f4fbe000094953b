"""Invented games of real clubs in the layouts of the Kaggle set, NBA.com and OddsPortal."""

from __future__ import annotations

_KAGGLE = b"""season,date,regular,playoffs,away,home,score_away,score_home,q1_away,q2_away,q3_away,q4_away,ot_away,q1_home,q2_home,q3_home,q4_home,ot_home,whos_favored,spread,total,moneyline_away,moneyline_home,h2_spread,h2_total,id_spread,id_total
2022,2021-10-19,True,False,bkn,mil,104,127,25,34,24,21,0,37,29,31,30,0,home,2,240.5,110,-130,1,117,1,1
2022,2021-10-20,True,False,gs,lal,121,114,32,21,30,38,0,34,25,33,22,0,home,4,226,150,-170,1,113,0,1
2022,2022-04-16,False,True,utah,dal,99,93,18,27,29,25,0,20,23,24,26,0,away,5.5,206.5,,,1,103,1,0
"""
_LOGS = b"""SEASON_ID,TEAM_ID,TEAM_ABBREVIATION,TEAM_NAME,GAME_ID,GAME_DATE,MATCHUP,WL,MIN,FGM,FGA,FG_PCT,FG3M,FG3A,FG3_PCT,FTM,FTA,FT_PCT,OREB,DREB,REB,AST,STL,BLK,TOV,PF,PTS,PLUS_MINUS
22021,1,MIL,Milwaukee Bucks,0022199901,2021-10-19,MIL vs. BKN,W,240,48,105,0.457,17,45,0.378,14,18,0.778,13,41,54,25,8,9,8,19,127,23
22021,2,BKN,Brooklyn Nets,0022199901,2021-10-19,BKN @ MIL,L,240,37,84,0.44,17,32,0.531,13,23,0.565,5,39,44,19,3,9,13,17,104,-23
"""
_ODDSPORTAL = b"""date,season_type,neutral,team_1,team_2,points_1,points_2,moneyline_1,moneyline_2,game_url
20 Oct 2021,Regular,0,Milwaukee Bucks,Brooklyn Nets,127,104,-128,+109,https://odds.invalid/a
21 Oct 2021,Regular,0,Los Angeles Lakers,Golden State Warriors,114,121,-165,+146,https://odds.invalid/b
02 Oct 2021,Pre-season,0,Boston Celtics,Orlando Magic,98,97,-300,+240,https://odds.invalid/c
"""
PAYLOADS = {
    "kaggle_nba": ("games", _KAGGLE),
    "stats_nba": ("team_game_logs-2021", _LOGS),
    "oddsportal_nba": ("games", _ODDSPORTAL),
}
