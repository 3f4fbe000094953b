"""The home's policy file: a section a room, and nothing that nobody knows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from antepost.betting import BettingPolicy, Tiers
from antepost.desk.policy import Policies, load_policies
from antepost.errors import SettingsError
from antepost.ingestion.policy import QualityPolicy
from antepost.ingestion.polling import CollectPolicy


def written(folder: Path, text: str) -> Path:
    path = folder / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_section_overrides_only_what_it_names(tmp_path: Path) -> None:
    policies = load_policies(
        written(tmp_path, "betting:\n  stake_cap: 0.01\n  tiers: {A: 0.06}\ncollect: {scores_s: 60}\n")
    )
    assert policies.betting == BettingPolicy(stake_cap=0.01, tiers=Tiers(A=0.06, B=0.03, C=0.01))
    assert policies.collect == CollectPolicy(scores_s=60)
    assert policies.quality == QualityPolicy()


def test_a_span_is_written_as_a_duration(tmp_path: Path) -> None:
    policies = load_policies(written(tmp_path, "quality: {close_within: PT30M, jump: 0.7}\n"))
    assert policies.quality == QualityPolicy(close_within=timedelta(minutes=30), jump=0.7)


def test_an_empty_file_leaves_the_defaults(tmp_path: Path) -> None:
    assert load_policies(written(tmp_path, "")) == load_policies() == Policies()


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
        "quality: {jumpp: 0.5}",
        "quality: {jump: 0}",
        "quality: {close_within: soon}",
        "collect: {odds_s: 60}",
        "- a list",
        "betting: {unclosed",
    ],
)
def test_a_file_that_says_something_unknown_or_impossible_is_refused_by_name(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"policy\.yaml does not parse"):
        load_policies(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("betting: {stake_cap: yes}", "betting.stake_cap: Input should be a valid number, not True"),
        ("betting: {kelly_fraction: '0.2'}", "betting.kelly_fraction: Input should be a valid number, not '0.2'"),
        ("betting: {tiers: {A: on}}", "betting.tiers.A: Input should be a valid number, not True"),
        ("quality: {jump: true}", "quality.jump: Input should be a valid number, not True"),
        ("quality: {grace: yes}", "quality.grace: Value error, a span is a duration like PT90M, not yes or no"),
        ("collect: {odds_cost: yes}", "collect.odds_cost: Input should be a valid integer, not True"),
        ("collect: {scores_s: '60'}", "collect.scores_s: Input should be a valid integer, not '60'"),
        ("collect: {odds: [{within_s: 60, every_s: no}]}", "collect.odds.0.every_s: Input should be a valid integer"),
    ],
)
def test_what_is_no_number_is_not_read_as_one_and_named_by_file_and_key(tmp_path: Path, text: str, told: str) -> None:
    """A stake_cap of yes was once a cap of the whole bankroll."""
    with pytest.raises(SettingsError) as caught:
        load_policies(written(tmp_path, text))
    assert f"{tmp_path / 'policy.yaml'} does not parse: {told}" in str(caught.value)


def test_whole_numbers_and_lists_of_steps_are_what_they_say(tmp_path: Path) -> None:
    policies = load_policies(
        written(tmp_path, "betting: {stake_cap: 1}\ncollect: {odds: [{within_s: 3600, every_s: 60}]}\n")
    )
    assert policies.betting.stake_cap == 1.0
    assert [(step.within_s, step.every_s) for step in policies.collect.odds] == [(3600, 60)]


def test_a_file_that_is_not_there_is_not_taken_for_the_defaults(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_policies(tmp_path / "absent.yaml")
