from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from antepost.errors import DataError
from antepost.models import Frame, OutOfFold, Recipe
from antepost.models.frame import NEVER, UNDECIDED, Mirror, Superseded
from antepost.models.training import fit_family


def test_a_part_of_a_frame_keeps_its_rows_together(frame: Frame) -> None:
    part = frame.where(frame.season == 2003)
    at = int(np.flatnonzero(frame.season == 2003)[5])
    assert part.fixture[5] == frame.fixture[at]
    assert part.y[5] == frame.y[at]
    assert part.X[5].tobytes() == frame.X[at].tobytes()
    assert len(part.fixture) == part.market_p.size == 60


def test_arrays_of_another_length_are_refused(frame: Frame) -> None:
    with pytest.raises(DataError, match="week"):
        replace(frame, week=frame.week[1:])
    with pytest.raises(DataError, match="columns"):
        replace(frame, columns=frame.columns[1:])


def test_a_tie_is_no_two_way_label(frame: Frame) -> None:
    drawn = frame.y.copy()
    drawn[0] = 2
    with pytest.raises(DataError, match="ties"):
        replace(frame, y=drawn)


def test_an_answer_is_the_one_that_was_known_at_the_moment_of_asking(frame: Frame) -> None:
    """The newest score of all once answered every question, and since it was known late, none that was asked before."""
    name, first = frame.fixture[7], int(frame.label_known_at[7])
    then, corrected_at = 1 - int(frame.y[7]), int(frame.label_known_at.max()) + 10
    known_at = frame.label_known_at.copy()
    known_at[7] = corrected_at
    old = (Superseded(fixture=name, y=then, known_at=first), Superseded(fixture=name, y=UNDECIDED, known_at=first + 5))
    corrected = replace(frame, label_known_at=known_at, superseded=old)
    told = {moment: corrected.answers(moment) for moment in (first, first + 1, first + 6, corrected_at, NEVER)}
    assert [int(y[7]) for y, _ in told.values()] == [UNDECIDED, then, UNDECIDED, UNDECIDED, int(frame.y[7])]
    assert [int(since[7]) for _, since in told.values()] == [NEVER, first, first + 5, first + 5, corrected_at]
    np.testing.assert_array_equal(corrected.first_known_at, frame.label_known_at)

    before, now = corrected.as_known(first + 1), corrected.as_known()
    at = before.fixture.index(name)
    assert (int(before.y[at]), int(before.label_known_at[at]), before.superseded) == (then, first, ())
    assert before.label_known_at.max() <= first
    assert name not in corrected.as_known(first + 6).fixture
    assert (now.fixture, now.y.tobytes()) == (frame.fixture, frame.y.tobytes())
    part = corrected.where(corrected.season == corrected.season[7])
    assert part.superseded == old
    assert corrected.where(corrected.season != corrected.season[7]).superseded == ()


def test_predictions_are_replaced_only_where_asked() -> None:
    season = OutOfFold(p=np.array([[0.1], [0.2], [np.nan]]), families=("elo",))
    week = OutOfFold(p=np.array([[np.nan], [0.6], [0.7]]), families=("elo",))
    both = season.replaced(week, np.array([False, True, False]))
    np.testing.assert_array_equal(both.p, [[0.1], [0.6], [np.nan]])
    assert both.complete.tolist() == [True, True, False]


def test_predictions_of_other_families_replace_nothing() -> None:
    ours = OutOfFold(p=np.zeros((1, 1)), families=("elo",))
    theirs = OutOfFold(p=np.zeros((1, 1)), families=("market",))
    with pytest.raises(DataError, match="market"):
        ours.replaced(theirs, np.array([True]))


MIRROR = Mirror(places=np.array([0, 1, 3, 2, 4, 5]), signs=np.array([-1.0, -1.0, 1.0, 1.0, 1.0, 1.0]))


def test_where_the_order_of_names_is_chance_each_row_is_learnt_both_ways_round(frame: Frame) -> None:
    """On tennis the side named first was once held less likely than the same side named second."""
    n = frame.y.size
    scores = np.column_stack([frame.y, 1.0 - frame.y])
    X, y, told = replace(frame, mirror=MIRROR, scores=scores).both_ways()
    assert X.shape == (2 * n, 6)
    np.testing.assert_array_equal(X[n:, 0], -frame.X[:, 0])
    np.testing.assert_array_equal(X[n:, 2], frame.X[:, 3])
    np.testing.assert_array_equal(X[n:, 3], frame.X[:, 2])
    np.testing.assert_array_equal(y, np.concatenate([frame.y, 1 - frame.y]))
    np.testing.assert_array_equal(told[n:], scores[:, ::-1])
    assert frame.both_ways()[1] is frame.y
    np.testing.assert_array_equal(MIRROR.of(MIRROR.of(frame.X)), frame.X)


def test_what_a_linear_family_learns_both_ways_round_is_odd(frame: Frame, recipe: Recipe) -> None:
    known = frame.as_known(NEVER)
    fitted = fit_family("logistic", replace(known, mirror=MIRROR), recipe).arrays
    there, back = fitted.score(frame.X), fitted.score(MIRROR.of(frame.X))
    assert np.abs(there + back - 1.0).max() < 1e-9
    plain = fit_family("logistic", known, recipe).arrays
    assert np.abs(plain.score(frame.X) + plain.score(MIRROR.of(frame.X)) - 1.0).max() > 0.01


def test_a_mirror_of_other_columns_is_refused(frame: Frame) -> None:
    with pytest.raises(DataError, match="mirror"):
        replace(frame, mirror=Mirror(places=np.arange(3), signs=np.ones(3)))


def test_scores_are_those_that_were_known_at_the_moment_of_asking(frame: Frame) -> None:
    name, first = frame.fixture[7], int(frame.label_known_at[7])
    scores = np.column_stack([frame.y, 1.0 - frame.y])
    known_at = frame.label_known_at.copy()
    known_at[7] = int(known_at.max()) + 10
    old = Superseded(fixture=name, y=1, known_at=first, scores=(4.0, 2.0))
    corrected = replace(frame, label_known_at=known_at, superseded=(old,), scores=scores)
    before = corrected.as_known(first + 1)
    assert before.scores[before.fixture.index(name)].tolist() == [4.0, 2.0]
    assert corrected.as_known().scores[7].tolist() == scores[7].tolist()
    assert corrected.scores is scores
