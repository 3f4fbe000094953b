from __future__ import annotations

import numpy as np
import pytest

from antepost.models.arrays import BaggedArrays
from antepost.models.families.family import medians
from antepost.models.families.forest import compile_trees


@pytest.mark.parametrize("estimator", ["RandomForestClassifier", "ExtraTreesClassifier"])
def test_thresholds_their_neighbours_and_gaps_go_where_scikit_learn_sends_them(estimator: str) -> None:
    import sklearn.ensemble

    rng = np.random.default_rng(12)
    X = np.round(rng.normal(size=(400, 3)), 1)
    X[rng.random(X.shape) < 0.3] = np.nan
    y = (np.nansum(X, axis=1) + rng.normal(size=400) > 0.4).astype(np.int8)
    impute = medians(X)
    model = getattr(sklearn.ensemble, estimator)(n_estimators=9, max_depth=5, random_state=1)
    model.fit(np.where(np.isnan(X), impute, X), y)
    arrays = compile_trees(model.estimators_, impute)
    assert isinstance(arrays, BaggedArrays)
    at = arrays.threshold[arrays.left >= 0]
    grid = np.concatenate([at, np.nextafter(at, -np.inf), impute, [0.0, 9e9, -9e9, np.nan, np.nan, np.nan]])
    asked = rng.choice(grid, size=(600, 3))
    said = model.predict_proba(np.where(np.isnan(asked), impute, asked))[:, 1]
    np.testing.assert_allclose(arrays.score(asked), said, atol=1e-12)
