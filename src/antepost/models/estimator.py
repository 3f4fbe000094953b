"""A fitted estimator of somebody's own in the place of arrays: it can be asked, and neither stored nor served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from antepost.errors import ModelError
from antepost.models.kernels import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatorScore:
    """A fitted estimator of scikit-learn's interface, called ``name``.

    ``unknown`` (columns,) marks those of which it was told nothing while it learnt: to it they are 0 for good, since
    some estimators cannot take a column without a value.
    """

    form: ClassVar[str] = "estimator"

    name: str
    fitted: Any
    unknown: NDArray[np.bool_]

    def score(self, X: Floats) -> Floats:
        """Return P(home) of each row of ``X``.

        Raises:
            ModelError: what it says are no probabilities.
        """
        place = list(self.fitted.classes_).index(1)
        p = np.asarray(
            asked(self.name, "predict_proba", self.fitted, np.where(self.unknown, 0.0, X))[:, place], dtype=np.float64
        )
        if p.shape != (len(X),) or not ((p >= 0.0) & (p <= 1.0)).all():
            raise ModelError(f"what {self.name} says of {len(X)} rows are no probabilities", estimator=self.name)
        return p


def asked(name: str, method: str, estimator: Any, X: Floats, *rest: object) -> Any:
    """Return what ``method`` of the estimator answers.

    Raises:
        ModelError: it takes no gaps, and there are some.
    """
    try:
        return getattr(estimator, method)(X, *rest)
    except ValueError as error:
        if not np.isnan(X).any() or "nan" not in str(error).lower():
            raise
        gaps = int(np.isnan(X).any(axis=0).sum())
        raise ModelError(
            f"{name} takes no NaN, and {gaps} of {X.shape[1]} columns have gaps where a value was not known; put an "
            "imputer before it: make_pipeline(SimpleImputer(strategy='median', keep_empty_features=True), model)",
            estimator=name,
        ) from error
