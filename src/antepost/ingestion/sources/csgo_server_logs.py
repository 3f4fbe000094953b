"""Logs of a Counter-Strike server, one match each, February 2018: kills, weapons, the bomb, the end of each round.

A log begins with a warm-up, in which bots play and the match is started several times; what counts follows the last
start before the first round that was played on. Sides are named at a start, sometimes one of them, or both alike: then
nobody is named, and the rounds belong to no fixture. Stamps are whole seconds, so the order of the file decides.

Source: https://developer.valvesoftware.com/wiki/HL_Log_Standard
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import polars as pl

from antepost.errors import DataError
from antepost.ingestion.identity import slug
from antepost.ingestion.source import Parsed, Part, Source, claim, nothing_refused
from antepost.ingestion.sources.csgo_shared import BROADCAST, CLASSES, round_rows
from antepost.sports.cs2 import CS2

_FOLDER = "cs2/server_logs"
_LISTED = "12 h before the first round (assumed)"
_SEEN = "the line's own moment and a broadcast's two minutes (assumed)"
_ENDED = "half an hour after the last line of the match (bounded)"

_LINE = re.compile(r"L (\d\d/\d\d/\d{4} - \d\d:\d\d:\d\d): (.*)", re.ASCII)
_PLAYER = r'"[^"]*<\d+><([^<>]*)><(CT|TERRORIST)>"'
_KILL = re.compile(_PLAYER + r" \[[^\]]*\] killed " + _PLAYER)
_SUICIDE = re.compile(_PLAYER + r" \[[^\]]*\] committed suicide")
_GEAR = re.compile(_PLAYER + r" left buyzone with \[ ?(.*)\]")
_SWITCH = re.compile(r'"[^"]*" switched from team <(CT|TERRORIST)> to <(CT|TERRORIST)>')
_NAMED = re.compile(r'Team playing "(CT|TERRORIST)": (.+)')
_WON = re.compile(r'Team "(CT|TERRORIST)" triggered "SFUI_Notice_(\w+)"')
_OVER = re.compile(r"Game Over: .* after \d+ min\s*$")
_ROLES = {"CT": "ct", "TERRORIST": "t"}
_OTHER = {"ct": "t", "t": "ct"}
_REASONS = {
    "Terrorists_Win": "elimination", "CTs_Win": "elimination", "Bomb_Defused": "defusal",
    "Target_Bombed": "explosion", "Target_Saved": "time",
}  # fmt: skip
_CLASS_OF = {weapon: name for name, weapons in CLASSES.items() for weapon in weapons}
_MOST_SWITCHES = 3

type Row = dict[str, object]


@dataclass(slots=True)
class _Match:
    """A match as far as the log was read. ``teams`` are the names at its start; ``turned``: they changed roles."""

    named: dict[str, str] = field(default_factory=dict[str, str])
    turned: bool = False
    switches: int = 0
    score: dict[str, int] = field(default_factory=lambda: {"ct": 0, "t": 0})
    began: datetime | None = None
    round_began: datetime | None = None
    dead: dict[str, int] = field(default_factory=dict[str, int])
    kills: dict[str, int] = field(default_factory=dict[str, int])
    gear: dict[str, tuple[str, list[str]]] = field(default_factory=dict[str, tuple[str, list[str]]])
    planted: bool = False
    sequence: int = 0
    rows: list[Row] = field(default_factory=list[Row])

    def begin(self, at: datetime) -> None:
        if self.switches > _MOST_SWITCHES:
            self.turned = not self.turned
            self.score = {"ct": self.score["t"], "t": self.score["ct"]}
        self.began = self.began or at
        self.round_began, self.planted, self.sequence, self.switches = at, False, 0, 0
        self.dead, self.kills, self.gear = {"ct": 0, "t": 0}, {"ct": 0, "t": 0}, {}
        self.note(at)

    def note(self, at: datetime, winner: str | None = None, reason: str | None = None) -> None:
        """Write down how both sides stand at a moment of the round."""
        if self.round_began is None:
            return
        self.sequence += 1
        phase = "over" if winner else "planted" if self.planted else "live"
        for role in ("ct", "t"):
            self.rows.append(
                {
                    "round": self.score["ct"] + self.score["t"] + 1, "sequence": self.sequence, "role": role,
                    "turned": self.turned, "phase": phase, "at": at, "score": self.score[role],
                    "elapsed_ms": int((at - self.round_began).total_seconds()) * 1000,
                    "alive": max(5 - self.dead[role], 0), "kills": self.kills[role],
                    "won": None if winner is None else role == winner, "reason": reason, **self._held(role),
                }
            )  # fmt: skip

    def _held(self, role: str) -> Row:
        """Return what the living of a role took along, as they left the place where it is bought; null before."""
        bags = [items for owner, items in self.gear.values() if owner == role]
        if not bags:
            return {}
        counts: Row = dict.fromkeys((*CLASSES, "helmets", "kits"), 0)
        told = [item for items in bags for item in items]
        for name in CLASSES:
            counts[name] = sum(_CLASS_OF.get(item.removeprefix("weapon_")) == name for item in told)
        return {**counts, "helmets": told.count("helmet"), "kits": told.count("defuser")}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one log.

    Raises:
        DataError: the file is cut off, no log, or holds no match that was played to its end.
    """
    where = f"the server log {part.name}"
    match, ended, lines = _read(data, where)
    start = match.began
    if start is None:
        raise DataError(f"{where} holds no match; fetch it again", rows=0)
    names = match.named
    # Either name missing, or both alike: nobody is named.
    known = len({slug(name) for name in names.values()}) == 2
    ordered = sorted(names, key=lambda role: slug(names[role])) if known else ["ct", "t"]
    both = "-".join(slug(names[role]) for role in ordered) if known else part.name
    game = f"{CS2.name}-{start:%Y-%m-%d-%H%M}-{both}"
    about: Row = {
        "game": game, "fixture": game if known else None, "league": "kotnq", "season": start.year, "start": start,
        "event_at": start, "event_precision": "second", "neutral": True, "stage": "MAP", "ended": ended,
    }  # fmt: skip
    schema = {"won": pl.Boolean, "reason": pl.String, "round": pl.Int32, "sequence": pl.Int32}
    rows = pl.DataFrame(match.rows, infer_schema_length=None, schema_overrides=schema)
    rows = rows.with_columns(pl.lit(value).alias(name) for name, value in about.items())
    first_at_start = (pl.col("role") == ordered[0]) != pl.col("turned")
    side = pl.when(first_at_start).then(pl.lit("home")).otherwise(pl.lit("away"))
    rows = rows.with_columns(
        (side if known else pl.lit(None, pl.String)).alias("side"),
        pl.col("at", "event_at", "start", "ended").dt.cast_time_unit("us"),
        pl.lit(_map(data)).alias("map"),
    )
    told = rows.filter(pl.col("won") & pl.col("side").is_not_null())
    score = {name: told.filter(pl.col("side") == name).height for name in ("home", "away")}
    outcome = "draw" if score["home"] == score["away"] else max(score, key=lambda name: score[name])
    whole = rows.head(1 if known else 0).with_columns(
        pl.lit(names.get(ordered[0])).alias("home"), pl.lit(names.get(ordered[1])).alias("away"),
        pl.lit(score["home"]).alias("home_score"), pl.lit(score["away"]).alias("away_score"),
        pl.lit(outcome).alias("outcome"), pl.lit("regulation" if sum(score.values()) <= 30 else "overtime")
        .alias("ending"), pl.lit(sum(score.values()) > 30).alias("overtime"),
    )  # fmt: skip
    tables = {
        "fixtures": claim(whole, "fixtures", CS2.name, pl.col("start") - timedelta(hours=12)),
        "results": claim(whole, "results", CS2.name, pl.col("ended") + timedelta(minutes=30), "bounded"),
        "round_states": round_rows(rows, pl.col("at") + BROADCAST, "assumed"),
    }
    return Parsed(tables=tables, refused=nothing_refused(), games=lines)


def _map(data: bytes) -> str:
    found = re.search(rb'Loading map "([a-z0-9_]+)"', data)
    return found.group(1).decode() if found else "unknown"


def _read(data: bytes, where: str) -> tuple[_Match, datetime, int]:
    match, count = _Match(), 0
    for at, text in _lines(data, where):
        count += 1
        # A log may lack its last line's end, so that only this line shows that the match is whole.
        if _OVER.match(text):
            return match, at, data.count(b"\n")
        match = _follow(match, at, text)
    raise DataError(f"{where} ends after {count} lines without the end of a match; fetch it again", rows=count)


def _follow(match: _Match, at: datetime, text: str) -> _Match:
    """Return the match after one more line; a start begins it anew."""
    if text.startswith('World triggered "Match_Start"'):
        return _Match()
    if found := _NAMED.match(text):
        match.named[_ROLES[found[1]]] = found[2].strip()
    elif text.startswith('World triggered "Round_Start"'):
        match.begin(at)
    elif text.startswith('World triggered "Round_End"'):
        match.round_began = None
    elif _SWITCH.match(text):
        match.switches += 1
    elif match.round_began is not None:
        _play(match, at, text)
    return match


def _play(match: _Match, at: datetime, text: str) -> None:
    if found := _GEAR.match(text):
        match.gear[found[1]] = (_ROLES[found[2]], found[3].split())
    elif found := _KILL.match(text):
        killer, victim, role = _ROLES[found[2]], found[3], _ROLES[found[4]]
        match.kills[killer] += killer != role
        _die(match, at, victim, role)
    elif found := _SUICIDE.match(text):
        _die(match, at, found[1], _ROLES[found[2]])
    elif text.endswith('triggered "Planted_The_Bomb"'):
        match.planted = True
        match.note(at)
    elif found := _WON.match(text):
        winner = _ROLES[found[1]]
        match.note(at, winner, _REASONS.get(found[2]))
        match.score[winner] += 1


def _die(match: _Match, at: datetime, player: str, role: str) -> None:
    match.dead[role] += 1
    match.gear.pop(player, None)
    match.note(at)


def _lines(data: bytes, where: str) -> Iterator[tuple[datetime, str]]:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise DataError(f"{where} is not UTF-8 at byte {error.start}; fetch it again", at=error.start) from error
    for number, line in enumerate(text.split("\n"), start=1):
        found = _LINE.match(line.rstrip("\r"))
        if found is None:
            continue
        try:
            # The server's clock is UTC: in summer it did not change with London's.
            at = datetime.strptime(found[1], "%m/%d/%Y - %H:%M:%S").replace(tzinfo=UTC)
        except ValueError as error:
            raise DataError(f"line {number} of {where} tells no moment: {found[1]}", row=number) from error
        yield at, found[2]


CSGO_SERVER_LOGS = Source(
    name="csgo_server_logs",
    sport=CS2.name,
    tier="C",
    primary=True,
    parts=lambda _: tuple(
        Part(name=f"kotnq{number}", path=f"{_FOLDER}/kotnq{number}flog.log", season=2018) for number in (1, 2, 3)
    ),
    terms="MIT, by vlf1991/csgo-nuel-stats; lines with addresses, passwords and chat are not in the copy",
    cadence="finished: 24 February 2018",
    parser="csgo-server-logs-1",
    parse=parse,
    known_at={
        "Team playing": _LISTED,
        **dict.fromkeys(("Round_Start", "killed", "left buyzone", "Planted_The_Bomb", "SFUI_Notice"), _SEEN),
        "Game Over": _ENDED,
    },
)
