from __future__ import annotations

import re
from pathlib import Path

from antepost.features import features_of, render_lock

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "feature_store" / "features.lock"
NAMED = {"the NFL": "nfl", "the NBA": "nba", "soccer": "soccer", "men's tennis": "atp"}


def test_the_committed_lock_is_what_the_declarations_say() -> None:
    assert LOCK.read_text() == render_lock(), "run: make lock-features"


def test_the_changelog_counts_columns_as_the_lock_does() -> None:
    """It said 362 and 67 when the lock held 354 and 65."""
    entry = (ROOT / "CHANGELOG.md").read_text().partition("`antepost features list")[2].partition("\n- ")[0]
    told = {name: int(number) for name, number in re.findall(r"(the \w+|soccer|men's tennis) \((\d+)\)", entry)}
    assert told == {name: len(features_of(sport)) for name, sport in NAMED.items()}
