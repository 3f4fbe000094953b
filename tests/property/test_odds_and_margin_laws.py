from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from antepost.domain.margin import DEVIG, overround, power, shin
from antepost.domain.odds import american_to_decimal

type Method = Callable[[ArrayLike], NDArray[np.float64]]

american = st.one_of(st.floats(100, 100_000), st.floats(-100_000, -100.001))
chances = st.lists(st.floats(0.03, 1.0), min_size=2, max_size=8)
margins = st.floats(1.001, 1.2)
methods = pytest.mark.parametrize("method", DEVIG.values(), ids=DEVIG)


def book(weights: list[float], margin: float) -> NDArray[np.float64] | None:
    """Return decimal odds in proportion to chances, or None where a favourite would pay nothing."""
    odds = 1 / (np.array(weights) / sum(weights) * margin)
    return odds if (odds > 1.0001).all() else None


@given(american)
def test_a_stake_wins_what_american_odds_promise(price: float) -> None:
    # A hundred staked at +150 win 150; at -200 two hundred have to be staked to win a hundred.
    stake, wins = (100.0, price) if price > 0 else (-price, 100.0)
    assert stake * (american_to_decimal(price) - 1.0) == pytest.approx(wins, rel=1e-9)


@given(american, american)
def test_a_better_american_price_pays_more(one: float, other: float) -> None:
    # On the line of American odds -150 pays less than -110, which pays less than +120.
    low, high = sorted((one, other))
    assert american_to_decimal(low) <= american_to_decimal(high)


@methods
@given(weights=chances, margin=margins)
def test_what_is_left_is_a_distribution_that_keeps_the_order_of_the_prices(
    method: Method, weights: list[float], margin: float
) -> None:
    odds = book(weights, margin)
    if odds is None:
        return
    fair = method(odds)
    if np.isnan(fair).any():
        assert method is DEVIG["additive"]
        return
    assert fair.sum() == pytest.approx(1.0, abs=1e-9)
    assert (fair > 0.0).all()
    by_price = fair[np.argsort(odds)]
    assert (np.diff(by_price) <= 1e-12).all()


@methods
@given(weights=chances, margin=margins, seed=st.integers(0, 2**32 - 1))
def test_outcomes_in_another_order_get_the_same_probabilities(
    method: Method, weights: list[float], margin: float, seed: int
) -> None:
    odds = book(weights, margin)
    if odds is None:
        return
    order = np.random.default_rng(seed).permutation(len(odds))
    np.testing.assert_allclose(method(odds[order]), method(odds)[order], atol=1e-9)


@given(weights=chances, margin=margins)
def test_shin_and_power_take_more_from_long_shots_than_in_proportion(weights: list[float], margin: float) -> None:
    odds = book(weights, margin)
    if odds is None:
        return
    implied = 1 / odds / overround(odds)
    longest = int(np.argmax(odds))
    assert shin(odds)[longest] <= implied[longest] + 1e-9
    assert power(odds)[longest] <= implied[longest] + 1e-9
