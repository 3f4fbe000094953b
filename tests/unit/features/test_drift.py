from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from scipy import stats

from antepost.features.drift import by_chance, by_season, kolmogorov_smirnov, stability


def test_the_statistic_is_scipys() -> None:
    dice = np.random.default_rng(1)
    for n, m in ((5, 9), (40, 300), (1, 1)):
        one, other = dice.integers(0, 9, n).astype(float), dice.normal(4, 3, m)
        assert kolmogorov_smirnov(one, other) == pytest.approx(stats.ks_2samp(one, other).statistic)
    assert math.isnan(kolmogorov_smirnov(np.empty(0), one))


def test_one_law_is_taken_for_two_about_as_often_as_it_says() -> None:
    dice = np.random.default_rng(2)
    seen = [kolmogorov_smirnov(dice.normal(size=200), dice.normal(size=300)) > by_chance(200, 300) for _ in range(400)]
    assert 0.02 < np.mean(seen) < 0.08


def test_a_season_is_compared_with_all_before_and_nulls_are_coverage() -> None:
    dice = np.random.default_rng(3)
    values = [None, *dice.normal(size=99), *dice.normal(size=100), *dice.normal(5, size=100)]
    frame = pl.DataFrame({"season": [2001] * 100 + [2003] * 100 + [2004] * 100, "x": values})
    told = by_season(frame, "x")
    assert told["season"].to_list() == [2001, 2003, 2004]
    assert told["coverage"].to_list() == [0.99, 1.0, 1.0]
    assert told["drift"][0] is None
    assert (told["drift"] > told["by_chance"]).to_list() == [None, False, True]
    assert told["drift"][2] == pytest.approx(
        stats.ks_2samp(frame["x"][:200].drop_nulls().to_numpy(), frame["x"][200:].to_numpy()).statistic
    )
    assert told["q05"][1] < told["median"][1] < told["q95"][1]


def moved(shift: float, seed: int) -> pl.DataFrame:
    """Return the stability of forty invented columns over 200 match-days, five of them shifted in the last."""
    rng = np.random.default_rng(seed)
    blocks = np.repeat(np.arange(200), 8)
    X = rng.normal(size=(1600, 40)) + rng.normal(size=(200, 40)).repeat(8, axis=0)
    now = blocks >= 170
    X[now, :5] += shift
    X[rng.random(X.shape) < 0.1] = np.nan
    return stability(X, tuple(f"c{j}" for j in range(40)), now, blocks)


def test_columns_that_moved_are_found_and_few_others() -> None:
    found = moved(2.0, 1).filter("drifted")["column"].to_list()
    assert {f"c{j}" for j in range(5)} <= set(found)
    assert len(found) <= 7


def test_where_nothing_moved_chance_explains_the_index() -> None:
    assert sum(moved(0.0, seed)["drifted"].any() for seed in range(8)) <= 3


def test_a_column_that_is_not_told_any_more_has_moved() -> None:
    rng = np.random.default_rng(5)
    blocks = np.arange(400) // 4
    X = rng.normal(size=(400, 2))
    X[blocks >= 80, 0] = np.nan
    told = stability(X, ("gone", "there"), blocks >= 80, blocks)
    assert told["column"][0] == "gone"
    assert told["drifted"].to_list() == [True, False]
    assert (told["missing_before"][0], told["missing_now"][0]) == (0.0, 1.0)
