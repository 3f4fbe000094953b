"""A page for each table of a home: what it says, who fills it and under which terms, how new and how surely known.

It is drawn from a home and not kept with the code: rows, moments and shares are those of what was loaded there.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from antepost.ingestion import get_source
from antepost.ingestion.freshness import overdue, owed_within
from antepost.ingestion.load import FILLED, SHARED
from antepost.ingestion.policy import QualityPolicy
from antepost.lake.model import ABOUT, grid
from antepost.lake.schemas import TABLES

HOWS = ("recorded", "published", "bounded", "assumed")


def owner(table: str) -> str:
    """Return whose word stands in a table.

    >>> owner("prices")
    'every source has rows of its own'
    """
    if table == "fixtures":
        return "the source that decides the sport's fixtures"
    if table in SHARED:
        return "every source has rows of its own"
    if table in FILLED:
        return "column by column the first source to tell it"
    return "the first source to tell a fact"


def catalogue(report: pl.DataFrame, loads: pl.DataFrame, now: datetime, policy: QualityPolicy) -> pl.DataFrame:
    """Return a row for each table, sport and source of a home; ``report`` and ``loads`` are the lake's own.

    Columns: table, sport, source, tier, decides, rows, first and last season, newest (see ``Lake.report``), loaded
    (the last load), freshness (fresh, archive, or in what way it is stale), the shares of ``known_how``, cadence and
    terms.
    """
    if report.is_empty():
        return report
    shares = [((pl.col(how) * pl.col("rows")).sum() / pl.col("rows").sum()).alias(how) for how in HOWS]
    counted = report.group_by("table", "sport", "source", maintain_order=True).agg(
        pl.col("rows").sum(),
        pl.col("season").min().alias("first"),
        pl.col("season").max().alias("last"),
        pl.col("newest").max(),
        *shares,
    )
    newest = dict(report.group_by("source").agg(pl.col("newest").max()).iter_rows())
    told = [
        {
            "source": name, "tier": feed.tier, "decides": feed.primary, "cadence": feed.cadence, "terms": feed.terms,
            "freshness": "archive" if owed_within(feed) is None
            else overdue(feed, newest[name], now, policy.grace) or "fresh",
        }
        for name in report["source"].unique(maintain_order=True)
        for feed in (get_source(name),)
    ]  # fmt: skip
    last = loads.select("sport", "source", pl.col("last").alias("loaded"))
    order = {name: at for at, name in enumerate(TABLES)}
    return (
        counted.join(pl.DataFrame(told), on="source")
        .join(last, on=["sport", "source"])
        .sort(pl.col("table").replace_strict(order), "sport", pl.col("decides").not_(), "source")
        .select(
            "table", "sport", "source", "tier", "decides", "rows", "first", "last", "newest", "loaded", "freshness",
            *HOWS, "cadence", "terms",
        )
    )  # fmt: skip


def markdown(rows: pl.DataFrame, table: str | None = None) -> str:
    """Return the pages of all tables, or of one, drawn from the rows of ``catalogue``."""
    return "\n".join(_page(name, rows) for name in TABLES if table in (None, name))


def _page(table: str, rows: pl.DataFrame) -> str:
    ours = rows.filter(pl.col("table") == table) if rows.height else rows
    key = ", ".join(f"`{column}`" for column in TABLES[table].key)
    lines = [f"# {table}", f"{ABOUT[table]} Key: {key}. Whose word stands: {owner(table)}."]
    if ours.is_empty():
        return "\n\n".join([*lines, "Nothing was loaded here."]) + "\n"
    head = ("sport", "source", "tier", "rows", "seasons", "newest", "freshness", *HOWS)
    filled = [
        (
            row["sport"], row["source"] + (" (decides)" if row["decides"] else ""), row["tier"], f"{row['rows']:,}",
            f"{row['first']} to {row['last']}", f"{row['newest']:%Y-%m-%d}" if row["newest"] else "-",
            row["freshness"], *(f"{row[how]:.1%}" for how in HOWS),
        )
        for row in ours.iter_rows(named=True)
    ]  # fmt: skip
    terms = ours.unique("source", maintain_order=True).select("source", "cadence", "terms")
    return (
        "\n\n".join([*lines, grid(head, filled), grid(("source", "cadence", "terms"), list(terms.iter_rows()))]) + "\n"
    )
