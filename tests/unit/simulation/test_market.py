"""The invented bookmaker asks the margin he says he asks."""

from __future__ import annotations

from functools import partial
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antepost.domain.odds import american_to_decimal
from antepost.simulation import true_chance
from antepost.simulation.market import MARGIN, american, closing_prices


@given(probability=st.floats(0.01, 0.985))
def test_a_price_pays_what_a_probability_is_worth(probability: float) -> None:
    assert 1.0 / american_to_decimal(american(probability)) == pytest.approx(probability, abs=0.005)


@given(edge=st.floats(-60, 60), seed=st.integers(0, 1000))
def test_each_market_sums_to_one_and_the_margin(edge: float, seed: int) -> None:
    prices = closing_prices(Random(seed), edge, 2.0, partial(true_chance, tie_allowed=True), 44.0)
    for one, other in (
        ("home_moneyline", "away_moneyline"),
        ("home_spread_odds", "away_spread_odds"),
        ("over_odds", "under_odds"),
    ):
        sides = [american_to_decimal(float(str(prices[name]))) for name in (one, other)]
        assert sum(1.0 / odds for odds in sides) == pytest.approx(1.0 + MARGIN, abs=0.006)
