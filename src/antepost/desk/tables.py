"""A sport's facts as the desk hands them on: every revision up to a load, those that can never stand left out."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from antepost.errors import DataError
from antepost.features.sources import tables_read
from antepost.lake import asof
from antepost.lake.batches import Batch, batches, watermark
from antepost.settings import Settings
from antepost.sports import get_sport

type Tables = dict[str, pl.DataFrame]


LOADED = ("fixtures", "results", "prices", "venues", "rosters", "officials")
"""What who plays, prices and labels are made of in every sport; to these come the tables that its features read."""


def load(settings: Settings, sport: str, batch: int | None = None, also: Iterable[str] = ()) -> Tables:
    """Return the settled facts of ``sport`` as loads up to ``batch`` (default: all) brought them.

    They are those of ``LOADED``, of which features are made, and of ``also``.

    Raises:
        DataError: nothing has been ingested for this sport, or tables have lost rows.
    """
    read = dict.fromkeys((*LOADED, *tables_read(get_sport(sport)), *also))
    return settled(settings, sport, read, batch)


def newest(settings: Settings, sport: str, also: Iterable[str] = ()) -> tuple[int, Tables]:
    """Return the newest load of ``sport`` and the facts as loads up to it brought them, see ``load``.

    The number is read first: of a load that ends in between neither tells, so that nothing made of these facts, a
    cached matrix, a bundle or a seal, names one that it does not know of.

    Raises:
        DataError: as ``load``.
    """
    batch = current_batch(settings, sport)
    return batch, load(settings, sport, batch, also)


def settled(settings: Settings, sport: str, names: Iterable[str], batch: int | None = None) -> Tables:
    """Return the tables ``names`` of ``sport``, less what a later load had replaced before it could be known.

    Raises:
        DataError: as ``load``.
    """
    return asof.settled(revisions(settings, sport, names, batch))


def loaded(settings: Settings, sport: str) -> list[Batch]:
    """Return the loads of ``sport``.

    Raises:
        DataError: there was none, or no such sport is known.
    """
    get_sport(sport)
    log = batches(settings, sport)
    if not log:
        raise DataError(f"no {sport} data in {settings.lake}; run: antepost ingest {sport}", sport=sport)
    return log


def revisions(settings: Settings, sport: str, names: Iterable[str], batch: int | None = None, after: int = 0) -> Tables:
    """Return every revision of the facts in ``names`` that loads ``after`` and up to ``batch`` (default: all) brought.

    Raises:
        DataError: as ``load``.
    """
    log = loaded(settings, sport)
    facts = asof.facts(settings, sport, batch, names, after)
    counted = [load for load in log if after < load.number and (batch is None or load.number <= batch)]
    for name, frame in facts.items():
        logged = sum(load.rows.get(name, 0) for load in counted)
        if frame.height < logged:
            raise DataError(
                f"the batch log says {logged:,} rows of {name}, silver/{sport} in {settings.lake} "
                f"has {frame.height:,}; "
                f"run: antepost ingest {sport}, which restores them from the raw bytes",
                table=name,
            )
    return facts


def loads(settings: Settings, sport: str) -> pl.DataFrame:
    """Return which source brought each load of a sport: batch, source."""
    log = [(batch.number, batch.source) for batch in batches(settings, sport)]
    return pl.DataFrame(log, schema={"batch": pl.Int64, "source": pl.String}, orient="row")


def is_simulated(settings: Settings, sport: str) -> bool:
    """Return whether the sport's facts are invented."""
    return any(batch.simulated for batch in batches(settings, sport))


def current_batch(settings: Settings, sport: str) -> int:
    """Return the newest load of a sport; a seal names it as its watermark."""
    return watermark(settings, sport)
