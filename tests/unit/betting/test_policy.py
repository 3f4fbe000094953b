from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from pydantic import ValidationError

from antepost.betting import policy as policy_module
from antepost.betting.policy import BettingPolicy, Tiers, load_policy
from antepost.errors import SettingsError

SOURCE = Path(policy_module.__file__).parents[1]


def written(folder: Path, text: str) -> Path:
    path = folder / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_defaults_are_quarter_kelly_capped_at_two_per_cent() -> None:
    policy = load_policy()
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


def test_a_file_overrides_only_what_it_names(tmp_path: Path) -> None:
    policy = load_policy(written(tmp_path, "betting:\n  stake_cap: 0.01\n  tiers: {A: 0.06}\n"))
    assert policy == BettingPolicy(stake_cap=0.01, tiers=Tiers(A=0.06, B=0.03, C=0.01))


def test_an_empty_file_leaves_the_defaults(tmp_path: Path) -> None:
    assert load_policy(written(tmp_path, "")) == BettingPolicy()


@pytest.mark.parametrize(
    "text",
    [
        "betting: {stake_capp: 0.01}",
        "betting: {bootstrap_refits: 100}",
        "beting: {stake_cap: 0.01}",
        "betting: {stake_cap: 1.5}",
        "betting: {stake_cap: .nan}",
        "betting: {tiers: {E: 0.05}}",
        "betting: {tiers: {C: -0.01}}",
        "betting: {tiers: {A: 0.01, B: 0.03, C: 0.05}}",
        "- a list",
        "betting: {unclosed",
    ],
)
def test_a_file_that_says_something_unknown_or_impossible_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"policy\.yaml does not parse"):
        load_policy(written(tmp_path, text))


def test_a_file_that_is_not_there_is_not_taken_for_the_defaults(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_policy(tmp_path / "absent.yaml")
