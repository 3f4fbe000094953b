"""When the invented league plays, and who meets whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from antepost.sports.nfl import NFL

WEEKS = 17
LONDON_WEEK = 5
CONFERENCES = (NFL.teams[::2], NFL.teams[1::2])
SEEDED = 6

_THURSDAY = (-3, "20:20")
_MONDAY = (1, "20:15")
_SUNDAY = ("13:00",) * 9 + ("16:05",) * 2 + ("16:25",) * 2 + ("20:20",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One game of the calendar; ``clock`` is US Eastern."""

    week: int
    stage: str
    home: str
    away: str
    day: date
    clock: str
    neutral: bool


def first_sunday(season: int) -> date:
    """Return the first Sunday of a season, six days after Labor Day."""
    first = date(season, 9, 1)
    return first + timedelta(days=-first.weekday() % 7 + 6)


def regular_season(dice: Random, season: int) -> Iterator[Meeting]:
    """Yield seventeen weeks in which all teams play, nobody meets twice, and home games are shared out."""
    order = list(NFL.teams)
    dice.shuffle(order)
    at_home = dict.fromkeys(order, 0)
    for week in range(1, WEEKS + 1):
        pairs = _circle(order, week)
        dice.shuffle(pairs)
        for number, (one, other) in enumerate(pairs):
            gap = at_home[one] - at_home[other]
            hosts = gap < 0 or (gap == 0 and dice.random() < 0.5)
            home, away = (one, other) if hosts else (other, one)
            at_home[home] += 1
            yield _regular_slot(season, week, number, home, away)


def play_off_slot(season: int, week: int, stage: str, home: str, away: str, number: int) -> Meeting:
    """Return the place of play-off game ``number`` of its round; the last one is on neutral ground."""
    final = stage == NFL.stages[-1]
    later = timedelta(weeks=week if final else week - 1, days=-1 if number < 2 and not final else 0)
    clock = "18:30" if final or number % 2 else "15:00"
    day = first_sunday(season) + later
    return Meeting(week=week, stage=stage, home=home, away=away, day=day, clock=clock, neutral=final)


def seeds(wins: Mapping[str, float]) -> list[list[str]]:
    """Return, by conference, the six teams that go through, best first; equal ones in alphabetical order."""
    return [sorted(teams, key=lambda team: (-wins[team], team))[:SEEDED] for teams in CONFERENCES]


def _circle(order: list[str], week: int) -> list[tuple[str, str]]:
    # The circle method: one stays, the others turn by one place a week, and opposite places meet.
    fixed, turning = order[0], order[1:]
    ring = [fixed, *turning[week:], *turning[:week]]
    half = len(ring) // 2
    return list(zip(ring[:half], reversed(ring[half:]), strict=True))


def _regular_slot(season: int, week: int, number: int, home: str, away: str) -> Meeting:
    abroad = week == LONDON_WEEK and number == 2
    if number == 0:
        shift, clock = _THURSDAY
    elif number == 1:
        shift, clock = _MONDAY
    else:
        shift, clock = 0, "09:30" if abroad else _SUNDAY[number - 2]
    day = first_sunday(season) + timedelta(weeks=week - 1, days=shift)
    return Meeting(week=week, stage=NFL.stages[0], home=home, away=away, day=day, clock=clock, neutral=abroad)
