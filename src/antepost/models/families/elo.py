"""The Elo rating alone: the league fold's expectation, read as a probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from antepost.models.arrays import one_column
from antepost.models.families.family import Fitted, Parameters
from antepost.models.kernels import Floats

COLUMN = "elo.logit.now.fixture"


@dataclass(frozen=True, slots=True)
class Elo:
    """Weight one on ``elo.logit.now.fixture``; nothing is fitted."""

    name: str = "elo"

    def fit(
        self,
        X: Floats,
        y: NDArray[np.int8],
        *,
        columns: tuple[str, ...],
        seed: int,
        threads: int,
        recipe: Parameters,
    ) -> Fitted:
        """Return the column's own probability; a row without it has none.

        Raises:
            ModelError: the column is not among ``columns``.
        """
        return Fitted(arrays=one_column(columns, COLUMN))


FAMILY = Elo()
