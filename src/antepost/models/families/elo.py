"""The Elo rating alone: the league fold's expectation, read as a probability.

It says who wins if somebody does; whether anybody does follows by Davidson's model of draws, whose one constant is
fitted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from antepost.errors import ModelError
from antepost.models.arrays import one_column
from antepost.models.davidson import DavidsonArrays, fit_log_nu
from antepost.models.families.family import Fitted, Setup, check_both_classes
from antepost.models.kernels import Floats

COLUMN = "elo.logit.now.fixture"


@dataclass(frozen=True, slots=True)
class Elo:
    """Weight one on ``elo.logit.now.fixture``; nothing is fitted."""

    name: str = "elo"

    def fit(self, X: Floats, y: NDArray[np.int8], setup: Setup) -> Fitted:
        """Return the column's own probability; a row without it has none.

        Raises:
            ModelError: the column is not among ``columns``.
        """
        return Fitted(arrays=one_column(setup.columns, COLUMN))


@dataclass(frozen=True, slots=True)
class DrawnElo:
    """P(draw) from the same column, by Davidson's model."""

    name: str = "elo"

    def fit(self, X: Floats, y: NDArray[np.int8], setup: Setup) -> Fitted:
        """Return Davidson's model fitted to the rows that have a rating.

        Raises:
            ModelError: the column is not among ``columns``, or only one outcome among the rows that have it.
        """
        if COLUMN not in setup.columns:
            raise ModelError(f"{COLUMN} is not among the columns; build its group", column=COLUMN)
        x = X[:, setup.columns.index(COLUMN)]
        rated = ~np.isnan(x)
        check_both_classes(self.name, y[rated])
        return Fitted(arrays=DavidsonArrays(column=setup.columns.index(COLUMN), log_nu=fit_log_nu(x[rated], y[rated])))


FAMILY = Elo()
FAMILY_OF = {"draw": DrawnElo()}
