"""Goals expected of both sides from what is known of their strengths, and P(draw) or P(home | decided) of them.

The strengths of the catalogue are learnt from scores, game by game; what turns them into goals is fitted to final
scores. Where the closing prices may be seen, they are strengths too.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

import numpy as np

from antepost.errors import ModelError
from antepost.models.families.family import Fitted, Parameters, check_both_classes
from antepost.models.families.logistic import standardise
from antepost.models.families.space import Real, Space
from antepost.models.goals import GoalArrays, loss_of_goals
from antepost.models.kernels import Floats

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


@dataclass(frozen=True, slots=True)
class Goals:
    """Dixon and Coles' model of the score; ``l2`` of the recipe is the penalty on standardised weights."""

    name: str = "goals"
    of_draw: bool = False

    def fit_scores(
        self,
        X: Floats,
        scores: Floats,
        *,
        columns: tuple[str, ...],
        seed: int,
        threads: int,
        recipe: Parameters,
    ) -> Fitted:
        """Return the model fitted to the final scores of rows that answer its question.

        Raises:
            ModelError: no column tells of strengths, no score is told, or all have one outcome.
        """
        read = [name for name in dict.fromkeys((*SUPREMACY, *TOTAL)) if name in columns]
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
        places = [columns.index(name) for name in read]
        inputs = standardise(X[told][:, places])
        x, goals = np.ascontiguousarray(inputs.X), np.ascontiguousarray(scores[told])
        k = len(read)
        is_total = np.array([*(name in TOTAL for name in read), True])
        is_supremacy = np.array([*(name in SUPREMACY for name in read), True])
        penalty = float(recipe["l2"]) * np.array([*[1.0] * k, 0.0])

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

        start = np.zeros(int(is_total.sum() + is_supremacy.sum()) + 1)
        start[is_total.sum() - 1] = np.log(goals.mean())
        bounds = [(None, None)] * (start.size - 1) + [RHO]
        found = optimize.minimize(lost, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
        total, supremacy = weights(np.asarray(found.x, dtype=np.float64))
        return Fitted(
            arrays=GoalArrays(
                columns=np.array(places, dtype=np.int32),
                impute=inputs.impute,
                center=inputs.center,
                scale=inputs.scale,
                total=total,
                supremacy=supremacy,
                rho=float(found.x[-1]),
                of_draw=self.of_draw,
            ),
            library=f"scipy {import_module('scipy').__version__}",
        )


FAMILY = Goals()
FAMILY_OF = {"draw": Goals(of_draw=True)}
SPACE: Space = {"l2": Real(0.1, 1000.0, log=True)}
