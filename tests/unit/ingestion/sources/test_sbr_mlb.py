"""sportsbookreview's baseball: which price is whose, and what is garbage."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from antepost.ingestion.source import Parsed, Part
from antepost.ingestion.sources.sbr_mlb import SBR_MLB
from tests.payloads.mlb import SBR


@pytest.fixture(scope="module")
def parsed() -> Parsed:
    return SBR_MLB.read(SBR.encode(), Part(name="mlb_odds-2018", path="", season=2018))


def quotes(parsed: Parsed, game: int, market: str, label: str) -> dict[str, tuple[float | None, float | None]]:
    rows = parsed.tables["prices"].filter(
        pl.col("fixture").str.starts_with(f"mlb_odds-2018|{game}|")
        & (pl.col("market") == market)
        & (pl.col("label") == label)
    )
    return {outcome: (line, odds) for outcome, line, odds in rows.select("outcome", "line", "odds").iter_rows()}


def test_the_price_of_a_total_is_the_unders(parsed: Parsed) -> None:
    """The package takes it from the home side's row, in which the archive has the under."""
    assert quotes(parsed, 1, "total", "close") == {"over": (8.0, None), "under": (8.0, pytest.approx(1 + 100 / 115))}


def test_a_run_line_says_by_how_much_a_side_is_favoured(parsed: Parsed) -> None:
    assert quotes(parsed, 1, "spread", "close") == {"away": (-1.5, 1.625), "home": (1.5, 2.4)}


def test_an_opening_price_is_known_a_day_before_a_closing_one(parsed: Parsed) -> None:
    known = parsed.tables["prices"].group_by("label").agg(pl.col("known_at").min()).sort("label").rows()
    assert known == [
        ("close", datetime(2018, 4, 1, 11, 59, 59, tzinfo=UTC)), ("open", datetime(2018, 3, 31, 12, tzinfo=UTC)),
    ]  # fmt: skip


def test_garbage_is_refused_with_its_reason(parsed: Parsed) -> None:
    reasons = parsed.refused["reason"].value_counts().rows()
    assert dict(reasons) == {
        "a side is missing": 1,
        "a total outside 4 to 20 runs": 2,
        "run lines of the two sides that do not mirror each other": 2,
        "an impossible price: American odds between -100 and 100": 1,
    }
