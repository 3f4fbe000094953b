from __future__ import annotations

import numpy as np
import pytest

from antepost.errors import ModelError
from antepost.models.arrays import one_column
from antepost.models.families.family import check_both_classes, check_parity


def test_arrays_that_disagree_with_the_library_are_refused() -> None:
    arrays = one_column(("a",), "a")
    X = np.zeros((3, 1))
    check_parity("toy", arrays, X, np.full(3, 0.5 + 5e-7))
    with pytest.raises(ModelError, match=r"'toy'.*differ"):
        check_parity("toy", arrays, X, np.array([0.5, 0.5, 0.50001]))


def test_a_score_that_is_not_a_number_does_not_agree_with_anything() -> None:
    arrays = one_column(("a",), "a")
    with pytest.raises(ModelError, match="nan"):
        check_parity("toy", arrays, np.array([[np.nan]]), np.array([0.5]))


@pytest.mark.parametrize("y", [[], [1, 1, 1]])
def test_rows_with_fewer_than_two_outcomes_teach_nothing(y: list[int]) -> None:
    with pytest.raises(ModelError, match="fewer than two outcomes"):
        check_both_classes("toy", np.array(y, dtype=np.int8))
