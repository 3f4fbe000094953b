"""Every check of every source over what a home holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime

import polars as pl

from antepost.desk.tables import loads, revisions
from antepost.ingestion import findings as checks
from antepost.ingestion import get_source
from antepost.ingestion.policy import QualityPolicy
from antepost.lake import TABLES, asof, silver
from antepost.settings import Settings
from antepost.sports import Sport, get_sport

_SHOWN: dict[str, pl.DataType] = {
    "sport": pl.String(), "source": pl.String(), "check": pl.String(), "severity": pl.String(), "passed": pl.Boolean(),
    "found": pl.Int64(), "judged": pl.Int64(), "example": pl.String(),
}  # fmt: skip


def findings(
    settings: Settings,
    sports: Iterable[str],
    report: pl.DataFrame,
    loaded: pl.DataFrame,
    now: datetime,
    policy: QualityPolicy,
    source: str | None = None,
    *,
    rows: bool = True,
) -> pl.DataFrame:
    """Return what each check says of each source of ``sports`` that was loaded, or of ``source`` alone.

    ``report`` and ``loaded`` are those of ``Lake.report`` and ``Lake.loads``.

    Columns: sport, source, check, severity, passed, found, judged, example.
    """
    told: list[dict[str, object]] = []
    for name in sports:
        of_sport = loaded.filter(pl.col("sport") == name) if loaded.height else loaded
        chosen = of_sport if source is None or of_sport.is_empty() else of_sport.filter(pl.col("source") == source)
        newest = dict(report.filter(pl.col("sport") == name).group_by("source").agg(pl.col("newest").max()).iter_rows())
        refused = silver.read(settings, "quarantine", name).select("source", "reason")
        facts = _Facts(settings, get_sport(name)) if rows and chosen.height else None
        for load in chosen.iter_rows(named=True):
            feed = get_source(load["source"])
            found = [
                checks.refused(feed.name, refused.filter(pl.col("source") == feed.name), load["games"], policy),
                checks.fresh(feed, newest.get(feed.name), now, policy),
                *(facts.judged(feed.name, policy) if facts else ()),
            ]
            told.extend({"sport": name, **asdict(finding)} for finding in found)
    return pl.DataFrame(told, schema=_SHOWN)


class _Facts:
    """A sport's scores, periods and prices, each row with the source that brought it."""

    def __init__(self, settings: Settings, sport: Sport) -> None:
        every = revisions(settings, sport.name, ("results", "periods", "prices"))
        facts = asof.settled(every)
        log = loads(settings, sport.name)
        told = {name: _told_by(facts[name], every[name], name, log) for name in ("periods", "prices")}
        self.sport = sport
        self.results = asof.newest(facts["results"], TABLES["results"].key)
        self.periods = asof.newest(told["periods"], TABLES["periods"].key)
        self.prices = told["prices"]

    def judged(self, source: str, policy: QualityPolicy) -> Iterator[checks.Finding]:
        """Yield what is said of the source's periods and prices, where it has any."""
        periods = self.periods.filter(pl.col("source") == source)
        if periods.height:
            yield checks.contradictions(source, self.results, periods, self.sport, policy)
        prices = self.prices.filter(pl.col("source") == source).drop("source")
        if prices.height:
            yield checks.steady(source, prices, policy)


def _told_by(frame: pl.DataFrame, every: pl.DataFrame, table: str, log: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the source that told each fact first: one that dates a game restates what others told."""
    key = list(TABLES[table].key)
    first = every.group_by(key).agg(pl.col("batch").min().alias("told_in"))
    beside = frame.join(first, on=key, nulls_equal=True, maintain_order="left")
    return beside.join(log.rename({"batch": "told_in"}), on="told_in", maintain_order="left").drop("told_in")
