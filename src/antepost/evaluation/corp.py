"""Reliability without bins: said against seen by isotonic regression, what chance makes of it, and the score's parts.

Source: Dimitriadis, Gneiting and Jordan (2021), Stable reliability diagrams for probabilistic classifiers, PNAS 118.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from antepost.evaluation.fitting import pool_adjacent
from antepost.evaluation.scores import log_loss, pairs

type Floats = NDArray[np.float64]

LEVEL = 0.9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Corp:
    """Said against seen, one entry a different probability that was said, ascending.

    ``said`` and ``seen`` (k,) with ``count`` rows each; ``low`` and ``high`` (k,) are where ``seen`` lies in 90 % of
    draws in which each game is won with the chance that was said. The mean log-loss is ``miscalibration`` -
    ``discrimination`` + ``uncertainty``: what isotonic regression of the same rows would save, what is then better than
    their own base rate, and the loss of that base rate, all in nats.
    """

    said: Floats
    seen: Floats
    count: NDArray[np.int64]
    low: Floats
    high: Floats
    miscalibration: float
    discrimination: float
    uncertainty: float


def corp(p: ArrayLike, y: ArrayLike, draws: int = 200, seed: int = 0) -> Corp:
    """Return the reliability of probabilities by pooled adjacent violators, with bands of consistency.

    Raises:
        DataError: rows that cannot be scored.
    """
    said, won = pairs(p, y)
    points, place = np.unique(said, return_inverse=True)
    count = np.bincount(place)
    weight = count.astype(np.float64)
    seen = pool_adjacent(np.bincount(place, weights=won) / weight, weight)
    generator = np.random.default_rng(seed)
    drawn = np.empty((draws, points.size))
    for i in range(draws):
        # Games of which the same was said are exchangeable, so only their number of wins need be drawn.
        drawn[i] = pool_adjacent(generator.binomial(count, points) / weight, weight)
    tail = (1.0 - LEVEL) / 2.0
    recalibrated, rate = log_loss(seen[place], y), log_loss(np.full(said.size, won.mean()), y)
    return Corp(
        said=points, seen=seen, count=count.astype(np.int64),
        low=np.quantile(drawn, tail, axis=0), high=np.quantile(drawn, 1.0 - tail, axis=0),
        miscalibration=log_loss(said, y) - recalibrated, discrimination=rate - recalibrated, uncertainty=rate,
    )  # fmt: skip
