"""The market itself: the de-vigged price, as it stands, read as a probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from antepost.models.arrays import one_column
from antepost.models.families.family import Fitted, Setup
from antepost.models.kernels import Floats

COLUMN = "market.logit.now.fixture"
DRAW_COLUMN = "market.draw.now.fixture"


@dataclass(frozen=True, slots=True)
class Market:
    """Weight one on the column that holds the question's log-odds; nothing is fitted."""

    name: str = "market"
    column: str = COLUMN

    def fit(self, X: Floats, y: NDArray[np.int8], setup: Setup) -> Fitted:
        """Return the column's own probability; a row without it has none.

        Raises:
            ModelError: the column is not among ``columns``.
        """
        return Fitted(arrays=one_column(setup.columns, self.column))


FAMILY = Market()
FAMILY_OF = {"draw": Market(column=DRAW_COLUMN)}
