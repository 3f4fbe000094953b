from __future__ import annotations

import json

import numpy as np
import pytest

from antepost.errors import ModelError
from antepost.models.families.family import Setup
from antepost.models.families.xgboost import FAMILY, compile_json


@pytest.fixture(scope="module")
def rows() -> tuple[np.ndarray, np.ndarray]:
    """Invented rows: gaps in one column only, so the others' nodes never meet a missing value in training."""
    rng = np.random.default_rng(11)
    X = rng.normal(size=(400, 3))
    X[rng.random(400) < 0.3, 0] = np.nan
    return X, (X[:, 1] + rng.normal(size=400) > 0.4).astype(np.int8)


def trained(rows: tuple[np.ndarray, np.ndarray], **recipe: float):
    X, y = rows
    recipe = {"trees": 12, "max_depth": 3, **recipe}
    return FAMILY.fit(X, y, Setup(columns=("a", "b", "c"), seed=1, threads=1, recipe=recipe))


def test_inputs_between_two_32_bit_numbers_go_where_xgboost_sends_them(
    rows: tuple[np.ndarray, np.ndarray],
) -> None:
    """Double precision next to a threshold once went the other way than the library."""
    import xgboost

    fitted = trained(rows)
    booster = xgboost.Booster(model_file=bytearray(fitted.native))
    inner = fitted.arrays.left >= 0
    thresholds = fitted.arrays.threshold[inner]
    X = np.repeat(thresholds, 3)[:, None] + np.tile([-1e-12, 0.0, 1e-12], len(thresholds))[:, None]
    X = np.ascontiguousarray(np.broadcast_to(X, (len(X), 3)))
    np.testing.assert_allclose(fitted.arrays.score(X), booster.predict(xgboost.DMatrix(X)), atol=1e-6)


def test_values_missing_where_none_was_missing_in_training_follow_xgboost(
    rows: tuple[np.ndarray, np.ndarray],
) -> None:
    import xgboost

    fitted = trained(rows)
    X = rows[0].copy()
    X[::2, 1], X[::3, 2] = np.nan, np.nan
    booster = xgboost.Booster(model_file=bytearray(fitted.native))
    np.testing.assert_allclose(fitted.arrays.score(X), booster.predict(xgboost.DMatrix(X)), atol=1e-6)


def test_a_given_base_score_is_where_the_sum_starts(rows: tuple[np.ndarray, np.ndarray]) -> None:
    assert trained(rows, base_score=0.8).arrays.base == pytest.approx(np.log(4.0), abs=1e-6)


def test_another_objective_is_refused(rows: tuple[np.ndarray, np.ndarray]) -> None:
    model = json.loads(trained(rows).native)
    model["learner"]["objective"]["name"] = "reg:squarederror"
    with pytest.raises(ModelError, match="reg:squarederror"):
        compile_json(json.dumps(model).encode())


def test_a_categorical_split_is_refused(rows: tuple[np.ndarray, np.ndarray]) -> None:
    model = json.loads(trained(rows).native)
    model["learner"]["gradient_booster"]["model"]["trees"][0]["categories"] = [1]
    with pytest.raises(ModelError, match="categorical"):
        compile_json(json.dumps(model).encode())
