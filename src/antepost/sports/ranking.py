"""How a sport's ranking list is to be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """How long a place on the list ``stands``, and which ``statistics`` of ``features/groups/ranking.py`` it gives.

    A poll has so many ``places``, and a side that it does not name stands just below the last of them; of a list that
    is open to its end (0), whoever is not on it has no rank.
    """

    stands: timedelta
    statistics: tuple[str, ...]
    places: int = 0
