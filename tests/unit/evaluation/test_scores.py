from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, brier_score_loss
from sklearn.metrics import log_loss as sklearn_log_loss

from antepost.errors import DataError
from antepost.evaluation import accuracy, brier, ece, log_loss, losses, reliability

RANDOM = np.random.default_rng(11)
P = RANDOM.uniform(0.02, 0.98, size=500)
Y = (RANDOM.uniform(size=500) < P).astype(np.int8)


def test_scores_agree_with_scikit_learn() -> None:
    assert log_loss(P, Y) == pytest.approx(sklearn_log_loss(Y, P), rel=1e-13)
    assert brier(P, Y) == pytest.approx(brier_score_loss(Y, P), rel=1e-13)
    assert accuracy(P, Y) == pytest.approx(accuracy_score(Y, P > 0.5), rel=1e-13)


def test_the_reliability_table_agrees_with_scikit_learn() -> None:
    table = reliability(P, Y, bins=8)
    observed, predicted = calibration_curve(Y, P, n_bins=8)
    np.testing.assert_allclose(table.observed, observed)
    np.testing.assert_allclose(table.predicted, predicted)
    assert table.count.sum() == len(P)


def test_a_coin_loses_the_logarithm_of_two() -> None:
    assert log_loss([0.5, 0.5], [0, 1]) == pytest.approx(math.log(2))
    assert brier([0.5, 0.5], [0, 1]) == 0.25
    assert accuracy([0.5, 0.5], [1, 1]) == 0.5


def test_certainty_that_fails_costs_much_but_not_everything() -> None:
    np.testing.assert_allclose(losses([0.0, 1.0, 1.0], [1, 0, 1]), [-math.log(1e-12)] * 2 + [1e-12], rtol=1e-4)


def test_an_empty_bin_is_missing_and_costs_nothing() -> None:
    table = reliability([0.05, 0.95, 1.0], [0, 1, 1], bins=10)
    np.testing.assert_array_equal(table.count, [1, 0, 0, 0, 0, 0, 0, 0, 0, 2])
    assert np.isnan(table.observed[1:-1]).all()
    assert ece([0.05, 0.95, 1.0], [0, 1, 1]) == pytest.approx((0.05 + 2 * 0.025) / 3)


@pytest.mark.parametrize(
    ("p", "y"),
    [
        ([], []),
        ([0.5], [0, 1]),
        ([np.nan], [1]),
        ([1.1], [1]),
        ([0.5], [0.5]),
        ([0.5], [np.nan]),
        ([[0.5]], [[1]]),
    ],
)
def test_what_cannot_be_scored_is_refused(p: list[float], y: list[float]) -> None:
    with pytest.raises(DataError):
        log_loss(p, y)
