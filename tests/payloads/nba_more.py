"""Invented games of real clubs in the layouts of SBR, FiveThirtyEight and fixturedownload, and invented injuries."""

from __future__ import annotations

SBR = b"""date,game,away_name,home_name,away_score,home_score,away_ml,home_ml
2019-10-22,1,New Orleans Pelicans,Toronto Raptors,122.0,130.0,230.0,-280.0
2019-10-22,2,Los Angeles Lakers,Los Angeles Clippers,102.0,112.0,-180.0,50.0
2019-10-23,3,Detroit Pistons,Indiana Pacers,,,240.0,-300.0
"""
ELO = b"""date,season,neutral,playoff,team1,team2,elo1_pre,elo2_pre,elo_prob1,elo_prob2,elo1_post,elo2_post,carm_elo1_pre,score1,score2
1946-11-01,1947.0,False,,TRH,NYK,1300.0,1300.0,0.64,0.36,1293.2,1306.7,,66.0,68.0
2019-10-22,2020.0,False,,TOR,NOP,1650.0,1480.0,0.82,0.18,1652.0,1478.0,,130.0,122.0
2019-10-22,2020.0,False,,TOR,NOP,1650.0,1480.0,0.82,0.18,1652.0,1478.0,,130.0,122.0
2020-08-13,2020.0,True,,HOU,PHI,1563.6,1563.8,0.4997,0.5003,,,,,
"""
PLANNED = b"""Match Number,Round Number,Date,Location,Home Team,Away Team,Result\r
1,1,24/10/2023 23:30,Ball Arena,Denver Nuggets,Los Angeles Lakers,\r
2,1,25/10/2023 02:00,Chase Center,Golden State Warriors,Phoenix Suns,"""
INJURIES = b""",Date,Team,Acquired,Relinquished,Notes
0,2012-03-18,Blazers,Ann Invented,,activated from IL (P)
1,2012-03-18,Blazers,,Ann Invented,placed on IL (out for season)
2,2013-01-09,Hornets,,Zed Invented / Bo Invented (b),sprained right hand (DNP)
3,2013-01-09,Hornets,,Zed Invented / Bo Invented (b),sprained right hand (DNP)
4,2018-12-19,Bucks,,,placed on IL
5,2018-03-23,Hawks,Cee Invented,Cee Invented,returned to lineup
6,2015-09-02,,,Dee Invented,surgery on left ankle
"""
PAYLOADS = {
    "sbr_nba": ("odds-2019", SBR),
    "fivethirtyeight_nba": ("elo", ELO),
    "fixturedownload_nba": ("planned-2023", PLANNED),
    "prosportstransactions_nba": ("missed_games", INJURIES),
}
