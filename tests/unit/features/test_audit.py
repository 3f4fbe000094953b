"""The audit finds what pads a catalogue, and nothing in columns that each say something of their own."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from antepost.features import features_of
from antepost.features.audit import Audit, audit

NAMES = [feature.name for feature in features_of("nfl")]
ROWS = 400


@pytest.fixture
def sound() -> pl.DataFrame:
    """Return a feature frame in which no column follows from the others."""
    dice = np.random.default_rng(5)
    columns = {name: dice.normal(size=ROWS) for name in NAMES}
    return pl.DataFrame({"league": ["nfl"] * ROWS, **columns})


def of(frame: pl.DataFrame) -> Audit:
    return audit("nfl", frame)


def test_columns_that_say_something_of_their_own_have_no_fault(sound: pl.DataFrame) -> None:
    found = of(sound)
    assert found.faults == []
    assert (found.fixtures, found.columns) == (ROWS, len(NAMES))
    assert found.share > 0.9


def test_a_constant_column_is_named_whether_it_is_told_or_not(sound: pl.DataFrame) -> None:
    frame = sound.with_columns(pl.lit(1.0).alias(NAMES[0]), pl.lit(None, pl.Float64).alias(NAMES[1]))
    assert of(frame).constant == (NAMES[0], NAMES[1])


@pytest.mark.parametrize("turn", [1.0, -3.0])
def test_a_column_that_follows_from_another_is_named_with_it(sound: pl.DataFrame, turn: float) -> None:
    one, other = NAMES[3], NAMES[7]
    frame = sound.with_columns((pl.col(one) * turn + 2.0).alias(other))
    ((first, second, rho),) = of(frame).alike
    assert (first, second) == (one, other)
    assert rho == pytest.approx(np.sign(turn))


def test_likeness_is_judged_where_both_are_told(sound: pl.DataFrame) -> None:
    one, other = NAMES[3], NAMES[7]
    half = pl.int_range(pl.len()) < ROWS // 2
    frame = sound.with_columns(pl.when(half).then(pl.col(one)).alias(other))
    assert [pair[:2] for pair in of(frame).alike] == [(one, other)]


def test_nulls_count_in_the_leagues_of_which_the_group_says_anything(sound: pl.DataFrame) -> None:
    form = [name for name in NAMES if name.startswith("form.")]
    few = pl.int_range(pl.len()) < ROWS // 10
    league = pl.when(few).then(pl.lit("nfl")).otherwise(pl.lit("elsewhere"))
    told = [pl.when(few).then(pl.col(name)).alias(name) for name in form]
    frame = sound.with_columns(league.alias("league"), *told)
    assert of(frame).null[form[0]] == 0.0
    rare = frame.with_columns(pl.when(pl.int_range(pl.len()) < 1).then(pl.col(form[0])).alias(form[0]))
    assert f"{form[0]} is null in 97.5% of its rows" in of(rare).faults


def test_components_count_what_columns_say_together(sound: pl.DataFrame) -> None:
    dice = np.random.default_rng(6)
    three = dice.normal(size=(ROWS, 3)) @ dice.normal(size=(3, len(NAMES)))
    frame = sound.with_columns(pl.Series(name, three[:, i]) for i, name in enumerate(NAMES))
    assert of(frame).components == 3
