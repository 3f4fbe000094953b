"""What each sport is: calendar, outcomes, prices, settlement and rating constants, one file a sport.

Never reads, fetches or computes. Only domain and errors lie below.
"""

from __future__ import annotations

from antepost.errors import DataError
from antepost.sports.atp import ATP
from antepost.sports.cfl import CFL
from antepost.sports.cs2 import CS2
from antepost.sports.dota2 import DOTA2
from antepost.sports.mlb import MLB
from antepost.sports.nba import NBA
from antepost.sports.ncaab import NCAAB
from antepost.sports.ncaaf import NCAAF
from antepost.sports.nfl import NFL
from antepost.sports.nhl import NHL
from antepost.sports.soccer import SOCCER
from antepost.sports.sport import Elo, Sport
from antepost.sports.wnba import WNBA
from antepost.sports.wta import WTA

__all__ = ["SPORTS", "Elo", "Sport", "get_sport"]

SPORTS: dict[str, Sport] = {
    sport.name: sport
    for sport in (
        NFL,
        NCAAF,
        CFL,
        NBA,
        NCAAB,
        WNBA,
        MLB,
        NHL,
        SOCCER,
        ATP,
        WTA,
        DOTA2,
        CS2,
    )
}


def get_sport(name: str) -> Sport:
    """Return the sport called ``name``.

    Raises:
        DataError: there is no such sport; the message lists those there are.
    """
    try:
        return SPORTS[name]
    except KeyError:
        raise DataError(f"unknown sport {name!r}; choose from {', '.join(SPORTS)}", sport=name) from None
