from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import log_loss as sklearn_log_loss

from antepost.errors import DataError
from antepost.evaluation import brier, log_loss, outcomes

# Home, draw, away; worked out by hand.
SAID = [[0.5, 0.3, 0.2], [0.2, 0.3, 0.5], [0.4, 0.2, 0.4]]
CAME = [0, 1, 2]


def test_scores_are_those_worked_out_by_hand() -> None:
    np.testing.assert_allclose(outcomes.losses(SAID, CAME), [math.log(2), -math.log(0.3), -math.log(0.4)])
    np.testing.assert_allclose(outcomes.brier(SAID, CAME), [0.25 + 0.09 + 0.04, 0.04 + 0.49 + 0.25, 0.16 + 0.04 + 0.36])
    np.testing.assert_allclose(outcomes.rps(SAID, CAME), [(0.25 + 0.04) / 2, (0.04 + 0.25) / 2, (0.16 + 0.36) / 2])
    np.testing.assert_allclose(outcomes.hits(SAID, CAME), [1.0, 0.0, 0.5])


def test_a_near_miss_costs_less_than_a_far_one_by_rank_alone() -> None:
    """Of the published example, Constantinou and Fenton (2012): home came, and both forecasts gave it as much."""
    near, far = [[0.6, 0.3, 0.1]], [[0.6, 0.1, 0.3]]
    assert outcomes.losses(near, [0]) == outcomes.losses(far, [0])
    assert outcomes.brier(near, [0]) == outcomes.brier(far, [0])
    assert outcomes.rps(near, [0])[0] == pytest.approx(0.085)
    assert outcomes.rps(near, [0])[0] < outcomes.rps(far, [0])[0]


def test_three_outcomes_agree_with_scikit_learn() -> None:
    random = np.random.default_rng(4)
    P = random.dirichlet([2, 1, 1], size=300)
    came = random.integers(0, 3, size=300)
    assert outcomes.losses(P, came).mean() == pytest.approx(sklearn_log_loss(came, P, labels=[0, 1, 2]), rel=1e-12)


CHANCE = st.floats(0.01, 0.99)


@given(st.lists(st.tuples(CHANCE, CHANCE, st.integers(0, 2)), min_size=1, max_size=20))
def test_the_three_way_loss_is_the_sum_of_the_two_of_its_dichotomies(rows: list[tuple[float, float, int]]) -> None:
    d, q = np.array([row[:2] for row in rows]).T
    came = np.array([row[2] for row in rows])
    P = np.column_stack([q * (1 - d), d, (1 - q) * (1 - d)])
    drawn, decided = came == 1, came != 1
    total = len(rows) * log_loss(d, drawn)
    if decided.any():
        total += decided.sum() * log_loss(q[decided], came[decided] == 0)
    assert outcomes.losses(P, came).sum() == pytest.approx(total, rel=1e-9)


@given(st.lists(st.tuples(CHANCE, st.integers(0, 1)), min_size=1, max_size=20))
def test_of_two_outcomes_the_ranked_score_is_the_binary_one(rows: list[tuple[float, int]]) -> None:
    p, came = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    P = np.column_stack([p, 1 - p])
    assert outcomes.rps(P, came).mean() == pytest.approx(brier(p, came == 0))
    assert outcomes.brier(P, came).mean() == pytest.approx(2 * brier(p, came == 0))


@given(st.lists(CHANCE, min_size=3, max_size=3), st.lists(CHANCE, min_size=3, max_size=3))
def test_nobody_gains_by_saying_what_he_does_not_believe(believed: list[float], said: list[float]) -> None:
    truth, other = np.array(believed) / sum(believed), np.array(said) / sum(said)
    for score in (outcomes.losses, outcomes.brier, outcomes.rps):
        honest = sum(truth[k] * score([truth], [k])[0] for k in range(3))
        assert honest <= sum(truth[k] * score([other], [k])[0] for k in range(3)) + 1e-12


@pytest.mark.parametrize(
    ("P", "came"),
    [
        ([], []),
        ([[0.5, 0.5]], [0, 1]),
        ([[0.5, 0.6]], [0]),
        ([[np.nan, 0.5]], [0]),
        ([[1.5, -0.5]], [0]),
        ([[0.5, 0.5]], [2]),
        ([[1.0]], [0]),
    ],
)
def test_what_cannot_be_scored_is_refused(P: list[list[float]], came: list[int]) -> None:
    with pytest.raises(DataError):
        outcomes.losses(P, came)
