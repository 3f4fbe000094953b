"""What each sport is: calendar, outcomes, prices, settlement and rating constants, one file a sport.

Never reads, fetches or computes. Only domain and errors lie below.
"""

from __future__ import annotations

from antepost.errors import DataError
from antepost.sports.nfl import NFL
from antepost.sports.sport import Elo, Sport

__all__ = ["SPORTS", "Elo", "Sport", "get_sport"]

SPORTS: dict[str, Sport] = {"nfl": NFL}


def get_sport(name: str) -> Sport:
    """Return the sport called ``name``.

    Raises:
        DataError: there is no such sport; the message lists those there are.
    """
    try:
        return SPORTS[name]
    except KeyError:
        raise DataError(f"unknown sport {name!r}; choose from {', '.join(SPORTS)}", sport=name) from None
