"""What stands for a fixture: until when it does, and that its vector is that of the batch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from antepost.errors import DataError
from antepost.features import build_states, features_of, read_states, spine
from antepost.features.catalogue import groups_of
from antepost.features.standing import EVER, Standing, Vectors, lay_out
from tests.worlds import TINY, tiny_tables

TABLES = tiny_tables()
STATES = build_states(TINY, TABLES)
COLUMNS = tuple(column.name for group in groups_of(TINY) for column in group.columns)
# In the middle of the tiny world, so that much has been played and much is ahead.
MOMENT = spine(TABLES, TINY)["as_of"].sort()[24]


def laid_out() -> tuple[pl.DataFrame, list[Standing]]:
    """Return the fixtures that were ahead at ``MOMENT``, and what then stood for each."""
    asked = spine(TABLES, TINY, MOMENT).filter(pl.col("start") > pl.col("as_of"))
    return asked, lay_out(TINY, STATES, asked, TABLES, batch=7)


def in_batch(fixture: str, micros: int) -> np.ndarray:
    """Return a fixture's vector as a frame of many would have it."""
    moment = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=micros)
    asked = pl.DataFrame({"fixture": [fixture], "as_of": [moment]}).with_columns(
        pl.col("as_of").cast(pl.Datetime("us", "UTC"))
    )
    return read_states(TINY, STATES, spine(TABLES, TINY, asked), COLUMNS)[0]


def same(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(((a == b) | (np.isnan(a) & np.isnan(b))).all())


def test_a_vector_is_that_of_the_batch_to_the_bit_as_long_as_it_stands() -> None:
    asked, laid = laid_out()
    vectors = Vectors(TINY, COLUMNS)
    assert len(laid) == 22
    for fixture, standing in zip(asked["fixture"], laid, strict=True):
        for moment in {standing.since, min(standing.until, standing.since + 10**12)}:
            assert same(vectors.read(standing, moment), in_batch(fixture, moment))


def test_it_ends_when_something_more_is_known_and_then_the_truth_is_another_one() -> None:
    asked, laid = laid_out()
    ends = [(fixture, one) for fixture, one in zip(asked["fixture"], laid, strict=True) if one.until < EVER]
    moved = [not same(in_batch(fixture, one.until), in_batch(fixture, one.until + 1)) for fixture, one in ends]
    assert (len(ends), sum(moved)) == (22, 22)
    with pytest.raises(DataError, match="does not stand at the moment"):
        Vectors(TINY).read(ends[0][1], ends[0][1].until + 1)
    with pytest.raises(DataError, match="does not stand at the moment"):
        Vectors(TINY).read(ends[0][1], ends[0][1].since - 1)


def test_it_comes_back_from_bytes_as_it_was() -> None:
    _, laid = laid_out()
    vectors = Vectors(TINY, COLUMNS[:5])
    for standing in laid:
        again = vectors.from_bytes("g1", standing.to_bytes("g1"))
        assert (again.since, again.until, again.batch) == (standing.since, standing.until, 7)
        assert same(vectors.read(again, again.since), vectors.read(standing, standing.since))


def test_bytes_of_another_catalogue_and_columns_of_none_are_refused() -> None:
    _, laid = laid_out()
    with pytest.raises(DataError, match="another catalogue"):
        Vectors(TINY, groups=groups_of(TINY)[:3]).from_bytes("g1", laid[0].to_bytes("g1"))
    with pytest.raises(DataError, match=r"no feature 'elo\.luck\.now\.home'"):
        Vectors(TINY, ["elo.luck.now.home"])


def test_bytes_that_were_changed_or_are_of_another_fixture_are_refused() -> None:
    _, laid = laid_out()
    kept = bytearray(laid[0].to_bytes("g1"))
    with pytest.raises(DataError, match="not what was laid out"):
        Vectors(TINY).from_bytes("g2", bytes(kept))
    kept[-3] ^= 1
    with pytest.raises(DataError, match="not what was laid out"):
        Vectors(TINY).from_bytes("g1", bytes(kept))
    with pytest.raises(DataError, match="not what was laid out"):
        Vectors(TINY).from_bytes("g1", b"")


def test_where_nothing_is_ahead_nothing_is_laid_out() -> None:
    asked = spine(TABLES, TINY, MOMENT).clear()
    assert lay_out(TINY, STATES, asked, TABLES, batch=7) == []


def test_it_reads_every_column_of_the_catalogue_where_none_is_named() -> None:
    assert set(Vectors(TINY).columns) >= {"elo.logit.now.fixture", "form.margin.10.home"}
    assert all(feature.sport == "nfl" for feature in features_of("nfl"))
