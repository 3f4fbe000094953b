from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from antepost.errors import DataError
from antepost.evaluation import log_loss, simplex_weights

type Floats = NDArray[np.float64]


def families(rows: int, seed: int) -> tuple[Floats, NDArray[np.int8]]:
    """Return three families' probabilities (good, noisy, unrelated) and the outcomes."""
    random = np.random.default_rng(seed)
    logit = random.normal(size=rows)
    y = (random.uniform(size=rows) < 1 / (1 + np.exp(-logit))).astype(np.int8)
    seen = np.column_stack(
        [logit + 0.5 * random.normal(size=rows), logit + random.normal(size=rows), random.normal(size=rows)]
    )
    return 1 / (1 + np.exp(-seen)), y


def test_the_weights_are_those_a_general_optimiser_finds() -> None:
    p, y = families(2_000, seed=1)

    def loss(free: Floats) -> float:
        weights = np.exp(free - free.max())
        return log_loss(p @ (weights / weights.sum()), y)

    best = minimize(loss, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-12})
    found = simplex_weights(p, y, iterations=5_000)
    assert log_loss(p @ found, y) == pytest.approx(best.fun, abs=1e-8)


def test_no_round_lowers_the_score() -> None:
    p, y = families(500, seed=2)
    scores = [log_loss(p @ simplex_weights(p, y, iterations=rounds), y) for rounds in range(1, 60)]
    assert (np.diff(scores) <= 1e-15).all()


def test_a_family_that_knows_nothing_gets_little() -> None:
    p, y = families(5_000, seed=3)
    weights = simplex_weights(p, y)
    assert weights[0] > weights[1] > weights[2]
    assert weights[2] < 0.1


def test_a_row_counted_twice_is_a_row_given_twice() -> None:
    p, y = families(400, seed=4)
    counts = np.random.default_rng(4).integers(0, 3, size=400)
    repeated = simplex_weights(np.repeat(p, counts, axis=0), np.repeat(y, counts))
    np.testing.assert_allclose(simplex_weights(p, y, counts), repeated, atol=1e-9)


def test_one_family_takes_all() -> None:
    np.testing.assert_array_equal(simplex_weights([[0.6], [0.4]], [1, 0]), [1.0])


def test_a_family_that_was_certain_and_wrong_does_not_divide_by_zero() -> None:
    weights = simplex_weights([[0.0, 0.5], [1.0, 0.5]], [1, 0])
    np.testing.assert_allclose(weights, [0.0, 1.0], atol=1e-9)


@pytest.mark.parametrize(
    ("p", "y"), [([0.5, 0.5], [0, 1]), ([[0.5, np.nan]], [1]), ([[0.5, 0.5]], [1, 0]), ([[]], [1])]
)
def test_a_pool_of_the_wrong_shape_or_with_holes_is_refused(p: list[object], y: list[int]) -> None:
    with pytest.raises(DataError):
        simplex_weights(p, y)  # pyright: ignore[reportArgumentType]
