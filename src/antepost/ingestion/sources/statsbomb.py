"""StatsBomb's open data: every event of a match, of which the shots, their expected goals and the fouls are kept.

An event file names its sides and not its day, so the matches at hand are listed here with theirs.

Source: https://github.com/statsbomb/open-data (doc/StatsBomb Open Data Specification)
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple, cast

import polars as pl

from antepost.errors import DataError
from antepost.ingestion import stamps
from antepost.ingestion.cells import outcome_of
from antepost.ingestion.source import Parsed, Part, Source, claim, joined, nothing_refused
from antepost.sports.soccer import SOCCER

KNOWN_AT: Mapping[str, str] = {
    "team": stamps.JOINED,
    **dict.fromkeys(("type", "period", "statsbomb_xg"), stamps.NO_CLOCK),
}

_ON_TARGET = frozenset({"Goal", "Saved", "Saved to Post"})
_GOALS = ("Own Goal For",)
_SHOOT_OUT = 5


class Match(NamedTuple):
    """Which match an event file is of: its day and league, and the sides as StatsBomb calls them."""

    league: str
    season: int
    day: date
    home: str
    away: str


# The day rests on the result and the 25 to 3 shots, which football-data.co.uk has of one match of these sides only.
MATCHES: Mapping[str, Match] = {
    "15946": Match(league="SP1", season=2018, day=date(2018, 8, 18), home="Barcelona", away="Deportivo Alavés"),
}
_SAMPLES = {"15946": "soccer/statsbomb_sample/statsbomb_event.json"}


class _Event(NamedTuple):
    kind: str
    team: str
    period: int
    outcome: str | None
    xg: float | None


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one match.

    Raises:
        DataError: the file is cut off, is no list of events, or is of other sides than its name says.
    """
    match = MATCHES[part.name]
    events = _events(data, part.name)
    found = {event.team for event in events}
    if found != {match.home, match.away}:
        raise DataError(
            f"StatsBomb's events {part.name} are of {', '.join(sorted(found)) or 'nobody'}, not of {match.home} and "
            f"{match.away}; see MATCHES in sources/statsbomb.py",
            part=part.name,
        )
    counted = {side: _counted(events, name) for side, name in (("home", match.home), ("away", match.away))}
    game = pl.DataFrame({"fixture": [part.name], "league": [match.league], "season": [match.season]}).with_columns(
        *stamps.on_day(pl.lit(match.day)),
        pl.lit(match.home).alias("home"),
        pl.lit(match.away).alias("away"),
        pl.lit(0).alias("sequence"),
        *(pl.lit(goals, pl.Int64).alias(f"{side}_score") for side, (_, goals) in counted.items()),
    )
    stats = [
        game.with_columns(
            pl.lit(side).alias("side"),
            pl.col(side).alias("team"),
            *(pl.lit(value).alias(stat) for stat, value in figures.items()),
        )
        for side, (figures, _) in counted.items()
    ]
    ended = stamps.result_known(SOCCER.duration)
    tables = {
        "fixtures": joined(game, SOCCER.name),
        "results": claim(game.with_columns(outcome_of()), "results", SOCCER.name, ended),
        "team_stats": claim(pl.concat(stats), "team_stats", SOCCER.name, ended),
    }
    return Parsed(tables=tables, refused=nothing_refused(), games=1)


def _events(data: bytes, name: str) -> list[_Event]:
    try:
        told = json.loads(data)
    except ValueError as error:
        raise DataError(f"StatsBomb's events {name} are no JSON ({error}); fetch them again", part=name) from error
    if not isinstance(told, list) or not told:
        raise DataError(f"StatsBomb's events {name} are no list of events; fetch them again", part=name)
    try:
        return [_event(event) for event in cast("list[dict[str, object]]", told)]
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"an event of StatsBomb's {name} lacks {error}; its layout has changed, see the source's page", part=name
        ) from error


def _event(event: Mapping[str, object]) -> _Event:
    kind, shot = _name(event["type"]), event.get("shot")
    outcome, xg = None, None
    if kind == "Shot":
        details = cast("Mapping[str, object]", shot)
        outcome, xg = _name(details["outcome"]), _figure(details["statsbomb_xg"])
    return _Event(kind=kind, team=_name(event["team"]), period=int(_figure(event["period"])), outcome=outcome, xg=xg)


def _figure(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"a number instead of {value!r}")
    return value


def _name(value: object) -> str:
    return str(cast("Mapping[str, object]", value)["name"])


def _counted(events: Sequence[_Event], team: str) -> tuple[dict[str, int | float], int]:
    """Return a side's figures, and its goals; kicks of a shoot-out are neither."""
    own = [event for event in events if event.team == team and event.period < _SHOOT_OUT]
    shots = [event for event in own if event.kind == "Shot"]
    figures: dict[str, int | float] = {
        "shots": len(shots),
        "shots_on_target": sum(event.outcome in _ON_TARGET for event in shots),
        "fouls": sum(event.kind == "Foul Committed" for event in own),
        "xg_statsbomb": sum(event.xg or 0.0 for event in shots),
    }
    goals = sum(event.outcome == "Goal" for event in shots) + sum(event.kind in _GOALS for event in own)
    return figures, goals


def _parts(_: int) -> tuple[Part, ...]:
    upstream = "https://raw.githubusercontent.com/statsbomb/open-data/HEAD/data/events"
    return tuple(Part(name=name, path=_SAMPLES[name], url=f"{upstream}/{name}.json") for name in MATCHES)


STATSBOMB = Source(
    name="statsbomb",
    sport=SOCCER.name,
    tier="B",
    primary=False,
    parts=_parts,
    terms="StatsBomb open data: free for research, StatsBomb is to be named with its logo",
    cadence="never: a match that is over",
    parser="statsbomb-1",
    parse=parse,
    known_at=KNOWN_AT,
)
