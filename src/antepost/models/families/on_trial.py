"""Any estimator of scikit-learn's interface in the place of a family: judged on the same folds, and never served."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from antepost.errors import ModelError
from antepost.models.estimator import EstimatorScore, asked
from antepost.models.families import FAMILIES
from antepost.models.families.family import Fitted, Setup, check_both_classes
from antepost.models.kernels import Floats


@runtime_checkable
class Estimator(Protocol):
    """What can be judged: it learns, says chances, and can be cloned (``get_params``)."""

    def fit(self, X: Floats, y: NDArray[np.int8]) -> object:
        """Learn from rows."""
        ...

    def predict_proba(self, X: Floats) -> Floats:
        """Return the chances of each class, (rows, classes)."""
        ...

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return what it was made with."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTrial:
    """An estimator in the place of a family: cloned for each fold, and seeded by the recipe where it lets itself be."""

    estimator: Estimator

    @property
    def name(self) -> str:
        """The name of its class; of a pipeline with its last step."""
        steps = getattr(self.estimator, "steps", None)
        own = type(self.estimator).__name__
        return f"{own}.{type(steps[-1][1]).__name__}" if steps else own

    def fit(self, X: Floats, y: NDArray[np.int8], setup: Setup) -> Fitted:
        """Return a clone fitted to ``X`` (rows, columns; NaN where missing) and ``y``.

        Raises:
            ModelError: only one outcome, or it cannot be fitted, as to rows with gaps.
        """
        check_both_classes(self.name, y)
        clone = import_module("sklearn.base").clone(self.estimator)
        free = {key: setup.seed for key, value in clone.get_params().items() if _is_seed(key) and value is None}
        if free:
            clone.set_params(**free)
        unknown = np.isnan(X).all(axis=0)
        asked(self.name, "fit", clone, np.where(unknown, 0.0, X), y)
        return Fitted(
            arrays=EstimatorScore(name=self.name, fitted=clone, unknown=unknown),
            library=f"scikit-learn {import_module('sklearn').__version__}",
        )


def on_trial(model: object) -> OnTrial:
    """Return ``model`` as a family on trial.

    Raises:
        ModelError: it is a class instead of an instance, or has no ``fit``, ``predict_proba`` or ``get_params``.
    """
    if isinstance(model, type) or not isinstance(model, Estimator):
        raise ModelError(
            f"{model!r} cannot be judged: hand over an instance with fit, predict_proba and get_params, as "
            "scikit-learn's classifiers have; one that only decides can be put into a CalibratedClassifierCV"
        )
    found = OnTrial(estimator=model)
    if found.name in FAMILIES:
        raise ModelError(f"there is a family {found.name!r} already; call the class otherwise", estimator=found.name)
    return found


def _is_seed(key: str) -> bool:
    return key == "random_state" or key.endswith("__random_state")
