"""What the platform has to know of a sport before any data arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Elo:
    """Constants of a sport's Elo rating, in rating points."""

    k: float
    home_advantage: float
    season_keep: float
    mean: float
    scale: float = 400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sport:
    """One sport: its calendar, outcomes, prices and rating constants.

    ``leagues`` maps a league's id to its name. ``sides`` says whether teams or players meet, ``interchangeable``
    whether home and away are names only. ``duration`` is the usual time from scheduled start to the end; results
    are taken as known half an hour after it. ``starts_month`` is the month in which a season's year begins.
    ``reference_close`` lists for each league the books whose closing price counts, the best first. ``team_stats``
    and ``player_stats`` are the columns of a box score with their units.

    ``score_from`` says how the periods of a game make up its score: by their ``sum``, by how many a side has ``won``,
    or not at all; ``least_periods`` is how many a game that is played out has at least. ``played`` are the first and
    the last day (month, day) of a year's season, in any year at hand; ``pause`` is the longest in which nothing is
    played between them.

    ``teams`` are today's codes where features hold a place for each, else empty. A side that the sport's primary
    source names for the first time is a new one, whether it stands there or not; features of a sport that lists its
    teams refuse to be made until it does. ``relocated`` maps a team's former code to today's.
    """

    name: str
    title: str
    leagues: Mapping[str, str]
    outcomes: tuple[str, ...]
    markets: tuple[str, ...]
    periods: str
    ties: str
    settlement: str
    interchangeable: bool
    timezone: str
    duration: timedelta
    starts_month: int
    stages: tuple[str, ...]
    reference_close: Mapping[str, tuple[str, ...]]
    elo: Elo
    sides: Literal["team", "player"] = "team"
    score_from: Literal["sum", "won"] | None = None
    least_periods: int = 1
    played: tuple[tuple[int, int], tuple[int, int]] = ((1, 1), (12, 31))
    pause: timedelta = timedelta(days=7)
    teams: tuple[str, ...] = ()
    relocated: Mapping[str, str] = field(default_factory=dict[str, str])
    team_stats: Mapping[str, str] = field(default_factory=dict[str, str])
    player_stats: Mapping[str, str] = field(default_factory=dict[str, str])

    def season(self, day: date) -> int:
        """Return the year in which the season of ``day`` begins.

        >>> from antepost.sports.nfl import NFL
        >>> NFL.season(date(2024, 2, 11))
        2023
        """
        return day.year if day.month >= self.starts_month else day.year - 1
