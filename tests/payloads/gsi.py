"""Invented bodies of Game State Integration in the shapes that a spectator's and a player's client send."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from antepost.domain import recording
from antepost.domain.recording import Received

# The first match of ``tests.payloads.esports.TEAM_MATCHES``, whose home side is Dire.
MATCH = "3000000001"
HORN = datetime(2017, 7, 14, 2, 42, tzinfo=UTC)

type Body = dict[str, object]


def player(number: int, **figures: object) -> Body:
    told = {
        "steamid": "76561199999999999", "name": f"Inventor {number}", "kills": 1, "deaths": 0, "assists": 2,
        "last_hits": 10, "denies": 2, "gpm": 300, "xpm": 400, "net_worth": 1000, "gold_spent_on_buybacks": 0,
    }  # fmt: skip
    return {**told, **figures}


def hero(number: int, **figures: object) -> Body:
    return {"id": number, "level": 3, "xp": 800 + number, "alive": number != 9, "buyback_cooldown": 0, **figures}


def _sides(make: object) -> Body:
    assert callable(make)
    return {
        team: {f"player{number}": make(number) for number in range(first, first + 5)}
        for team, first in (("team2", 0), ("team3", 5))
    }


def _buildings(radiant: str, short: str, without: Iterable[str]) -> Body:
    names = [f"dota_{radiant}_tower{tier}_{lane}" for tier in (1, 2, 3) for lane in ("top", "mid", "bot")]
    names += [f"dota_{radiant}_tower4_{lane}" for lane in ("top", "bot")]
    names += [f"{short}_rax_{kind}_{lane}" for kind in ("melee", "range") for lane in ("top", "mid", "bot")]
    standing = [name for name in (*names, f"dota_{radiant}_fort") if name not in set(without)]
    return {name: {"health": 1800, "max_health": 1800} for name in standing}


def spectated(
    clock: int, state: str = "GAME_IN_PROGRESS", *, fallen: Iterable[str] = (), match: str = MATCH, **others: object
) -> Body:
    """Return a body as a spectator's client sends it; ``others`` replace its components."""
    told: Body = {
        "provider": {"name": "Dota 2", "appid": 570, "version": 48, "timestamp": int(HORN.timestamp()) + clock},
        "map": {
            "name": "start", "matchid": match, "game_time": clock + 200, "clock_time": clock, "paused": False,
            "game_state": f"DOTA_GAMERULES_STATE_{state}", "win_team": "none", "radiant_win_chance": 44,
        },
        "player": _sides(player), "hero": _sides(hero), "events": [],
        "items": {"team2": {"player0": {"slot0": {"name": "item_bottle", "purchaser": 12345678901234567891}}}},
        "buildings": {
            "radiant": _buildings("goodguys", "good", fallen), "dire": _buildings("badguys", "bad", fallen),
        },
        "previously": {"map": {"clock_time": clock - 1}},
    }  # fmt: skip
    return {**told, **others}


def recorded(bodies: Iterable[Body | str], stream: str = "hall-1", seconds: float = 120.0) -> bytes:
    """Return a recording of ``bodies``, each received ``seconds`` after the clock of its match, a tenth apart."""
    lines = [recording.heading(stream, HORN)]
    count = 0
    for sequence, body in enumerate(bodies):
        told = body if isinstance(body, str) else json.dumps(body, indent="\t")
        clock = 0 if isinstance(body, str) else int(json.loads(told)["map"]["clock_time"])
        at = HORN + timedelta(seconds=clock + seconds + sequence / 10)
        lines.append(recording.entry(Received(sequence=sequence, received_at=at, body=told)))
        count += 1
    lines.append(recording.end(count))
    return packed("".join(lines).encode())


def packed(text: bytes) -> bytes:
    """Return ``text`` as a zstd file."""
    return pa.compress(text, codec="zstd", asbytes=True)


RECORDING = recorded(
    [
        spectated(-60, "PRE_GAME"),
        spectated(59),
        spectated(60, fallen=["dota_badguys_tower1_mid"]),
        spectated(61, events=[{"game_time": 261, "event_type": "roshan_killed", "killed_by_team": "dire"}]),
        spectated(120, "POST_GAME"),
    ]
)
PAYLOADS = {"gsi_recordings": ("3000000001", RECORDING)}
