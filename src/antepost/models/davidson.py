"""The draw of two rated sides: likeliest between equals, by a strength that is fitted.

With x the log-odds of the home side against the away side, P(draw) = nu / (exp(x / 2) + exp(-x / 2) + nu), and of the
games that somebody wins the home side wins the share that x says.

Source: Davidson, On extending the Bradley-Terry model to accommodate ties in paired comparison experiments, J. Am.
Stat. Assoc. 65 (1970).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from antepost.kernelcache import kernel
from antepost.models.kernels import Floats, sigmoid

_HALVINGS = 60


@kernel
def log_spread(x: float) -> float:
    """Return ln(exp(x / 2) + exp(-x / 2)), finite for every ``x``."""
    return 0.5 * abs(x) + math.log1p(math.exp(-abs(x)))


@kernel
def score_davidson(X: Floats, column: int, log_nu: float) -> Floats:
    """Return P(draw) of each row of ``X``, whose ``column`` holds x; NaN where that is missing."""
    p = np.empty(X.shape[0])
    for i in range(X.shape[0]):
        p[i] = sigmoid(log_nu - log_spread(X[i, column]))
    return p


@dataclass(frozen=True, slots=True, kw_only=True)
class DavidsonArrays:
    """Which column holds the log-odds of home against away, and ln nu."""

    form: ClassVar[str] = "davidson"

    column: int
    log_nu: float

    def score(self, X: Floats) -> Floats:
        """Return P(draw) of each row of ``X``; NaN where the log-odds are missing."""
        return score_davidson(np.ascontiguousarray(X), int(self.column), self.log_nu)


def fit_log_nu(x: Floats, drawn: NDArray[np.int8]) -> float:
    """Return the ln nu of greatest likelihood, where games with log-odds ``x`` were ``drawn`` (1) or not (0).

    There the expected number of draws is the one that was seen; it grows with nu, so halving finds it. Both outcomes
    have to be among the rows, and no ``x`` may be missing.
    """
    spread = 0.5 * np.abs(x) + np.log1p(np.exp(-np.abs(x)))
    rate = float(np.mean(drawn))
    middle = math.log(rate / (1.0 - rate))
    low, high = middle + float(spread.min()), middle + float(spread.max())
    for _ in range(_HALVINGS):
        half = 0.5 * (low + high)
        expected = float(np.mean(1.0 / (1.0 + np.exp(spread - half))))
        low, high = (half, high) if expected < rate else (low, half)
    return 0.5 * (low + high)
