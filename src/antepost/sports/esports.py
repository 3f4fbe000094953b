"""What esports tell of a match beyond who met and who won."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """How a match is set up, by the roles of its rosters.

    Each of ``sides`` names the team that has that side of the map, ``first`` the one that picks first. ``picks`` have a
    hero each, and the team that took it.
    """

    sides: tuple[str, str]
    first: str
    picks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Maps:
    """How the stages of a schedule tell single maps from series of maps, and how many rounds a map has.

    ``rounds`` are those of a map before overtime, from a day on. A map is ``close`` with so many rounds or fewer
    between the sides at its end, and one-sided with ``wide`` or more.
    """

    map: str
    series: str
    rounds: Mapping[date, int]
    close: int
    wide: int
