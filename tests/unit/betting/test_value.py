from __future__ import annotations

import pytest

from antepost.betting.policy import BettingPolicy
from antepost.betting.value import decide, kelly
from antepost.errors import DataError

POLICY = BettingPolicy()


def sides(home: float, away: float) -> dict[str, float]:
    return {"home": home, "away": away}


def test_a_price_above_the_cautious_probability_is_value() -> None:
    found = decide(sides(0.60, 0.40), sides(0.56, 0.36), sides(1.95, 2.0), POLICY)
    assert (found.side, found.tier, found.market_odds) == ("home", "A", 1.95)
    assert found.edge == pytest.approx(0.56 * 1.95 - 1)
    assert found.fair_odds == pytest.approx(1 / 0.60)
    assert found.stake == POLICY.stake_cap


def test_an_uncapped_stake_is_a_quarter_of_kelly_on_the_cautious_probability() -> None:
    policy = BettingPolicy(stake_cap=1.0)
    found = decide(sides(0.60, 0.40), sides(0.56, 0.36), sides(1.95, 2.0), policy)
    assert found.stake == pytest.approx(0.25 * (0.56 * 1.95 - 1) / 0.95)


def test_the_unlikelier_side_is_chosen_where_its_price_is_the_better_one() -> None:
    found = decide(sides(0.70, 0.30), sides(0.66, 0.27), sides(1.40, 4.20), POLICY)
    assert (found.side, found.probability, found.p_low) == ("away", 0.30, 0.27)


def test_tier_d_stakes_nothing_even_with_a_small_edge() -> None:
    found = decide(sides(0.60, 0.40), sides(0.505, 0.36), sides(1.99, 2.0), POLICY)
    assert found.edge is not None
    assert 0.0 < found.edge < 0.01
    assert (found.tier, found.stake) == ("D", 0.0)


def test_without_a_price_the_likelier_side_is_named_and_nothing_is_staked() -> None:
    found = decide(sides(0.45, 0.55), sides(0.41, 0.50), None, POLICY)
    assert (found.side, found.tier, found.stake) == ("away", "D", 0.0)
    assert found.market_odds is None
    assert found.edge is None
    assert found.fair_odds == pytest.approx(1 / 0.55)


def test_among_equal_edges_the_likelier_side_is_chosen() -> None:
    assert decide(sides(0.4, 0.6), sides(0.25, 0.5), sides(4.0, 2.0), POLICY).side == "away"


def test_kelly_of_a_fair_price_is_nothing() -> None:
    assert kelly(0.5, 2.0) == 0.0
    assert kelly(0.1, 2.0) == 0.0


@pytest.mark.parametrize(
    ("probability", "p_low", "odds", "said"),
    [
        (sides(0.6, 0.5), sides(0.5, 0.4), None, "sum to 1"),
        (sides(1.0, 0.0), sides(0.5, 0.4), None, "no probability"),
        (sides(0.6, 0.4), sides(0.5, float("nan")), None, "no probability"),
        (sides(0.6, 0.4), sides(0.5, 0.3), sides(1.0, 2.0), "no price"),
        (sides(0.6, 0.4), sides(0.5, 0.3), sides(float("nan"), 2.0), "no price"),
        (sides(0.6, 0.4), sides(0.5, 0.3), {"home": 1.9}, "odds names"),
        (sides(0.6, 0.4), {"home": 0.5, "draw": 0.3}, None, "p_low names"),
    ],
)
def test_numbers_that_cannot_be_are_refused(
    probability: dict[str, float], p_low: dict[str, float], odds: dict[str, float] | None, said: str
) -> None:
    with pytest.raises(DataError, match=said):
        decide(probability, p_low, odds, POLICY)
