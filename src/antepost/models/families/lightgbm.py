"""Gradient-boosted trees of LightGBM, laid out flat."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from antepost.errors import ModelError
from antepost.models.arrays import ForestArrays
from antepost.models.families.family import Fitted, Setup, check_both_classes, check_parity
from antepost.models.families.space import Real, Space, Whole
from antepost.models.families.trees import Tree, join
from antepost.models.kernels import Floats

# Whatever lies this close to zero LightGBM reads as zero, and splits between negative and zero exactly there.
_ZERO = 1.0000000180025095e-35


@dataclass(slots=True)
class _Nodes:
    """The columns of a tree while it is walked."""

    feature: list[int] = field(default_factory=list[int])
    threshold: list[float] = field(default_factory=list[float])
    left: list[int] = field(default_factory=list[int])
    right: list[int] = field(default_factory=list[int])
    default_left: list[int] = field(default_factory=list[int])
    value: list[float] = field(default_factory=list[float])
    cover: list[float] = field(default_factory=list[float])

    def add(self, node: dict[str, Any]) -> int:
        """Return the place of ``node``, its whole subtree added behind it."""
        place = len(self.left)
        split = "split_feature" in node
        self.feature.append(int(node["split_feature"]) if split else 0)
        self.threshold.append(_first_to_go_right(float(node["threshold"])) if split else 0.0)
        self.default_left.append(_missing_goes_left(node) if split else 0)
        self.value.append(0.0 if split else float(node["leaf_value"]))
        # A tree that is one leaf counts no rows, and nothing depends on how many they were.
        self.cover.append(float(node["internal_count"] if split else node.get("leaf_count", 1)))
        self.left.append(-1)
        self.right.append(-1)
        if split:
            self.left[place] = self.add(node["left_child"])
            self.right[place] = self.add(node["right_child"])
        return place


def _first_to_go_right(threshold: float) -> float:
    """Return the smallest number that goes right: above the threshold, or at it where LightGBM rounds it to zero."""
    return threshold if -_ZERO <= threshold < 0.0 else math.nextafter(threshold, math.inf)


def _missing_goes_left(node: dict[str, Any]) -> int:
    """Return 1 where a missing value goes left: LightGBM takes it for zero at a node that never met one."""
    if node["decision_type"] != "<=" or node["missing_type"] not in ("None", "NaN"):
        raise ModelError(
            f"family 'lightgbm': a split by {node['decision_type']!r} with missing {node['missing_type']!r} "
            "cannot be compiled; keep columns numeric and zero_as_missing off"
        )
    if node["missing_type"] == "NaN":
        return int(bool(node["default_left"]))
    return int(float(node["threshold"]) >= 0.0)


def _tree(structure: dict[str, Any]) -> Tree:
    nodes = _Nodes()
    nodes.add(structure)
    return Tree(
        feature=np.asarray(nodes.feature, dtype=np.int32),
        threshold=np.asarray(nodes.threshold, dtype=np.float64),
        left=np.asarray(nodes.left, dtype=np.int32),
        right=np.asarray(nodes.right, dtype=np.int32),
        default_left=np.asarray(nodes.default_left, dtype=np.uint8),
        value=np.asarray(nodes.value, dtype=np.float64),
        cover=np.asarray(nodes.cover, dtype=np.float64),
    )


def compile_dump(dump: dict[str, Any]) -> ForestArrays:
    """Return the forest in ``Booster.dump_model()``, a binary model.

    LightGBM goes left where ``x <= threshold``; that is ``x <`` the next number above. The average it boosts
    from is inside the first tree's leaves.

    Raises:
        ModelError: it holds a split that does not compile.
    """
    return join([_tree(tree["tree_structure"]) for tree in dump["tree_info"]], base=0.0, float32_inputs=False)


@dataclass(frozen=True, slots=True)
class LightGBM:
    """LightGBM's leaf-wise trees; ``trees`` is the number of rounds, the rest of the recipe goes in as is."""

    name: str = "lightgbm"

    def fit(self, X: Floats, y: NDArray[np.int8], setup: Setup) -> Fitted:
        """Return the fitted forest.

        Raises:
            ModelError: only one outcome, or the arrays disagree with LightGBM.
        """
        check_both_classes(self.name, y)
        lightgbm = import_module("lightgbm")
        settings = {key: value for key, value in setup.recipe.items() if key != "trees"}
        fixed = {"objective": "binary", "sigmoid": 1.0, "seed": setup.seed, "num_threads": setup.threads}
        steady = {"deterministic": True, "force_row_wise": True, "zero_as_missing": False, "verbosity": -1}
        booster = lightgbm.train(
            {**settings, **fixed, **steady}, lightgbm.Dataset(X, label=y), num_boost_round=setup.recipe["trees"]
        )
        arrays = compile_dump(booster.dump_model())
        check_parity(self.name, arrays, X, np.asarray(booster.predict(X), dtype=np.float64))
        return Fitted(
            arrays=arrays,
            native=booster.model_to_string().encode(),
            native_name="lightgbm.txt",
            library=f"lightgbm {lightgbm.__version__}",
        )


FAMILY = LightGBM()
# The number of trees and of their leaves at most decide what a row costs to serve: that is not for a search.
SPACE: Space = {
    "num_leaves": Whole(3, 12),
    "learning_rate": Real(0.005, 0.2, log=True),
    "bagging_fraction": Real(0.4, 1.0),
    "feature_fraction": Real(0.1, 1.0),
    "min_data_in_leaf": Whole(10, 600, log=True),
    "lambda_l2": Real(0.1, 300.0, log=True),
}
