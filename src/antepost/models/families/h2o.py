"""H2O's AutoML, fitted in a child process with a JVM of its own and laid out flat; an extra.

What comes back are the trees and linear scores of the models that H2O's stacked ensemble gave a weight, and its
weights in log-odds. H2O needs a Java of version 8 to 17; the extra brings one where there is a wheel of it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from antepost.errors import FamilyDied, MissingExtra, ModelError
from antepost.models.arrays import EnsembleArrays, ForestArrays, LinearArrays
from antepost.models.families import NO_JAVA, find_java
from antepost.models.families.child import Question, answer, fit_apart
from antepost.models.families.family import Fitted, Setup, check_both_classes, check_parity
from antepost.models.families.trees import Tree, bag, covered, join
from antepost.models.kernels import Floats

_LABEL, _HOME, _AWAY = "outcome", "home", "away"
_ALGORITHMS = ("GBM", "DRF", "XGBoost", "GLM")
_VALIDATED, _BLENDED = 0.15, 0.15
"""The shares of rows, the newest of all, on which the search is judged and stopped, and then blended."""
_FEWEST = 40
_BITS = 53
"""Of the fraction of a number in double precision."""
_OPEN = re.compile(r"Open H2O Flow in your web browser: (\S+)")
"""What H2O says when it answers, and where."""


@dataclass(frozen=True, slots=True)
class H2O:
    """H2O's AutoML over trees and GLM; inside it, too, everything only goes forward in time.

    Its models learn from the oldest rows, are stopped and ranked by later ones, and are blended by the newest. Of the
    recipe, ``models`` is how many it may fit, which is the whole budget, as one in seconds cannot be repeated;
    ``algorithms`` names some of GBM, DRF, XGBoost and GLM; ``memory_mib`` is the most its JVM may take.
    """

    name: str = "h2o"

    def fit(self, X: Floats, y: NDArray[np.int8], setup: Setup) -> Fitted:
        """Return the fitted ensemble; the rows come in order of time.

        Raises:
            ModelError: only one outcome, too few rows, or the arrays disagree with H2O.
            FamilyDied: the child ended without an answer, as it does without Java.
        """
        check_both_classes(self.name, y)
        return fit_apart(self.name, X, y, setup, module=__name__)


def fit_here(X: Floats, y: NDArray[np.int8], question: Question) -> Fitted:
    """Return the ensemble, fitted in this process, which is meant to be the child.

    Raises:
        ModelError: too few rows, an algorithm that does not compile, or arrays that disagree with H2O.
    """
    algorithms = str(question.recipe["algorithms"]).split(",")
    if strange := sorted(set(algorithms) - set(_ALGORITHMS)):
        raise ModelError(f"family 'h2o': {strange} do not compile; choose algorithms from {', '.join(_ALGORITHMS)}")
    taught, validated = _cuts(y)
    h2o = _started(question)
    frame = _uploaded(h2o, X, y, Path(question.folder) / "rows.parquet")
    automl = import_module("h2o.automl").H2OAutoML(
        max_models=question.recipe["models"], seed=question.seed, nfolds=0, max_runtime_secs=0, verbosity=None,
        include_algos=[*algorithms, "StackedEnsemble"],
    )  # fmt: skip
    later = frame[taught:validated, :]
    automl.train(
        y=_LABEL, training_frame=frame[:taught, :], validation_frame=later, leaderboard_frame=later,
        blending_frame=frame[validated:, :],
    )  # fmt: skip
    best = _best(h2o, automl)
    arrays = _compiled(h2o, best, X[:taught])
    said = best.predict(frame).as_data_frame()[_HOME]
    check_parity("h2o", arrays, X, np.asarray(said, dtype=np.float64))
    return Fitted(arrays=arrays, library=f"h2o {h2o.__version__}")


def _cuts(y: NDArray[np.int8]) -> tuple[int, int]:
    """Return where the rows to learn from end, and those to validate on."""
    validated = round(y.size * (1.0 - _BLENDED))
    taught = round(y.size * (1.0 - _BLENDED - _VALIDATED))
    pieces = (y[:taught], y[taught:validated], y[validated:])
    if y.size < _FEWEST or any(int(piece.min()) == int(piece.max()) for piece in pieces):
        raise ModelError(
            f"family 'h2o': {y.size} training rows cannot be cut into three pieces of both outcomes each; "
            "give it more seasons",
            rows=int(y.size),
        )
    return taught, validated


def _started(question: Question) -> Any:
    """Return the module ``h2o``, connected to a JVM that this process has started and nobody else's.

    H2O's own way to start one puts it into a session apart, where it would outlive a child that is killed.

    Raises:
        MissingExtra: there is no Java.
        FamilyDied: the JVM ended before it answered; the text quotes it.
    """
    java, h2o = find_java(), import_module("h2o")
    if java is None:
        raise MissingExtra(NO_JAVA, family="h2o")
    jar = Path(str(h2o.__file__)).parent / "backend" / "bin" / "h2o.jar"
    # Rows by the thousand: time goes into starting, not into what a better compiler or collector would save.
    thrifty = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", f"-Xmx{question.recipe['memory_mib']}m")
    command = [
        java, *thrifty, "-jar", str(jar), "-ip", "127.0.0.1", "-web_ip", "127.0.0.1", "-baseport", "54321",
        "-ice_root", question.folder, "-nthreads", str(question.threads), "-name", Path(question.folder).name,
    ]  # fmt: skip
    said = Path(question.folder) / "jvm.txt"
    with said.open("wb") as file:
        jvm = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file, stderr=file)  # noqa: S603  # see above
    while (found := _OPEN.search(said.read_text(errors="replace"))) is None:
        if jvm.poll() is not None:
            raise FamilyDied(f"family 'h2o': {java} said: {said.read_text(errors='replace')[-500:]}", family="h2o")
        time.sleep(0.05)
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    h2o.connect(url=found[1], verbose=False, strict_version_check=False)
    h2o.no_progress()
    return h2o


def _uploaded(h2o: Any, X: Floats, y: NDArray[np.int8], path: Path) -> Any:
    """Return the rows as H2O's frame, column ``c<place>`` a column, nothing where a value is missing.

    They go in as whole numbers and powers of two: of a fraction, be it text or Parquet, H2O keeps a decimal, which may
    differ in the last bit and then fall beyond a split.
    """
    fractions, powers = np.frexp(X)
    places = range(X.shape[1])
    table = pl.DataFrame(
        {
            **{f"n{place}": fractions[:, place] * 2.0**_BITS for place in places},
            **{f"p{place}": powers[:, place] - _BITS for place in places},
            _LABEL: np.where(y == 1, _HOME, _AWAY),
        },
    )  # fmt: skip
    table.fill_nan(None).cast({pl.Float64: pl.Int64}).write_parquet(path, compression="uncompressed")
    told = h2o.import_file(str(path), col_types={_LABEL: "enum"})
    rows = told[[f"n{place}" for place in places]] * (2 ** told[[f"p{place}" for place in places]])
    rows.names = [f"c{place}" for place in places]
    return rows.cbind(told[_LABEL])


def _best(h2o: Any, automl: Any) -> Any:
    """Return the stacked ensemble of all models, or the one model there is."""
    names: list[str] = automl.leaderboard.as_data_frame()["model_id"].tolist()
    return h2o.get_model(next((name for name in names if name.startswith("StackedEnsemble_All")), names[0]))


def _compiled(h2o: Any, model: Any, taught: Floats) -> EnsembleArrays:
    """Return the members of ``model`` that have a weight, by their weights in log-odds."""
    weights, intercept = {model.model_id: 1.0}, 0.0
    if model.algo == "stackedensemble":
        transform = model.actual_params["metalearner_transform"]
        learnt: dict[str, float] = model.metalearner().coef()
        if transform != "Logit":
            raise ModelError(f"family 'h2o': an ensemble by {transform!r} of probabilities cannot be compiled")
        intercept = learnt.pop("Intercept")
        weights = {name: weight for name, weight in learnt.items() if weight != 0.0}
    parts = [_member(h2o, h2o.get_model(name), taught) for name in weights] or [_constant(taught.shape[1])]
    return EnsembleArrays(
        parts=tuple(parts),
        weights=np.array([*weights.values()] or [0.0]),
        intercept=float(intercept),
        logits=True,
    )


def _constant(columns: int) -> LinearArrays:
    """Return the score of a half: what stands where an ensemble is but its intercept."""
    zeros, ones = np.zeros(columns), np.ones(columns)
    return LinearArrays(weights=zeros, intercept=0.0, center=zeros, scale=ones, impute=zeros)


def _member(h2o: Any, model: Any, taught: Floats) -> LinearArrays | ForestArrays:
    if model.algo == "glm":
        return _linear(model.coef(), taught)
    narrow = model.algo == "xgboost"
    grown = (_tree(h2o, model.model_id, number) for number in range(_grown(model)))
    trees = [covered(tree, taught, float32_inputs=narrow) for tree in grown]
    if model.algo == "gbm":
        return join(trees, base=float(model._model_json["output"]["init_f"]), float32_inputs=False)  # noqa: SLF001
    if model.algo == "drf":
        return bag(trees, float32_inputs=False, complement=True)
    if model.actual_params["booster"] != "gbtree":
        raise ModelError(f"family 'h2o': boosting by {model.actual_params['booster']} cannot be compiled")
    return join(trees, base=0.0, float32_inputs=narrow)


def _grown(model: Any) -> int:
    """Return the number of trees a model has after its early stop."""
    return int(model._model_json["output"]["model_summary"]["number_of_trees"][0])  # noqa: SLF001


def _linear(coefficients: Mapping[str, float], taught: Floats) -> LinearArrays:
    """Return H2O's GLM, in which a missing value is the column's mean over the rows it learnt from."""
    columns = taught.shape[1]
    known = ~np.isnan(taught)
    means = np.array([taught[known[:, j], j].mean() if known[:, j].any() else 0.0 for j in range(columns)])
    return LinearArrays(
        weights=np.array([coefficients.get(f"c{place}", 0.0) for place in range(columns)]),
        intercept=float(coefficients["Intercept"]),
        center=np.zeros(columns),
        scale=np.ones(columns),
        impute=means,
    )


def _tree(h2o: Any, model: str, number: int) -> Tree:
    """Return one tree: H2O goes left where ``x < threshold``, and keeps thresholds and leaves in 32 bits.

    A split without a threshold is one between missing and known values.
    """
    told: dict[str, Any] = h2o.api(
        "GET /3/Tree", data={"model": model, "tree_number": number, "plain_language_rules": "false"}
    )
    leaf = np.array(told["left_children"]) < 0
    # Nodes come level by level, and are linked by names of their own: the children of the next inner node come next.
    right = np.where(leaf, -1, 2 * np.cumsum(~leaf)).astype(np.int32)
    missing_left = np.array([side == "LEFT" for side in told["nas"]], dtype=np.bool_)
    threshold = np.array(told["thresholds"], dtype=np.float32).astype(np.float64)
    only_missing = np.where(missing_left, -np.inf, np.inf)
    value = np.array(told["predictions"], dtype=np.float32).astype(np.float64)
    return Tree(
        feature=np.array([int(name[1:]) if name else 0 for name in told["features"]], dtype=np.int32),
        threshold=np.where(leaf, 0.0, np.where(np.isnan(threshold), only_missing, threshold)),
        left=np.where(leaf, -1, right - 1).astype(np.int32),
        right=right,
        default_left=(missing_left & ~leaf).astype(np.uint8),
        value=np.where(leaf, value, 0.0),
    )


FAMILY = H2O()

if __name__ == "__main__":
    answer(fit_here, sys.argv[1])
