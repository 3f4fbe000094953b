"""Logistic regression on standardised, median-imputed columns, with an L2 penalty."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from antepost.models.arrays import LinearArrays
from antepost.models.families.family import Fitted, Setup, check_both_classes, check_parity, medians
from antepost.models.families.space import Real, Space
from antepost.models.kernels import Floats


@dataclass(frozen=True, slots=True)
class Standardised:
    """Columns brought to mean zero and unit variance, and how."""

    X: Floats
    center: Floats
    scale: Floats
    impute: Floats


def standardise(X: Floats) -> Standardised:
    """Return ``X`` with gaps filled by the column's median, centred and scaled.

    A column that never varies, or never has a value, becomes a column of zeros: the penalty then keeps its
    weight at exactly zero.
    """
    impute = medians(X)
    filled = np.where(np.isnan(X), impute, X)
    center = filled.mean(axis=0)
    spread = filled.std(axis=0)
    varies = spread > 1e-12 * np.maximum(1.0, np.abs(center))
    scale = np.where(varies, spread, 1.0)
    center = np.where(varies, center, impute)
    return Standardised((filled - center) / scale, center, scale, impute)


@dataclass(frozen=True, slots=True)
class Logistic:
    """scikit-learn's ``LogisticRegression``; ``C`` comes from the recipe."""

    name: str = "logistic"

    def fit(self, X: Floats, y: NDArray[np.int8], setup: Setup) -> Fitted:
        """Return the fitted score.

        The linear algebra runs on one thread whatever ``threads`` says: its bits would follow their number.

        Raises:
            ModelError: only one outcome, or the arrays disagree with scikit-learn.
        """
        check_both_classes(self.name, y)
        sklearn = import_module("sklearn")
        linear_model = import_module("sklearn.linear_model")
        threadpoolctl = import_module("threadpoolctl")
        inputs = standardise(X)
        model = linear_model.LogisticRegression(C=setup.recipe["C"], solver="newton-cholesky", tol=1e-8, max_iter=200)
        with threadpoolctl.threadpool_limits(limits=1):
            model.fit(inputs.X, y)
            native = np.asarray(model.predict_proba(inputs.X)[:, 1], dtype=np.float64)
        arrays = LinearArrays(
            weights=np.ascontiguousarray(model.coef_[0], dtype=np.float64),
            intercept=float(model.intercept_[0]),
            center=inputs.center,
            scale=inputs.scale,
            impute=inputs.impute,
        )
        check_parity(self.name, arrays, X, native)
        return Fitted(arrays=arrays, library=f"scikit-learn {sklearn.__version__}")


FAMILY = Logistic()
SPACE: Space = {"C": Real(1e-4, 1.0, log=True)}
