"""A bookmaker for the invented NFL: an honest opinion, better at the close than at the opening, and a margin on top."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

NOISE, EARLY_NOISE = 1.6, 2.2
"""How far, in points, what the bookmaker sees is off at the close, and by how much more at the opening."""
PRIOR = 6.7
"""The spread of the games' edges about the home advantage, in points: what he holds before he sees anything."""
MARGIN = 0.025
FAVOURITE_AT_MOST = 0.965

type Chance = Callable[[float], float]
"""The home side's chance to win, by how many points it is better."""

# Gauss-Hermite with three nodes: a chance as expected by somebody who is not sure of the edge.
_NODES = ((-math.sqrt(3.0), 1 / 6), (0.0, 2 / 3), (math.sqrt(3.0), 1 / 6))


def view(dice: Random, edge: float) -> float:
    """Return what the bookmaker sees at the close of a game in which the home side is ``edge`` points better."""
    return edge + dice.gauss(0.0, NOISE)


def opinion(seen: float, usual: float, noise: float) -> tuple[float, float]:
    """Return what he holds of the edge, in points, and his doubt, having seen it with so much ``noise``.

    He knows that a game far from the ``usual`` edge is likelier seen wrong than so uneven, so that his prices are
    neither too bold nor too timid.
    """
    trust = PRIOR**2 / (PRIOR**2 + noise**2)
    return usual + trust * (seen - usual), noise * math.sqrt(trust)


def closing_prices(dice: Random, seen: float, usual: float, chance: Chance, total: float) -> dict[str, object]:
    """Return the closing prices, American, of a game of which the bookmaker has ``seen`` so much.

    Both sides of each market sum to 1 + ``MARGIN``, before rounding.
    """
    held, doubt = opinion(seen, usual, NOISE)
    tilt = dice.gauss(0.0, 0.01)
    return {
        **moneyline(held, doubt, chance),
        "spread_line": round(2.0 * held) / 2.0,
        "home_spread_odds": american((0.5 + tilt) * (1.0 + MARGIN)),
        "away_spread_odds": american((0.5 - tilt) * (1.0 + MARGIN)),
        "total_line": round(2.0 * dice.gauss(total, 3.0)) / 2.0,
        "over_odds": american((0.5 - tilt) * (1.0 + MARGIN)),
        "under_odds": american((0.5 + tilt) * (1.0 + MARGIN)),
    }


def opening_prices(dice: Random, seen: float, usual: float, chance: Chance) -> dict[str, object]:
    """Return the opening moneyline of a game of which the bookmaker will have ``seen`` so much at the close."""
    noise = math.hypot(NOISE, EARLY_NOISE)
    held, doubt = opinion(seen + dice.gauss(0.0, EARLY_NOISE), usual, noise)
    return moneyline(held, doubt, chance)


def moneyline(held: float, doubt: float, chance: Chance) -> dict[str, object]:
    """Return the American prices of both sides by an opinion and its doubt."""
    expected = sum(weight * chance(held + node * doubt) for node, weight in _NODES)
    home = min(max(expected, 1.0 - FAVOURITE_AT_MOST), FAVOURITE_AT_MOST)
    return {
        "home_moneyline": american(home * (1.0 + MARGIN)),
        "away_moneyline": american((1.0 - home) * (1.0 + MARGIN)),
    }


def american(probability: float) -> int:
    """Return the American odds, in whole numbers, that pay a stake fairly at ``probability``.

    >>> american(0.5), american(2 / 3), american(0.25)
    (100, -200, 300)
    """
    if probability > 0.5:
        return -round(100.0 * probability / (1.0 - probability))
    return round(100.0 * (1.0 - probability) / probability)
