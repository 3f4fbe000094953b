from __future__ import annotations

from datetime import timedelta
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from antepost.errors import DataError, LeakageError
from antepost.evaluation.splits import WalkForward

DAY = 86_400_000_000
NEVER = np.iinfo(np.int64).max

type Columns = tuple[NDArray[np.int64], ...]


def calendar(seasons: int = 5, weeks: int = 4, games: int = 3) -> Columns:
    """Return season, week, as_of and label_known_at of a league that plays weekly and then rests."""
    season, week, _ = (part.ravel() for part in np.indices((seasons, weeks, games)))
    as_of = (season * 365 + week * 7) * DAY
    return season + 2000, week + 1, as_of, as_of + DAY // 4


def test_each_late_enough_season_is_tested_once_on_everything_before_it() -> None:
    season, week, as_of, known = calendar()
    folds = list(WalkForward(first_train_seasons=2).folds(season, week, as_of, known))
    assert [fold.name for fold in folds] == ["2002", "2003", "2004"]
    for fold in folds:
        assert set(season[fold.test]) == {int(fold.name)}
        np.testing.assert_array_equal(fold.train, np.flatnonzero(season < int(fold.name)))


def test_a_weekly_walk_also_learns_from_the_weeks_before() -> None:
    season, week, as_of, known = calendar()
    folds = list(WalkForward(cadence="week", first_train_seasons=4).folds(season, week, as_of, known))
    assert [fold.name for fold in folds] == ["2004-01", "2004-02", "2004-03", "2004-04"]
    assert [len(fold.train) for fold in folds] == [48, 51, 54, 57]


@pytest.mark.parametrize("cadence", ["season", "week"])
def test_no_training_label_is_known_as_late_as_the_first_question(cadence: Literal["season", "week"]) -> None:
    season, week, as_of, known = calendar()
    shuffled = np.random.default_rng(3).permutation(len(season))
    columns = [column[shuffled] for column in (season, week, as_of, known)]
    walk = WalkForward(cadence=cadence, first_train_seasons=1)
    tested = []
    for fold in walk.folds(*columns):
        assert columns[3][fold.train].max() < columns[2][fold.test].min()
        tested.append(columns[2][fold.test].min())
    assert tested == sorted(tested)


def test_a_label_known_at_the_very_moment_of_the_question_is_not_learnt_from() -> None:
    season, week, as_of, known = calendar(seasons=2, weeks=1, games=2)
    known[0] = as_of[2]
    [fold] = WalkForward(first_train_seasons=1).folds(season, week, as_of, known)
    np.testing.assert_array_equal(fold.train, [1])


@pytest.mark.parametrize("gap", ["purge", "embargo"])
def test_purge_and_embargo_only_take_training_rows_away(gap: str) -> None:
    columns = calendar()
    whole = list(WalkForward(cadence="week", first_train_seasons=2).folds(*columns))
    gaps = {gap: timedelta(days=7)}
    thinned = list(WalkForward(cadence="week", first_train_seasons=2, **gaps).folds(*columns))
    assert [fold.name for fold in thinned] == [fold.name for fold in whole]
    for less, more in zip(thinned, whole, strict=True):
        assert set(less.train) <= set(more.train)
    assert len(thinned[1].train) == len(whole[1].train) - 3


def test_a_fixture_still_to_be_played_is_tested_but_never_learnt_from() -> None:
    """The largest int64 stands for never; adding an embargo to it once wrapped around into the past."""
    season, week, as_of, known = calendar()
    known[0] = NEVER
    walk = WalkForward(first_train_seasons=1, embargo=timedelta(days=1))
    assert all(0 not in fold.train for fold in walk.folds(season, week, as_of, known))


def test_a_row_filed_under_a_later_season_is_not_learnt_from_before_it() -> None:
    season, week, as_of, known = calendar()
    season[14] = 2010
    for fold in WalkForward(first_train_seasons=1).folds(season, week, as_of, known):
        assert season[fold.train].max() <= int(fold.name)


def test_an_answer_known_before_its_question_is_a_leak() -> None:
    season, week, as_of, known = calendar()
    known[-1] = as_of[-1] - 1
    with pytest.raises(LeakageError, match=f"row {len(season) - 1} .* was answered before it was asked"):
        list(WalkForward(first_train_seasons=1).folds(season, week, as_of, known))


def test_a_fold_with_nothing_before_it_is_named() -> None:
    season, week, as_of, known = calendar()
    walk = WalkForward(first_train_seasons=1, purge=timedelta(days=10_000))
    with pytest.raises(DataError, match="fold 2001 has no training row"):
        list(walk.folds(season, week, as_of, known))


def test_no_rows_are_no_folds() -> None:
    none = np.empty(0, dtype=np.int64)
    assert list(WalkForward().folds(none, none, none, none)) == []


def test_columns_of_different_lengths_are_refused() -> None:
    season, week, as_of, known = calendar()
    with pytest.raises(DataError, match="one row a fixture"):
        list(WalkForward().folds(season[:-1], week, as_of, known))


@pytest.mark.parametrize("wrong", [{"first_train_seasons": 0}, {"purge": timedelta(days=-1)}, {"cadence": "month"}])
def test_a_walk_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(DataError):
        WalkForward(**wrong)  # pyright: ignore[reportArgumentType]
