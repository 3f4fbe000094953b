from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from antepost.evaluation import log_loss, simplex_weights
from antepost.evaluation.calibration import KINDS, ODD_KINDS, apply, fit

# A kernel is compiled at its first call, which takes longer than one example may.
compiled = settings(deadline=None, max_examples=40)
kinds = pytest.mark.parametrize("kind", KINDS)
seeds = st.integers(0, 2**32 - 1)


@kinds
@compiled
@given(seed=seeds, rows=st.integers(2, 60))
def test_every_calibrator_is_monotone_and_stays_inside_zero_and_one(kind: str, seed: int, rows: int) -> None:
    random = np.random.default_rng(seed)
    calibrator = fit(kind, random.uniform(size=rows), random.integers(0, 2, size=rows))
    found = apply(calibrator, np.linspace(0.0, 1.0, 401))
    assert ((found > 0.0) & (found < 1.0)).all()
    assert (np.diff(found) >= -1e-15).all()


@pytest.mark.parametrize("kind", ODD_KINDS)
@compiled
@given(seed=seeds, rows=st.integers(2, 60))
def test_an_odd_calibrator_keeps_both_sides_of_a_game_at_one(kind: str, seed: int, rows: int) -> None:
    random = np.random.default_rng(seed)
    calibrator = fit(kind, random.uniform(size=rows), random.integers(0, 2, size=rows), odd=True)
    # Nearer to 1 than this, 1 - p itself is no longer told to twelve digits.
    p = 1.0 / (1.0 + np.exp(-random.uniform(-9.0, 9.0, size=400)))
    np.testing.assert_allclose(apply(calibrator, p) + apply(calibrator, 1.0 - p), 1.0, rtol=0.0, atol=1e-12)


@compiled
@given(seed=seeds, rows=st.integers(1, 50), count=st.integers(1, 6), rounds=st.integers(1, 30))
def test_pool_weights_lie_on_the_simplex_and_another_round_never_lowers_the_score(
    seed: int, rows: int, count: int, rounds: int
) -> None:
    random = np.random.default_rng(seed)
    p, y = random.uniform(0.001, 0.999, size=(rows, count)), random.integers(0, 2, size=rows)
    weights, next_round = (
        simplex_weights(p, y, iterations=rounds),
        simplex_weights(p, y, iterations=rounds + 1),
    )
    assert (weights >= 0.0).all()
    assert weights.sum() == pytest.approx(1.0, abs=1e-12)
    assert log_loss(p @ next_round, y) <= log_loss(p @ weights, y) + 1e-12


@given(arrays.arrays(np.float64, st.integers(1, 30), elements=st.floats(0.01, 0.99)), seeds)
def test_saying_the_opposite_of_the_opposite_scores_the_same(p: np.ndarray, seed: int) -> None:
    y = np.random.default_rng(seed).integers(0, 2, size=len(p))
    assert log_loss(p, y) == pytest.approx(log_loss(1.0 - p, 1 - y), rel=1e-9)
