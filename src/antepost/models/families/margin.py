"""The lead of the home side, learnt from final scores: ridge regression, a curve around it, and key numbers.

It says who wins, and its leads say what comes of any spread (``models.score_grid.settled``).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

import numpy as np

from antepost.errors import ModelError
from antepost.models.families.family import Fitted, Setup, check_both_classes
from antepost.models.families.logistic import standardise
from antepost.models.families.space import Real, Space
from antepost.models.kernels import Floats
from antepost.models.margin import NORMAL, MarginArrays, leads

FREEDOM = (NORMAL, 30, 20, 14, 10, 8, 6, 4)
"""The curves that compete, by degrees of freedom."""
DRAWN_TO_ONE = 25.0
"""As many expected games as count for a key number of one, whatever was seen."""
PASSES = 4


@dataclass(frozen=True, slots=True)
class Margin:
    """``l2`` of the recipe is the ridge on standardised weights, ``keys`` the largest lead that may be a key number."""

    name: str = "margin"
    of_draw: bool = False

    def fit_scores(self, X: Floats, scores: Floats, setup: Setup) -> Fitted:
        """Return the model fitted to the leads of rows whose scores are told.

        Raises:
            ModelError: no score is told, or all have one outcome.
        """
        if not scores.size:
            raise ModelError("family 'margin' learns from scores; give it rows with scores", family=self.name)
        lead = scores[:, 0] - scores[:, 1]
        told = ~np.isnan(lead) & (self.of_draw | (lead != 0.0))
        lead = lead[told]
        check_both_classes(self.name, (lead == 0.0 if self.of_draw else lead > 0.0).astype(np.int8))
        threadpoolctl = import_module("threadpoolctl")
        inputs = standardise(X[told])
        with threadpoolctl.threadpool_limits(limits=1):
            gram = inputs.X.T @ inputs.X
            ridge = gram + float(setup.recipe["l2"]) * np.eye(gram.shape[0])
            weights = np.linalg.solve(ridge, inputs.X.T @ (lead - lead.mean()))
            freed = 1.0 + float(np.trace(np.linalg.solve(ridge, gram)))
            expected = inputs.X @ weights + lead.mean()
        error = (lead - expected) * np.sqrt(lead.size / max(lead.size - freed, 1.0))
        freedom, sigma = _curve(error)
        reach = int(max(60.0, 1.5 * np.abs(lead).max()))
        keys = _keys(lead, expected, sigma, freedom, int(setup.recipe["keys"]), reach)
        return Fitted(
            arrays=MarginArrays(
                weights=weights, intercept=float(lead.mean()), center=inputs.center, scale=inputs.scale,
                impute=inputs.impute, sigma=sigma, freedom=freedom, keys=keys, reach=reach,
                of_draw=self.of_draw,
            ),
            library=f"numpy {np.__version__}",
        )  # fmt: skip


def _curve(error: Floats) -> tuple[int, float]:
    """Return the degrees of freedom and the scale under which the errors are likeliest."""
    stats, optimize = import_module("scipy.stats"), import_module("scipy.optimize")
    found: list[tuple[float, int, float]] = []
    for freedom in FREEDOM:

        def lost(log_scale: float, freedom: int = freedom) -> float:
            scale = float(np.exp(log_scale))
            curve = stats.norm(scale=scale) if freedom == NORMAL else stats.t(freedom, scale=scale)
            return -float(curve.logpdf(error).sum())

        middle = float(np.log(error.std()))
        best = optimize.minimize_scalar(lost, bounds=(middle - 2.0, middle + 1.0), method="bounded")
        found.append((float(best.fun), freedom, float(np.exp(best.x))))
    _, freedom, sigma = min(found, key=lambda one: one[0])
    return freedom, sigma


def _keys(lead: Floats, expected: Floats, sigma: float, freedom: int, largest: int, reach: int) -> Floats:
    """Return by how much likelier each lead up to ``largest`` is than the curve says."""
    keys = np.ones(largest + 1)
    seen = np.bincount(np.abs(lead).astype(np.int64), minlength=largest + 1)[: largest + 1]
    if not seen[0]:
        # Rows of who wins are decided ones: of ties they tell nothing, and P(home | decided) asks nothing.
        keys[0] = 0.0
    for _ in range(PASSES):
        said = np.zeros(2 * reach + 1)
        for one in expected:
            said += leads(float(one), sigma, freedom, keys, reach)
        sizes = said[reach:] + np.concatenate([[0.0], said[reach - 1 :: -1]])
        ratio = (seen + DRAWN_TO_ONE) / (sizes[: largest + 1] + DRAWN_TO_ONE)
        keys = np.where(keys > 0.0, keys * ratio, 0.0)
    return keys


FAMILY = Margin()
FAMILY_OF = {"draw": Margin(of_draw=True)}
SPACE: Space = {"l2": Real(1.0, 3000.0, log=True)}
