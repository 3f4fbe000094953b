from __future__ import annotations

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from antepost.evaluation.fitting import fit_logistic, pool_adjacent

RANDOM = np.random.default_rng(3)


def test_the_logistic_fit_agrees_with_scikit_learn_on_weighted_rows() -> None:
    z = np.column_stack([RANDOM.normal(size=(800, 2)), np.ones(800)])
    y = (RANDOM.uniform(size=800) < 1 / (1 + np.exp(-(z @ [0.8, -0.4, 0.2])))).astype(float)
    weights = RANDOM.integers(0, 4, size=800).astype(float)
    theta, _ = fit_logistic(z, y, weights, np.zeros(3), np.full(3, 1e-6))
    other = LogisticRegression(C=np.inf, tol=1e-10, max_iter=500).fit(z[:, :2], y, sample_weight=weights)
    np.testing.assert_allclose(theta, [*other.coef_[0], other.intercept_[0]], atol=1e-5)


def test_a_pull_is_the_penalty_of_scikit_learn_around_the_anchor() -> None:
    z, y = RANDOM.normal(size=(300, 2)), RANDOM.integers(0, 2, size=300).astype(float)
    theta, _ = fit_logistic(z, y, np.ones(300), np.zeros(2), np.full(2, 20.0))
    other = LogisticRegression(C=1 / 20, fit_intercept=False, tol=1e-10, max_iter=500).fit(z, y)
    np.testing.assert_allclose(theta, other.coef_[0], atol=1e-6)
    held, _ = fit_logistic(z, y, np.ones(300), np.array([1.0, -2.0]), np.full(2, 1e9))
    np.testing.assert_allclose(held, [1.0, -2.0], atol=1e-6)


def test_a_sample_that_can_be_told_apart_perfectly_still_has_a_finite_fit() -> None:
    z = np.array([[-2.0], [-1.0], [1.0], [2.0]])
    theta, value = fit_logistic(z, np.array([0.0, 0.0, 1.0, 1.0]), np.ones(4), np.ones(1), np.full(1, 1e-4))
    assert np.isfinite(theta).all()
    assert 0.0 < value < 0.1


def test_pooled_violators_agree_with_scikit_learn() -> None:
    y, weights = RANDOM.uniform(size=300), RANDOM.uniform(0.1, 3.0, size=300)
    other = IsotonicRegression().fit_transform(np.arange(300), y, sample_weight=weights)
    np.testing.assert_allclose(pool_adjacent(y, weights), other, atol=1e-12)


@pytest.mark.parametrize(("y", "pooled"), [([3, 2, 1], [2, 2, 2]), ([1, 2, 3], [1, 2, 3]), ([1], [1])])
def test_pooling_by_hand(y: list[float], pooled: list[float]) -> None:
    np.testing.assert_array_equal(pool_adjacent(np.array(y, dtype=float), np.ones(len(y))), pooled)
