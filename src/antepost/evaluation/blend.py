"""The linear pool: weights on a simplex, so that a blend of probabilities is one."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from antepost.errors import DataError
from antepost.evaluation.calibration import row_weights
from antepost.evaluation.scores import EPS, pairs
from antepost.kernelcache import kernel

type Floats = NDArray[np.float64]

# Once no weight moves by more than this, another round changes no probability anyone could see.
_SETTLED = 1e-10


@kernel
def em_kernel(likelihood: Floats, mass: Floats, iterations: int) -> Floats:
    """Return the pool weights after at most ``iterations`` rounds of expectation and maximisation.

    ``likelihood`` (n, f) is what each family said of the outcome that came. No round lowers the log score.
    """
    n, f = likelihood.shape
    weights = np.full(f, 1.0 / f)
    for _ in range(iterations):
        credit = np.zeros(f)
        for i in range(n):
            pooled = 0.0
            for j in range(f):
                pooled += weights[j] * likelihood[i, j]
            for j in range(f):
                credit[j] += mass[i] * weights[j] * likelihood[i, j] / pooled
        total = 0.0
        for j in range(f):
            total += credit[j]
        moved = 0.0
        for j in range(f):
            moved = max(moved, abs(credit[j] / total - weights[j]))
            weights[j] = credit[j] / total
        if moved < _SETTLED:
            break
    return weights


def simplex_weights(
    probabilities: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None, iterations: int = 500
) -> Floats:
    """Return the weights (f,), not negative and summing to 1, that maximise the log score of the linear pool.

    ``probabilities`` is (n, f), the home side's probability by each of f families out of fold; ``weights``
    count rows (bootstrap refits). The score is concave in the weights, so the place to start from does not
    matter.

    Raises:
        DataError: shapes that do not match, a missing probability, or rows that weigh nothing.
    """
    said = np.asarray(probabilities, dtype=np.float64)
    if said.ndim != 2 or said.shape[1] == 0:
        raise DataError(f"a pool needs (rows, families), not {said.shape}", shape=said.shape)
    won = np.column_stack([pairs(column, y)[1] for column in said.T])
    likelihood = np.clip(np.where(won, said, 1.0 - said), EPS, 1.0)
    return em_kernel(np.ascontiguousarray(likelihood), row_weights(weights, len(said)), iterations)
