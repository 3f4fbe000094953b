"""The two fits behind calibration, as kernels: a small logistic regression and pooled adjacent violators.

They are loops in a fixed order, so a fit does not depend on how many threads a linear algebra library uses,
and two hundred bootstrap refits take a second.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from antepost.kernelcache import kernel

type Floats = NDArray[np.float64]


@kernel
def _objective(z: Floats, y: Floats, weights: Floats, theta: Floats, anchor: Floats, pull: Floats) -> float:
    total = 0.0
    for j in range(theta.size):
        total += 0.5 * pull[j] * (theta[j] - anchor[j]) ** 2
    for i in range(y.size):
        x = 0.0
        for j in range(theta.size):
            x += z[i, j] * theta[j]
        # log(1 + exp(x)) without overflow.
        total += weights[i] * (max(x, 0.0) + math.log1p(math.exp(-abs(x))) - y[i] * x)
    return total


@kernel
def _solve(matrix: Floats, right: Floats) -> Floats:
    """Return the solution of a small positive definite system, by elimination; both arguments are used up."""
    k = right.size
    for j in range(k):
        for i in range(j + 1, k):
            share = matrix[i, j] / matrix[j, j]
            for m in range(j, k):
                matrix[i, m] -= share * matrix[j, m]
            right[i] -= share * right[j]
    for j in range(k - 1, -1, -1):
        for m in range(j + 1, k):
            right[j] -= matrix[j, m] * right[m]
        right[j] /= matrix[j, j]
    return right


@kernel
def _newton_step(z: Floats, y: Floats, weights: Floats, theta: Floats, anchor: Floats, pull: Floats) -> Floats:
    k = theta.size
    gradient, hessian = np.zeros(k), np.zeros((k, k))
    for j in range(k):
        gradient[j] = pull[j] * (theta[j] - anchor[j])
        hessian[j, j] = pull[j]
    for i in range(y.size):
        x = 0.0
        for j in range(k):
            x += z[i, j] * theta[j]
        e = math.exp(-abs(x))
        q = 1.0 / (1.0 + e) if x >= 0.0 else e / (1.0 + e)
        for j in range(k):
            gradient[j] += weights[i] * (q - y[i]) * z[i, j]
            for m in range(k):
                hessian[j, m] += weights[i] * q * (1.0 - q) * z[i, j] * z[i, m]
    return _solve(hessian, gradient)


@kernel
def fit_logistic(z: Floats, y: Floats, weights: Floats, anchor: Floats, pull: Floats) -> tuple[Floats, float]:
    """Return the coefficients that minimise the weighted log-loss of ``sigmoid(z @ theta)``, and what was minimised.

    To the loss comes ``pull / 2`` times the squared distance of each coefficient from ``anchor``: the precision of a
    normal prior around it, and above 0, so that a sample that can be told apart has a finite fit. Newton's method from
    ``anchor``, each step halved until it does not raise the loss.
    """
    theta = anchor.copy()
    value = _objective(z, y, weights, theta, anchor, pull)
    for _ in range(100):
        step = _newton_step(z, y, weights, theta, anchor, pull)
        scale, lowered = 1.0, False
        for _ in range(40):
            trial = theta - scale * step
            at_trial = _objective(z, y, weights, trial, anchor, pull)
            if at_trial < value:
                theta, value, lowered = trial, at_trial, True
                break
            scale *= 0.5
        if not lowered:
            break
    return theta, value


@kernel
def pool_adjacent(y: Floats, weights: Floats) -> Floats:
    """Return the non-decreasing sequence nearest to ``y`` in weighted squares; weights are positive."""
    n = y.size
    level, mass, width = np.empty(n), np.empty(n), np.empty(n, np.int64)
    top = 0
    for i in range(n):
        level[top], mass[top], width[top] = y[i], weights[i], 1
        top += 1
        while top > 1 and level[top - 2] >= level[top - 1]:
            both = mass[top - 2] + mass[top - 1]
            level[top - 2] = (level[top - 2] * mass[top - 2] + level[top - 1] * mass[top - 1]) / both
            mass[top - 2] = both
            width[top - 2] += width[top - 1]
            top -= 1
    out = np.empty(n)
    at = 0
    for b in range(top):
        for _ in range(width[b]):
            out[at] = level[b]
            at += 1
    return out
