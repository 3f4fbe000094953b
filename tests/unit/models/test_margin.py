from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, t

from antepost.errors import ModelError
from antepost.models import get_family
from antepost.models.families.family import Setup
from antepost.models.families.margin import Margin
from antepost.models.margin import MarginArrays, cumulated, leads
from antepost.models.score_grid import settled

COLUMNS = ("strength", "noise")
RECIPE = {"l2": 1.0, "keys": 20}


@pytest.mark.parametrize("freedom", [0, 4, 6, 10, 20, 30])
def test_the_curve_is_scipys(freedom: int) -> None:
    x = np.linspace(-6.0, 6.0, 41)
    expected = norm.cdf(x) if freedom == 0 else t.cdf(x, freedom)
    np.testing.assert_allclose([cumulated(value, freedom) for value in x], expected, atol=1e-13)


def test_leads_are_the_curve_by_unit_intervals_times_their_keys() -> None:
    keys = np.ones(8)
    keys[3], keys[0] = 2.5, 0.1
    p = leads(2.3, 12.0, 10, keys, 70)
    k = np.arange(-70, 71)
    plain = t.cdf((k + 0.5 - 2.3) / 12.0, 10) - t.cdf((k - 0.5 - 2.3) / 12.0, 10)
    weighted = plain * np.where(np.abs(k) == 3, 2.5, np.where(k == 0, 0.1, 1.0))
    np.testing.assert_allclose(p, weighted / weighted.sum(), atol=1e-12)


def played(n: int, seed: int, *, ties: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and final scores of invented games whose lead is three or seven twice as often as it would be."""
    dice = np.random.default_rng(seed)
    X = dice.normal(size=(n, 2))
    k = np.arange(-60, 61)
    lead = np.empty(n)
    for i in range(n):
        p = norm.pdf(k, 2.0 + 5.0 * X[i, 0], 12.0) * np.where(np.isin(np.abs(k), (3, 7)), 2.0, 1.0)
        p[k == 0] *= float(ties)
        lead[i] = dice.choice(k, p=p / p.sum())
    return X, np.column_stack([30.0 + lead, np.full(n, 30.0)])


@pytest.fixture(scope="module")
def fitted() -> MarginArrays:
    """The family fitted to four thousand decided games."""
    X, scores = played(4000, 3, ties=False)
    found = Margin().fit_scores(X, scores, Setup(columns=COLUMNS, seed=0, threads=1, recipe=RECIPE)).arrays
    assert isinstance(found, MarginArrays)
    return found


def test_it_finds_strength_spread_and_key_numbers(fitted: MarginArrays) -> None:
    assert fitted.expected(np.array([[1.0, 0.0]]))[0] == pytest.approx(7.0, abs=1.0)
    assert fitted.sigma == pytest.approx(12.0, rel=0.06)
    assert fitted.keys[[3, 7]].min() > 1.5
    assert np.median(fitted.keys[[1, 2, 4, 5, 6, 8, 9, 10]]) == pytest.approx(0.95, abs=0.12)
    assert fitted.keys[0] == 0.0


def test_who_wins_follows_from_the_leads(fitted: MarginArrays) -> None:
    X, scores = played(2000, 4, ties=False)
    said, won = fitted.score(X), scores[:, 0] > scores[:, 1]
    truth = norm.cdf((2.0 + 5.0 * X[:, 0]) / 12.0)
    assert np.abs(said - truth).mean() < 0.015
    assert abs(said.mean() - won.mean()) < 0.03
    row = X[7]
    told = fitted.leads(row)
    assert sum(told.values()) == pytest.approx(1.0)
    assert sum(p for lead, p in told.items() if lead > 0) == pytest.approx(said[7], abs=1e-9)


def test_a_spread_on_a_key_number_is_given_back_more_often(fitted: MarginArrays) -> None:
    told = fitted.leads(np.array([0.2, 0.0]))
    on_three, on_four = settled(told, -3.0), settled(told, -4.0)
    assert on_three.back == pytest.approx(told[3])
    assert on_three.back > 1.5 * on_four.back
    half = settled(told, -3.5)
    assert half.back == 0.0
    assert half.won == pytest.approx(on_three.won)
    assert on_three.won + on_three.back + on_three.lost == pytest.approx(1.0)


def test_draws_are_a_lead_of_none() -> None:
    X, scores = played(3000, 5, ties=True)
    of_draw = get_family("margin", "draw").fit_scores(
        X, scores, Setup(columns=COLUMNS, seed=0, threads=1, recipe=RECIPE)
    )
    drawn = scores[:, 0] == scores[:, 1]
    assert of_draw.arrays.score(X).mean() == pytest.approx(drawn.mean(), abs=0.004)


def test_without_scores_there_is_nothing_to_learn() -> None:
    with pytest.raises(ModelError, match="'margin' learns from scores"):
        Margin().fit_scores(
            np.zeros((9, 2)), np.empty((0, 2)), Setup(columns=COLUMNS, seed=0, threads=1, recipe=RECIPE)
        )
