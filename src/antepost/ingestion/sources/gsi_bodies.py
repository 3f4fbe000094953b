"""What one body of Dota's Game State Integration tells of a match, whichever shape it has.

A spectator's body tells all ten players (``team2`` is Radiant, ``team3`` Dire), a player's own client only itself: then
the sides' sums are not told. ``previously`` and ``added`` are no part of the state, and ``map.radiant_win_chance`` is
Valve's own answer: neither is read, and neither are ids, so that none loses a digit.

Source: https://github.com/antonpup/Dota2GSI, and the bodies that others recorded
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NotRequired, TypedDict

import pydantic

from antepost.ingestion.answers import read_answer

SIDES = ("radiant", "dire")
PLAYED = ("PRE_GAME", "GAME_IN_PROGRESS", "POST_GAME")
"""The states in which ``clock`` is the match's own; in the draft it is the time since loading."""

_TEAMS = {"radiant": "team2", "dire": "team3"}
_OTHER = {"radiant": "dire", "dire": "radiant"}
_STATE = "DOTA_GAMERULES_STATE_"
_TOWERS, _BARRACKS = 11, 6


class _Provider(TypedDict):
    timestamp: int


class _Map(TypedDict):
    matchid: str
    clock_time: NotRequired[int]
    game_state: str
    paused: NotRequired[bool]
    win_team: NotRequired[str]


class _Player(TypedDict, total=False):
    kills: int
    last_hits: int
    denies: int
    gpm: int
    net_worth: int
    gold_spent_on_buybacks: int


class _Hero(TypedDict, total=False):
    xp: int
    level: int
    alive: bool


class _Event(TypedDict):
    event_type: str
    game_time: int
    killed_by_team: NotRequired[str]


class _Players(TypedDict, total=False):
    team2: dict[str, _Player]
    team3: dict[str, _Player]


class _Heroes(TypedDict, total=False):
    team2: dict[str, _Hero]
    team3: dict[str, _Hero]


class Body(TypedDict):
    """As much of a body as is read."""

    provider: _Provider
    map: _Map
    auth: NotRequired[object]
    player: NotRequired[_Players]
    hero: NotRequired[_Heroes]
    buildings: NotRequired[dict[str, dict[str, object]]]
    events: NotRequired[list[_Event]]


_BODY: pydantic.TypeAdapter[Body] = pydantic.TypeAdapter(Body)
_FROM_PLAYERS: Mapping[str, Callable[[_Player, float], int | None]] = {
    # The client tells gold a minute in whole numbers, so that a player's sum is off by up to 10 at minute 20.
    "gold": lambda player, minutes: None if "gpm" not in player else round(player["gpm"] * max(minutes, 0.0)),
    "net_worth": lambda player, _: player.get("net_worth"),
    "last_hits": lambda player, _: player.get("last_hits"),
    "denies": lambda player, _: player.get("denies"),
    "kills": lambda player, _: player.get("kills"),
    "buyback_gold": lambda player, _: player.get("gold_spent_on_buybacks"),
}
_FROM_HEROES: Mapping[str, Callable[[_Hero], int | None]] = {
    "experience": lambda hero: hero.get("xp"),
    "level": lambda hero: hero.get("level"),
    "alive": lambda hero: None if "alive" not in hero else int(hero["alive"]),
}
TOLD = tuple(
    f"{side}_{name}" for side in SIDES for name in (*_FROM_PLAYERS, *_FROM_HEROES, "towers", "barracks", "roshans")
)
"""What is told of the sides, one by one."""

type Row = dict[str, object]


def read_body(text: str, where: str) -> Body:
    """Return what is read of a body.

    Raises:
        DataError: it is no JSON, lacks provider or map, or is laid out otherwise.
    """
    return read_answer(text.encode(), _BODY, where)


def state_of(body: Body) -> Row:
    """Return how a match stood; counts are those of ``lake.schemas.TICKS``, null where the body does not tell them.

    ``roshans`` is not among them: a body tells the last few of the match, see ``roshans_of``.
    """
    told = body["map"]
    state = told["game_state"].removeprefix(_STATE)
    played = state in PLAYED
    minutes = told.get("clock_time", 0) / 60 if played else 0.0
    row: Row = {
        "state": state,
        "clock": told.get("clock_time"),
        "paused": told.get("paused"),
        "winner": told.get("win_team") if told.get("win_team") in SIDES else None,
    }
    for side, team in _TEAMS.items():
        players = list(body.get("player", {}).get(team, {}).values())
        heroes = list(body.get("hero", {}).get(team, {}).values())
        for name, figure in _FROM_PLAYERS.items():
            row[f"{side}_{name}"] = _sum([figure(player, minutes) for player in players])
        for name, count in _FROM_HEROES.items():
            row[f"{side}_{name}"] = _sum([count(hero) for hero in heroes])
        standing = body.get("buildings", {}).get(_OTHER[side], {}) if played else {}
        # A building that has fallen is missing. A list without a single one tells nothing.
        towers = sum("_tower" in name for name in standing)
        barracks = sum("_rax_" in name for name in standing)
        row[f"{side}_towers"] = _TOWERS - towers if standing else None
        row[f"{side}_barracks"] = _BARRACKS - barracks if standing else None
    return row


def roshans_of(body: Body) -> set[tuple[int, str]] | None:
    """Return the Roshans among a body's events as (game time, side that killed it); None without events."""
    if "events" not in body:
        return None
    killed = [event for event in body["events"] if event["event_type"] == "roshan_killed"]
    told = {(event["game_time"], event.get("killed_by_team", "")) for event in killed}
    return {(at, side) for at, side in told if side in SIDES}


def _sum(values: list[int | None]) -> int | None:
    """Return the sum over a whole side; a side of which a player is missing or silent is not told."""
    told = [value for value in values if value is not None]
    return sum(told) if len(told) == len(values) == 5 else None
