"""The bookmaker's margin, and the ways to take it out of a set of prices.

Every method takes decimal odds of shape (..., k), one column an outcome, and returns probabilities of that
shape. A row with a missing price (NaN), or to which a method has no answer, comes back as NaN in all its
columns: never as a plausible number. Sums run over the columns in order, so one row and a million rows agree
to the bit.

Source: Shin, "Measuring the incidence of insider trading in a market for state-contingent claims", Economic
Journal 103 (1993); Clarke, Kovalchik, Ingram, "Adjusting bookmaker's odds to allow for overround", American
Journal of Sports Science 5 (2017).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from antepost.errors import DataError

type Floats = NDArray[np.float64]

_HALVINGS = 64
_ROUNDING = 1e-12


def overround(odds: ArrayLike) -> Floats:
    """Return the sum of the implied probabilities, shape (...): 1.0 is a fair book, 1.05 keeps five per cent.

    Raises:
        DataError: a price of 1 or less, or fewer than two outcomes.
    """
    return _total(_implied(odds))


def multiplicative(odds: ArrayLike) -> Floats:
    """Return the implied probabilities divided by their sum; the house's headline method."""
    implied = _implied(odds)
    return implied / _total(implied)[..., None]


def additive(odds: ArrayLike) -> Floats:
    """Return the implied probabilities less an equal share of the margin each.

    A long shot that is left with nothing makes its row NaN.
    """
    implied = _implied(odds)
    fair = implied - ((_total(implied) - 1.0) / implied.shape[-1])[..., None]
    return _whole_rows(fair, (fair > 0.0).all(axis=-1))


def power(odds: ArrayLike) -> Floats:
    """Return the implied probabilities raised to the one exponent that makes them sum to 1."""
    implied = _implied(odds)
    # n · max**k falls to 1 at this exponent, so the root lies between 0 and it.
    upper = np.log(implied.shape[-1]) / -np.log(implied.max(axis=-1))
    exponent = _root(lambda k: _total(implied ** k[..., None]), np.zeros_like(upper), upper)
    return _unit(implied ** exponent[..., None])


def shin(odds: ArrayLike) -> Floats:
    """Return the probabilities a bookmaker holds who fears a share of insiders among his customers.

    With two outcomes this equals ``additive``. A book that sums to less than 1 leaves no room for insiders
    and makes its row NaN.
    """
    implied = _implied(odds)
    booksum = _total(implied)
    nobody, everybody = np.zeros_like(booksum), np.ones_like(booksum)
    share = _root(lambda z: _total(_shin_at(implied, booksum, z)), nobody, everybody)
    return _whole_rows(_unit(_shin_at(implied, booksum, share)), booksum >= 1.0 - _ROUNDING)


DEVIG: dict[str, Callable[[ArrayLike], Floats]] = {
    "multiplicative": multiplicative,
    "additive": additive,
    "power": power,
    "shin": shin,
}


def _implied(odds: ArrayLike) -> Floats:
    prices = np.asarray(odds, dtype=np.float64)
    if prices.ndim == 0 or prices.shape[-1] < 2:
        raise DataError(f"prices of shape {prices.shape} do not hold two outcomes in the last axis", shape=prices.shape)
    wrong = (prices <= 1.0) | np.isinf(prices)
    if wrong.any():
        first = float(prices[wrong].flat[0])
        raise DataError(f"{first:g} is no decimal price; quarantine the row", value=first, rows=int(wrong.sum()))
    missing = np.isnan(prices).any(axis=-1, keepdims=True)
    return 1.0 / np.where(missing, np.nan, prices)


def _total(columns: Floats) -> Floats:
    total = columns[..., 0].copy()
    for column in range(1, columns.shape[-1]):
        total = total + columns[..., column]
    return total


def _unit(columns: Floats) -> Floats:
    return columns / _total(columns)[..., None]


def _whole_rows(columns: Floats, answered: NDArray[np.bool_]) -> Floats:
    return np.where(answered[..., None], columns, np.nan)


def _shin_at(implied: Floats, booksum: Floats, share: Floats) -> Floats:
    z, s = share[..., None], booksum[..., None]
    # The textbook form ends in / (2 (1 - z)); this one is equal to it and stays finite at z = 1.
    squares = 4.0 * implied * implied / s
    return 0.5 * squares / (np.sqrt(z * z + (1.0 - z) * squares) + z)


def _root(falling: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Return where a falling function crosses 1, by halving; NaN rows halve along harmlessly."""
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        above = falling(middle) > 1.0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return 0.5 * (low + high)
