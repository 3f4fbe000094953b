"""What a source's loads leave to be wished for, with its severity; the same functions for reports and for checks.

A broken rule (``checks``) is an error: its row is in the quarantine already. A warning stops no row: somebody should
look.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import polars as pl

from antepost.ingestion.freshness import overdue
from antepost.ingestion.periods import contradicted
from antepost.ingestion.policy import QualityPolicy
from antepost.ingestion.source import Source
from antepost.lake.movement import moves
from antepost.sports import Sport

type Severity = Literal["warning", "error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check says of one source: ``found`` of ``judged`` rows, and whether that is few enough."""

    source: str
    check: str
    severity: Severity
    passed: bool
    found: int
    judged: int
    example: str | None = None


CHECKS: dict[str, Severity] = {
    "hardly_any_refused": "error",
    "fresh": "warning",
    "periods_make_the_score": "warning",
    "prices_do_not_jump": "warning",
}
"""Every check of a source, and how grave it is where it does not pass."""

NOT_OURS = "not ours|pre-season|all-star|before 1999|total of a season|free week|nobody plays"
"""What a source may hold many of, and is refused because it is no game that we know."""


def refused(source: str, rows: pl.DataFrame, of: int, policy: QualityPolicy) -> Finding:
    """Return whether hardly any of a source's rows were refused that are about games of ours.

    Args:
        source: its name.
        rows: the quarantine's rows of the source, of which ``reason`` is read.
        of: how many rows its payloads held.
        policy: how many are too many.
    """
    told = rows.filter(~pl.col("reason").str.contains(NOT_OURS))["reason"]
    often = told.value_counts(sort=True)["reason"][0] if len(told) else None
    return _finding(source, "hardly_any_refused", len(told), max(of, len(told)), policy.most_refused, often)


def fresh(source: Source, newest: datetime | None, now: datetime, policy: QualityPolicy) -> Finding:
    """Return whether what a source told is new enough, see ``freshness.overdue``."""
    late = overdue(source, newest, now, policy.grace)
    return _finding(source.name, "fresh", int(late is not None), 1, 0.0, late)


def contradictions(
    source: str, results: pl.DataFrame, periods: pl.DataFrame, sport: Sport, policy: QualityPolicy
) -> Finding:
    """Return whether a source's ``periods`` make up the scores that stand, whoever told those."""
    wrong = contradicted(results, periods, sport)
    told = f"{wrong['fixture'][0]}: {wrong['told'][0]}" if wrong.height else None
    both = periods.join(results, on="fixture", how="semi")
    judged = both["fixture"].n_unique() if sport.score_from else 0
    return _finding(source, "periods_make_the_score", wrong.height, judged, policy.most_contradicted, told)


def jumps(prices: pl.DataFrame, policy: QualityPolicy) -> pl.DataFrame:
    """Return the moves of ``prices`` under one line that are larger than the policy lets pass, the largest first.

    Columns: those of ``lake.movement.moves``.
    """
    return _jumps(moves(prices), policy)


def steady(source: str, prices: pl.DataFrame, policy: QualityPolicy) -> Finding:
    """Return whether hardly any price of a source jumps from one snapshot to the next."""
    told = moves(prices, repeated=True).drop_nulls("moved")
    wild = _jumps(told, policy)
    return _finding(source, "prices_do_not_jump", wild.height, told.height, policy.most_jumps, _told(wild))


def _jumps(told: pl.DataFrame, policy: QualityPolicy) -> pl.DataFrame:
    return told.filter(pl.col("moved").abs() > policy.jump).sort(pl.col("moved").abs(), descending=True)


def _told(wild: pl.DataFrame) -> str | None:
    if wild.is_empty():
        return None
    row = wild.row(0, named=True)
    return f"{row['fixture']} {row['book']} {row['market']} {row['outcome']}: {row['odds_before']} to {row['odds']}"


def _finding(source: str, check: str, found: int, judged: int, most: float, example: str | None = None) -> Finding:
    return Finding(
        source=source, check=check, severity=CHECKS[check], passed=found <= most * judged, found=found, judged=judged,
        example=example,
    )  # fmt: skip
