"""Invented matches of Dota 2 and Counter-Strike in the layouts of their sources; no team or player exists."""

from __future__ import annotations

import json

from antepost.ingestion.bundle import bundle
from antepost.ingestion.sources.csgo_round_snapshots import COLUMNS
from tests.payloads.nfl import parquet

TEAM_MATCHES = b"""match_id,winner,radiant_team_id,dire_team_id,duration,start_time,dire_pick_1,dire_pick_2,dire_pick_3,dire_pick_4,dire_pick_5,first_pick_team,patch,radiant_pick_1,radiant_pick_2,radiant_pick_3,radiant_pick_4,radiant_pick_5
3000000001,Dire,900002,900001,2400,1500000000,1,2,3,4,5,Dire,25,6,7,8,9,10
3000000002,Dire,900001,900002,1800,1500004200,11,12,13,14,15,Radiant,25,16,17,18,19,20
3000000003,Radiant,900001,900002,3000,1500007800,1,12,3,14,5,Dire,25,6,17,8,19,10
3000000004,Radiant,900003,900002,2000,1500090000,1,12,3,14,5,Dire,25,6,17,8,19,10
3000000005,Dire,900003,900002,2000,1500180000,1,12,3,14,5,Dire,25,6,17,8,19,10
3000000006,Radiant,900001,900003,2000,1500270000,1,12,3,14,5,Dire,25,6,17,8,19,10
"""

XP15 = b"""match_id,leagueid,region,duration,first_blood_time,dire_score,radiant_score,radiant_team_id,dire_team_id,radiant_win,exp_15min
7594656020,16000,3,1779,253,32,27,900001,900002,False,5203
7594656021,16000,3,2000,10,30,27,900002,900001,True,-12
7594756020,16000,3,2100,20,31,28,900001,900003,,400
"""

_MATCHES = [
    {
        "match_id": 8500000001 + number, "leagueid": 17000, "league": '{"leagueid": 17000, "name": "Inventville Open"}',
        "start_time": 1760000000 + 4000 * number, "duration": 125, "series_id": 1, "series_type": 1,
        "radiant_team_id": 900002 - number, "dire_team_id": 900001 + number, "radiant_name": "Left", "dire_name": "Right",
        "radiant_win": number == 0, "radiant_score": 1, "dire_score": 0, "first_blood_time": 65,
    }
    for number in (0, 1)
]  # fmt: skip
_COUNTS = (
    "hero_id", "hero_variant", "kills", "deaths", "assists", "last_hits", "denies", "level", "gold_per_min",
    "xp_per_min", "net_worth", "hero_damage", "tower_damage", "hero_healing", "obs_placed", "sen_placed",
    "camps_stacked", "rune_pickups", "buyback_count",
)  # fmt: skip
_PLAYERS = [
    {
        "match_id": match["match_id"], "account_id": 100 + slot, "name": None if slot else "Ann", "isRadiant": slot < 5,
        "player_slot": slot if slot < 5 else 123 + slot, "times": "[0, 60, 120]", "gold_t": "[0, 100, 250]",
        "xp_t": f"[0, {50 + slot}, 120]", "lh_t": "[0, 1, 3]", "dn_t": "[0, 0, 1]",
        "kills_log": '[{"time": 65, "key": "npc_dota_hero_axe"}]' if slot == 0 else "[]",
        **dict.fromkeys(_COUNTS, 1 + slot),
    }
    for match in _MATCHES
    for slot in range(10)
]  # fmt: skip
_OBJECTIVES = [
    {"match_id": 8500000001, "time": 60, "type": "building_kill", "key": "npc_dota_badguys_tower1_bot", "team": None},
    {
        "match_id": 8500000001,
        "time": 61,
        "type": "building_kill",
        "key": "npc_dota_goodguys_range_rax_top",
        "team": None,
    },
    {"match_id": 8500000001, "time": 100, "type": "CHAT_MESSAGE_ROSHAN_KILL", "key": None, "team": 3},
    {"match_id": 8500000002, "time": 100, "type": "CHAT_MESSAGE_AEGIS", "key": None, "team": None},
]
PRO_2025 = bundle([parquet(_MATCHES), parquet(_PLAYERS), parquet(_OBJECTIVES)])

OPENDOTA = json.dumps(
    [
        {
            "match_id": 3000000001,
            "start_time": 1500000000,
            "duration": 2400,
            "radiant_team_id": 900002,
            "dire_team_id": 900001,
            "radiant_score": 20,
            "dire_score": 31,
            "radiant_win": False,
            "radiant_gold_adv": [0, -120, 300],
            "radiant_xp_adv": [0, 10, -20],
        }
    ]
).encode()


def newest(*numbers: int) -> bytes:
    """Return OpenDota's list of matches, an hour and a half apart, whose Radiant has the higher id."""
    told = [
        {
            "match_id": number, "start_time": 1500000000 + 5400 * (number - 3000000001), "duration": 2400,
            "radiant_team_id": 900002, "radiant_name": "Left", "dire_team_id": 900001, "dire_name": "Right",
            "leagueid": 17000, "league_name": "Inventville Open", "series_id": 1, "series_type": 1,
            "radiant_score": 20, "dire_score": 31, "radiant_win": False,
        }
        for number in numbers
    ]  # fmt: skip
    return json.dumps(told).encode()


_PATCHES = [
    {"name": "7.36", "date": "2024-05-22T00:00:00Z", "id": 55},
    {"name": "7.41", "date": "2026-03-24T00:50:59.580Z", "id": 60},
]
_HEROES = {"1": {"id": 1, "name": "npc_dota_hero_inventor", "localized_name": "Inventor"}}
_ABILITIES = {
    "npc_dota_hero_inventor": {
        "facets": [{"id": 0, "title": "First", "deprecated": "true"}, {"id": 1, "title": "Second"}]
    }
}
_ITEMS = {"blink": {"id": 1, "dname": "Blink Dagger"}, "nameless": {"id": 2}}
CONSTANTS = bundle([json.dumps(file).encode() for file in (_PATCHES, _HEROES, _ABILITIES, _ITEMS)])

GAMES = b"""yyyy-mm-dd,team1,team2,score1,score2
2016-01-14,WESTERN,EASTERN,2,0
2016-01-14,EASTERN,WESTERN,16,12
2016-01-15,EASTERN,?,2,1
2016-01-16,EASTERN,NORTHERN,0,2
2016-01-17,NORTHERN,EASTERN,15,15
2016-01-18,NORTHERN,WESTERN,9,16
2016-01-18,NORTHERN,WESTERN,9,16
2016-01-19,NORTHERN,WESTERN,7,9
2016-01-20,NORTHERN,WESTERN,3,1
"""


def _snapshot(time_left: float, ct: int, t: int, winner: str, where: str = "de_invented", *, bomb: bool = False) -> str:
    told = {
        "time_left": time_left, "ct_score": ct, "t_score": t, "map": where, "bomb_planted": bomb,
        "round_winner": winner, "ct_players_alive": 5, "t_players_alive": 4, "ct_defuse_kits": 1, "ct_money": 800,
        "ct_weapon_awp": 1, "ct_weapon_usps": 4, "t_weapon_ak47": 3, "t_grenade_decoygrenade": 2,
    }  # fmt: skip
    return ",".join(str(told.get(column, 0)) for column in COLUMNS)


SNAPSHOTS = "".join(
    f"{line}\n"
    for line in (
        ",".join(COLUMNS),
        _snapshot(175, 0, 0, "T"),
        _snapshot(94.97, 0, 0, "CT"),
        _snapshot(175, 1, 0, "CT"),
        _snapshot(175, 1, 1, "T"),
        _snapshot(39.5, 1, 1, "T", bomb=True),
        _snapshot(175, 0, 0, "T", "de_other"),
    )
).encode()


def _side(score: int, alive: int, kills: int) -> dict[str, object]:
    players = {"STEAM_1:1:1": {"kills": [{}] * kills, "damage": 100 * kills}, "STEAM_1:1:2": {"kills": [], "damage": 7}}
    return {"score": score, "alive": alive, "players": players}


NUEL = json.dumps(
    {
        "starttime": 1519673456000, "map": "de_invented", "duration": "61",
        "team1": {"name": "Western ", "score": 1}, "team2": {"name": "Eastern", "score": 2},
        "rounds": [
            {"timestamp": 1519673400000, "teamwon": -1, "reason": None, "team1": _side(0, 5, 0), "team2": _side(0, 5, 0)},
            {"timestamp": 1519673468000, "teamwon": 1, "reason": "defuse", "team1": _side(1, 1, 2), "team2": _side(0, 0, 1)},
            {"timestamp": 1519673568000, "teamwon": 2, "reason": "elim", "team1": _side(1, 0, 2), "team2": _side(1, 2, 4)},
            {"timestamp": 1519673668000, "teamwon": 2, "reason": "bomb", "team1": _side(1, 0, 2), "team2": _side(2, 2, 4)},
        ],
    }
).encode()  # fmt: skip

_ANN, _BEA = '"Ann<1><STEAM_1:1:1><CT>"', '"Bea<2><STEAM_1:1:2><TERRORIST>"'
_LOG = (
    ("15:54:36", 'Loading map "de_invented"'),
    ("15:54:59", 'World triggered "Match_Start" on "de_invented"'),
    ("15:55:01", 'World triggered "Round_Start"'),
    ("15:55:09", f'"Bot<9><BOT><CT>" [1 2 3] killed {_BEA} [1 2 3] with "ak47"'),
    ("16:01:13", 'World triggered "Match_Start" on "de_invented"'),
    ("16:01:13", 'Team playing "CT": Western'),
    ("16:01:13", 'Team playing "TERRORIST": Eastern'),
    ("16:01:28", 'World triggered "Round_Start"'),
    ("16:01:29", f"{_ANN} left buyzone with [ weapon_knife weapon_usp_silencer weapon_awp weapon_decoy kevlar(100) helmet defuser ]"),
    ("16:01:59", f'{_ANN} [1 2 3] killed {_BEA} [1 2 3] with "awp" (headshot)'),
    ("16:02:29", f'{_BEA} triggered "Planted_The_Bomb"'),
    ("16:02:42", 'Team "CT" triggered "SFUI_Notice_Bomb_Defused" (CT "1") (T "0")'),
    ("16:02:42", 'World triggered "Round_End"'),
    *(("16:02:50", '"Ann<1><STEAM_1:1:1>" switched from team <CT> to <TERRORIST>') for _ in range(10)),
    ("16:03:02", 'World triggered "Round_Start"'),
    ("16:03:12", f"{_ANN} [1 2 3] committed suicide with \"world\""),
    ("16:03:41", 'Team "CT" triggered "SFUI_Notice_CTs_Win" (CT "1") (T "1")'),
    ("16:03:41", 'World triggered "Round_End"'),
    ("16:04:02", 'World triggered "Round_Start"'),
    ("16:04:41", 'Team "CT" triggered "SFUI_Notice_CTs_Win" (CT "2") (T "1")'),
    ("16:04:41", 'World triggered "Round_End"'),
    ("16:04:41", "Game Over: competitive mg_active de_invented score 2:1 after 39 min"),
)  # fmt: skip
SERVER_LOG = "\n".join(f"L 02/24/2018 - {at}: {text}" for at, text in _LOG).encode()

PAYLOADS = {
    "opendota_team_matches": ("matches", TEAM_MATCHES),
    "opendota_xp15": ("v1", XP15),
    "opendota_pro_2025": ("matches", PRO_2025),
    "opendota": ("proMatches", OPENDOTA),
    "opendota_newest": ("proMatches", newest(3000000001, 3000000099)),
    "dotaconstants": ("build", CONSTANTS),
    "csgo_games": ("games", GAMES),
    "csgo_round_snapshots": ("round_snapshots", SNAPSHOTS),
    "nuel_rounds": ("logdata", NUEL),
    "csgo_server_logs": ("kotnq1", SERVER_LOG),
}
