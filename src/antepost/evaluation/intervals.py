"""Intervals by resampling whole blocks (match-days): games of one day share weather, news and model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from antepost.errors import DataError

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]

LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Market-gap closure ``G``, the share of the way from base rate to closing line, with 95 % interval."""

    G: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What something adds to a model on the same rows: log-loss saved in nats a row, and the rise of ``G``.

    Each with its 95 % interval.
    """

    nats: float
    low: float
    high: float
    G: float
    G_low: float
    G_high: float


def block_bootstrap(
    values: Floats,
    blocks: NDArray[np.integer],
    statistic: Callable[[Floats], Floats],
    draws: int = 2000,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the 95 % percentile interval of a statistic of column means, blocks drawn with replacement.

    ``values`` is (n, k); ``statistic`` turns column means (draws, k) into (draws,). A draw on which it is not
    defined (NaN) counts against both ends, so that an interval is never narrowed by what could not be
    computed; an end may then be infinite.
    """
    rows = np.asarray(values, dtype=np.float64)
    if rows.ndim != 2 or len(rows) != len(blocks) or not len(rows):
        raise DataError(f"values of shape {rows.shape} do not match {len(blocks)} block labels")
    names, place = np.unique(blocks, return_inverse=True)
    sums = np.column_stack([np.bincount(place, weights=rows[:, k]) for k in range(rows.shape[1])])
    counts = _resample(len(names), draws, seed).astype(np.float64)
    means = (counts @ sums) / (counts @ np.bincount(place))[:, None]
    return _percentiles(statistic(means))


def block_draws(blocks: NDArray[np.integer], draws: int, seed: int) -> Integers:
    """Return how often each row counts in each draw, shape (draws, rows): the weights of bootstrap refits."""
    names, place = np.unique(blocks, return_inverse=True)
    return _resample(len(names), draws, seed)[:, place]


def market_gap(
    model_losses: Floats,
    close_losses: Floats,
    base_losses: Floats,
    blocks: NDArray[np.integer],
    draws: int = 2000,
    seed: int = 0,
) -> Gap:
    """Return G = (base - model) / (base - close) of the mean losses on the same rows, with its interval.

    G is 0 at the base rate and 1 at the closing line. Where the close is no better than the base, G has no
    meaning and is NaN.
    """
    values = np.column_stack([model_losses, close_losses, base_losses])
    low, high = block_bootstrap(values, blocks, _closure, draws, seed)
    return Gap(G=float(_closure(values.mean(axis=0, keepdims=True))[0]), low=low, high=high)


def paired_gain(
    with_losses: Floats,
    without_losses: Floats,
    close_losses: Floats,
    base_losses: Floats,
    blocks: NDArray[np.integer],
    draws: int = 2000,
    seed: int = 0,
) -> Gain:
    """Return by how much a model is better with something than without it, more than 0 where it is.

    All losses are of the same rows, so what both versions find hard takes no part in the interval. Where the close is
    no better than the base, the gain in G has no meaning and is NaN.
    """
    values = np.column_stack([with_losses, without_losses, close_losses, base_losses])
    mean = values.mean(axis=0, keepdims=True)
    low, high = block_bootstrap(values, blocks, _saved, draws, seed)
    G_low, G_high = block_bootstrap(values, blocks, _closed, draws, seed)
    return Gain(nats=float(_saved(mean)[0]), low=low, high=high, G=float(_closed(mean)[0]), G_low=G_low, G_high=G_high)


def _saved(means: Floats) -> Floats:
    return means[:, 1] - means[:, 0]


def _closed(means: Floats) -> Floats:
    return _closure(means[:, [0, 2, 3]]) - _closure(means[:, [1, 2, 3]])


def _closure(means: Floats) -> Floats:
    model, close, base = means.T
    room = np.where(base > close, base - close, np.nan)
    return (base - model) / room


def _resample(blocks: int, draws: int, seed: int) -> Integers:
    drawn = np.random.default_rng(seed).integers(0, blocks, size=(draws, blocks))
    flat = (drawn + blocks * np.arange(draws)[:, None]).ravel()
    return np.bincount(flat, minlength=draws * blocks).reshape(draws, blocks).astype(np.int64)


def _percentiles(drawn: Floats) -> tuple[float, float]:
    undefined = np.isnan(drawn)
    tail = (1.0 - LEVEL) / 2.0
    # No interpolation: half way to infinity is not a number.
    low = np.quantile(np.where(undefined, -np.inf, drawn), tail, method="lower")
    high = np.quantile(np.where(undefined, np.inf, drawn), 1.0 - tail, method="higher")
    return float(low), float(high)
