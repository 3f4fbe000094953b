"""Invented drafts of Dota matches, and invented ratings of basketball players."""

from __future__ import annotations

import io
import json
import tarfile

_MATCH = {"match_seq_num": 1, "avg_mmr": 6000, "lobby_type": 7, "game_mode": 22}
NEWEST = json.dumps(
    [
        {**_MATCH, "match_id": 4100000001, "radiant_win": True, "start_time": 1536368466, "duration": 2000,
         "radiant_team": "91,72,86,33,111", "dire_team": "79,121,44,70,58"},
        {**_MATCH, "match_id": 4100000002, "radiant_win": False, "start_time": 1536368500, "duration": 1900,
         "radiant_team": "1,2,3,4,5", "dire_team": "6,7,8,9,10"},
    ]
).encode()  # fmt: skip


def explored(*matches: tuple[int, bool, list[int], list[int]]) -> bytes:
    """Return an archive as a Mac packs it, with a note beside the file."""
    names = ("match_id", "radiant_win", "radiant_team", "dire_team")
    told = json.dumps({"command": "SELECT", "rows": [dict(zip(names, match, strict=True)) for match in matches]})
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, text in (("._matches.json", b"Mac OS X"), ("matches.json", told.encode())):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    return packed.getvalue()


def flagged(won: int, ours: list[int], theirs: list[int]) -> bytes:
    """Return a line of the set of 2016."""
    flags = [1 if hero in ours else -1 if hero in theirs else 0 for hero in range(1, 114)]
    return ",".join(str(field) for field in (won, 223, 8, 2, *flags)).encode() + b"\n"


RAPTOR = b"""player_name,player_id,season,poss,mp,raptor_box_offense,raptor_box_defense,raptor_box_total,raptor_onoff_offense,raptor_onoff_defense,raptor_onoff_total,raptor_offense,raptor_defense,raptor_total,war_total,war_reg_season,war_playoffs,predator_offense,predator_defense,predator_total,pace_impact
Ann Inventor,inveann01,2017,2387,1135,0.7,-0.4,0.3,-0.4,-3.9,-4.3,0.5,-1.1,-0.6,1.2,1.4,-0.2,0.1,-1.0,-0.9,0.3
Ann Inventor,inveann01,2020,2546,1244,0.3,-1.7,-1.4,-1.3,-0.1,-1.4,0.0,-1.5,-1.5,0.8,0.5,0.3,-0.2,-1.1,-1.3,
Bea Inventor,invebea01,2020,x,1244,0.3,-1.7,-1.4,-1.3,-0.1,-1.4,0.0,-1.5,-1.5,0.8,0.5,0.3,-0.2,-1.1,-1.3,0.1
"""

PAYLOADS = {"dota_drafts": ("newest", NEWEST), "fivethirtyeight_raptor": ("by-player", RAPTOR)}
