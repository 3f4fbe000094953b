"""What a player will score, as a market: the players' own true means, and books who learn about them too."""

from __future__ import annotations

import math

import numpy as np

from antepost.simulation.books import SHARES
from antepost.simulation.laws import Floats, Whole

MARKET = "player_points"
FORM = 0.12
"""The spread of what is new about a player's game, on the scale of logarithms."""
_FIRST, _STEP = 19.0, 5.0
_NODES = ((-math.sqrt(3.0), 1 / 6), (0.0, 2 / 3), (math.sqrt(3.0), 1 / 6))


def usual(founded: Whole, place: int) -> Floats:
    """Return what a side's player usually scores: its best more than its second, and not all sides the same."""
    return _FIRST - _STEP * place + 4.0 * np.sin(1.7 * founded + place)


def news(dice: np.random.Generator, n: int) -> Floats:
    """Return the shares (n, SHARES) of what is new about n players."""
    return dice.normal(0.0, FORM / SHARES**0.5, (n, SHARES))


def means(mean: Floats, told: Floats) -> Floats:
    """Return the players' true means, as those who know all that is new."""
    return mean * np.exp(told.sum(axis=1))


def over(mean: Floats, told: Floats, seen: list[int], line: Floats) -> Floats:
    """Return the chance to score more than ``line`` for those who have seen the shares ``seen`` of what is new."""
    doubt = FORM * ((SHARES - len(seen)) / SHARES) ** 0.5
    known = told[:, seen].sum(axis=1)
    chances = [weight * more_than(mean * np.exp(known + node * doubt), line) for node, weight in _NODES]
    return sum(chances[1:], start=chances[0])


def more_than(mean: Floats, line: Floats) -> Floats:
    """Return the chance that a Poisson variable exceeds ``line``."""
    term = np.exp(-mean)
    below = term.copy()
    for k in range(1, int(np.max(line, initial=0.0)) + 1):
        term = term * mean / k
        below += np.where(k <= line, term, 0.0)
    return 1.0 - below
