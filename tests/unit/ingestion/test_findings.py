"""What the checks of a source find, on invented rows: how many are too many is policy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from antepost.ingestion import SOURCES
from antepost.ingestion.findings import contradictions, fresh, jumps, refused, steady
from antepost.ingestion.policy import QualityPolicy
from antepost.lake import TABLES
from antepost.sports import SPORTS

START = datetime(2031, 9, 7, 17, tzinfo=UTC)
POLICY = QualityPolicy()


def quotes(*odds: float, fixture: str = "a") -> pl.DataFrame:
    """Return quotes of one outcome, an hour apart."""
    rows = [
        {
            "fixture": fixture, "event_at": START, "known_at": at, "batch": 1, "book": "ants", "market": "moneyline",
            "outcome": "home", "label": "quote", "quoted_at": at, "odds": price,
        }
        for number, price in enumerate(odds)
        for at in (START - timedelta(hours=len(odds) - number),)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=TABLES["prices"].schema, orient="row")


@pytest.mark.parametrize(("odds", "found"), [((2.0, 1.7), 0), ((2.0, 1.6), 1), ((2.0, 2.7), 1), ((1.01, 1.02), 1)])
def test_a_jump_is_counted_in_log_odds_and_not_in_odds(odds: tuple[float, float], found: int) -> None:
    assert jumps(quotes(*odds), POLICY).height == found


def test_a_few_jumps_among_many_moves_are_news_and_many_are_a_fault() -> None:
    wild = quotes(2.0, 1.2, 2.0)
    finding = steady("ants", wild, POLICY)
    assert (finding.passed, finding.severity, finding.found, finding.judged) == (False, "warning", 2, 2)
    assert finding.example == "a ants moneyline home: 2.0 to 1.2"
    calm = pl.concat([quotes(*([2.0] * 1001), fixture="b"), quotes(2.0, 1.2)])
    assert steady("ants", calm, POLICY).passed
    assert not steady("ants", calm, QualityPolicy(most_jumps=0.0)).passed


def test_refusals_are_counted_beside_what_was_offered() -> None:
    def of(*reasons: str) -> pl.DataFrame:
        return pl.DataFrame({"reason": reasons})

    assert refused("ants", of(*["a bad score"] * 10), 100, POLICY).passed
    finding = refused("ants", of(*["a bad score"] * 11, "no date"), 100, POLICY)
    assert (finding.passed, finding.severity, finding.example) == (False, "error", "a bad score")
    # A file may be refused line by line, games and prices apart.
    assert refused("ants", of(*["a bad score"] * 200), 100, POLICY).judged == 200
    # What is no game of ours is no flaw.
    assert refused("ants", of(*["a pre-season game"] * 90), 100, POLICY).found == 0


def test_a_stale_feed_is_a_warning_with_its_reason() -> None:
    finding = fresh(SOURCES["nflverse"], START, START + timedelta(days=60), POLICY)
    assert (finding.passed, finding.severity) == (False, "warning")
    assert finding.example is not None
    assert "nothing new since 2031-09-07" in finding.example
    assert fresh(SOURCES["nflverse"], START, START + timedelta(days=3), POLICY).passed


def test_two_sources_that_contradict_each_other_are_a_warning_and_no_refusal() -> None:
    results = pl.DataFrame(
        {"fixture": ["a"], "home_score": [3], "away_score": [0], "outcome": ["home"], "ending": [None]},
        schema_overrides={"ending": pl.String},
    )
    periods = pl.DataFrame(
        {"fixture": ["a"] * 4, "side": ["home", "home", "away", "away"], "period": [1, 2, 1, 2], "score": [1, 1, 0, 0]}
    )
    finding = contradictions("ants", results, periods, SPORTS["soccer"], POLICY)
    assert (finding.passed, finding.severity, finding.found, finding.judged) == (False, "warning", 1, 1)
    assert finding.example == "a: home has 3, its periods make 2"
