"""Scores of a forecast over several outcomes: ``P`` is (n, k), its rows sum to 1, ``came`` (n,) says which came.

The outcomes stand in an order, as home, draw and away do; only the ranked probability score cares.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from antepost.errors import DataError
from antepost.evaluation.scores import EPS

type Floats = NDArray[np.float64]

_SUMS_TO_ONE = 1e-9


def losses(P: ArrayLike, came: ArrayLike) -> Floats:
    """Return the log-loss of each row in nats: ln 3 where three outcomes are held equally likely."""
    said, seen = _rows(P, came)
    return -np.log(np.clip(said[np.arange(len(said)), seen], EPS, 1.0))


def brier(P: ArrayLike, came: ArrayLike) -> Floats:
    """Return the squared distance of forecast and outcome of each row: 0 at best, 2 at worst.

    Source: Brier, Verification of forecasts expressed in terms of probability, Monthly Weather Review 78 (1950).
    """
    said, seen = _rows(P, came)
    return ((said - np.eye(said.shape[1])[seen]) ** 2).sum(axis=1)


def rps(P: ArrayLike, came: ArrayLike) -> Floats:
    """Return the ranked probability score of each row, 0 at best and 1 at worst: a near miss costs less than a far one.

    It is the mean over the k - 1 cuts of the order of the squared error of the chance of lying before the cut.

    Source: Epstein, A scoring system for probability forecasts of ranked categories, J. Appl. Meteorology 8 (1969).
    """
    said, seen = _rows(P, came)
    error = np.cumsum(said - np.eye(said.shape[1])[seen], axis=1)[:, :-1]
    return (error**2).mean(axis=1)


def hits(P: ArrayLike, came: ArrayLike) -> Floats:
    """Return 1 for each row whose likeliest outcome came, else 0; outcomes that tie for likeliest share the one."""
    said, seen = _rows(P, came)
    best = said == said.max(axis=1, keepdims=True)
    return best[np.arange(len(said)), seen] / best.sum(axis=1)


def _rows(P: ArrayLike, came: ArrayLike) -> tuple[Floats, NDArray[np.intp]]:
    """Return probabilities and outcomes as arrays that can be scored.

    Raises:
        DataError: no rows, lengths that differ, a row that is no distribution, or an outcome that is none of the k.
    """
    said, seen = np.asarray(P, dtype=np.float64), np.asarray(came)
    if said.ndim != 2 or said.shape[1] < 2 or seen.shape != said.shape[:1] or not len(said):
        raise DataError(f"forecasts of shape {said.shape} cannot be scored against {seen.shape} outcomes")
    if not (np.all(said >= 0.0) and np.all(np.abs(said.sum(axis=1) - 1.0) <= _SUMS_TO_ONE)):
        raise DataError("a forecast is missing, below 0, or does not sum to 1 over its outcomes")
    if not all(0 <= k < said.shape[1] and k == int(k) for k in np.unique(seen).tolist()):
        raise DataError(f"an outcome is none of the {said.shape[1]}, counted from 0")
    return said, seen.astype(np.intp)
