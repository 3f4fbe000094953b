"""The lead of the home side as a whole number: normal or Student t around what is expected, with key numbers.

Some leads end games more often than a smooth curve says, as three and seven do in American football, and some less,
as none does where overtime is played. The chance of a lead k is that of its unit interval under the curve, times
``keys[|k|]``, over the sum of all.

Source: Stern, On the probability of winning a football game, The American Statistician 45 (1991), for the normal lead;
key numbers are the ratio of the leads that were seen to those the curve expects, drawn towards one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from antepost.kernelcache import kernel
from antepost.models.kernels import Floats

NORMAL = 0
"""The degrees of freedom that stand for a normal curve."""


@kernel
def cumulated(x: float, freedom: int) -> float:
    """Return the chance of a value below ``x``, normal or Student t of an even number of degrees of freedom."""
    if freedom == NORMAL:
        return 0.5 * math.erfc(-x / math.sqrt(2.0))
    # Abramowitz and Stegun 26.7.4: for even degrees of freedom a finite sum.
    sine = x / math.sqrt(freedom + x * x)
    cosine = freedom / (freedom + x * x)
    total, term = 1.0, 1.0
    for j in range(1, freedom // 2):
        term *= cosine * (2.0 * j - 1.0) / (2.0 * j)
        total += term
    return 0.5 + 0.5 * sine * total


@kernel
def leads(expected: float, sigma: float, freedom: int, keys: Floats, reach: int) -> Floats:
    """Return the chances of the leads -``reach`` to ``reach``, (2 reach + 1,)."""
    p = np.empty(2 * reach + 1)
    below, total = cumulated((-reach - 0.5 - expected) / sigma, freedom), 0.0
    for k in range(-reach, reach + 1):
        above = cumulated((k + 0.5 - expected) / sigma, freedom)
        p[k + reach] = max(above - below, 0.0) * (keys[abs(k)] if abs(k) < keys.size else 1.0)
        total += p[k + reach]
        below = above
    return p / total


@kernel
def chances_at(expected: Floats, sigma: float, freedom: int, keys: Floats, reach: int, of_draw: bool) -> Floats:
    """Return P(draw) at each expected lead, or where that is not asked P(home | decided)."""
    said = np.empty(expected.size)
    for i in range(expected.size):
        p = leads(expected[i], sigma, freedom, keys, reach)
        won, lost = 0.0, 0.0
        for k in range(1, reach + 1):
            won += p[reach + k]
            lost += p[reach - k]
        chance = p[reach] if of_draw else won / (won + lost)
        said[i] = min(max(chance, 1e-9), 1.0 - 1e-9)
    return said


@kernel
def leads_expected(
    X: Floats, weights: Floats, intercept: float, center: Floats, scale: Floats, impute: Floats
) -> Floats:
    """Return the lead that each row of ``X`` lets expect."""
    found = np.empty(X.shape[0])
    for i in range(X.shape[0]):
        total = intercept
        for j in range(weights.size):
            value = impute[j] if math.isnan(X[i, j]) else X[i, j]
            total += weights[j] * (value - center[j]) / scale[j]
        found[i] = total
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginArrays:
    """A linear expectation of the lead, the curve around it, and its key numbers ``keys`` (leads from 0 on,).

    ``freedom`` is the curve's degrees of freedom, 0 a normal one; ``reach`` is the largest lead that is reckoned with.
    """

    form: ClassVar[str] = "margin"

    weights: Floats
    intercept: float
    center: Floats
    scale: Floats
    impute: Floats
    sigma: float
    freedom: int
    keys: Floats
    reach: int
    of_draw: bool

    def score(self, X: Floats) -> Floats:
        """Return P(draw) of each row of ``X``, or where that is not asked P(home | decided)."""
        return self.at(self.expected(X))

    def expected(self, X: Floats) -> Floats:
        """Return the lead that each row of ``X`` lets expect."""
        return leads_expected(
            np.ascontiguousarray(X), self.weights, self.intercept, self.center, self.scale, self.impute
        )

    def at(self, expected: Floats) -> Floats:
        """Return what ``score`` says where a lead of ``expected`` (rows,) is to be expected."""
        return chances_at(expected, self.sigma, int(self.freedom), self.keys, int(self.reach), bool(self.of_draw))

    def leads(self, row: Floats) -> Mapping[int, float]:
        """Return the chance of each lead of one row (columns,); ``score_grid.settled`` makes any spread of them."""
        reach = int(self.reach)
        p = leads(float(self.expected(row[None, :])[0]), self.sigma, int(self.freedom), self.keys, reach)
        return dict(zip(range(-reach, reach + 1), p.tolist(), strict=True))
