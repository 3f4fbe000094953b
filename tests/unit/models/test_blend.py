from __future__ import annotations

import numpy as np
import pytest

from antepost.errors import ModelError
from antepost.evaluation import log_loss
from antepost.models import Frame, OutOfFold, fit_blend
from antepost.models.blend import fit_refits


def test_the_blend_is_a_point_of_the_simplex_and_no_worse_than_its_families(frame: Frame, oof: OutOfFold) -> None:
    rows = oof.complete
    blend = fit_blend(oof.p[rows], frame.y[rows], frame.season[rows])
    assert blend.weights.min() >= 0.0
    assert blend.weights.sum() == pytest.approx(1.0)
    best = min(log_loss(oof.p[rows][:, i], frame.y[rows]) for i in range(len(oof.families)))
    assert log_loss(blend.apply(oof.p[rows]), frame.y[rows]) <= best + 1e-3


def test_a_blend_is_not_fitted_on_rows_with_gaps(frame: Frame, oof: OutOfFold) -> None:
    with pytest.raises(ModelError, match="gaps"):
        fit_blend(oof.p, frame.y, frame.season)
    with pytest.raises(ModelError, match="walk forward over more seasons"):
        fit_blend(oof.p[:0], frame.y[:0], frame.season[:0])


@pytest.mark.parametrize(("kind", "points"), [("none", 0), ("beta", 0), ("isotonic", 201)])
def test_refits_keep_one_row_of_arrays_each(frame: Frame, oof: OutOfFold, kind: str, points: int) -> None:
    rows = oof.complete
    refits = fit_refits(oof.p[rows], frame.y[rows], frame.match_day[rows], kind=kind, draws=4, seed=1)
    assert refits.weights.shape == (4, 5)
    assert refits.params.shape == (4, 3)
    assert refits.grids.shape == (4, points)
    assert len({row.tobytes() for row in refits.weights}) == 4


def test_a_refit_counts_a_day_as_often_as_it_was_drawn(frame: Frame, oof: OutOfFold) -> None:
    """Weighing rows must be the same as repeating them, or the interval means something else."""
    from antepost.evaluation import block_draws, simplex_weights

    rows = oof.complete
    P, y, days = oof.p[rows], frame.y[rows], frame.match_day[rows]
    refits = fit_refits(P, y, days, kind="none", draws=2, seed=3)
    for i, counts in enumerate(block_draws(days, 2, 3)):
        repeated = np.repeat(np.arange(len(y)), counts)
        np.testing.assert_allclose(refits.weights[i], simplex_weights(P[repeated], y[repeated]), atol=1e-9)
