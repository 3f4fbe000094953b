"""How far a feature has moved: each season's values against those of all seasons before.

Source: Kolmogorov-Smirnov's two-sample statistic, Conover (1999), Practical Nonparametric Statistics, section 6.3; the
population stability index, Siddiqi (2006), Credit Risk Scorecards, chapter 9.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from antepost.evaluation.discovery import discoveries
from antepost.features.kernels import Floats, Integers

QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
_FIVE_PERCENT = 1.358
_BINS = 10
# A bin that one of the samples lacks counts as this share of a row, so that the index stays finite.
_EMPTY = 0.5


def kolmogorov_smirnov(one: Floats, other: Floats) -> float:
    """Return the largest distance between two samples' distribution functions, in [0, 1]; NaN where one is empty.

    >>> kolmogorov_smirnov(np.array([1.0, 2.0]), np.array([2.0, 3.0]))
    0.5
    """
    if not one.size or not other.size:
        return float("nan")
    every = np.concatenate([one, other])
    below = [np.searchsorted(np.sort(sample), every, side="right") / sample.size for sample in (one, other)]
    return float(np.abs(below[0] - below[1]).max())


def by_chance(n: int, m: int) -> float:
    """Return what the statistic of two independent samples of one law exceeds in 5 % of cases; NaN without a sample.

    Games of one season are not independent, so a little more than this is no alarm yet.
    """
    return _FIVE_PERCENT * float(np.sqrt((n + m) / (n * m))) if n and m else float("nan")


def by_season(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return how column ``name`` of a feature frame was distributed in each season.

    Columns: season, n (fixtures), coverage (share in which it is not null), mean, sd, min, the quantiles, max, drift
    (against all seasons before) and by_chance (see above); both are null in the first season that has a value.
    """
    value = pl.col(name)
    told = frame.group_by("season").agg(
        pl.len().alias("n"),
        value.is_not_null().mean().alias("coverage"),
        value.mean().alias("mean"),
        value.std().alias("sd"),
        value.min().alias("min"),
        *(value.quantile(share, "linear").alias(label) for label, share in QUANTILES.items()),
        value.max().alias("max"),
    ).sort("season")  # fmt: skip
    drift: list[tuple[float, float]] = []
    there = frame.select("season", name).drop_nulls(name)
    for season in told["season"]:
        now = there.filter(pl.col("season") == season)[name].to_numpy()
        before = there.filter(pl.col("season") < season)[name].to_numpy()
        drift.append((kolmogorov_smirnov(before, now), by_chance(before.size, now.size)))
    columns = pl.DataFrame(drift, schema={"drift": pl.Float64, "by_chance": pl.Float64}, orient="row")
    return pl.concat([told, columns.fill_nan(None)], how="horizontal")


def seasons_told(seasons: pl.DataFrame) -> str:
    """Return in words in which of ``seasons`` (season, coverage) a column has values at all.

    >>> told = pl.DataFrame({"season": [2018, 2019, 2020, 2021, 2022], "coverage": [0.0, 0.9, 0.0, 0.9, 0.0]})
    >>> seasons_told(told.head(2)), seasons_told(told.head(1)), seasons_told(told)
    ('since 2019', 'in no season', 'from 2019 until 2021, not in 2020')
    """
    there = seasons.filter(pl.col("coverage") > 0.0)["season"].sort().to_list()
    if not there:
        return "in no season"
    first, last = there[0], there[-1]
    gaps = [str(season) for season in seasons["season"].sort() if first < season < last and season not in there]
    span = f"since {first}" if last == seasons["season"].max() else f"from {first} until {last}"
    return f"{span}, not in {', '.join(gaps)}" if gaps else span


def told_by_season(frame: pl.DataFrame, columns: Sequence[str]) -> dict[str, str]:
    """Return for each of ``columns`` of a feature frame in which of its seasons it has values, in words."""
    shares = frame.group_by("season").agg(pl.col(*columns).is_not_null().mean()).sort("season")
    return {name: seasons_told(shares.select("season", pl.col(name).alias("coverage"))) for name in columns}


def stability(
    X: Floats, columns: tuple[str, ...], now: NDArray[np.bool_], blocks: Integers, *, draws: int = 200, seed: int = 0
) -> pl.DataFrame:
    """Return how far each column of ``X`` (rows, columns) has moved where ``now`` is true, by which it would by chance.

    The population stability index is taken over tenths of the rows before, with one more bin for what is missing. What
    it is by chance is sampled: as many whole ``blocks`` (match-days), drawn from before and now alike, play the part of
    now. ``drifted`` are those whose index chance does not explain, one in ten of them a false alarm.

    Columns: column, psi, by_chance (the 95th percentile of the draws), p_value, missing_before, missing_now (shares),
    drifted; the largest index first.
    """
    generator = np.random.default_rng(seed)
    codes = np.stack([_tenths(X[:, j], X[~now, j]) for j in range(X.shape[1])], axis=1)
    names, place = np.unique(blocks, return_inverse=True)
    bins = _BINS + 1
    counted = np.zeros((names.size, X.shape[1] * bins))
    for j in range(X.shape[1]):
        np.add.at(counted, (place, j * bins + codes[:, j]), 1.0)
    played = np.isin(np.arange(names.size), place[now])
    every = counted.sum(axis=0)
    chosen = np.array([generator.permutation(played) for _ in range(draws)], dtype=np.float64)
    there, drawn = played.astype(np.float64) @ counted, chosen @ counted
    index = _index(every - there, there, bins)
    chance = _index(every - drawn, drawn, bins)
    p_value = (1.0 + (chance >= index).sum(axis=0)) / (1.0 + draws)
    missing = [np.isnan(X[rows]).mean(axis=0) for rows in (~now, now)]
    table = pl.DataFrame({
        "column": columns, "psi": index, "by_chance": np.quantile(chance, 0.95, axis=0), "p_value": p_value,
        "missing_before": missing[0], "missing_now": missing[1], "drifted": discoveries(p_value, 0.1),
    })  # fmt: skip
    return table.sort("psi", descending=True, maintain_order=True)


def _tenths(values: Floats, before: Floats) -> NDArray[np.int64]:
    """Return the bin of each value: tenths of those before, the last bin for what is missing."""
    known = before[~np.isnan(before)]
    edges = np.unique(np.quantile(known, np.linspace(0.1, 0.9, _BINS - 1))) if known.size else np.zeros(0)
    return np.where(np.isnan(values), _BINS, np.searchsorted(edges, values, side="left"))


def _index(before: Floats, now: Floats, bins: int) -> Floats:
    """Return the index of counts (…, columns * bins), shape (…, columns)."""
    one, other = (np.maximum(counts.reshape(*counts.shape[:-1], -1, bins), 0.0) for counts in (before, now))
    shares = [np.maximum(c, _EMPTY) / c.sum(axis=-1, keepdims=True) for c in (one, other)]
    held = (one > 0) | (other > 0)
    return np.where(held, (shares[1] - shares[0]) * np.log(shares[1] / shares[0]), 0.0).sum(axis=-1)
