"""Bookmakers who learn: each sees a part of what is new about a game, more of it at the close than at the opening.

What is new about a game comes in independent shares. A book prices at its expectation given the shares that it has
seen, so that every price is calibrated, whatever the book does not know, and the close knows all that the opening did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from antepost.simulation.descriptions import Description
from antepost.simulation.laws import AWAY, DRAW, HOME, Floats, Scoring
from antepost.simulation.lines import Belief, Lines
from antepost.sports import get_sport

SHARES = 8
SHORTEST = 1.02
"""The lowest odds that a book offers on who wins; of a surer thing it has no such market."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A bookmaker: the margin it asks, and how many of the shares of what is new it has seen at open and close.

    ``first`` is the share that it sees first, so that books differ.
    """

    name: str
    margin: float
    open: int
    close: int
    first: int

    def sees(self, label: str) -> list[int]:
        """Return the shares it has seen at ``label``."""
        count = self.open if label == "open" else self.close
        return [(self.first + share) % SHARES for share in range(count)]


def books_of(sport: str, league: str) -> tuple[Book, ...]:
    """Return the books of a league; the sharpest bears the name of the book by which the real league is judged."""
    named = get_sport(sport).reference_close.get(league, ())
    sharp = named[0] if named else "sharp"
    return (
        Book(name=sharp, margin=0.025, open=3, close=7, first=0),
        Book(name="corner", margin=0.05, open=2, close=6, first=3),
        Book(name="square", margin=0.07, open=1, close=5, first=6),
    )


def quotes(
    description: Description, lines: Lines, belief: Belief, margin: float, *, draws: bool
) -> Mapping[str, Floats]:
    """Return a book's decimal odds and lines for n games; NaN where it has no such market.

    Columns: home, draw, away; spread (points by which the home side is favoured), spread_home, spread_away; total,
    over, under.
    """
    nothing = np.full(len(belief.edge), np.nan)
    offered = dict.fromkeys(
        ("home", "draw", "away", "spread", "spread_home", "spread_away", "total", "over", "under"), nothing
    )
    chances = lines.outcomes(belief)
    if draws:
        sides = {"home": chances[:, HOME], "draw": chances[:, DRAW], "away": chances[:, AWAY]}
    else:
        # A two-way bet on a game that ends level is void, so that draws do not count.
        decided = chances[:, HOME] + chances[:, AWAY]
        sides = {"home": chances[:, HOME] / decided, "away": chances[:, AWAY] / decided}
    odds = {side: np.round(1.0 / (chance * (1.0 + margin)), 3) for side, chance in sides.items()}
    offers = np.min(list(odds.values()), axis=0) >= SHORTEST
    offered |= {side: np.where(offers, odd, np.nan) for side, odd in odds.items()}
    if description.spread != 0.0:
        spread = _spread(description, belief)
        offered |= two_way(spread, lines.covers(belief, spread), margin, ("spread", "spread_home", "spread_away"))
    if description.total != 0.0:
        total = _halved(belief.level) if description.total is None else np.full_like(belief.level, description.total)
        offered |= two_way(total, lines.over(belief, total), margin, ("total", "over", "under"))
    return offered


def two_way(line: Floats, chance: Floats, margin: float, names: tuple[str, str, str]) -> dict[str, Floats]:
    """Return line and both sides' odds under ``names``, NaN where one side is too sure a thing."""
    sure = np.maximum(chance, 1.0 - chance) * (1.0 + margin) * SHORTEST > 1.0
    odds = (np.round(1.0 / (side * (1.0 + margin)), 3) for side in (chance, 1.0 - chance))
    return {name: np.where(sure, np.nan, told) for name, told in zip(names, (line, *odds), strict=True)}


def _spread(description: Description, belief: Belief) -> Floats:
    if description.spread is not None or not isinstance(description.law, Scoring):
        return np.where(belief.edge >= 0.0, 1.0, -1.0) * (description.spread or 0.5)
    return _halved(belief.edge)


def _halved(value: Floats) -> Floats:
    """Return the half between whole numbers that is nearest."""
    return np.floor(value) + 0.5
