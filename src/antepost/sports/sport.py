"""What the platform has to know of a sport before any data arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from antepost.errors import DataError


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

    ``duration`` is the usual time from scheduled start to the final whistle; results are taken as known half
    an hour after it. ``relocated`` maps a team's former code to today's; ``teams`` are today's codes.
    """

    name: str
    title: str
    leagues: tuple[str, ...]
    outcomes: tuple[str, ...]
    interchangeable: bool
    timezone: str
    duration: timedelta
    season_starts_month: int
    stages: tuple[str, ...]
    reference_close: Mapping[str, tuple[str, ...]]
    elo: Elo
    teams: tuple[str, ...]
    relocated: Mapping[str, str] = field(default_factory=dict[str, str])

    def team(self, code: str) -> str:
        """Return today's id of the franchise that ``code`` names.

        Raises:
            DataError: nobody knows the code.
        """
        today = self.relocated.get(code, code)
        if today not in self.teams:
            raise DataError(f"{self.name} has no team {code!r}; add it to sports/{self.name}.py", code=code)
        return today
