from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from antepost.errors import DataError
from antepost.models import Frame, OutOfFold


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
