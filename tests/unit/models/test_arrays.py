from __future__ import annotations

import numpy as np
import pytest

from antepost.errors import ModelError
from antepost.models.arrays import ForestArrays, LinearArrays, one_column, pack, unpack

STUMP = ForestArrays(
    feature=np.array([0, 0, 0], dtype=np.int32),
    threshold=np.array([0.5, 0.0, 0.0]),
    left=np.array([1, -1, -1], dtype=np.int32),
    right=np.array([2, -1, -1], dtype=np.int32),
    default_left=np.array([1, 0, 0], dtype=np.uint8),
    value=np.array([0.0, -1.0, 2.0]),
    roots=np.array([0], dtype=np.int32),
    base=0.25,
    float32_inputs=False,
)


def test_a_forest_survives_being_taken_apart_and_put_together() -> None:
    again = pack(unpack(STUMP))
    assert isinstance(again, ForestArrays)
    assert {name: (a.dtype, a.shape, a.tobytes()) for name, a in unpack(again).items()} == {
        name: (a.dtype, a.shape, a.tobytes()) for name, a in unpack(STUMP).items()
    }
    assert again.base == 0.25
    assert again.float32_inputs is False


def test_a_stump_says_what_its_leaves_say() -> None:
    X = np.array([[0.49], [0.5], [np.nan]])
    logits = 0.25 + np.array([-1.0, 2.0, -1.0])
    assert STUMP.score(X) == pytest.approx(1.0 / (1.0 + np.exp(-logits)), abs=1e-15)


def test_one_column_reads_its_logit_and_nothing_else() -> None:
    arrays = one_column(("a", "b"), "b")
    assert isinstance(arrays, LinearArrays)
    assert arrays.score(np.array([[np.nan, 0.0], [9.0, np.log(3.0)]])) == pytest.approx([0.5, 0.75])


def test_one_column_has_no_opinion_where_its_value_is_missing() -> None:
    arrays = one_column(("a", "b"), "b")
    assert np.isnan(arrays.score(np.array([[1.0, np.nan]]))).all()


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelError, match="b is not among the columns"):
        one_column(("a",), "b")


def test_rows_that_lie_apart_in_memory_score_the_same() -> None:
    X = np.random.default_rng(0).normal(size=(40, 6))
    assert STUMP.score(X[::2, ::3]).tobytes() == STUMP.score(np.ascontiguousarray(X[::2, ::3])).tobytes()
