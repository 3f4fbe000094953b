from __future__ import annotations

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression

from antepost.errors import DataError
from antepost.evaluation import log_loss
from antepost.evaluation.corp import corp


def rows(n: int, shrink: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return invented probabilities, and outcomes whose true log-odds are ``shrink`` of theirs."""
    rng = np.random.default_rng(3)
    z = np.round(rng.normal(scale=1.2, size=n), 1)
    truth = 1.0 / (1.0 + np.exp(-shrink * z))
    return 1.0 / (1.0 + np.exp(-z)), (rng.random(n) < truth).astype(np.int8)


def test_what_was_seen_is_isotonic_regression() -> None:
    p, y = rows(600)
    found = corp(p, y)
    reference = IsotonicRegression().fit(p, y).predict(found.said)
    np.testing.assert_allclose(found.seen, reference, atol=1e-9)
    assert found.count.sum() == 600


def test_the_parts_make_the_log_loss() -> None:
    p, y = rows(600, shrink=0.4)
    found = corp(p, y)
    assert found.miscalibration - found.discrimination + found.uncertainty == pytest.approx(log_loss(p, y), abs=1e-12)
    assert found.miscalibration > 0.02
    assert found.discrimination > 0.0


def test_who_keeps_his_word_stays_within_the_bands_and_who_does_not_leaves_them() -> None:
    p, y = rows(3000)
    honest = corp(p, y)
    within = (honest.seen >= honest.low) & (honest.seen <= honest.high)
    assert np.average(within, weights=honest.count) > 0.8
    p, y = rows(3000, shrink=0.3)
    bold = corp(p, y)
    outside = (bold.seen < bold.low) | (bold.seen > bold.high)
    assert np.average(outside, weights=bold.count) > 0.5


def test_rows_that_cannot_be_scored_are_refused() -> None:
    with pytest.raises(DataError):
        corp([0.5, np.nan], [1, 0])
