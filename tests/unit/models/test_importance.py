from __future__ import annotations

import numpy as np

from antepost.models import Bundle, Frame
from antepost.models.importance import permutation_importance


def test_the_column_that_a_bundle_lives_on_matters_and_one_that_never_varies_does_not(
    bundle: Bundle, frame: Frame
) -> None:
    rise = permutation_importance(bundle, frame.X, frame.y, shuffles=2)
    assert rise.shape == (2, len(frame.columns))
    assert frame.columns[int(rise.mean(axis=0).argmax())] == "market.logit.now.fixture"
    assert np.all(rise[:, frame.columns.index("constant")] == 0.0)
    assert np.array_equal(rise, permutation_importance(bundle, frame.X, frame.y, shuffles=2))
