"""Shapley values of one prediction: our kernels on flat arrays against ``shap.TreeExplainer`` on the native files.

A bundle of the default NFL recipe is trained on invented rows (its families, columns as many as the catalogue's, a
tenth of the values missing). First both must say the same of every row and column, within 1e-6; then each explains one
other row a call, and a thousand rows at once, in turn. Prints milliseconds a row (p50 / p99), the ratio to
TreeExplainer, and what a whole explanation costs: all families, carried through blend and calibrator. shap is no
dependency of the project: ``pip install shap`` beside it.

    python bench/bench_explain.py
    python bench/bench_explain.py --rows 500 --json
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from antepost.evaluation.calibration import Calibrator
from antepost.features import features_of
from antepost.models import Bundle, Manifest, get_family, read_recipe
from antepost.models.arrays import ForestArrays
from antepost.models.blend import Blend, Refits
from antepost.models.explain import attribute
from antepost.models.tree_shap import tree_shap

FAMILIES = ("elo", "logistic", "xgboost", "lightgbm")
SAME = 1e-6


def trained(rows: int) -> tuple[Bundle, np.ndarray]:
    """Return a bundle of the default recipe on invented rows, and other rows like them."""
    rng = np.random.default_rng(1)
    columns = tuple(feature.name for feature in features_of("nfl"))
    truth = rng.normal(size=2 * rows)
    X = truth[:, None] * rng.uniform(0.0, 1.0, len(columns)) + rng.normal(size=(2 * rows, len(columns)))
    rated = columns.index("elo.logit.now.fixture")
    X[rng.random(X.shape) < 0.1] = np.nan
    X[:, rated] = truth + rng.normal(size=2 * rows)
    y = (rng.random(2 * rows) < 1.0 / (1.0 + np.exp(-truth))).astype(np.int8)
    recipe = read_recipe("nfl")
    fitted = {
        name: get_family(name).fit(
            X[:rows], y[:rows], columns=columns, seed=recipe.seed, threads=recipe.threads, recipe=recipe.of(name)
        )
        for name in FAMILIES
    }
    manifest = Manifest(
        sport="nfl", target="winner", set="none", sequence=1, lock="invented", columns=columns, families=FAMILIES,
        weights=(0.1, 0.5, 0.2, 0.2), calibrator="beta", refits=0, batch=1, simulated=True,
        trained_through="2020-01-01T00:00:00+00:00", seasons=(2000, 2019), rows=rows, rows_out_of_fold=rows,
        recipe=recipe.model_dump(mode="json"), libraries=(),
    )  # fmt: skip
    bundle = Bundle(
        manifest=manifest,
        features=(),
        families={name: fit.arrays for name, fit in fitted.items()},
        blend=Blend(
            weights=np.array(manifest.weights),
            calibrator=Calibrator(kind="beta", params=np.array([1.1, 1.0, 0.05]), grid=np.empty(0)),
        ),
        refits=Refits(weights=np.empty((0, 4)), params=np.empty((0, 3)), grids=np.empty((0, 0))),
        native={fit.native_name: fit.native for fit in fitted.values() if fit.native_name and fit.native},
    )
    return bundle, X[rows:]


def ours(forest: ForestArrays, X: np.ndarray) -> np.ndarray:
    """Return the values by our kernel."""
    return tree_shap(
        X, forest.feature, forest.threshold, forest.left, forest.right, forest.default_left, forest.value,
        forest.cover, forest.roots, forest.float32_inputs,
    )  # fmt: skip


def theirs(name: str, native: bytes) -> Callable[[np.ndarray], np.ndarray]:
    """Return TreeExplainer over the native file of a family."""
    library: Any = import_module(name)
    if name == "xgboost":
        model = library.Booster(model_file=bytearray(native))
        model.set_param({"nthread": 1})
    else:
        model = library.Booster(model_str=native.decode())
    explainer = import_module("shap").TreeExplainer(model)

    def explain(X: np.ndarray) -> np.ndarray:
        values = explainer.shap_values(X)
        return np.asarray(values[1] if isinstance(values, list) else values)

    return explain


def milliseconds(explain: Callable[[np.ndarray], object], X: np.ndarray) -> np.ndarray:
    """Return how long each row took, one other row a call."""
    taken = []
    for i in range(len(X)):
        started = time.perf_counter()
        explain(X[i : i + 1])
        taken.append(1e3 * (time.perf_counter() - started))
    return np.array(taken)


def told(taken: np.ndarray, batch: float) -> dict[str, float]:
    """Return the figures of one way."""
    return {"p50_ms": float(np.median(taken)), "p99_ms": float(np.quantile(taken, 0.99)), "batch_ms_a_row": batch}


def whole(explain: Callable[[np.ndarray], object], X: np.ndarray) -> dict[str, float]:
    """Return the figures of one way over all rows of ``X``."""
    explain(X[:2])
    taken = milliseconds(explain, X)
    started = time.perf_counter()
    explain(X)
    return told(taken, 1e3 * (time.perf_counter() - started) / len(X))


def main() -> None:
    """Compare, then time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1000, help="rows to explain")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    warnings.filterwarnings("ignore", module="shap")
    bundle, others = trained(4000)
    X = np.ascontiguousarray(others[: asked.rows])
    found: dict[str, Any] = {"rows": len(X), "columns": X.shape[1]}
    for name, file in (("xgboost", "xgboost.json"), ("lightgbm", "lightgbm.txt")):
        forest, rival = bundle.families[name], theirs(name, bundle.native[file])
        if not isinstance(forest, ForestArrays):
            raise SystemExit(f"{name} is no forest")
        gap = float(np.abs(ours(forest, X) - rival(X)).max())
        if gap > SAME:
            raise SystemExit(f"{name}: the two differ by {gap:.3g}, more than {SAME:g}; no time is worth printing")
        mine, other = whole(lambda rows, forest=forest: ours(forest, rows), X), whole(rival, X)
        ratio = {key: other[key] / mine[key] for key in mine}
        found[name] = {"trees": len(forest.roots), "gap": gap, "ours": mine, "shap": other, "ratio": ratio}
    found["bundle"] = whole(lambda rows: attribute(bundle, rows), X)
    p, parts = bundle.predict(X), attribute(bundle, X)
    found["sum_gap"] = float(np.abs(parts.base + parts.columns.sum(axis=1) - np.log(p) + np.log1p(-p)).max())
    if asked.json:
        print(json.dumps(found, indent=2))
        return
    for name in ("xgboost", "lightgbm"):
        one = found[name]
        print(f"{name}, {one['trees']} trees, {found['columns']} columns: equal within {one['gap']:.1e}")
        for who in ("ours", "shap"):
            print(f"  {who:5} p50 {one[who]['p50_ms']:.2f} p99 {one[who]['p99_ms']:.2f} ms a row alone, "
                  f"{one[who]['batch_ms_a_row']:.2f} ms a row of {found['rows']}")  # fmt: skip
        ratio = one["ratio"]
        print(f"  shap / ours: p50 {ratio['p50_ms']:.2f}, together {ratio['batch_ms_a_row']:.2f}")
    print(f"whole bundle: p50 {found['bundle']['p50_ms']:.2f} p99 {found['bundle']['p99_ms']:.2f} ms a row; "
          f"base and parts miss the served log-odds by {found['sum_gap']:.1e} at most")  # fmt: skip


if __name__ == "__main__":
    main()
