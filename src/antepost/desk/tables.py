"""A sport's facts as the desk hands them on: every revision up to a load, those that can never stand left out."""

from __future__ import annotations

import polars as pl

from antepost.errors import DataError
from antepost.lake import asof
from antepost.lake.batches import batches, watermark
from antepost.lake.schemas import TABLES
from antepost.settings import Settings
from antepost.sports import get_sport

type Tables = dict[str, pl.DataFrame]


def load(settings: Settings, sport: str, batch: int | None = None) -> Tables:
    """Return the settled facts of ``sport`` as loads up to ``batch`` (default: all) brought them.

    Raises:
        DataError: nothing has been ingested for this sport.
    """
    get_sport(sport)
    if not batches(settings, sport):
        raise DataError(f"no {sport} data in {settings.home}; run: antepost ingest {sport}", sport=sport)
    return settle(asof.facts(settings, sport, batch))


def settle(tables: Tables) -> Tables:
    """Return the tables without rows that a later load replaced from the same moment on, or from an earlier one.

    A match brought forward has a closing price known before the one it replaces; the old row would otherwise
    come back once its own later moment has passed.
    """
    return {name: _settle(frame, TABLES[name].key) for name, frame in tables.items()}


def _settle(frame: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    if frame.is_empty():
        return frame
    ordered = frame.sort(*key, "batch", descending=[False] * len(key) + [True])
    later = pl.col("known_at").cum_min().shift(1).over(key)
    return ordered.filter(later.is_null() | (later > pl.col("known_at"))).sort("event_at", *key, "batch")


def is_simulated(settings: Settings, sport: str) -> bool:
    """Return whether the sport's facts come from the simulated league."""
    return any(batch.simulated for batch in batches(settings, sport))


def current_batch(settings: Settings, sport: str) -> int:
    """Return the newest load of a sport; a seal names it as its watermark."""
    return watermark(settings, sport)
