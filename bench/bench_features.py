"""Form windows of both sides as of each kick-off: the fold engine against pandas in its documented idiom.

The rival is groupby-rolling for the windows and merge_asof for the as-of look-up, which is what the question
needs once a previous game may still be running at ``as_of``. Both give the same columns, checked to 1e-9, on the
same invented results. Prints seconds (min / median / max over pairs run in turn) and the ratio.

    python bench/bench_features.py [--fixtures 200000] [--pairs 7]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import polars as pl

from antepost.features.engine import read_group
from antepost.features.groups.form import form
from antepost.features.spine import numbers
from antepost.features.state import build
from antepost.sports import get_sport

NFL = get_sport("nfl")
FORM = form(NFL)
MEANS = {"margin": (3, 5, 10), "win_rate": (5, 10, 20), "points_for": (5, 10), "points_against": (5, 10)}


def world(fixtures: int, seed: int = 0) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return invented results and the spine of the same fixtures, 1,200 teams, one kick-off every ten minutes."""
    generator = np.random.default_rng(seed)
    first = datetime(2000, 1, 1, tzinfo=UTC)
    start = [first + timedelta(minutes=10 * i) for i in range(fixtures)]
    home = generator.integers(0, 600, fixtures)
    away = generator.integers(600, 1200, fixtures)
    names = np.array([f"team{i:04d}" for i in range(1200)])
    games = pl.DataFrame(
        {
            "fixture": [f"g{i:07d}" for i in range(fixtures)],
            "start": start,
            "season": np.arange(fixtures) // 40_000,
            "home": names[home],
            "away": names[away],
            "home_score": generator.poisson(24, fixtures),
            "away_score": generator.poisson(21, fixtures),
        }
    ).with_columns(pl.col("start").cast(pl.Datetime("us", "UTC")), pl.col("season").cast(pl.Int32))
    known = pl.col("start") + timedelta(hours=3, minutes=45)
    stamps = (pl.col("start").alias("event_at"), known.alias("known_at"), pl.lit(1, pl.Int64).alias("batch"))
    spine = games.select("fixture", "season", "home", "away", "start", pl.col("start").alias("as_of"))
    return games.with_columns(stamps), spine.with_columns(pl.lit(False).alias("neutral"))


def ours(results: pl.DataFrame, spine: pl.DataFrame) -> np.ndarray:
    """Return the window columns by the engine."""
    state = build(FORM, NFL, {"results": results})
    block = read_group(FORM, state, spine, numbers(spine), spine["as_of"].dt.epoch("us").to_numpy())
    return block[:, [i for i, column in enumerate(FORM.columns) if ".season." not in column.name]]


def pandas_twin(results: pd.DataFrame, spine: pd.DataFrame) -> np.ndarray:
    """Return the same columns by pandas."""
    rename = {"home": "team", "home_score": "points_for", "away_score": "points_against"}
    other = {"away": "team", "away_score": "points_for", "home_score": "points_against"}
    keep = ["team", "known_at", "points_for", "points_against"]
    long = pd.concat([results.rename(columns=rename)[keep], results.rename(columns=other)[keep]])
    long = long.sort_values(["team", "known_at"], ignore_index=True)
    long["margin"] = long.points_for - long.points_against
    long["win_rate"] = (np.sign(long.margin) + 1) / 2
    grouped = long.groupby("team", sort=False)
    rows = long[["team", "known_at"]].copy()
    for stat, windows in MEANS.items():
        for window in windows:
            rolled = grouped[stat].rolling(window, min_periods=1).mean()
            rows[f"{stat}.{window}"] = rolled.to_numpy()
    rows = rows.sort_values("known_at")
    sides = [
        pd.merge_asof(
            spine, rows, left_on="as_of", right_on="known_at", left_by=side, right_by="team", allow_exact_matches=False
        )[rows.columns[2:]]
        for side in ("home", "away")
    ]
    return np.hstack([side.to_numpy() for side in sides])


def timed(work: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    """Return seconds and result of one run."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def main() -> None:
    """Run the pairs and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fixtures", type=int, default=200_000)
    parser.add_argument("--pairs", type=int, default=7)
    options = parser.parse_args()
    results, spine = world(options.fixtures)
    results_pd, spine_pd = results.to_pandas(), spine.to_pandas()
    expected = ours(results, spine)
    np.testing.assert_allclose(expected, pandas_twin(results_pd, spine_pd), rtol=0, atol=1e-9)
    seconds: dict[str, list[float]] = {"antepost": [], "pandas": []}
    for _ in range(options.pairs):
        seconds["antepost"].append(timed(lambda: ours(results, spine))[0])
        seconds["pandas"].append(timed(lambda: pandas_twin(results_pd, spine_pd))[0])
    print(f"{options.fixtures:,} fixtures x {expected.shape[1]} columns, {options.pairs} pairs")
    for name, taken in seconds.items():
        print(f"  {name:<9} {min(taken):.3f} / {statistics.median(taken):.3f} / {max(taken):.3f} s")
    ratios = [b / a for a, b in zip(seconds["antepost"], seconds["pandas"], strict=True)]
    print(f"  pandas takes {statistics.median(ratios):.1f} x ({min(ratios):.1f} to {max(ratios):.1f})")


if __name__ == "__main__":
    main()
