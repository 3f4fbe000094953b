"""Goals expected of both sides from what is known of their strengths, and P(draw) or P(home | decided) of them.

The strengths of the catalogue are learnt from scores, game by game; what turns them into goals is fitted to final
scores. Where the closing prices may be seen, they are strengths too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TypedDict

import numpy as np

from antepost.errors import ModelError
from antepost.models.counts import (
    BIVARIATE,
    KINDS,
    NEGATIVE_BINOMIAL,
    WEIBULL,
    CountArrays,
    loss_of_shape,
    weibull_series,
)
from antepost.models.families.family import Fitted, Setup, check_both_classes
from antepost.models.families.logistic import standardise
from antepost.models.families.space import Real, Space
from antepost.models.goals import GoalArrays, loss_of_goals
from antepost.models.kernels import Floats, Integers

SUPREMACY = (
    "elo.logit.now.fixture",
    "pi.margin.now.fixture",
    "dixon_coles.logit.now.fixture",
    "dixon_coles.rate.now.home",
    "dixon_coles.rate.now.away",
    "strengths.margin.now.fixture",
    "strengths.attack.now.home",
    "strengths.attack.now.away",
    "strengths.defence.now.home",
    "strengths.defence.now.away",
    "market.logit.now.fixture",
    "market.spread.now.fixture",
)
TOTAL = (
    "dixon_coles.rate.now.home",
    "dixon_coles.rate.now.away",
    "dixon_coles.over.now.fixture",
    "strengths.total.now.fixture",
    "market.over.now.fixture",
    "market.total.now.fixture",
)
# Beyond them a factor of the correction can fall below nothing.
RHO = (-0.2, 0.1)
DIXON_COLES = "dixon_coles"
# Log of the common goals' mean; log of the size; shape of the waiting times, Frank's parameter, shift of the rates.
START: Mapping[int, tuple[float, ...]] = {
    BIVARIATE: (math.log(0.1),), NEGATIVE_BINOMIAL: (math.log(20.0),), WEIBULL: (1.05, -0.2, 0.0),
}  # fmt: skip
BOUNDS: Mapping[int, tuple[tuple[float, float], ...]] = {
    BIVARIATE: ((math.log(1e-4), math.log(1.0)),),
    NEGATIVE_BINOMIAL: ((math.log(2.0), math.log(1000.0)),),
    WEIBULL: ((0.75, 1.5), (-4.0, 4.0), (-0.5, 0.5)),
}
ROWS = 4000
"""As many of the newest games say enough of one to three numbers."""


class Rates(TypedDict):
    """How rows become the two rates, and what is asked of them: what every kind has."""

    columns: Integers
    impute: Floats
    center: Floats
    scale: Floats
    total: Floats
    supremacy: Floats
    of_draw: bool


@dataclass(frozen=True, slots=True)
class Goals:
    """A model of the score; ``l2`` of the recipe is the penalty on standardised weights.

    ``kind`` of the recipe is ``dixon_coles``, the default, or another of ``models.counts.KINDS``. Of those the rates
    are fitted first, as if both counts were independent Poisson ones, and what is their own given the rates.
    """

    name: str = "goals"
    of_draw: bool = False

    def fit_scores(self, X: Floats, scores: Floats, setup: Setup) -> Fitted:
        """Return the model fitted to the final scores of rows that answer its question.

        Raises:
            ModelError: no column tells of strengths, no score is told, all have one outcome, or there is no such kind.
        """
        read = [name for name in dict.fromkeys((*SUPREMACY, *TOTAL)) if name in setup.columns]
        if not read or not scores.size:
            raise ModelError(
                f"family 'goals' learns from {len(scores)} scores and {len(read)} columns on strengths; "
                "give it a sport with the group dixon_coles or strengths, and rows with scores",
                family=self.name,
            )
        lead = scores[:, 0] - scores[:, 1]
        told = ~np.isnan(lead) & (self.of_draw | (lead != 0.0))
        check_both_classes(self.name, ((lead == 0.0) if self.of_draw else (lead > 0.0))[told].astype(np.int8))
        optimize = import_module("scipy.optimize")
        places = [setup.columns.index(name) for name in read]
        inputs = standardise(X[told][:, places])
        x, goals = np.ascontiguousarray(inputs.X), np.ascontiguousarray(scores[told])
        k = len(read)
        is_total = np.array([*(name in TOTAL for name in read), True])
        is_supremacy = np.array([*(name in SUPREMACY for name in read), True])
        penalty = float(setup.recipe["l2"]) * np.array([*[1.0] * k, 0.0])

        def weights(theta: Floats) -> tuple[Floats, Floats]:
            total, supremacy = np.zeros(k + 1), np.zeros(k + 1)
            total[is_total], supremacy[is_supremacy] = theta[: is_total.sum()], theta[is_total.sum() : -1]
            return total, supremacy

        def lost(theta: Floats) -> tuple[float, Floats]:
            total, supremacy = weights(theta)
            value, by_total, by_supremacy, by_rho = loss_of_goals(
                x, goals, total, supremacy, float(theta[-1]), not self.of_draw
            )
            value += 0.5 * float(penalty @ (total**2 + supremacy**2))
            by_total, by_supremacy = by_total + penalty * total, by_supremacy + penalty * supremacy
            gradient = np.concatenate([by_total[is_total], by_supremacy[is_supremacy], [by_rho]])
            return value / len(x), gradient / len(x)

        kind = str(setup.recipe.get("kind", DIXON_COLES))
        if kind != DIXON_COLES and kind not in KINDS:
            raise ModelError(
                f"family 'goals' has no kind {kind!r}; choose from {', '.join((DIXON_COLES, *KINDS))}", kind=kind
            )
        start = np.zeros(int(is_total.sum() + is_supremacy.sum()) + 1)
        start[is_total.sum() - 1] = np.log(goals.mean())
        bounds = [(None, None)] * (start.size - 1) + [RHO if kind == DIXON_COLES else (0.0, 0.0)]
        found = optimize.minimize(lost, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
        total, supremacy = weights(np.asarray(found.x, dtype=np.float64))
        read_as = Rates(
            columns=np.array(places, dtype=np.int32), impute=inputs.impute, center=inputs.center, scale=inputs.scale,
            total=total, supremacy=supremacy, of_draw=self.of_draw,
        )  # fmt: skip
        arrays: GoalArrays | CountArrays = GoalArrays(**read_as, rho=float(found.x[-1]))
        if kind != DIXON_COLES:
            arrays = _shaped(KINDS[kind], read_as, X[told], goals)
        return Fitted(arrays=arrays, library=f"scipy {import_module('scipy').__version__}")


def _shaped(kind: int, read_as: Rates, X: Floats, goals: Floats) -> CountArrays:
    """Return the model of ``kind`` whose shape makes ``goals`` likeliest at the rates that the rows ``X`` give."""
    optimize = import_module("scipy.optimize")
    none = CountArrays(**read_as, kind=kind, shape=np.zeros(3), series=np.zeros((1, 1)))
    newest = slice(max(0, len(goals) - ROWS), None)
    log_rates, scores = none.log_rates(X[newest]), goals[newest]

    def of(theta: Floats) -> CountArrays:
        shape = np.zeros(3)
        shape[: theta.size] = theta
        if kind != WEIBULL:
            shape[0] = math.exp(theta[0])
        return replace(none, shape=shape, series=weibull_series(shape[0]) if kind == WEIBULL else none.series)

    def lost(theta: Floats) -> float:
        it = of(theta)
        return loss_of_shape(kind, log_rates, scores, it.shape, it.series, not read_as["of_draw"]) / len(scores)

    found = optimize.minimize(
        lost, START[kind], method="Nelder-Mead", bounds=BOUNDS[kind],
        options={"maxfev": 120, "xatol": 1e-3, "fatol": 1e-7},
    )  # fmt: skip
    return of(np.asarray(found.x, dtype=np.float64))


FAMILY = Goals()
FAMILY_OF = {"draw": Goals(of_draw=True)}
SPACE: Space = {"l2": Real(0.1, 1000.0, log=True)}
