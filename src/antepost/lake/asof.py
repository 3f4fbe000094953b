"""The only way to read facts: all their revisions up to a load, or what could be known before a moment."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from antepost.domain.clock import micros
from antepost.lake import silver
from antepost.lake.batches import watermark
from antepost.lake.schemas import TABLES
from antepost.settings import Settings

type Facts = dict[str, pl.DataFrame]


def facts(settings: Settings, sport: str, batch: int | None = None) -> Facts:
    """Return, by table, every revision of a sport's facts up to load ``batch``, in canonical order."""
    newest = watermark(settings)
    limit = newest if batch is None else min(batch, newest)
    return {name: canonical(name, silver.read(settings, name, sport, limit)) for name in TABLES}


def canonical(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of ``table`` ordered by start, key and load, which is one order only."""
    return frame.sort("event_at", *TABLES[table].key, "batch")


def visible(frame: pl.DataFrame, key: tuple[str, ...], as_of: datetime) -> pl.DataFrame:
    """Return the newest revision of each fact with ``known_at`` before ``as_of``, half open.

    Newest is what a later load said, not what is stamped later: a match brought forward has a closing price
    that is known earlier than the one it replaces.
    """
    return newest(frame.filter(pl.col("known_at") < _moment(as_of)), key)


def newest(frame: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """Return the last revision of each fact, whenever it was known; for people, never for features."""
    return frame.sort("batch", "known_at").unique(list(key), keep="last", maintain_order=True)


def _moment(as_of: datetime) -> pl.Expr:
    # Through integers, so that a naive moment is refused instead of taken for UTC.
    return pl.lit(micros(as_of)).cast(pl.Datetime("us", "UTC"))
