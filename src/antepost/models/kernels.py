"""The compiled kernels every bundle is scored by: linear scores, forests, the pool, the refits' quantiles.

Each walks its rows one after another and sums in one fixed order, so one row and a million agree to the bit.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from antepost.evaluation.calibration import calibrate_kernel
from antepost.kernelcache import kernel

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Flags = NDArray[np.uint8]

# Where H2O keeps the log-odds that it pools: it cuts probabilities off at the first, and then log-odds at the second.
EPSILON = 1e-9
LOWEST_LOGIT = -19.0


@kernel
def sigmoid(z: float) -> float:
    """Return the probability whose logit is ``z``."""
    return 1.0 / (1.0 + math.exp(-z))


@kernel
def score_linear(X: Floats, weights: Floats, intercept: float, center: Floats, scale: Floats, impute: Floats) -> Floats:
    """Return P(home) of each row of ``X`` under a standardised linear score.

    A column of weight zero is not looked at, so what is missing there cannot spoil the sum; a missing value
    elsewhere becomes ``impute``, which is NaN where the score has no opinion without it.
    """
    rows, columns = X.shape
    p = np.empty(rows)
    for i in range(rows):
        total = intercept
        for j in range(columns):
            if weights[j] != 0.0:
                x = X[i, j]
                if math.isnan(x):
                    x = impute[j]
                total += weights[j] * ((x - center[j]) / scale[j])
        p[i] = sigmoid(total)
    return p


@kernel
def score_forest(
    X: Floats,
    feature: Integers,
    threshold: Floats,
    left: Integers,
    right: Integers,
    default_left: Flags,
    value: Floats,
    roots: Integers,
    base: float,
    float32_inputs: bool,
    boosted: bool,
) -> Floats:
    """Return P(home) of each row of ``X`` under a forest laid out flat.

    ``x < threshold`` goes left, a missing ``x`` goes where the node says; a node without children (left < 0)
    is a leaf. Trees are summed in the order in which they were grown; the sum is a logit where they were
    ``boosted``, else the probability itself.
    """
    rows = X.shape[0]
    p = np.empty(rows)
    for i in range(rows):
        total = base
        for tree in range(roots.shape[0]):
            node = int(roots[tree])
            while left[node] >= 0:
                x = X[i, feature[node]]
                if float32_inputs:
                    x = np.float64(np.float32(x))
                goes_left = default_left[node] == 1 if math.isnan(x) else x < threshold[node]
                node = int(left[node] if goes_left else right[node])
            total += value[node]
        p[i] = sigmoid(total) if boosted else total
    return p


@kernel
def pool(P: Floats, weights: Floats) -> Floats:
    """Return the linear pool of each row of ``P`` (rows, families)."""
    rows, families = P.shape
    pooled = np.empty(rows)
    for i in range(rows):
        total = 0.0
        for j in range(families):
            total += weights[j] * P[i, j]
        pooled[i] = total
    return pooled


@kernel
def pool_logits(P: Floats, weights: Floats, intercept: float) -> Floats:
    """Return the pool of each row of ``P`` (rows, parts) in log-odds, kept finite as H2O does."""
    rows, parts = P.shape
    pooled = np.empty(rows)
    for i in range(rows):
        total = intercept
        for j in range(parts):
            if weights[j] != 0.0:
                # Whose part has no opinion has none.
                total += weights[j] * max(bounded_logit(P[i, j]), LOWEST_LOGIT)
        pooled[i] = sigmoid(total)
    return pooled


@kernel
def bounded_logit(p: float) -> float:
    """Return the log-odds of ``p``, finite however sure it is; NaN of NaN, which passes both comparisons by."""
    if p < EPSILON:
        p = EPSILON
    elif p > 1.0 - EPSILON:
        p = 1.0 - EPSILON
    return math.log(p / (1.0 - p))


@kernel
def and_turned(X: Floats, places: NDArray[np.int64], signs: Floats) -> Floats:
    """Return the rows of ``X`` and below them the same turned round: column j is ``signs[j]`` times ``places[j]``."""
    rows, columns = X.shape
    both = np.empty((2 * rows, columns))
    for i in range(rows):
        for j in range(columns):
            both[i, j] = X[i, j]
            both[rows + i, j] = signs[j] * X[i, places[j]]
    return both


@kernel
def halfway(said: Floats) -> Floats:
    """Return, in log-odds, half of what is ``said`` of a row less what is said of it turned round, the second half.

    Whoever asks the other way round gets exactly the log-odds with the other sign. NaN where either has no opinion.
    """
    rows = said.size // 2
    p = np.empty(rows)
    for i in range(rows):
        p[i] = sigmoid(0.5 * (bounded_logit(said[i]) - bounded_logit(said[rows + i])))
    return p


@kernel
def quantile_of_sorted(values: Floats, quantile: float) -> float:
    """Return the ``quantile`` of ascending ``values``, linear between neighbours."""
    place = quantile * (values.shape[0] - 1)
    below = int(place)
    above = min(below + 1, values.shape[0] - 1)
    return values[below] + (place - below) * (values[above] - values[below])


@kernel
def refit_chances(P: Floats, weights: Floats, params: Floats, grids: Floats) -> Floats:
    """Return P(y = 1) of each row by every refit of the blend, (rows, refits); arguments as ``refit_quantiles``."""
    said = np.empty((P.shape[0], weights.shape[0]))
    for i in range(P.shape[0]):
        for r in range(weights.shape[0]):
            said[i, r] = calibrate_kernel(pool(P[i : i + 1], weights[r]), params[r], grids[r])[0]
    return said


@kernel
def refit_quantiles(
    P: Floats, weights: Floats, params: Floats, grids: Floats, quantile: float
) -> tuple[Floats, Floats]:
    """Return the low ``quantile`` of P(home) and of P(away) of each row over all refits of the blend.

    Args:
        P: (rows, families) probabilities of the home side.
        weights: (refits, families) blend weights.
        params: (refits, 3) calibrator parameters.
        grids: (refits, points) isotonic tables, (refits, 0) where the calibrator is parametric.
        quantile: in (0, 1).
    """
    rows = P.shape[0]
    refits = weights.shape[0]
    low_home = np.empty(rows)
    low_away = np.empty(rows)
    drawn = np.empty(refits)
    for i in range(rows):
        for r in range(refits):
            drawn[r] = calibrate_kernel(pool(P[i : i + 1], weights[r]), params[r], grids[r])[0]
        drawn.sort()
        low_home[i] = quantile_of_sorted(drawn, quantile)
        low_away[i] = 1.0 - quantile_of_sorted(drawn, 1.0 - quantile)
    return low_home, low_away
