"""Prices: American odds as the decimal odds that the platform reckons in."""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import NDArray

from antepost.errors import DataError

type Array = NDArray[np.generic]
type Floats = NDArray[np.float64]


@overload
def american_to_decimal(american: float) -> float: ...
@overload
def american_to_decimal(american: Array) -> Floats: ...
def american_to_decimal(american: float | Array) -> float | Floats:
    """Return the decimal odds of American odds; NaN, a missing price, stays NaN.

    >>> american_to_decimal(150), american_to_decimal(-200)
    (2.5, 1.5)

    Raises:
        DataError: a number strictly between -100 and 100, which is no American price.
    """
    values = np.asarray(american, dtype=np.float64)
    _refuse(values, np.abs(values) < 100.0, "American odds lie at or beyond ±100")
    _refuse(values, np.isinf(values), "odds are finite")
    # The denominator of the branch not taken is replaced, so that no row divides by zero.
    decimal = 1.0 + np.where(values > 0.0, values / 100.0, 100.0 / np.where(values < 0.0, -values, 1.0))
    return _like(american, np.where(np.isnan(values), np.nan, decimal))


def _refuse(values: Floats, wrong: NDArray[np.bool_], rule: str) -> None:
    if wrong.any():
        first = float(values[wrong].flat[0])
        raise DataError(f"{first:g} is no price: {rule}; quarantine the row", value=first, rows=int(wrong.sum()))


def _like(given: float | Array, answer: Floats) -> float | Floats:
    return answer if isinstance(given, np.ndarray) else float(answer)
