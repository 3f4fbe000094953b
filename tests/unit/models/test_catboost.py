from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from antepost.errors import ModelError
from antepost.models.families.catboost import FAMILY, compile_json
from antepost.models.families.family import Setup

SETTINGS = {"trees": 12, "depth": 3, "learning_rate": 0.3}


@pytest.fixture(scope="module")
def rows() -> tuple[np.ndarray, np.ndarray]:
    """Invented rows; gaps in one column only."""
    rng = np.random.default_rng(12)
    X = np.round(rng.normal(size=(400, 3)), 1)
    X[rng.random(400) < 0.3, 0] = np.nan
    return X, (X[:, 1] + X[:, 2] + np.isnan(X[:, 0]) + rng.normal(size=400) > 0.4).astype(np.int8)


@pytest.mark.parametrize("nan_mode", ["Min", "Max"])
def test_borders_their_neighbours_and_gaps_go_where_catboost_sends_them(
    rows: tuple[np.ndarray, np.ndarray], nan_mode: str, tmp_path: Path
) -> None:
    """Also in columns without a gap in training, which CatBoost takes to be small."""
    import catboost

    X, y = rows
    fitted = FAMILY.fit(
        X, y, Setup(columns=("a", "b", "c"), seed=1, threads=1, recipe={**SETTINGS, "nan_mode": nan_mode})
    )
    assert fitted.native is not None
    (tmp_path / "model.json").write_bytes(fitted.native)
    model = catboost.CatBoostClassifier().load_model(str(tmp_path / "model.json"), format="json")
    at = fitted.arrays.threshold[fitted.arrays.left >= 0].astype(np.float32)
    # A split between gaps and numbers has the greatest of these for a border, or the smallest.
    at = at[np.abs(at) < np.finfo(np.float32).max]
    beside = [np.nextafter(at, np.float32(np.inf)), np.nextafter(at, np.float32(-np.inf))]
    grid = np.concatenate([at, *beside, [0.0, 9e9, -9e9, np.nan, np.nan]]).astype(np.float64)
    asked = np.ascontiguousarray(np.random.default_rng(0).choice(grid, size=(500, 3)))
    np.testing.assert_allclose(fitted.arrays.score(asked), model.predict_proba(asked)[:, 1], atol=1e-12)


def test_the_native_file_is_the_same_after_another_fit(rows: tuple[np.ndarray, np.ndarray]) -> None:
    X, y = rows
    first, second = (
        FAMILY.fit(X, y, Setup(columns=("a", "b", "c"), seed=1, threads=1, recipe=SETTINGS)) for _ in range(2)
    )
    assert first.native == second.native


@pytest.mark.parametrize(
    ("model", "text"),
    [
        ({"trees": []}, "symmetric"),
        ({"oblivious_trees": [], "features_info": {"float_features": []}, "scale_and_bias": [2, [0]]}, "scaled by 2"),
        (
            {
                "oblivious_trees": [{"splits": [{"split_type": "OneHotFeature"}], "leaf_values": [0, 1]}],
                "features_info": {"float_features": []}, "scale_and_bias": [1, [0]],
            },
            "categorical",
        ),
    ],
)  # fmt: skip
def test_what_does_not_compile_is_refused(model: dict[str, object], text: str) -> None:
    with pytest.raises(ModelError, match=text):
        compile_json(json.dumps(model).encode())
