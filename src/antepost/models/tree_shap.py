"""Exact Shapley values of a flat forest, as kernels: what each column adds to a row's score.

A column that is not told is averaged over: a row then goes both ways at its split, by the cover of each child. That is
the path-dependent expectation, in which correlated columns share what they say together as the trees have split on
them; it is no statement about causes.

Source: Lundberg et al. (2020), From local explanations to global understanding with explainable AI for trees, Nature
Machine Intelligence 2, Algorithm 2; Lundberg, Erion and Lee (2018), arXiv:1802.03888.
"""

from __future__ import annotations

import math

import numpy as np

from antepost.kernelcache import kernel
from antepost.models.kernels import Flags, Floats, Integers


@kernel
def _deepest(left: Integers, right: Integers, roots: Integers) -> int:
    """Return how many splits lie above the deepest leaf."""
    depth = np.zeros(left.size, np.int64)
    deepest = 0
    # A child always lies behind its parent, so one pass from front to back sees every parent first.
    for node in range(left.size):
        if left[node] >= 0:
            depth[left[node]] = depth[node] + 1
            depth[right[node]] = depth[node] + 1
            deepest = max(deepest, depth[node] + 1)
    return deepest if roots.size else 0


@kernel
def _share(cover: Floats, child: int, sibling: int) -> float:
    """Return the share of the rows of both children that ``child`` has; a half each where none were counted."""
    both = cover[child] + cover[sibling]
    return cover[child] / both if both > 0.0 else 0.5


@kernel
def _extend(zero: Floats, one: Floats, weight: Floats, at: int, m: int, z: float, o: float) -> None:
    """Put a step onto the path of ``m`` that begins ``at``: ``z`` flows on without its column, ``o`` with it."""
    zero[at + m], one[at + m] = z, o
    weight[at + m] = 1.0 if m == 0 else 0.0
    for i in range(m - 1, -1, -1):
        weight[at + i + 1] += o * weight[at + i] * (i + 1) / (m + 1)
        weight[at + i] = z * weight[at + i] * (m - i) / (m + 1)


@kernel
def _unwind(column: Integers, zero: Floats, one: Floats, weight: Floats, at: int, m: int, k: int) -> None:
    """Take step ``k`` off the path of ``m`` that begins ``at``, as if it had never been put on."""
    z, o = zero[at + k], one[at + k]
    following = weight[at + m - 1]
    for i in range(m - 2, -1, -1):
        if o != 0.0:
            was = weight[at + i]
            weight[at + i] = following * m / ((i + 1) * o)
            following = was - weight[at + i] * z * (m - 1 - i) / m
        elif z != 0.0:
            weight[at + i] = weight[at + i] * m / (z * (m - 1 - i))
    for i in range(at + k, at + m - 1):
        column[i], zero[i], one[i] = column[i + 1], zero[i + 1], one[i + 1]


@kernel
def _unwound_sum(zero: Floats, one: Floats, weight: Floats, at: int, m: int, k: int) -> float:
    """Return the sum of the weights of the path of ``m`` that begins ``at``, without step ``k``."""
    z, o = zero[at + k], one[at + k]
    following = weight[at + m - 1]
    total = 0.0
    for i in range(m - 2, -1, -1):
        if o != 0.0:
            taken = following * m / ((i + 1) * o)
            total += taken
            following = weight[at + i] - taken * z * (m - 1 - i) / m
        elif z != 0.0:
            total += weight[at + i] * m / (z * (m - 1 - i))
    return total


@kernel
def _credit(
    phi: Floats, row: int, column: Integers, zero: Floats, one: Floats, weight: Floats, at: int, m: int, value: float
) -> None:
    """Add to ``phi`` (rows, columns) what each step of a path has to do with the leaf at its end."""
    for i in range(1, m):
        without = _unwound_sum(zero, one, weight, at, m, i)
        phi[row, column[at + i]] += without * (one[at + i] - zero[at + i]) * value


@kernel
def _asked_before(column: Integers, at: int, m: int, j: int) -> int:
    """Return the step of a path that split on column ``j``, 0 where none did."""
    for i in range(1, m):
        if column[at + i] == j:
            return i
    return 0


@kernel
def _goes_left(x: float, threshold: float, default_left: int, float32_inputs: bool) -> bool:
    """Return where ``score_forest`` sends a value."""
    if math.isnan(x):
        return default_left == 1
    return bool(np.float64(np.float32(x)) < threshold) if float32_inputs else x < threshold


@kernel
def expected_score(
    left: Integers, right: Integers, value: Floats, cover: Floats, roots: Integers, base: float
) -> float:
    """Return the score of a row of which nothing is told: each leaf by its share of the cover."""
    reach = np.zeros(left.size)
    for root in roots:
        reach[root] = 1.0
    total = base
    for node in range(left.size):
        if left[node] < 0:
            total += reach[node] * value[node]
        else:
            reach[left[node]] = reach[node] * _share(cover, left[node], right[node])
            reach[right[node]] = reach[node] * _share(cover, right[node], left[node])
    return total


@kernel
def tree_shap(
    X: Floats,
    feature: Integers,
    threshold: Floats,
    left: Integers,
    right: Integers,
    default_left: Flags,
    value: Floats,
    cover: Floats,
    roots: Integers,
    float32_inputs: bool,
) -> Floats:
    """Return what each column adds to the score of each row of ``X``, (rows, columns), in the leaves' unit.

    They and ``expected_score`` sum to the score. A row goes through each split as ``score_forest`` sends it.
    """
    rows, columns = X.shape
    phi = np.zeros((rows, columns))
    size = _deepest(left, right, roots) + 2
    # One path for each depth, one behind the other: while a subtree is walked, the paths above it stay as they were.
    column = np.zeros(size * size, np.int32)
    zero, one, weight = np.zeros(size * size), np.zeros(size * size), np.zeros(size * size)
    length = np.zeros(size, np.int64)
    waiting, level, split_on = np.zeros(2 * size, np.int64), np.zeros(2 * size, np.int64), np.zeros(2 * size, np.int64)
    flow_zero, flow_one = np.zeros(2 * size), np.zeros(2 * size)
    for row in range(rows):
        for root in roots:
            waiting[0], level[0], split_on[0], flow_zero[0], flow_one[0] = root, 0, -1, 1.0, 1.0
            top = 1
            while top > 0:
                top -= 1
                node, d = int(waiting[top]), int(level[top])
                at, m = d * size, 0
                if d > 0:
                    m = int(length[d - 1])
                    for i in range(at, at + m):
                        column[i], zero[i] = column[i - size], zero[i - size]
                        one[i], weight[i] = one[i - size], weight[i - size]
                column[at + m] = split_on[top]
                _extend(zero, one, weight, at, m, flow_zero[top], flow_one[top])
                m += 1
                if left[node] < 0:
                    _credit(phi, row, column, zero, one, weight, at, m, value[node])
                    continue
                j = int(feature[node])
                z, o = 1.0, 1.0
                again = _asked_before(column, at, m, j)
                if again > 0:
                    z, o = zero[at + again], one[at + again]
                    _unwind(column, zero, one, weight, at, m, again)
                    m -= 1
                length[d] = m
                hot, cold = int(left[node]), int(right[node])
                if not _goes_left(X[row, j], threshold[node], default_left[node], float32_inputs):
                    hot, cold = cold, hot
                for child, sibling, flows in ((cold, hot, 0.0), (hot, cold, o)):
                    waiting[top], level[top], split_on[top] = child, d + 1, j
                    flow_zero[top], flow_one[top] = z * _share(cover, child, sibling), flows
                    top += 1
    return phi
