from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from antepost.errors import DataError
from antepost.evaluation import block_bootstrap, block_draws, market_gap
from antepost.evaluation.intervals import paired_gain


def first_column(means: NDArray[np.float64]) -> NDArray[np.float64]:
    return means[:, 0]


def days(random: np.random.Generator, count: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return values whose mean is 0 and which move together within a day, and their days."""
    blocks = np.repeat(np.arange(count), random.integers(1, 8, size=count))
    shared = random.normal(size=count)[blocks]
    return (shared + 0.5 * random.normal(size=len(blocks)))[:, None], blocks


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """Rows of one day move together: resampling single rows would cover the truth far too seldom."""
    random = np.random.default_rng(2024)
    by_day, by_row = 0, 0
    for seed in range(200):
        values, blocks = days(random, 80)
        low, high = block_bootstrap(values, blocks, first_column, draws=400, seed=seed)
        by_day += low <= 0.0 <= high
        low, high = block_bootstrap(values, np.arange(len(values)), first_column, draws=400, seed=seed)
        by_row += low <= 0.0 <= high
    assert 0.90 <= by_day / 200 <= 0.99
    assert by_row / 200 < 0.85


def test_the_interval_equals_one_made_by_drawing_rows_the_slow_way() -> None:
    values, blocks = days(np.random.default_rng(5), 30)
    weights = block_draws(blocks, draws=300, seed=9)
    means = sorted(float(np.average(values[:, 0], weights=row)) for row in weights)
    low, high = block_bootstrap(values, blocks, first_column, draws=300, seed=9)
    assert low == pytest.approx(means[math.floor(0.025 * 299)])
    assert high == pytest.approx(means[math.ceil(0.975 * 299)])


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    values, blocks = days(np.random.default_rng(5), 30)
    found = [block_bootstrap(values, blocks, first_column, seed=seed) for seed in (1, 1, 2)]
    assert found[0] == found[1]
    assert found[1] != found[2]


def test_a_block_is_drawn_whole_and_as_many_blocks_as_there_are() -> None:
    blocks = np.array([7, 7, 3, 3, 3, 9])
    drawn = block_draws(blocks, draws=50, seed=0)
    assert drawn.shape == (50, 6)
    np.testing.assert_array_equal(drawn[:, 0], drawn[:, 1])
    np.testing.assert_array_equal(drawn[:, 2], drawn[:, 4])
    np.testing.assert_array_equal(drawn[:, 0] + drawn[:, 2] + drawn[:, 5], np.full(50, 3))


def test_the_closing_line_itself_closes_the_whole_gap_and_the_base_rate_none_of_it() -> None:
    random = np.random.default_rng(1)
    base, close = random.uniform(0.6, 0.8, 400), random.uniform(0.5, 0.7, 400)
    blocks = np.arange(400) // 8
    whole, none = market_gap(close, close, base, blocks), market_gap(base, close, base, blocks)
    assert (whole.G, whole.low, whole.high) == (1.0, 1.0, 1.0)
    assert (none.G, none.low, none.high) == (0.0, 0.0, 0.0)


def test_a_model_half_way_is_half_way_with_an_interval_around_it() -> None:
    random = np.random.default_rng(1)
    base, close = random.uniform(0.6, 0.8, 400), random.uniform(0.5, 0.7, 400)
    model = (base + close) / 2 + random.normal(scale=0.05, size=400)
    gap = market_gap(model, close, base, np.arange(400) // 8)
    assert gap.low < gap.G < gap.high
    assert pytest.approx((base - model).sum() / (base - close).sum()) == gap.G


def test_a_close_no_better_than_the_base_leaves_nothing_to_measure() -> None:
    flat = np.full(20, 0.69)
    gap = market_gap(flat, flat, flat, np.arange(20))
    assert math.isnan(gap.G)
    assert (gap.low, gap.high) == (-math.inf, math.inf)


def test_labels_that_do_not_match_the_rows_are_refused() -> None:
    with pytest.raises(DataError, match="block labels"):
        block_bootstrap(np.ones((3, 1)), np.arange(4), first_column)


def test_a_paired_gain_is_the_difference_of_two_gaps_and_far_surer_than_either() -> None:
    random = np.random.default_rng(8)
    noise, blocks = days(random, 120)
    hard = noise[:, 0] ** 2
    without, close, base = hard + 0.30, hard + 0.10, hard + 0.50
    better = without - 0.05 + 0.01 * random.normal(size=hard.size)
    gain = paired_gain(better, without, close, base, blocks)
    assert gain.nats == pytest.approx(float((without - better).mean()))
    gaps = [market_gap(loss, close, base, blocks) for loss in (better, without)]
    assert pytest.approx(gaps[0].G - gaps[1].G) == gain.G
    assert 0.0 < gain.low < gain.nats < gain.high
    assert gain.G_low < gain.G < gain.G_high
    alone = block_bootstrap(better[:, None], blocks, first_column)
    assert gain.high - gain.low < (alone[1] - alone[0]) / 10


def test_a_paired_gain_in_g_has_no_meaning_where_the_close_is_no_better_than_the_base() -> None:
    losses = np.array([0.6, 0.7, 0.8])
    gain = paired_gain(losses, losses + 0.1, losses, losses, np.arange(3))
    assert gain.nats == pytest.approx(0.1)
    assert math.isnan(gain.G)
