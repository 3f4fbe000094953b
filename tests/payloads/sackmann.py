"""Invented matches in Sackmann's layout; the players do not exist."""

from __future__ import annotations

_BYTES = b"""tourney_id,tourney_name,surface,draw_size,tourney_level,tourney_date,match_num,winner_id,winner_seed,winner_entry,winner_name,winner_hand,winner_ht,winner_ioc,winner_age,loser_id,loser_seed,loser_entry,loser_name,loser_hand,loser_ht,loser_ioc,loser_age,score,best_of,round,minutes,w_ace,w_df,w_svpt,w_1stIn,w_1stWon,w_2ndWon,w_SvGms,w_bpSaved,w_bpFaced,l_ace,l_df,l_svpt,l_1stIn,l_1stWon,l_2ndWon,l_SvGms,l_bpSaved,l_bpFaced,winner_rank,winner_rank_points,loser_rank,loser_rank_points
2019-0001,Inventville,Hard,8,A,20190107,1,900001,1,,Ann Ace,R,183,INV,25.1,900002,,,Bea Backhand,L,178,INV,24.2,6-4 6-1,3,QF,86,7,6,69,44,33,11,9,3,4,2,5,53,26,19,8,8,3,7,1,9000,8,1200
2019-0001,Inventville,Hard,8,A,20190107,2,900004,,,Dee Dropshot,R,,INV,22.0,900003,,,Cee Court,R,181,INV,30.5,6-3 3-6 2-1 RET,3,QF,102,8,2,69,34,29,21,13,1,2,7,5,99,53,37,19,14,6,10,30,800,12,1100
2019-0001,Inventville,Hard,8,A,20190107,3,900006,,,Eve Volley,R,170,INV,21.0,900005,,,Fay Slice,R,171,INV,27.5,W/O,3,QF,,,,,,,,,,,,,,,,,,,,44,700,20,1000
2019-0001,Inventville,Hard,8,A,20190107,4,900007,,,Gia Lob,R,170,INV,21.0,900008,,,Hal Net,R,171,INV,27.5,7-6(4) 6-7(5) 7-5,3,QF,150,9,1,100,60,40,20,15,3,5,8,2,101,61,39,19,15,2,5,50,600,51,590
2019-0001,Inventville,Hard,8,A,20190107,5,900001,1,,Ann Ace,R,183,INV,25.1,900004,,,Dee Dropshot,R,,INV,22.0,6-0 6-0,3,SF,45,5,0,40,30,28,8,6,0,0,0,3,41,20,9,3,6,2,8,1,9000,30,800
2019-0001,Inventville,Hard,8,A,20190107,6,900007,,,Gia Lob,R,170,INV,21.0,900006,,,Eve Volley,R,170,INV,21.0,6-2 6-2,3,SF,60,5,0,40,30,28,8,8,0,0,0,3,41,20,9,3,8,2,8,50,600,44,700
2019-0001,Inventville,Hard,8,A,20190107,7,900007,,,Gia Lob,R,170,INV,21.0,900001,1,,Ann Ace,R,183,INV,25.1,1-6 7-5 6-4,3,F,140,5,0,90,60,48,18,14,5,9,6,3,91,50,39,13,14,2,6,50,600,1,9000
"""
PAYLOADS = {"sackmann_atp": ("matches-2019", _BYTES), "sackmann_wta": ("matches-2019", _BYTES)}
