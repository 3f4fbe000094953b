"""Scores of a probability against what happened; ``p`` is the home side's, ``y`` is 1 where it won."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from antepost.errors import DataError

type Floats = NDArray[np.float64]

EPS = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Said against seen, one entry a bin of equal width.

    ``predicted`` is the mean probability said in the bin, ``observed`` the share that came true; both are NaN
    where ``count`` is 0.
    """

    lower: Floats
    upper: Floats
    count: NDArray[np.int64]
    predicted: Floats
    observed: Floats


def losses(p: ArrayLike, y: ArrayLike) -> Floats:
    """Return the log-loss of each row in nats; a probability is taken as no nearer to 0 or 1 than 1e-12."""
    said, won = pairs(p, y)
    said = np.clip(said, EPS, 1.0 - EPS)
    return -np.where(won, np.log(said), np.log1p(-said))


def log_loss(p: ArrayLike, y: ArrayLike) -> float:
    """Return the mean log-loss in nats: 0.6931 for a coin, less is better."""
    return float(losses(p, y).mean())


def brier(p: ArrayLike, y: ArrayLike) -> float:
    """Return the mean squared distance of probability and outcome: 0.25 for a coin, less is better."""
    said, won = pairs(p, y)
    return float(np.mean((said - won) ** 2))


def accuracy(p: ArrayLike, y: ArrayLike) -> float:
    """Return the share of rows whose likelier side won; a probability of exactly one half is half right."""
    said, won = pairs(p, y)
    return float(np.mean(np.where(said == 0.5, 0.5, (said > 0.5) == won)))


def reliability(p: ArrayLike, y: ArrayLike, bins: int = 10) -> Reliability:
    """Return the table over ``bins`` bins of equal width; a bin holds its lower edge, the last also 1."""
    said, won = pairs(p, y)
    edges = np.linspace(0.0, 1.0, bins + 1)
    place = np.clip(np.searchsorted(edges, said, side="right") - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    full = np.where(count > 0, count, np.nan)
    return Reliability(
        lower=edges[:-1],
        upper=edges[1:],
        count=count.astype(np.int64),
        predicted=np.bincount(place, weights=said, minlength=bins) / full,
        observed=np.bincount(place, weights=won.astype(np.float64), minlength=bins) / full,
    )


def ece(p: ArrayLike, y: ArrayLike, bins: int = 10) -> float:
    """Return the expected calibration error: the gaps of the reliability table, weighted by rows."""
    table = reliability(p, y, bins)
    held = table.count > 0
    gaps = np.abs(table.predicted[held] - table.observed[held])
    return float(np.sum(gaps * table.count[held]) / table.count.sum())


def pairs(p: ArrayLike, y: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    """Return probabilities and outcomes as arrays that can be scored.

    Raises:
        DataError: no rows, lengths that differ, a value that is no probability, an outcome not 0 or 1.
    """
    said, won = np.asarray(p, dtype=np.float64), np.asarray(y)
    if said.ndim != 1 or said.shape != won.shape or not len(said):
        raise DataError(f"{said.shape} probabilities cannot be scored against {won.shape} outcomes")
    if not np.all((said >= 0.0) & (said <= 1.0)):
        raise DataError("a value to be scored is missing or lies outside 0 to 1; drop or impute it first")
    if not np.all((won == 0) | (won == 1)):
        raise DataError("an outcome is neither 0 nor 1; a tie has no place in a two-way score")
    return said, won == 1
