"""From a grid of scores to any market: the one place where chances of outcomes, totals and handicaps are read off.

A grid is (goals, goals), the chance of each score, the home side's goals down and the away side's across.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from antepost.errors import DataError
from antepost.models.kernels import Floats

WHOLE = 1e-6
"""By how much the chances of a grid may miss one: what lies beyond its edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Which share of a stake is won, given back and lost on a line, on average."""

    won: float
    back: float
    lost: float

    @property
    def fair_odds(self) -> float:
        """The decimal odds at which the bet costs nothing: what is given back takes no part."""
        return 1.0 + self.lost / self.won

    @property
    def turned(self) -> Line:
        """The same line seen from the other side."""
        return Line(won=self.lost, back=self.back, lost=self.won)


def outcomes(grid: Floats) -> dict[str, float]:
    """Return the chances of home, draw and away.

    >>> outcomes(np.array([[0.1, 0.2], [0.4, 0.3]]))
    {'home': 0.4, 'draw': 0.4, 'away': 0.2}

    Raises:
        DataError: the chances of the grid do not sum to one.
    """
    grid = checked(grid)
    home, away = float(np.tril(grid, -1).sum()), float(np.triu(grid, 1).sum())
    return {"home": home, "draw": float(np.trace(grid)), "away": away}


def totals(grid: Floats) -> Floats:
    """Return the chance of each number of goals by both sides together, (2 goals - 1,)."""
    grid = checked(grid)
    return np.array([np.trace(grid[:, ::-1], offset) for offset in range(grid.shape[1] - 1, -grid.shape[0], -1)])


def margins(grid: Floats) -> Mapping[int, float]:
    """Return the chance of each margin, more than 0 where the home side wins."""
    grid = checked(grid)
    return {lead: float(np.trace(grid, -lead)) for lead in range(1 - grid.shape[1], grid.shape[0])}


def over(grid: Floats, line: float) -> Line:
    """Return what comes of a bet on more goals than ``line``; on a quarter, half the stake lies on either side of it.

    Raises:
        DataError: a line that is no whole number of quarters.
    """
    return settled({number: float(chance) for number, chance in enumerate(totals(grid))}, -line)


def handicap(grid: Floats, line: float) -> Line:
    """Return what comes of a bet on the home side with ``line`` goals' start, as Asian handicaps are settled.

    Raises:
        DataError: a line that is no whole number of quarters.
    """
    return settled(margins(grid), line)


def settled(chances: Mapping[int, float], start: float) -> Line:
    """Return what comes of a bet that a whole number plus ``start`` is more than nothing.

    >>> settled({-1: 0.25, 0: 0.25, 1: 0.5}, -0.25)
    Line(won=0.5, back=0.125, lost=0.375)

    Raises:
        DataError: a start that is no whole number of quarters.
    """
    quarters = round(4.0 * start)
    if abs(4.0 * start - quarters) > WHOLE:
        raise DataError(f"line {start} is no whole number of quarters; books offer whole, half and quarter lines")
    halves = (start,) if quarters % 2 == 0 else (start - 0.25, start + 0.25)
    won = back = lost = 0.0
    for half in halves:
        for number, chance in chances.items():
            share = chance / len(halves)
            if number + half > 0.0:
                won += share
            elif number + half < 0.0:
                lost += share
            else:
                back += share
    return Line(won=won, back=back, lost=lost)


def checked(grid: Floats) -> Floats:
    """Return ``grid``.

    Raises:
        DataError: it is no table of chances, or they do not sum to one.
    """
    if grid.ndim != 2 or (grid < -WHOLE).any() or abs(float(grid.sum()) - 1.0) > WHOLE:
        raise DataError(
            f"a grid of shape {grid.shape} whose chances sum to {float(grid.sum()):.6f} is none; give every score its "
            "chance, far enough out"
        )
    return grid
