"""Invented matches in tennis-data.co.uk's layout, about those of the invented Sackmann file."""

from __future__ import annotations

_BYTES = b"""ATP,Location,Tournament,Date,Series,Court,Surface,Round,Best of,Winner,Loser,WRank,LRank,WPts,LPts,W1,L1,W2,L2,W3,L3,Wsets,Lsets,Comment,B365W,B365L,PSW,PSL,MaxW,MaxL,AvgW,AvgL
1,Inventville,Inventville Open,2019-01-08,ATP250,Outdoor,Hard,Quarterfinals,3,Ace A.,Backhand B.,1,8,9000,1200,6,4,6,1,,,2,0,Completed,1.2,4.5,1.22,4.7,1.25,4.8,1.21,4.55
1,Inventville,Inventville Open,2019-01-08,ATP250,Outdoor,Hard,Quarterfinals,3,Dropshot D.,Court C.,30,12,800,1100,6,3,3,6,2,1,1,1,Retired,2.2,1.66,2.3,1.7,2.35,1.72,2.25,1.66
1,Inventville,Inventville Open,2019-01-09,ATP250,Outdoor,Hard,Quarterfinals,3,Lob G.,Net H.,50,51,600,590,7,6,6,7,7,5,2,1,Completed,1.9,1.9,1.95,1.95,2,1.98,1.93,1.9
1,Inventville,Inventville Open,2019-01-11,ATP250,Outdoor,Hard,Semifinals,3,Ace A.,Dropshot D.,1,30,9000,800,6,0,6,0,,,2,0,Completed,1.05,11,1.06,12,1.07,13,1.05,11.2
1,Inventville,Inventville Open,2019-01-13,ATP250,Outdoor,Hard,The Final,3,Lob G.,Ace A.,50,1,600,9000,1,6,7,5,6,4,2,1,Completed,6,1.13,6.5,1.14,6.6,1.15,6.2,1.13
1,Inventville,Inventville Open,2019-01-09,ATP250,Outdoor,Hard,Quarterfinals,3,Volley E.,Slice F.,44,20,700,1000,,,,,,,,,Walkover,,,,,,,,
"""
PAYLOADS = {"tennis_data_atp": ("atp-2019", _BYTES), "tennis_data_wta": ("wta-2019", _BYTES)}
