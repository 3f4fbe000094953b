from __future__ import annotations

import numpy as np
import pytest

from antepost.models.families.family import Setup
from antepost.models.families.logistic import FAMILY, standardise


def test_a_gap_becomes_the_median_before_standardising() -> None:
    got = standardise(np.array([[1.0], [np.nan], [2.0], [9.0]]))
    assert got.impute.tolist() == [2.0]
    assert got.X[1, 0] == got.X[2, 0]
    assert got.X.mean() == pytest.approx(0.0)
    assert got.X.std() == pytest.approx(1.0)


def test_a_column_that_says_nothing_weighs_nothing() -> None:
    rng = np.random.default_rng(2)
    X = np.column_stack([rng.normal(size=200), np.full(200, 0.1), np.full(200, np.nan)])
    y = (X[:, 0] > 0.1).astype(np.int8)
    arrays = FAMILY.fit(X, y, Setup(columns=("a", "b", "c"), seed=0, threads=1, recipe={"C": 1.0})).arrays
    assert arrays.weights[1:].tolist() == [0.0, 0.0]
    assert arrays.weights[0] > 0.0
    odd = X.copy()
    odd[:, 1:] = 1e9
    assert arrays.score(odd).tobytes() == arrays.score(X).tobytes()


def test_a_smaller_c_pulls_the_weights_closer_to_nought() -> None:
    rng = np.random.default_rng(4)
    X = rng.normal(size=(300, 2))
    y = (X[:, 0] + rng.normal(size=300) > 0.0).astype(np.int8)
    weights = [
        FAMILY.fit(X, y, Setup(columns=("a", "b"), seed=0, threads=1, recipe={"C": c})).arrays.weights
        for c in (1.0, 0.001)
    ]
    assert np.linalg.norm(weights[1]) < 0.5 * np.linalg.norm(weights[0])
