"""Grounds: feet to metres, lost centuries, and what was known only when the lists were made."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.ingestion.source import Part
from antepost.ingestion.sources.mlb_venues import MLB_PARKS, MLB_STADIUMS
from tests.payloads.mlb import PARKS, STADIUMS

STADIUM = Part(name="stadiumdata", path="")
PARK = Part(name="park", path="")


def test_elevations_are_metres_and_dated_by_the_opening() -> None:
    places = MLB_STADIUMS.read(STADIUMS.encode(), STADIUM).tables["places"]
    built = places.filter(pl.col("altitude").is_not_null())
    assert built.select("venue", "altitude").rows() == [("INV06", 322.8), ("INV01", 4.0)]
    assert built["event_at"][0] == datetime(2001, 4, 6, tzinfo=UTC)


def test_a_surface_is_known_in_the_lists_year_only() -> None:
    """Arizona and Miami changed from grass to turf: the state of 2022 says nothing of 2010."""
    places = MLB_STADIUMS.read(STADIUMS.encode(), STADIUM).tables["places"]
    laid = places.filter(pl.col("surface").is_not_null())
    assert laid["surface"].to_list() == ["grass", "artificial"]
    assert set(laid["known_at"]) == {datetime(2022, 1, 2, tzinfo=UTC)}
    assert set(laid["known_how"]) == {"bounded"}


def test_a_list_without_its_last_key_is_cut_off() -> None:
    with pytest.raises(DataError, match="cut off"):
        MLB_STADIUMS.read(STADIUMS[:-2].encode(), STADIUM)


def test_an_opening_in_2062_was_in_1962() -> None:
    parsed = MLB_PARKS.read(PARKS.encode(), PARK)
    built = parsed.tables["places"].filter(pl.col("roof").is_not_null())
    assert built.select("venue", "roof", "event_at").rows() == [
        ("LOS03", "open", datetime(1962, 1, 1, tzinfo=UTC)), ("TOR02", "retractable", datetime(1989, 1, 1, tzinfo=UTC)),
    ]  # fmt: skip
    assert parsed.refused["reason"].to_list() == ["a ground without a Retrosheet key"]
