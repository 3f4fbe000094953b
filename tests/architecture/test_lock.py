from __future__ import annotations

from pathlib import Path

from antepost.features import render_lock

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "feature_store" / "features.lock"


def test_the_committed_lock_is_what_the_declarations_say() -> None:
    assert LOCK.read_text() == render_lock(), "run: make lock-features"
