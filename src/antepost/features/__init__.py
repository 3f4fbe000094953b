"""Turns facts into feature columns as of a moment: declarations, compiled folds, state rows, the locked catalogue.

Never reads a table, fetches, or sees a vendor's payload: facts come in as frames, columns go out as matrices.
Below it lie lake, evaluation, sports and domain.
"""

from __future__ import annotations

from antepost.features.catalogue import Feature, Lock, features_of, groups_of, lock_of, render_lock, select, sets_of
from antepost.features.engine import build_states, extend_states, feature_frame, read_states
from antepost.features.prove import Proof, prove
from antepost.features.spine import spine

__all__ = [
    "Feature",
    "Lock",
    "Proof",
    "build_states",
    "extend_states",
    "feature_frame",
    "features_of",
    "groups_of",
    "lock_of",
    "prove",
    "read_states",
    "render_lock",
    "select",
    "sets_of",
    "spine",
]
