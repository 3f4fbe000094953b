"""Gradient-boosted trees of XGBoost, laid out flat."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from antepost.errors import ModelError
from antepost.models.arrays import ForestArrays
from antepost.models.families.family import Fitted, Setup, check_both_classes, check_parity
from antepost.models.families.space import Real, Space, Whole
from antepost.models.families.trees import Tree, join
from antepost.models.kernels import Floats


def _tree(stored: dict[str, Any]) -> Tree:
    """Return one tree; a leaf's value lies where an inner node has its threshold, its cover is the sum of hessians."""
    if stored.get("categories"):
        raise ModelError("family 'xgboost': a categorical split cannot be compiled; keep columns numeric")
    left = np.asarray(stored["left_children"], dtype=np.int32)
    conditions = np.asarray(stored["split_conditions"], dtype=np.float32).astype(np.float64)
    leaf = left < 0
    return Tree(
        feature=np.asarray(stored["split_indices"], dtype=np.int32),
        threshold=np.where(leaf, 0.0, conditions),
        left=left,
        right=np.asarray(stored["right_children"], dtype=np.int32),
        default_left=np.asarray(stored["default_left"], dtype=np.uint8),
        value=np.where(leaf, conditions, 0.0),
        cover=np.asarray(stored["sum_hessian"], dtype=np.float64),
    )


def compile_json(raw: bytes) -> ForestArrays:
    """Return the forest in ``Booster.save_raw("json")``, a binary logistic model.

    ``base_score`` is a probability there, in brackets since XGBoost 3.1; thresholds and leaves have 32 bits.

    Raises:
        ModelError: it holds something that does not compile.
    """
    learner = cast("dict[str, Any]", json.loads(raw)["learner"])
    objective = learner["objective"]["name"]
    if objective != "binary:logistic":
        raise ModelError(f"family 'xgboost': objective {objective!r} cannot be compiled", objective=objective)
    share = float(str(learner["learner_model_param"]["base_score"]).strip("[]"))
    trees = [_tree(stored) for stored in learner["gradient_booster"]["model"]["trees"]]
    return join(trees, base=math.log(share / (1.0 - share)), float32_inputs=True)


@dataclass(frozen=True, slots=True)
class XGBoost:
    """XGBoost's histogram trees; ``trees`` is the number of rounds, the rest of the recipe goes in as is."""

    name: str = "xgboost"

    def fit(self, X: Floats, y: NDArray[np.int8], setup: Setup) -> Fitted:
        """Return the fitted forest.

        Raises:
            ModelError: only one outcome, or the arrays disagree with XGBoost.
        """
        check_both_classes(self.name, y)
        xgboost = import_module("xgboost")
        settings = {key: value for key, value in setup.recipe.items() if key != "trees"}
        fixed = {"objective": "binary:logistic", "tree_method": "hist", "seed": setup.seed, "nthread": setup.threads}
        data = xgboost.DMatrix(X, label=y, nthread=setup.threads)
        booster = xgboost.train({**settings, **fixed, "verbosity": 0}, data, num_boost_round=setup.recipe["trees"])
        native = bytes(booster.save_raw("json"))
        arrays = compile_json(native)
        check_parity(self.name, arrays, X, np.asarray(booster.predict(data), dtype=np.float64))
        return Fitted(
            arrays=arrays, native=native, native_name="xgboost.json", library=f"xgboost {xgboost.__version__}"
        )


FAMILY = XGBoost()
# The number of trees and how deep they may grow at most decide what a row costs to serve: that is not for a search.
SPACE: Space = {
    "max_depth": Whole(2, 4),
    "eta": Real(0.005, 0.2, log=True),
    "subsample": Real(0.4, 1.0),
    "colsample_bytree": Real(0.1, 1.0),
    "min_child_weight": Real(1.0, 300.0, log=True),
    "lambda": Real(0.1, 300.0, log=True),
}
