"""Who meets whom: a table in which all meet in turn, draws, and knock-out rounds. Sides are numbers."""

from __future__ import annotations

import numpy as np

from antepost.simulation.laws import Flags, Whole


def table(dice: np.random.Generator, sides: int, rounds: int) -> Whole:
    """Return the pairs (rounds, sides / 2, 2) of home and away side; nobody meets again before all have met."""
    order = dice.permutation(sides)
    turns = np.arange(rounds) % (sides - 1)
    # The circle method: one stays, the others turn by one place a round, and opposite places meet.
    places = np.concatenate(
        [np.zeros((rounds, 1), dtype=np.int64), 1 + (np.arange(sides - 1)[None, :] + turns[:, None]) % (sides - 1)],
        axis=1,
    )
    pairs = np.stack([places[:, : sides // 2], places[:, : sides // 2 - 1 : -1]], axis=2)
    cycle = np.arange(rounds) // (sides - 1)
    turned = (turns[:, None] + np.arange(sides // 2)[None, :] + cycle[:, None]) % 2 == 1
    return order[np.where(turned[:, :, None], pairs[:, :, ::-1], pairs)]


def draws(dice: np.random.Generator, sides: int, tournaments: int, size: int) -> Whole:
    """Return who takes part (tournaments, size), in the order of the draw."""
    return np.argsort(dice.random((tournaments, sides)), axis=1)[:, :size]


def winners(pairs: Whole, home_won: Flags) -> Whole:
    """Return who goes on (tournaments, pairs) of (tournaments, pairs, 2)."""
    return np.where(home_won, pairs[..., 0], pairs[..., 1])


def best_against_worst(through: Whole) -> Whole:
    """Return the pairs (tournaments, n / 2, 2) of (tournaments, n) sides, the best first: first against last."""
    half = through.shape[1] // 2
    return np.stack([through[:, :half], through[:, : half - 1 : -1]], axis=2)
