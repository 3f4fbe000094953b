"""One row, another row each call: the flat arrays of each family against the library that has grown its trees.

Families are fitted by the NFL recipe on invented rows (``--rows`` x ``--columns``, a tenth missing), each library in
its documented way to score one row on one thread. Before anything is timed, every answer is checked to be the same to
1e-6. Blocks of 50 calls of ours and theirs take turns. Prints p50 and p99 in microseconds, each the median over the
blocks, the ratios, and what all families, their pool and the calibrator take together, as a bundle does it: as they
are, and made odd, as where it is chance who is named first.

    python bench/bench_scoring.py [--rows 4000] [--columns 120] [--calls 2000]
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Callable
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from antepost.models import Recipe, fit_blend, get_family, read_recipe
from antepost.models.arrays import Compiled, OddArrays
from antepost.models.families.family import Fitted, Setup, medians

type Floats = NDArray[np.float64]
type Score = Callable[[Floats], Floats]

FAMILIES = ("elo", "logistic", "forest", "extra_trees", "xgboost", "lightgbm", "catboost")
BLOCK = 50


def world(rows: int, columns: int) -> tuple[Floats, NDArray[np.int8], tuple[str, ...]]:
    """Return invented rows, their outcomes and the names of the columns, of which one is Elo's."""
    draw = np.random.default_rng(0)
    truth = draw.normal(0.2, 0.8, rows)
    X = truth[:, None] + draw.normal(size=(rows, columns)) * 3.0
    X[:, 1:][draw.random((rows, columns - 1)) < 0.1] = np.nan
    names = ("elo.logit.now.fixture", *(f"invented.{place}" for place in range(1, columns)))
    return X, (draw.random(rows) < 1.0 / (1.0 + np.exp(-truth))).astype(np.int8), names


def from_native(fitted: Fitted) -> Score:
    """Return the score of a library that gave a native file."""
    raw = fitted.native or b""
    if fitted.native_name == "xgboost.json":
        xgboost = import_module("xgboost")
        booster = xgboost.Booster({"nthread": 1}, model_file=bytearray(raw))
        return booster.inplace_predict
    if fitted.native_name == "lightgbm.txt":
        booster = import_module("lightgbm").Booster(model_str=raw.decode())
        return lambda X: booster.predict(X, num_threads=1)
    model = import_module("catboost").CatBoostClassifier()
    with tempfile.NamedTemporaryFile() as file:
        file.write(raw)
        file.flush()
        model.load_model(file.name, format="json")
    return lambda X: model.predict_proba(X, thread_count=1)[:, 1]


def from_sklearn(name: str, X: Floats, y: NDArray[np.int8], recipe: Recipe) -> Score:
    """Return the score of the same forest as scikit-learn grows and scores it."""
    told = recipe.of(name)
    build = {"forest": "RandomForestClassifier", "extra_trees": "ExtraTreesClassifier"}[name]
    settings = {key: value for key, value in told.items() if key != "trees"}
    ensemble = import_module("sklearn.ensemble")
    model = getattr(ensemble, build)(n_estimators=told["trees"], random_state=recipe.seed, **settings)
    fill = medians(X)
    model.fit(np.where(np.isnan(X), fill, X), y)
    return lambda X: model.predict_proba(np.where(np.isnan(X), fill, X))[:, 1]


def timed(works: dict[str, Score], rows: list[Floats], calls: int) -> dict[str, tuple[float, float]]:
    """Return p50 and p99 in microseconds of each work, called with another row each time."""
    blocks: dict[str, list[NDArray[np.float64]]] = {name: [] for name in works}
    gc.disable()
    for begin in range(0, calls, BLOCK):
        for name, work in works.items():
            taken = np.empty(BLOCK)
            for call in range(BLOCK):
                row = rows[(begin + call) % len(rows)]
                begun = time.perf_counter_ns()
                work(row)
                taken[call] = (time.perf_counter_ns() - begun) / 1e3
            blocks[name].append(np.percentile(taken, (50, 99)))
    gc.enable()
    middle = {name: np.median(found, axis=0) for name, found in blocks.items()}
    return {name: (float(found[0]), float(found[1])) for name, found in middle.items()}


def main() -> None:
    """Fit, check, time and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=4000)
    parser.add_argument("--columns", type=int, default=120)
    parser.add_argument("--calls", type=int, default=2000)
    asked = parser.parse_args()
    X, y, columns = world(asked.rows, asked.columns)
    recipe = read_recipe("nfl")
    # A row lies in memory of its own, as one does that has just come in.
    rows = [X[place : place + 1].copy() for place in range(len(X))]
    fits = {
        name: get_family(name).fit(X, y, Setup(columns=columns, seed=recipe.seed, threads=1, recipe=recipe.of(name)))
        for name in FAMILIES
    }
    print(f"{'family':<14}{'p50 us':>9}{'p99 us':>9}{'native p50':>12}{'native p99':>12}{'p50 x':>8}{'p99 x':>8}")
    for name, fitted in fits.items():
        works: dict[str, Score] = {"ours": fitted.arrays.score}
        if fitted.native is not None:
            works["native"] = from_native(fitted)
        elif name in ("forest", "extra_trees"):
            works["native"] = from_sklearn(name, X, y, recipe)
        for work in works.values():
            gap = float(np.abs(work(X) - fitted.arrays.score(X)).max())
            if not gap <= 1e-6:
                raise SystemExit(f"{name}: answers differ by {gap}")
        found = timed(works, rows, asked.calls)
        line = "".join(f"{figure:9.1f}" for figure in found["ours"])
        if "native" in found:
            ratios = [theirs / ours for ours, theirs in zip(found["ours"], found["native"], strict=True)]
            line += "".join(f"{figure:12.1f}" for figure in found["native"])
            line += "".join(f"{ratio:8.1f}" for ratio in ratios)
        print(f"{name:<14}{line}")
    arrays = [fitted.arrays for fitted in fits.values()]
    P = np.column_stack([each.score(X) for each in arrays])
    blend = fit_blend(P, y, np.repeat(np.arange(4, dtype=np.int32), -(-len(y) // 4))[: len(y)])
    places, signs = np.arange(X.shape[1]), np.full(X.shape[1], -1.0)
    odd = [OddArrays(part=each, places=places, signs=signs) for each in arrays]

    def whole(parts: list[Compiled]) -> Score:
        return lambda row: blend.apply(np.column_stack([each.score(row) for each in parts]))

    found = timed({"all, blended": whole(arrays), "all, made odd": whole(odd)}, rows, asked.calls)
    for name, (middle, late) in found.items():
        print(f"{name:<14}{middle:9.1f}{late:9.1f}")


if __name__ == "__main__":
    main()
