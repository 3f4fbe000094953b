from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from pydantic import ValidationError

from antepost.betting import policy as policy_module
from antepost.betting.policy import BettingPolicy

SOURCE = Path(policy_module.__file__).parents[1]


def test_the_defaults_are_quarter_kelly_capped_at_two_per_cent() -> None:
    policy = BettingPolicy()
    assert (policy.kelly_fraction, policy.stake_cap) == (0.25, 0.02)
    assert policy.p_low_quantile == 0.05
    assert policy.tiers.model_dump() == {"A": 0.05, "B": 0.03, "C": 0.01}


def test_every_value_of_the_policy_is_read_by_a_decision() -> None:
    """The number of bootstrap refits once stood here and changed nothing: training never asked for it."""
    texts = [path.read_text() for path in SOURCE.rglob("*.py")]
    unread = {name for name in BettingPolicy.model_fields if not any(f".{name}" in text for text in texts)}
    assert unread == set()


@pytest.mark.parametrize(
    ("edge", "tier"), [(0.05, "A"), (0.049, "B"), (0.03, "B"), (0.01, "C"), (0.009, "D"), (-0.5, "D")]
)
def test_a_tier_holds_its_own_threshold(edge: float, tier: str) -> None:
    assert BettingPolicy().tier(edge) == tier


def test_neither_a_policy_nor_its_tiers_can_be_changed() -> None:
    policy = BettingPolicy()
    with pytest.raises(ValidationError, match="frozen"):
        policy.stake_cap = 1.0  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(ValidationError, match="frozen"):
        policy.tiers.A = 0.5  # pyright: ignore[reportAttributeAccessIssue]


def test_the_digest_follows_the_values_and_not_how_they_were_written() -> None:
    plain = b'{"kelly_fraction":0.25,"p_low_quantile":0.05,"stake_cap":0.02,"tiers":{"A":0.05,"B":0.03,"C":0.01}}'
    assert BettingPolicy().digest() == hashlib.sha256(plain).hexdigest()
    reordered = BettingPolicy.model_validate({"tiers": {"C": 0.01, "B": 0.03, "A": 0.05}})
    assert reordered.digest() == BettingPolicy().digest()
    assert BettingPolicy(stake_cap=0.01).digest() != BettingPolicy().digest()
