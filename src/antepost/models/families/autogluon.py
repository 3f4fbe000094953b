"""AutoGluon's weighted ensemble of bagged trees, fitted in a child process and laid out flat; an extra.

AutoGluon's own artefacts are pickles. They stay in the child's folder and are gone with it; what comes back are the
trees of the models that its ensemble gave a weight, and the weights.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from antepost.errors import ModelError
from antepost.models.arrays import EnsembleArrays, ForestArrays
from antepost.models.families import catboost, lightgbm
from antepost.models.families.child import Question, answer, fit_apart
from antepost.models.families.family import Fitted, Parameters, Setup, check_both_classes, check_parity
from antepost.models.families.forest import compile_trees
from antepost.models.kernels import Floats

_LABEL, _TIME = "outcome", "order"
_NAMES = {"GBM": "num_boost_round", "CAT": "iterations", "RF": "n_estimators", "XT": "n_estimators"}
"""AutoGluon's names of the models that compile, and of the setting that is their number of trees."""


@dataclass(frozen=True, slots=True)
class AutoGluon:
    """AutoGluon's ensemble of LightGBM, CatBoost and forests; inside it, too, folds only go forward in time.

    Of the recipe, ``models`` names some of GBM, CAT, RF and XT, ``folds`` is the number of forward folds each is
    fitted on, ``trees`` the most trees of one of them, ``min_samples_leaf`` that of the forests. All else is
    AutoGluon's default. Budgets are counts, as one in seconds cannot be repeated.
    """

    name: str = "autogluon"

    def fit(self, X: Floats, y: NDArray[np.int8], setup: Setup) -> Fitted:
        """Return the fitted ensemble; the rows come in order of time.

        Raises:
            ModelError: only one outcome, or the arrays disagree with AutoGluon.
            FamilyDied: the child ended without an answer.
        """
        check_both_classes(self.name, y)
        return fit_apart(self.name, X, y, setup, module=__name__)


def fit_here(X: Floats, y: NDArray[np.int8], question: Question) -> Fitted:
    """Return the ensemble, fitted in this process, which is meant to be the child.

    Raises:
        ModelError: the recipe names a model that does not compile, or the arrays disagree with AutoGluon.
    """
    tabular, pandas = import_module("autogluon.tabular"), import_module("pandas")
    frame = pandas.DataFrame(X, columns=[f"c{place}" for place in range(X.shape[1])])
    predictor = tabular.TabularPredictor(
        label=_LABEL, problem_type="binary", eval_metric="log_loss", path=str(Path(question.folder) / "models"),
        verbosity=0, learner_kwargs={"ignored_columns": [_TIME]},
    )  # fmt: skip
    predictor.fit(
        frame.assign(**{_LABEL: y, _TIME: np.arange(y.size)}),
        hyperparameters=_hyperparameters(question.recipe),
        # A generator of features would turn a column of two values into a flag.
        feature_generator=None,
        num_bag_folds=question.recipe["folds"],
        num_bag_sets=1,
        num_stack_levels=0,
        dynamic_stacking=False,
        validation_structure={"time_on": _TIME, "temporal_forward_only": True},
        calibrate=False,
        num_cpus=question.threads,
        num_gpus=0,
        ag_args_ensemble={"fold_fitting_strategy": "sequential_local", "model_random_seed": question.seed},
    )
    arrays = _compiled(predictor)
    check_parity("autogluon", arrays, X, np.asarray(predictor.predict_proba(frame)[1], dtype=np.float64))
    return Fitted(arrays=arrays, library=f"autogluon.tabular {import_module('autogluon.tabular.version').__version__}")


def _hyperparameters(recipe: Parameters) -> dict[str, dict[str, object]]:
    asked = str(recipe["models"]).split(",")
    if strange := sorted(set(asked) - set(_NAMES)):
        raise ModelError(f"family 'autogluon': {strange} do not compile; choose models from {', '.join(_NAMES)}")
    leaves: dict[str, object] = {"min_samples_leaf": recipe["min_samples_leaf"]}
    return {name: {_NAMES[name]: recipe["trees"], **(leaves if name in ("RF", "XT") else {})} for name in asked}


def _compiled(predictor: Any) -> EnsembleArrays:
    """Return the best model's members, each bag's weight spread over its children."""
    trainer = predictor._trainer  # noqa: SLF001  # there is no public way to the fitted members
    members = _members(trainer, predictor.model_best)
    parts: list[ForestArrays] = []
    weights: list[float] = []
    for name, weight in members.items():
        bag = trainer.load_model(name)
        children = [bag.load_child(child) for child in bag.models]
        parts += [_part(child) for child in children]
        weights += [weight / len(children)] * len(children)
    return EnsembleArrays(parts=tuple(parts), weights=np.array(weights), intercept=0.0, logits=False)


def _part(child: Any) -> ForestArrays:
    """Return one fitted model, which reads only those columns that had two values in the rows it learnt from."""
    places = np.array([int(name.removeprefix("c")) for name in child._features_internal], dtype=np.int32)  # noqa: SLF001
    compiled = _COMPILERS[type(child).__name__](child.model)
    return replace(compiled, feature=places[compiled.feature])


def _members(trainer: Any, best: str) -> Mapping[str, float]:
    """Return the weight of each bag in the model called ``best``, which may be a single bag."""
    model = trainer.load_model(best)
    if not best.startswith("WeightedEnsemble"):
        return {best: 1.0}
    [pooled] = model.models
    return dict(zip(pooled.base_model_names, map(float, pooled.model.weights_), strict=True))


def _from_forest(model: Any) -> ForestArrays:
    # AutoGluon fills the gaps of its forests with zeros.
    return compile_trees(model.estimators_, np.zeros(model.n_features_in_))


_COMPILERS: dict[str, Callable[[Any], ForestArrays]] = {
    "LGBModel": lambda model: lightgbm.compile_dump(model.dump_model()),
    "CatBoostModel": lambda model: catboost.compile_json(catboost.exported(model)),
    "RFModel": _from_forest,
    "XTModel": _from_forest,
}

FAMILY = AutoGluon()

if __name__ == "__main__":
    answer(fit_here, sys.argv[1])
