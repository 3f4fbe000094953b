"""How far a feature has moved: each season's values against those of all seasons before.

Source: Kolmogorov-Smirnov's two-sample statistic, Conover (1999), Practical Nonparametric Statistics, section 6.3.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.kernels import Floats

QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
_FIVE_PERCENT = 1.358


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
