"""What a bundle makes of each column: by how much it errs more once the column's values are dealt out anew."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from antepost.evaluation import losses
from antepost.models.bundle import Bundle
from antepost.models.kernels import Floats


def permutation_importance(bundle: Bundle, X: Floats, y: NDArray[np.int8], shuffles: int = 3, seed: int = 0) -> Floats:
    """Return the rise of the log-loss in nats a row, (shuffles, columns), when one column after another is shuffled.

    ``X`` is (rows, ``manifest.columns``). On rows that the bundle has learnt from it tells what the bundle relies on,
    not what the column is worth; where another column says nearly the same, neither seems to matter.

    Source: Breiman (2001), Random forests, section 10; Fisher, Rudin and Dominici (2019), All models are wrong.
    """
    generator = np.random.default_rng(seed)
    whole = float(losses(bundle.predict(X), y).mean())
    rise = np.zeros((shuffles, X.shape[1]))
    for shuffle in range(shuffles):
        order = generator.permutation(len(X))
        for column in range(X.shape[1]):
            dealt = X.copy()
            dealt[:, column] = X[order, column]
            rise[shuffle, column] = float(losses(bundle.predict(dealt), y).mean()) - whole
    return rise
