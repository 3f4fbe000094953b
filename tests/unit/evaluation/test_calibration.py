from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.isotonic import IsotonicRegression

from antepost.errors import DataError
from antepost.evaluation import calibration, log_loss
from antepost.evaluation.calibration import KINDS, ODD_KINDS, SHIFT_PULL, SLOPE_PULL, Calibrator, apply, choose, fit

kinds = pytest.mark.parametrize("kind", KINDS)

type Floats = NDArray[np.float64]


def overconfident(rows: int, seed: int, sharpness: float = 2.0) -> tuple[Floats, NDArray[np.int8]]:
    """Return probabilities whose log-odds are ``sharpness`` times too large, and what then happened."""
    random = np.random.default_rng(seed)
    logit = random.normal(size=rows)
    y = (random.uniform(size=rows) < 1 / (1 + np.exp(-logit))).astype(np.int8)
    return 1 / (1 + np.exp(-sharpness * logit)), y


def test_none_changes_no_bit() -> None:
    p, y = overconfident(300, seed=1)
    np.testing.assert_array_equal(apply(fit("none", p, y), p), p)


def test_temperature_cools_an_overconfident_forecaster() -> None:
    p, y = overconfident(20_000, seed=2)
    a, b, c = fit("temperature", p, y).params
    assert a == b == pytest.approx(0.5, abs=0.03)
    assert c == 0.0


def minimised(p: Floats, y: np.ndarray, slopes: int) -> Floats:
    """Return (a, b, c) by another minimiser: the log-loss, and the pull of slopes to 1 and of the shift to 0."""

    def cost(theta: Floats) -> float:
        a, b, c = theta[0], theta[slopes - 1], theta[-1]
        z = a * np.log(p) - b * np.log1p(-p) + c
        pulled = SLOPE_PULL * ((theta[:-1] - 1.0) ** 2).sum() + SHIFT_PULL * c**2
        return float((np.logaddexp(0.0, z) - y * z).sum() + 0.5 * pulled)

    bounds = [(0.0, None)] * slopes + [(None, None)]
    theta = minimize(cost, [1.0] * slopes + [0.0], method="L-BFGS-B", bounds=bounds, tol=1e-12).x
    return np.array([theta[0], theta[slopes - 1], theta[-1]])


@pytest.mark.parametrize(("kind", "slopes"), [("platt", 1), ("beta", 2)])
def test_parametric_kinds_are_what_another_minimiser_finds(kind: str, slopes: int) -> None:
    p, y = overconfident(3_000, seed=3)
    np.testing.assert_allclose(fit(kind, p, y).params, minimised(p, y, slopes), atol=1e-3)


def test_a_beta_slope_that_would_turn_negative_is_held_at_nothing() -> None:
    random = np.random.default_rng(5)
    p = random.uniform(0.01, 0.99, size=4_000)
    truth = 1 / (1 + np.exp(-(-0.6 * np.log(p) - 1.5 * np.log1p(-p) - 1.0)))
    y = (random.uniform(size=4_000) < truth).astype(np.int8)
    found = fit("beta", p, y)
    assert found.params[0] == 0.0
    np.testing.assert_allclose(found.params, minimised(p, y, 2), atol=2e-3)


def test_few_games_move_a_calibrator_little_and_many_move_it_all_the_way() -> None:
    p, y = overconfident(40_000, seed=16)
    few, many = (fit("temperature", p[:n], y[:n]).params[0] for n in (60, 40_000))
    assert 0.6 < few < 1.0
    assert many == pytest.approx(0.5, abs=0.02)


def test_on_distorted_worlds_it_is_rarely_none_and_on_others_it_costs_next_to_nothing() -> None:
    """Of forty worlds of 600 games; bench/bench_calibration.py judges two hundred of each kind."""
    chosen = []
    cost = []
    for seed in range(40):
        p, y = overconfident(600, seed=100 + seed, sharpness=1.5)
        chosen.append(choose(p, y, np.arange(600) // 75))
        p, y = overconfident(600, seed=200 + seed, sharpness=1.0)
        kind = choose(p, y, np.arange(600) // 75)
        said = apply(fit(kind, p, y), p)
        cost.append(float((p * np.log(p / said) + (1 - p) * np.log((1 - p) / (1 - said))).mean()))
    assert chosen.count("none") <= 2
    assert np.mean(cost) <= 0.0005


def test_isotonic_is_that_of_scikit_learn_at_the_points_of_its_table() -> None:
    p, y = overconfident(2_000, seed=6)
    weights = np.random.default_rng(6).integers(0, 3, size=2_000)
    edge = 1.0 / (weights.sum() + 2.0)
    other = IsotonicRegression(out_of_bounds="clip", y_min=edge, y_max=1.0 - edge).fit(p, y, sample_weight=weights)
    np.testing.assert_allclose(fit("isotonic", p, y, weights).grid, other.predict(np.linspace(0, 1, 201)), atol=1e-12)


@kinds
def test_a_row_counted_twice_is_a_row_given_twice(kind: str) -> None:
    p, y = overconfident(400, seed=7)
    counts = np.random.default_rng(7).integers(0, 3, size=400)
    weighted, repeated = fit(kind, p, y, counts), fit(kind, np.repeat(p, counts), np.repeat(y, counts))
    np.testing.assert_allclose(apply(weighted, p), apply(repeated, p), atol=1e-8)


@kinds
def test_calibrating_never_loses_on_the_rows_it_was_fitted_to(kind: str) -> None:
    p, y = overconfident(1_500, seed=8)
    assert log_loss(apply(fit(kind, p, y), p), y) <= log_loss(p, y)


@kinds
def test_one_row_and_many_rows_agree_to_the_bit(kind: str) -> None:
    p, y = overconfident(600, seed=9)
    calibrator = fit(kind, p, y)
    together = apply(calibrator, p)
    np.testing.assert_array_equal(together, [apply(calibrator, p[i : i + 1])[0] for i in range(len(p))])
    np.testing.assert_array_equal(together, apply(calibrator, np.column_stack([p, p])[:, 0]))


@kinds
def test_a_missing_probability_stays_missing(kind: str) -> None:
    p, y = overconfident(300, seed=10)
    found = apply(fit(kind, p, y), [np.nan, 0.5])
    assert np.isnan(found[0])
    assert 0.0 < found[1] < 1.0


@kinds
def test_an_opposite_forecaster_is_flattened_and_never_turned_round(kind: str) -> None:
    p, y = overconfident(2_000, seed=11)
    found = apply(fit(kind, 1 - p, y), np.linspace(0.01, 0.99, 50))
    assert (np.diff(found) >= 0.0).all()


def test_the_chosen_kind_is_the_simplest_that_mends_the_fault() -> None:
    p, y = overconfident(6_000, seed=12)
    assert choose(p, y, np.arange(6_000) // 1_000) in {"temperature", "platt", "beta"}


def test_a_forecaster_who_keeps_his_word_is_left_alone() -> None:
    p, y = overconfident(2_000, seed=14, sharpness=1.0)
    assert choose(p, y, np.arange(2_000) // 250) == "none"


@pytest.mark.parametrize("kind", ODD_KINDS)
def test_an_odd_kind_is_that_of_the_games_seen_from_both_sides(kind: str) -> None:
    p, y = overconfident(800, seed=17)
    weights = np.random.default_rng(17).integers(0, 3, size=800)
    once = fit(kind, p, y, weights, odd=True)
    if kind == "isotonic":
        both = np.concatenate([p, 1.0 - p]), np.concatenate([y, 1 - y]), np.concatenate([weights, weights])
        np.testing.assert_allclose(once.grid, fit(kind, *both).grid, atol=1e-12)
    else:
        assert once.params.tobytes() == fit(kind, p, y, weights).params.tobytes()


def test_what_is_not_odd_neither_competes_nor_is_fitted_where_sides_change_places() -> None:
    """A forecaster whose fault is a shift: who is named first is chance, so there is none to mend."""
    random = np.random.default_rng(18)
    logit = random.normal(size=4_000)
    y = (random.uniform(size=4_000) < 1 / (1 + np.exp(-logit - 0.5))).astype(np.int8)
    p, season = 1 / (1 + np.exp(-logit)), np.arange(4_000) // 500
    assert choose(p, y, season) in {"platt", "beta"}
    assert choose(p, y, season, odd=True) in ODD_KINDS
    with pytest.raises(DataError, match="'platt' is not odd; choose from none, temperature, isotonic"):
        fit("platt", p, y, odd=True)


def test_a_single_season_gives_nothing_to_compare() -> None:
    p, y = overconfident(250, seed=13)
    assert choose(p, y, np.zeros(250, dtype=int)) == "none"


def test_choosing_does_not_depend_on_the_order_of_rows() -> None:
    p, y = overconfident(3_000, seed=15)
    season = np.arange(3_000) // 500
    order = np.random.default_rng(0).permutation(3_000)
    assert choose(p[order], y[order], season[order]) == choose(p, y, season)


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DataError, match="none, temperature, platt, beta, isotonic"):
        fit("spline", [0.4, 0.6], [0, 1])


@pytest.mark.parametrize("weights", [[1.0], [0.0, 0.0], [-1.0, 2.0], [np.nan, 1.0]])
def test_weights_that_weigh_nothing_are_refused(weights: list[float]) -> None:
    with pytest.raises(DataError, match="weights"):
        fit("platt", [0.4, 0.6], [0, 1], weights)


@pytest.mark.parametrize(("kind", "size"), [("isotonic", 0), ("platt", 201), ("spline", 0)])
def test_a_calibrator_with_the_wrong_arrays_is_refused(kind: str, size: int) -> None:
    with pytest.raises(DataError, match="none of ours"):
        Calibrator(kind=kind, params=np.ones(3), grid=np.linspace(0, 1, size))


def test_the_door_opens_the_module_only_when_asked() -> None:
    from antepost import evaluation

    assert evaluation.calibration is calibration


def test_isotonic_never_calls_anything_impossible_however_few_rows_it_saw() -> None:
    """Two games once cost a whole season: a step without a win had become a chance of one in a billion."""
    grid = fit("isotonic", [0.2, 0.4, 0.6, 0.8], [0, 0, 1, 1]).grid
    assert grid.min() == pytest.approx(1 / 6)
    assert grid.max() == pytest.approx(5 / 6)


def test_one_comparison_is_not_enough_to_choose_a_calibrator() -> None:
    p, y = overconfident(1_000, seed=3)
    assert choose(p, y, np.repeat([1, 2], 500)) == "none"
    assert choose(p, y, np.repeat([1, 2, 3, 4], 250)) != "none"
