from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from antepost.errors import ModelError
from antepost.models.arrays import BaggedArrays, EnsembleArrays, ForestArrays, LinearArrays, one_column, pack, unpack

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


def test_a_bagged_stump_says_its_leaves_as_they_are() -> None:
    fields = {field.name: getattr(STUMP, field.name) for field in dataclasses.fields(STUMP)}
    bagged = BaggedArrays(**{**fields, "value": np.array([0.0, 0.125, 0.5])})
    again = pack(unpack(bagged))
    assert isinstance(again, BaggedArrays)
    assert again.score(np.array([[0.49], [0.5], [np.nan]])).tolist() == [0.375, 0.75, 0.375]


def test_a_boosted_forest_is_stored_under_the_names_of_the_first_bundles() -> None:
    """A field more would give every bundle of before another digest."""
    fields = {"feature", "threshold", "left", "right", "default_left", "value", "roots", "base", "float32_inputs"}
    assert unpack(STUMP).keys() == {f"forest/{field}" for field in fields}


@pytest.mark.parametrize("logits", [False, True])
def test_an_ensemble_pools_its_parts_and_survives_being_taken_apart(logits: bool) -> None:
    column = one_column(("a",), "a")
    # Twelve parts: their numbers must not come back in the order of text.
    parts = (STUMP, *(column for _ in range(10)), STUMP)
    weights = np.array([0.5, *(0.04 * np.ones(10)), 0.1])
    ensemble = EnsembleArrays(parts=parts, weights=weights, intercept=0.25 if logits else 0.0, logits=logits)
    stored = unpack(ensemble)
    again = pack({name: stored[name] for name in sorted(stored)})
    assert isinstance(again, EnsembleArrays)
    X = np.array([[0.4], [0.6], [-2.0]])
    stump, one = STUMP.score(X), column.score(X)
    said = 0.6 * stump + 0.4 * one
    if logits:
        said = 1.0 / (1.0 + np.exp(-(0.25 + 0.6 * np.log(stump / (1 - stump)) + 0.4 * np.log(one / (1 - one)))))
    np.testing.assert_allclose(again.score(X), said, atol=1e-12)
    assert again.score(X).tobytes() == ensemble.score(X).tobytes()


@pytest.mark.parametrize(("share", "logit"), [(0.0, -19.0), (1e-12, -19.0), (1.0, np.log((1.0 - 1e-9) / 1e-9))])
def test_a_part_that_is_certain_counts_as_much_as_h2o_lets_it(share: float, logit: float) -> None:
    """A forest of H2O was once certain of one game in 777, and only there the ensemble was another than H2O's."""
    fields = {field.name: getattr(STUMP, field.name) for field in dataclasses.fields(STUMP)}
    certain = BaggedArrays(**{**fields, "value": np.full(3, share), "base": 0.0})
    ensemble = EnsembleArrays(parts=(certain,), weights=np.array([0.05]), intercept=0.0, logits=True)
    assert ensemble.score(np.zeros((1, 1)))[0] == pytest.approx(1.0 / (1.0 + np.exp(-0.05 * logit)), abs=1e-9)


def test_an_ensemble_has_no_opinion_where_a_part_has_none() -> None:
    for logits in (False, True):
        parts = (STUMP, one_column(("a",), "a"))
        ensemble = EnsembleArrays(parts=parts, weights=np.array([0.5, 0.5]), intercept=0.0, logits=logits)
        assert np.isnan(ensemble.score(np.array([[np.nan]]))).all()


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
