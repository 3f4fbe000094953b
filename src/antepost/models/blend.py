"""The linear pool and its calibrator, fitted out of fold, and their bootstrap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from antepost.errors import ModelError
from antepost.evaluation import block_draws, calibration, simplex_weights
from antepost.evaluation.calibration import Calibrator
from antepost.models import kernels

type Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blend:
    """Simplex weights (families,) and the calibrator of the pool they make."""

    weights: Floats
    calibrator: Calibrator

    def apply(self, P: Floats) -> Floats:
        """Return the calibrated pool of each row of ``P`` (rows, families)."""
        return calibration.apply(self.calibrator, kernels.pool(np.ascontiguousarray(P), self.weights))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Refits:
    """Blend and calibrator refitted on match-days drawn with replacement, one row a refit.

    ``weights`` (refits, families), ``params`` (refits, 3), ``grids`` (refits, points), points
    being 0 unless the calibrator is isotonic.
    """

    weights: Floats
    params: Floats
    grids: Floats


def fit_blend(P: Floats, y: NDArray[np.int8], season: NDArray[np.int32], *, odd: bool = False) -> Blend:
    """Return the blend of out-of-fold ``P`` (rows, families), its calibrator chosen forward in seasons.

    With ``odd``, where what is said of a row turned round is the opposite, so is what the calibrator makes of it.

    Raises:
        ModelError: there are no rows, or a probability is missing.
    """
    _require(P)
    weights = simplex_weights(P, y)
    pooled = kernels.pool(np.ascontiguousarray(P), weights)
    kind = calibration.choose(pooled, y, season, odd=odd)
    return Blend(weights=weights, calibrator=calibration.fit(kind, pooled, y, odd=odd))


def fit_refits(
    P: Floats, y: NDArray[np.int8], match_day: NDArray[np.int64], *, kind: str, draws: int, seed: int, odd: bool = False
) -> Refits:
    """Return ``draws`` refits of weights and of a calibrator of ``kind``, match-days drawn with replacement.

    The kind itself is not chosen again: which calibrator we trust was decided once, forward in time.
    """
    _require(P)
    counts = block_draws(match_day, draws, seed)
    held = np.ascontiguousarray(P)
    fitted = [_refit(held, y, counts[i], kind, odd) for i in range(draws)]
    return Refits(
        weights=np.stack([blend.weights for blend in fitted]),
        params=np.stack([blend.calibrator.params for blend in fitted]),
        grids=np.stack([blend.calibrator.grid for blend in fitted]),
    )


def _refit(P: Floats, y: NDArray[np.int8], counts: NDArray[np.int64], kind: str, odd: bool) -> Blend:
    drawn = counts > 0
    sample, won, weights = np.ascontiguousarray(P[drawn]), y[drawn], counts[drawn].astype(np.float64)
    pooled_by = simplex_weights(sample, won, weights=weights)
    return Blend(
        weights=pooled_by,
        calibrator=calibration.fit(kind, kernels.pool(sample, pooled_by), won, weights=weights, odd=odd),
    )


def _require(P: Floats) -> None:
    if not P.size or np.isnan(P).any():
        raise ModelError(
            f"a blend needs rows on which every family has spoken, not {P.shape} with {int(np.isnan(P).sum())} "
            "gaps; walk forward over more seasons",
            shape=P.shape,
        )
