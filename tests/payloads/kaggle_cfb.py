"""Invented college games in the layout of the Kaggle set."""

from __future__ import annotations

_BYTES = b"""season,week,date,time_et,game_type,away,home,rank_away,rank_home,conf_away,conf_home,neutral,score_away,score_home,q1_away,q2_away,q3_away,q4_away,ot_away,q1_home,q2_home,q3_home,q4_home,ot_home,first_downs_away,first_downs_home,third_down_comp_away,third_down_att_away,third_down_comp_home,third_down_att_home,fourth_down_comp_away,fourth_down_att_away,fourth_down_comp_home,fourth_down_att_home,pass_comp_away,pass_att_away,pass_yards_away,pass_comp_home,pass_att_home,pass_yards_home,rush_att_away,rush_yards_away,rush_att_home,rush_yards_home,total_yards_away,total_yards_home,fum_away,fum_home,int_away,int_home,pen_num_away,pen_yards_away,pen_num_home,pen_yards_home,possession_away,possession_home,attendance,tv
2019,1.0,2019-08-31,3:30 PM,regular,Ant State,Bee Tech,,12,mac,acc,False,20,27,7,3,10,0,0,7,7,6,0,7,18,21,,,,,,,,,,,201,,,244,,,,,,,,,,,,,,,28.4,31.2,1000,INV
2019,16.0,2019-12-28,12:00 AM,post,Bee Tech,Cee College,,,acc,sec,True,10,31,,,,,0,,,,,0,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,
"""
PAYLOADS = {"kaggle_cfb": ("games", _BYTES)}
