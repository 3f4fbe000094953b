"""The parts of a prediction sum to what is served, through every step from a family to the calibrator."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from antepost.errors import ModelError
from antepost.evaluation.calibration import GRID_POINTS, Calibrator
from antepost.models import Bundle, Frame
from antepost.models.arrays import ForestArrays, pack, unpack
from antepost.models.blend import Blend
from antepost.models.explain import attribute

STEPS = np.interp(np.linspace(0.0, 1.0, GRID_POINTS), [0.0, 0.3, 0.45, 0.55, 1.0], [0.05, 0.4, 0.4, 0.6, 0.9])
CALIBRATORS = {
    "none": Calibrator(kind="none", params=np.array([1.0, 1.0, 0.0]), grid=np.empty(0)),
    "temperature": Calibrator(kind="temperature", params=np.array([1.4, 1.4, 0.0]), grid=np.empty(0)),
    "beta": Calibrator(kind="beta", params=np.array([0.0, 1.3, -0.2]), grid=np.empty(0)),
    "isotonic": Calibrator(kind="isotonic", params=np.array([1.0, 1.0, 0.0]), grid=STEPS),
}


def log_odds(p: np.ndarray) -> np.ndarray:
    return np.log(p) - np.log1p(-p)


def rows(frame: Frame, count: int) -> np.ndarray:
    """Return invented rows like those of training, missing values and all."""
    rng = np.random.default_rng(4)
    X = frame.X[rng.integers(0, len(frame.X), count)]
    return X + rng.normal(scale=0.3, size=X.shape)


def blended(bundle: Bundle, kind: str, weights: tuple[float, ...] = (0.1, 0.2, 0.3, 0.15, 0.25)) -> Bundle:
    return replace(bundle, blend=Blend(weights=np.array(weights), calibrator=CALIBRATORS[kind]))


@pytest.mark.parametrize("kind", CALIBRATORS)
def test_base_and_parts_make_the_served_log_odds_on_a_thousand_rows(bundle: Bundle, frame: Frame, kind: str) -> None:
    mixed, X = blended(bundle, kind), rows(frame, 1000)
    found = attribute(mixed, X)
    assert found.log_odds.tobytes() == log_odds(mixed.predict(X)).tobytes()
    assert np.abs(found.base + found.parts.sum(axis=(1, 2)) - found.log_odds).max() < 1e-9
    np.testing.assert_allclose(found.columns.sum(axis=1), found.families.sum(axis=1), atol=1e-9)


def test_the_trained_bundle_itself_is_explained(bundle: Bundle, frame: Frame) -> None:
    found = attribute(bundle, frame.X)
    assert np.abs(found.base + found.columns.sum(axis=1) - log_odds(bundle.predict(frame.X))).max() < 1e-9


def test_a_family_of_one_column_speaks_through_it_alone(bundle: Bundle, frame: Frame) -> None:
    found = attribute(blended(bundle, "none"), rows(frame, 20))
    columns, families = bundle.manifest.columns, bundle.manifest.families
    elo = found.parts[:, families.index("elo")]
    place = columns.index("elo.logit.now.fixture")
    assert (elo[:, place] != 0.0).all()
    assert not np.delete(elo, place, axis=1).any()


def test_a_logistic_family_alone_gives_its_own_terms(bundle: Bundle, frame: Frame) -> None:
    alone, X = blended(bundle, "none", (0.0, 0.0, 1.0, 0.0, 0.0)), rows(frame, 50)
    linear = bundle.families["logistic"]
    filled = np.where(np.isnan(X), linear.impute, X)
    terms = linear.weights * (filled - linear.center) / linear.scale
    found = attribute(alone, X)
    np.testing.assert_allclose(found.columns, terms, atol=1e-9)
    assert found.base == pytest.approx(linear.intercept)


def test_a_column_without_a_part_in_any_family_adds_nothing(bundle: Bundle, frame: Frame) -> None:
    found = attribute(blended(bundle, "beta"), rows(frame, 50))
    assert not found.columns[:, bundle.manifest.columns.index("never.known")].any()


def test_a_row_that_stands_at_the_start_of_every_step_has_finite_parts(bundle: Bundle) -> None:
    alone = blended(bundle, "isotonic", (0.0, 0.0, 1.0, 0.0, 0.0))
    linear = bundle.families["logistic"]
    X = np.where(np.isnan(linear.center), 0.0, linear.center)[None, :]
    found = attribute(alone, X)
    assert np.isfinite(found.parts).all()
    assert found.base + found.columns.sum() == pytest.approx(found.log_odds[0], abs=1e-9)


def test_covers_survive_being_stored_and_a_forest_without_them_keeps_its_arrays(bundle: Bundle) -> None:
    forest = bundle.families["xgboost"]
    assert isinstance(forest, ForestArrays)
    again = pack(unpack(forest))
    assert isinstance(again, ForestArrays)
    assert again.cover.tobytes() == forest.cover.tobytes()
    old = {key: array for key, array in unpack(forest).items() if key != "forest/cover"}
    assert unpack(pack(old)).keys() == old.keys()


def test_a_forest_of_before_covers_predicts_and_says_why_it_is_not_explained(bundle: Bundle, frame: Frame) -> None:
    families = dict(bundle.families)
    families["xgboost"] = pack({k: v for k, v in unpack(families["xgboost"]).items() if k != "forest/cover"})
    old = replace(bundle, families=families)
    assert old.predict(frame.X).tobytes() == bundle.predict(frame.X).tobytes()
    with pytest.raises(ModelError, match=r"without the covers.*train it again"):
        attribute(old, frame.X[:1])
