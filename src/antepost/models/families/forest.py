"""Random forests of scikit-learn, and its extremely randomised trees, laid out flat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from antepost.models.arrays import BaggedArrays
from antepost.models.families.family import Fitted, Setup, check_both_classes, check_parity, medians
from antepost.models.families.space import OneOf, Space, Whole
from antepost.models.families.trees import Tree, bag
from antepost.models.kernels import Floats


def _tree(grown: Any, impute: Floats) -> Tree:
    """Return one of scikit-learn's trees: it goes left where ``x <= threshold``, and so does what stands for a gap."""
    left = np.asarray(grown.children_left, dtype=np.int32)
    leaf = left < 0
    feature = np.where(leaf, 0, grown.feature).astype(np.int32)
    threshold = np.where(leaf, 0.0, grown.threshold)
    shares = np.asarray(grown.value, dtype=np.float64)[:, 0, :]
    return Tree(
        feature=feature,
        threshold=np.where(leaf, 0.0, np.nextafter(threshold, np.inf)),
        left=left,
        right=np.asarray(grown.children_right, dtype=np.int32),
        default_left=(~leaf & (impute.astype(np.float32)[feature] <= threshold)).astype(np.uint8),
        value=np.where(leaf, shares[:, 1] / shares.sum(axis=1), 0.0),
        cover=np.asarray(grown.weighted_n_node_samples, dtype=np.float64),
    )


def compile_trees(estimators: Iterable[Any], impute: Floats) -> BaggedArrays:
    """Return the forest of fitted binary ``estimators`` (each with a ``tree_``), which round inputs to 32 bits.

    ``impute`` (columns,) is what stood for a missing value; as it is the same at every node, it is kept as the side
    on which a missing value goes on.
    """
    return bag([_tree(one.tree_, impute) for one in estimators], float32_inputs=True)


@dataclass(frozen=True, slots=True)
class Forest:
    """The mean of trees grown apart; ``trees`` is their number, the rest of the recipe goes in as is.

    A gap is filled by the column's median of the training rows, inside the arrays.
    """

    name: str
    estimator: str

    def fit(self, X: Floats, y: NDArray[np.int8], setup: Setup) -> Fitted:
        """Return the fitted forest.

        Raises:
            ModelError: only one outcome, or the arrays disagree with scikit-learn.
        """
        check_both_classes(self.name, y)
        sklearn = import_module("sklearn")
        settings = {key: value for key, value in setup.recipe.items() if key != "trees"}
        build = getattr(import_module("sklearn.ensemble"), self.estimator)
        model = build(n_estimators=setup.recipe["trees"], random_state=setup.seed, n_jobs=setup.threads, **settings)
        impute = medians(X)
        filled = np.where(np.isnan(X), impute, X)
        model.fit(filled, y)
        arrays = compile_trees(model.estimators_, impute)
        # The sum of the trees follows their order only where one thread adds them up.
        model.set_params(n_jobs=1)
        check_parity(self.name, arrays, X, np.asarray(model.predict_proba(filled)[:, 1], dtype=np.float64))
        return Fitted(arrays=arrays, library=f"scikit-learn {sklearn.__version__}")


FAMILY = Forest("forest", "RandomForestClassifier")
# The number of trees and how deep they may grow at most decide what a row costs to serve: that is not for a search.
SPACE: Space = {
    "max_depth": Whole(2, 4),
    "min_samples_leaf": Whole(5, 200, log=True),
    "max_features": OneOf(("sqrt", 0.1, 0.2, 0.4)),
}
