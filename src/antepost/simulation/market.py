"""A bookmaker for the invented league: an honest opinion, a little wrong, with a margin on top."""

from __future__ import annotations

import math
from random import Random

NOISE = 1.6
MARGIN = 0.025
FAVOURITE_AT_MOST = 0.965


def closing_prices(dice: Random, edge: float, spread: float, total: float) -> dict[str, object]:
    """Return the closing prices, American, of a game in which the home side is ``edge`` points better.

    The opinion errs by ``NOISE`` points. Both sides of each market sum to 1 + ``MARGIN``, before rounding.
    """
    opinion = edge + dice.gauss(0.0, NOISE)
    chance = 0.5 * math.erfc(-opinion / spread / math.sqrt(2.0))
    chance = min(max(chance, 1.0 - FAVOURITE_AT_MOST), FAVOURITE_AT_MOST)
    tilt = dice.gauss(0.0, 0.01)
    return {
        "home_moneyline": american(chance * (1.0 + MARGIN)),
        "away_moneyline": american((1.0 - chance) * (1.0 + MARGIN)),
        "spread_line": round(2.0 * opinion) / 2.0,
        "home_spread_odds": american((0.5 + tilt) * (1.0 + MARGIN)),
        "away_spread_odds": american((0.5 - tilt) * (1.0 + MARGIN)),
        "total_line": round(2.0 * dice.gauss(total, 3.0)) / 2.0,
        "over_odds": american((0.5 - tilt) * (1.0 + MARGIN)),
        "under_odds": american((0.5 + tilt) * (1.0 + MARGIN)),
    }


def american(probability: float) -> int:
    """Return the American odds, in whole numbers, that pay a stake fairly at ``probability``.

    >>> american(0.5), american(2 / 3), american(0.25)
    (100, -200, 300)
    """
    if probability > 0.5:
        return -round(100.0 * probability / (1.0 - probability))
    return round(100.0 * (1.0 - probability) / probability)
