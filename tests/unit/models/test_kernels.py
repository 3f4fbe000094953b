"""The kernels against plain Python, and one row against many."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from antepost.models import kernels
from antepost.models.arrays import ForestArrays, LinearArrays


def grown_forest(rng: np.random.Generator, trees: int, columns: int, *, float32_inputs: bool) -> ForestArrays:
    """Return a random forest of full trees of depth 0 to 3."""
    left: list[int] = []
    right: list[int] = []

    def grow(depth: int) -> int:
        place = len(left)
        left.append(-1)
        right.append(-1)
        if depth:
            left[place] = grow(depth - 1)
            right[place] = grow(depth - 1)
        return place

    roots = [grow(int(rng.integers(0, 4))) for _ in range(trees)]
    nodes = len(left)
    return ForestArrays(
        feature=rng.integers(0, columns, nodes).astype(np.int32),
        threshold=np.round(rng.normal(size=nodes), 1),
        left=np.array(left, dtype=np.int32),
        right=np.array(right, dtype=np.int32),
        default_left=rng.integers(0, 2, nodes).astype(np.uint8),
        value=rng.normal(size=nodes),
        roots=np.array(roots, dtype=np.int32),
        base=float(rng.normal()),
        float32_inputs=float32_inputs,
    )


def walked(forest: ForestArrays, row: list[float]) -> float:
    """Return P(home) by walking the trees in plain Python."""
    total = forest.base
    for root in forest.roots.tolist():
        node = root
        while forest.left[node] >= 0:
            x = row[forest.feature[node]]
            x = float(np.float32(x)) if forest.float32_inputs else x
            goes_left = bool(forest.default_left[node]) if math.isnan(x) else x < forest.threshold[node]
            node = int(forest.left[node] if goes_left else forest.right[node])
        total += float(forest.value[node])
    return 1.0 / (1.0 + math.exp(-total))


@given(seed=st.integers(0, 2**32 - 1), float32_inputs=st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_forest_scores_as_walking_it_by_hand_does(seed: int, float32_inputs: bool) -> None:
    rng = np.random.default_rng(seed)
    forest = grown_forest(rng, trees=5, columns=3, float32_inputs=float32_inputs)
    # Rounded to the grid of the thresholds, so that ties happen; a fifth is missing.
    X = np.round(rng.normal(size=(30, 3)), 1)
    X[rng.random(X.shape) < 0.2] = np.nan
    assert forest.score(X).tolist() == [walked(forest, row) for row in X.tolist()]


def test_one_row_and_many_rows_agree_to_the_bit() -> None:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(1003, 9))
    X[rng.random(X.shape) < 0.1] = np.nan
    linear = LinearArrays(
        weights=rng.normal(size=9), intercept=0.1, center=rng.normal(size=9), scale=rng.random(9) + 0.3,
        impute=rng.normal(size=9),
    )  # fmt: skip
    forest = grown_forest(rng, trees=60, columns=9, float32_inputs=True)
    weights, params, grids = rng.dirichlet(np.ones(2), size=17), rng.random((17, 3)), np.empty((17, 0))
    P = np.column_stack([linear.score(X), forest.score(X)])
    low, away = kernels.refit_quantiles(P, weights, params, grids, 0.05)
    for i in range(0, 1003, 50):
        alone = np.column_stack([linear.score(X[i : i + 1]), forest.score(X[i : i + 1])])
        assert alone.tobytes() == P[i : i + 1].tobytes()
        assert kernels.pool(alone, weights[0])[0] == kernels.pool(P, weights[0])[i]
        one = kernels.refit_quantiles(alone, weights, params, grids, 0.05)
        assert (one[0][0], one[1][0]) == (low[i], away[i])


def test_a_linear_score_fills_gaps_only_in_columns_it_weighs() -> None:
    p = kernels.score_linear(
        np.array([[np.nan, np.nan, 2.0]]), np.array([0.0, 2.0, 1.0]), 0.5, np.array([0.0, 1.0, 0.0]),
        np.array([1.0, 4.0, 1.0]), np.array([np.nan, 3.0, np.nan]),
    )  # fmt: skip
    assert p[0] == pytest.approx(1.0 / (1.0 + math.exp(-(0.5 + 2.0 * (3.0 - 1.0) / 4.0 + 2.0))))


def test_scores_far_out_stay_probabilities() -> None:
    one, nought = np.ones(1), np.zeros(1)
    p = kernels.score_linear(np.array([[-1e6], [1e6]]), one, 0.0, nought, one, nought)
    assert p.tolist() == [0.0, 1.0]


@given(values=st.lists(st.floats(0.01, 0.99), min_size=1, max_size=40), quantile=st.floats(0.01, 0.99))
@settings(max_examples=60, deadline=None)
def test_the_low_quantiles_are_numpys(values: list[float], quantile: float) -> None:
    refits = len(values)
    weights = np.array(values)[:, None]
    params = np.tile([1.0, 1.0, 0.0], (refits, 1))
    low, away = kernels.refit_quantiles(np.ones((1, 1)), weights, params, np.empty((refits, 0)), quantile)
    assert low[0] == pytest.approx(np.quantile(values, quantile), abs=1e-12)
    assert away[0] == pytest.approx(np.quantile(1.0 - np.array(values), quantile), abs=1e-12)


def test_refits_are_calibrated_by_their_own_isotonic_tables() -> None:
    grids = np.stack([np.full(201, 0.3), np.full(201, 0.5), np.full(201, 0.7)])
    params = np.tile([1.0, 1.0, 0.0], (3, 1))
    low, away = kernels.refit_quantiles(np.full((1, 1), 0.9), np.ones((3, 1)), params, grids, 0.25)
    assert low[0] == pytest.approx(0.4)
    assert away[0] == pytest.approx(0.4)
