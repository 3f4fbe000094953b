"""How well a probability did: splits in time, scores, intervals, calibration and the linear pool.

Never reads facts, names a model family or draws a picture; arrays in, arrays out.
Below it lie sports and domain.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from antepost.evaluation.intervals import Gap, block_bootstrap, block_draws, market_gap
from antepost.evaluation.scores import Reliability, accuracy, brier, ece, log_loss, losses, reliability
from antepost.evaluation.splits import Fold, WalkForward

if TYPE_CHECKING:
    from antepost.evaluation import calibration
    from antepost.evaluation.blend import simplex_weights

__all__ = [
    "Fold",
    "Gap",
    "Reliability",
    "WalkForward",
    "accuracy",
    "block_bootstrap",
    "block_draws",
    "brier",
    "calibration",
    "ece",
    "log_loss",
    "losses",
    "market_gap",
    "reliability",
    "simplex_weights",
]


def __getattr__(name: str) -> object:
    # These two compile kernels, and numba is too heavy to load for a score or a split.
    if name == "calibration":
        return import_module("antepost.evaluation.calibration")
    if name == "simplex_weights":
        return import_module("antepost.evaluation.blend").simplex_weights
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
