"""What a fixture is: two sides, a place in a calendar and a scheduled start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

from antepost.errors import DataError

FixtureId = NewType("FixtureId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture:
    """One scheduled meeting, as known at some moment.

    ``season`` is the year in which the season begins, ``event_at`` the scheduled start in UTC. On a
    ``neutral`` site the home side is home in name only. ``week`` and ``venue`` are None where the sport has
    no such thing.
    """

    sport: str
    league: str
    season: int
    fixture: FixtureId
    event_at: datetime
    home: str
    away: str
    neutral: bool
    stage: str
    week: int | None
    venue: str | None

    def __post_init__(self) -> None:
        if self.event_at.utcoffset() != timedelta(0):
            raise DataError(
                f"{self.fixture} starts at {self.event_at.isoformat()}, not in UTC; convert it first",
                fixture=self.fixture,
                event_at=self.event_at,
            )
        if self.home == self.away:
            raise DataError(f"{self.fixture} has {self.home} on both sides", fixture=self.fixture)
