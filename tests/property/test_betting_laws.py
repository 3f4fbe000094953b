from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from antepost.betting import BettingPolicy, decide, kelly

probability = st.floats(0.01, 0.99)
price = st.floats(1.01, 50.0)
caution = st.floats(0.5, 1.0)


@given(home=probability, cautious=caution, odds=st.fixed_dictionaries({"home": price, "away": price}))
def test_a_stake_is_within_the_cap_and_only_on_a_tier_that_bets(
    home: float, cautious: float, odds: dict[str, float]
) -> None:
    policy = BettingPolicy()
    said = {"home": home, "away": 1.0 - home}
    found = decide(said, {side: cautious * p for side, p in said.items()}, odds, policy)
    assert 0.0 <= found.stake <= policy.stake_cap
    assert (found.stake > 0.0) == (found.tier != "D")
    assert found.edge is not None
    assert found.edge >= max(cautious * said[side] * odds[side] - 1.0 for side in said)


@given(home=probability, cautious=caution, odds=st.fixed_dictionaries({"home": price, "away": price}))
def test_swapping_the_sides_swaps_the_decision(home: float, cautious: float, odds: dict[str, float]) -> None:
    other = {"home": "away", "away": "home"}
    said = {"home": home, "away": 1.0 - home}
    low = {side: cautious * p for side, p in said.items()}
    found = decide(said, low, odds, BettingPolicy())
    turned = decide(
        *({other[side]: value for side, value in given.items()} for given in (said, low, odds)),
        BettingPolicy(),
    )
    assert (found.edge, found.tier, found.stake) == (turned.edge, turned.tier, turned.stake)


@given(p=probability, odds=price)
def test_no_other_fraction_grows_the_bankroll_faster_than_kelly(p: float, odds: float) -> None:
    def growth(stake: float) -> float:
        return p * math.log1p(stake * (odds - 1.0)) + (1.0 - p) * math.log1p(-stake)

    best = kelly(p, odds)
    assert 0.0 <= best < 1.0
    for nearby in (best - 0.01, best + 0.01):
        if 0.0 <= nearby < 1.0:
            assert growth(best) >= growth(nearby) - 1e-12
