from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from antepost.models.arrays import BaggedArrays
from antepost.models.families.family import medians
from antepost.models.families.forest import compile_trees
from antepost.models.families.trees import Tree, covered


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


def test_counted_covers_are_those_that_scikit_learn_keeps() -> None:
    import sklearn.ensemble

    rng = np.random.default_rng(3)
    X = np.round(rng.normal(size=(300, 3)), 1)
    model = sklearn.ensemble.ExtraTreesClassifier(n_estimators=1, max_depth=4, random_state=1)
    model.fit(X, (X.sum(axis=1) + rng.normal(size=300) > 0.0).astype(np.int8))
    kept = compile_trees(model.estimators_, np.zeros(3))
    tree = Tree(**{each.name: getattr(kept, each.name) for each in dataclasses.fields(Tree)})
    assert covered(tree, X, float32_inputs=True).cover.tolist() == kept.cover.tolist()
