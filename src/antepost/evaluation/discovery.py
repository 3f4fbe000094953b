"""Which of many tests to believe, when a share of false alarms is to be borne.

Source: Benjamini and Hochberg (1995), Controlling the false discovery rate, J. R. Statist. Soc. B 57.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from antepost.errors import DataError


def discoveries(p_values: ArrayLike, share: float = 0.1) -> NDArray[np.bool_]:
    """Return which of the tests stand out, so that on average at most ``share`` of those are false alarms.

    It holds for tests that are independent or positively dependent. NaN is no test and never stands out.

    Raises:
        DataError: a value outside 0 to 1, or a share that is not between them.

    >>> discoveries([0.01, 0.02, 0.5, float("nan")], 0.1).tolist()
    [True, True, False, False]
    """
    values = np.asarray(p_values, dtype=np.float64)
    held = np.flatnonzero(~np.isnan(values))
    if not 0.0 < share < 1.0 or ((values[held] < 0.0) | (values[held] > 1.0)).any():
        raise DataError(f"p-values lie from 0 to 1 and a share of false alarms between them, not {share}")
    order = held[np.argsort(values[held], kind="stable")]
    passed = np.flatnonzero(values[order] <= share * np.arange(1, order.size + 1) / max(order.size, 1))
    found = np.zeros(values.size, dtype=np.bool_)
    if passed.size:
        found[order[: passed[-1] + 1]] = True
    return found
