"""How a sport tells the parts of a game: quarters, halves and innings, or the sets of a match."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phases:
    """Which periods of a game are counted together, where they sum to its score.

    ``regulation`` is how many a game has before overtime. ``half`` of them make its first half, the first five of nine
    innings; from ``late`` on it is decided. A ``big`` period is one with at least so many points. ``statistics`` are
    those of ``features/groups/periods.py`` by which the sport goes, over the last ``window`` games.
    """

    regulation: int
    half: int
    window: int
    statistics: tuple[str, ...]
    late: int = 0
    big: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """Over how many matches the sets of a player are looked at: enough for what happens in one of three."""

    window: int = 30


GRIDIRON = Phases(
    regulation=4, half=2, late=4, window=10,
    statistics=(
        "first_margin", "half_margin", "late_margin", "half_leads", "comebacks", "leads_lost",
        "half_total", "scoreless", "periods_won",
    ),
)  # fmt: skip
"""Football of four quarters."""
