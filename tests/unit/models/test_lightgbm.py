from __future__ import annotations

import numpy as np
import pytest

from antepost.errors import ModelError
from antepost.models.families.family import Setup
from antepost.models.families.lightgbm import FAMILY, compile_dump


@pytest.fixture(scope="module")
def rows() -> tuple[np.ndarray, np.ndarray]:
    """Invented rows on a coarse grid, so thresholds are met; gaps in one column only."""
    rng = np.random.default_rng(12)
    X = np.round(rng.normal(size=(400, 3)), 1)
    X[rng.random(400) < 0.3, 0] = np.nan
    return X, (X[:, 1] + X[:, 2] + rng.normal(size=400) > 0.4).astype(np.int8)


def trained(rows: tuple[np.ndarray, np.ndarray]):
    X, y = rows
    recipe = {"trees": 12, "num_leaves": 6, "min_data_in_leaf": 5}
    return FAMILY.fit(X, y, Setup(columns=("a", "b", "c"), seed=1, threads=1, recipe=recipe))


def test_values_on_beside_and_far_from_thresholds_go_where_lightgbm_sends_them(
    rows: tuple[np.ndarray, np.ndarray],
) -> None:
    import lightgbm

    fitted = trained(rows)
    booster = lightgbm.Booster(model_str=fitted.native.decode())
    at = fitted.arrays.threshold[fitted.arrays.left >= 0]
    assert (np.abs(at) < 1e-34).any()
    beside = [np.nextafter(at, -np.inf), np.nextafter(at, np.inf), np.nextafter(np.nextafter(at, -np.inf), -np.inf)]
    grid = np.concatenate([at, *beside, [0.0, -0.0, 1e-36, -1e-36, 9e9, -9e9]])
    X = np.ascontiguousarray(np.random.default_rng(0).choice(grid, size=(500, 3)))
    np.testing.assert_allclose(fitted.arrays.score(X), booster.predict(X), atol=1e-12)


def test_a_value_missing_where_none_was_missing_in_training_counts_as_zero(
    rows: tuple[np.ndarray, np.ndarray],
) -> None:
    """LightGBM then ignores its own default direction; following the flag once scored such rows wrong."""
    import lightgbm

    fitted = trained(rows)
    booster = lightgbm.Booster(model_str=fitted.native.decode())
    X = rows[0].copy()
    X[::2, 1], X[::3, 2] = np.nan, np.nan
    np.testing.assert_allclose(fitted.arrays.score(X), booster.predict(X), atol=1e-12)
    zeros = np.where(np.isnan(X) & (np.arange(3) > 0), 0.0, X)
    assert fitted.arrays.score(X).tobytes() == fitted.arrays.score(zeros).tobytes()


@pytest.mark.parametrize(("decision", "missing"), [("==", "None"), ("<=", "Zero")])
def test_splits_that_do_not_compile_are_refused(decision: str, missing: str) -> None:
    leaf = {"leaf_value": 0.1}
    node = {
        "split_feature": 0, "threshold": 1.0, "decision_type": decision, "missing_type": missing,
        "default_left": True, "left_child": leaf, "right_child": leaf,
    }  # fmt: skip
    with pytest.raises(ModelError, match=decision):
        compile_dump({"tree_info": [{"tree_structure": node}]})


def test_a_tree_that_never_split_is_its_one_leaf() -> None:
    arrays = compile_dump({"tree_info": [{"tree_structure": {"leaf_value": 0.0}}]})
    assert arrays.score(np.array([[np.nan], [1.0]])).tolist() == [0.5, 0.5]
