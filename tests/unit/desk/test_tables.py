from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from antepost.desk import tables
from antepost.errors import DataError
from antepost.lake.schemas import PRICES
from antepost.settings import get_settings

START = datetime(2031, 9, 7, 17, tzinfo=UTC)


def prices(*rows: tuple[str, int, datetime, float]) -> pl.DataFrame:
    """Return moneylines of invented games: (outcome, batch, known_at, odds)."""
    said = [
        {
            "sport": "nfl", "league": "nfl", "season": 2031, "fixture": "a", "event_at": START,
            "event_precision": "minute", "known_at": known_at, "known_how": "recorded", "batch": batch, "raw": "00",
            "book": "invented",
            "market": "moneyline", "outcome": outcome, "label": "close", "line": None, "odds": odds,
        }
        for outcome, batch, known_at, odds in rows
    ]  # fmt: skip
    return pl.DataFrame(said, schema=PRICES.schema)


def odds(frame: pl.DataFrame) -> list[float]:
    return tables.settle({"prices": frame})["prices"]["odds"].to_list()


def test_a_later_correction_stands_beside_what_it_corrects() -> None:
    assert odds(prices(("home", 1, START, 2.0), ("home", 2, START + timedelta(days=1), 2.1))) == [2.0, 2.1]


def test_a_row_that_a_later_load_replaced_from_an_earlier_moment_never_comes_back() -> None:
    assert odds(prices(("home", 1, START, 2.0), ("home", 2, START - timedelta(days=1), 2.1))) == [2.1]
    assert odds(prices(("home", 1, START, 2.0), ("home", 2, START, 2.1))) == [2.1]


def test_other_facts_are_left_alone() -> None:
    assert sorted(odds(prices(("home", 1, START, 2.0), ("away", 2, START - timedelta(days=1), 1.9)))) == [1.9, 2.0]


def test_settling_twice_is_settling_once() -> None:
    moments = [START, START - timedelta(days=2), START + timedelta(days=1), START - timedelta(days=1)]
    frame = prices(*(("home", batch, known_at, 2.0 + batch) for batch, known_at in enumerate(moments, start=1)))
    once = tables.settle({"prices": frame})
    assert tables.settle(once)["prices"].equals(once["prices"])


def test_no_rows_are_no_rows() -> None:
    assert odds(PRICES.empty()) == []


def test_an_empty_home_says_which_command_fills_it(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="antepost ingest nfl"):
        tables.load(get_settings(home=tmp_path, mirror=None), "nfl")


def test_an_unknown_sport_is_refused_before_the_home_is_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="chess"):
        tables.load(get_settings(home=tmp_path, mirror=None), "chess")
