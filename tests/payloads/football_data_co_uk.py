"""Invented matches in football-data.co.uk's layout of 2019 and later; nobody ever played them."""

from __future__ import annotations

_BYTES = b"""Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,HTHG,HTAG,HTR,Referee,HS,AS,HST,AST,HF,AF,HC,AC,HY,AY,HR,AR,B365H,B365D,B365A,PSH,PSD,PSA,AvgH,AvgD,AvgA,Avg>2.5,Avg<2.5,AHh,AvgAHH,AvgAHA,PSCH,PSCD,PSCA,AvgCH,AvgCD,AvgCA,AHCh,AvgCAHH,AvgCAHA,
E0,10/08/2019,15:00,Antford,Beebury,2,1,H,1,0,H,A Whistle,11,9,5,4,10,12,6,3,1,2,0,0,2.1,3.4,3.6,2.12,3.45,3.7,2.09,3.39,3.58,1.9,1.9,-0.25,1.85,2.05,2.05,3.5,3.9,2.04,3.41,3.8,-0.5,2.04,1.86,
E0,13/08/2019,19:45,Ceeham,Antford,0,0,D,0,0,D,B Whistle,8,7,2,1,9,11,4,5,3,1,0,1,2.6,3.2,2.8,2.65,3.25,2.85,2.58,3.19,2.79,2.1,1.75,0,1.88,2.02,2.7,3.2,2.8,2.66,3.16,2.76,0,1.9,2,
E0,17/08/2019,,Beebury,Ceeham,1,3,A,0,2,A,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,
"""
PAYLOADS = {"football_data_co_uk": ("E0-2019", _BYTES)}
