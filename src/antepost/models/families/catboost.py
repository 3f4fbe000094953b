"""Gradient-boosted oblivious trees of CatBoost, laid out flat; an extra."""

from __future__ import annotations

import json
import math
import tempfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from antepost.errors import ModelError
from antepost.models.arrays import ForestArrays
from antepost.models.families.family import Fitted, Setup, check_both_classes, check_parity
from antepost.models.families.space import Real, Space, Whole
from antepost.models.families.trees import Tree, join
from antepost.models.kernels import Floats


def _tree(stored: dict[str, Any], missing_goes_right: NDArray[np.bool_]) -> Tree:
    """Return an oblivious tree as a full binary one, level by level.

    All nodes of a level ask one question, and the answers of level ``i`` are bit ``i`` of the leaf's number.
    CatBoost goes right where ``x > border``.
    """
    splits: list[dict[str, Any]] = stored["splits"] or []
    if any(split["split_type"] != "FloatFeature" for split in splits):
        raise ModelError("family 'catboost': a categorical split cannot be compiled; keep columns numeric")
    depth = len(splits)
    inner, leaves = 2**depth - 1, 2**depth
    level = np.repeat(np.arange(depth), 2 ** np.arange(depth))
    feature = np.array([split["float_feature_index"] for split in splits], dtype=np.int32)[level]
    border = np.array([math.nextafter(float(split["border"]), math.inf) for split in splits], dtype=np.float64)[level]
    # From left to right the first answer changes least often, whereas it is the lowest bit of the leaf's number.
    order = [sum(((place >> (depth - 1 - bit)) & 1) << bit for bit in range(depth)) for place in range(leaves)]
    places = np.arange(inner, dtype=np.int32)
    rest = np.zeros(leaves)
    cover = np.concatenate([np.zeros(inner), np.asarray(stored["leaf_weights"], dtype=np.float64)[order]])
    for place in reversed(range(inner)):
        cover[place] = cover[2 * place + 1] + cover[2 * place + 2]
    return Tree(
        feature=np.concatenate([feature, rest]).astype(np.int32),
        threshold=np.concatenate([border, rest]),
        left=np.concatenate([2 * places + 1, rest - 1]).astype(np.int32),
        right=np.concatenate([2 * places + 2, rest - 1]).astype(np.int32),
        default_left=np.concatenate([~missing_goes_right[feature], rest]).astype(np.uint8),
        value=np.concatenate([np.zeros(inner), np.asarray(stored["leaf_values"], dtype=np.float64)[order]]),
        # A node that no row reached still has to be weighed against its sibling.
        cover=np.maximum(cover, 1e-9),
    )


def compile_json(raw: bytes) -> ForestArrays:
    """Return the forest in CatBoost's JSON file of a binary model of numbers.

    Inputs are rounded to 32 bits. A missing value is smaller than all borders, or greater under ``nan_mode`` Max.

    Raises:
        ModelError: it holds something that does not compile.
    """
    model = cast("dict[str, Any]", json.loads(raw))
    if "oblivious_trees" not in model:
        raise ModelError("family 'catboost': only symmetric trees compile; leave grow_policy as it is")
    columns = model["features_info"]["float_features"]
    greatest = np.array([column["nan_value_treatment"] == "AsTrue" for column in columns], dtype=np.bool_)
    scale, [bias] = model["scale_and_bias"]
    if scale != 1:
        raise ModelError(f"family 'catboost': a model scaled by {scale} cannot be compiled", scale=scale)
    trees = [_tree(stored, greatest) for stored in model["oblivious_trees"]]
    return join(trees, base=float(bias), float32_inputs=True)


def exported(model: Any) -> bytes:
    """Return CatBoost's JSON without the time and the id of the fit, which nothing needs to load it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        stored = cast("dict[str, Any]", json.loads(path.read_bytes()))
    for name in ("train_finish_time", "model_guid"):
        stored["model_info"].pop(name, None)
    return json.dumps(stored, sort_keys=True).encode()


@dataclass(frozen=True, slots=True)
class CatBoost:
    """CatBoost's symmetric trees; ``trees`` is the number of rounds, the rest of the recipe goes in as is."""

    name: str = "catboost"

    def fit(self, X: Floats, y: NDArray[np.int8], setup: Setup) -> Fitted:
        """Return the fitted forest.

        Raises:
            ModelError: only one outcome, or the arrays disagree with CatBoost.
        """
        check_both_classes(self.name, y)
        catboost = import_module("catboost")
        settings = {key: value for key, value in setup.recipe.items() if key != "trees"}
        fixed = {"loss_function": "Logloss", "random_seed": setup.seed, "thread_count": setup.threads}
        quiet = {"logging_level": "Silent", "allow_writing_files": False}
        model = catboost.CatBoostClassifier(iterations=setup.recipe["trees"], **{**settings, **fixed, **quiet})
        model.fit(X, y)
        raw = exported(model)
        arrays = compile_json(raw)
        check_parity(self.name, arrays, X, np.asarray(model.predict_proba(X)[:, 1], dtype=np.float64))
        return Fitted(
            arrays=arrays, native=raw, native_name="catboost.json", library=f"catboost {catboost.__version__}"
        )


FAMILY = CatBoost()
# The number of trees and their depth at most decide what a row costs to serve: that is not for a search.
SPACE: Space = {
    "depth": Whole(2, 4),
    "learning_rate": Real(0.005, 0.2, log=True),
    "l2_leaf_reg": Real(0.1, 300.0, log=True),
    "rsm": Real(0.1, 1.0),
    "subsample": Real(0.4, 1.0),
}
