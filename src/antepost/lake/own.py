"""A quant's own facts: tables of theirs below ``silver/own``, with the stamps, loads and revisions of all others.

The rows that a load added are kept as raw bytes too, so that a table that was lost is there again.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import datetime

import polars as pl

from antepost.errors import DataError
from antepost.lake import asof, raw, silver
from antepost.lake.batches import OWN, Batch, Payload, batches, commit, loading, watermark
from antepost.lake.schemas import COUNT, DAY, FLAG, MOMENT, NUMBER, TEXT, WHOLE, check
from antepost.settings import Settings

HOWS = ("recorded", "published", "bounded", "assumed")
STAMPS = ("event_at", "known_at", "known_how")
_STATED = (*STAMPS, "batch", "raw")
_TYPES = (TEXT, WHOLE, COUNT, NUMBER, FLAG, DAY, MOMENT)


def add(
    settings: Settings,
    name: str,
    frame: pl.DataFrame,
    received_at: datetime,
    *,
    event_at: str,
    known_at: str,
    key: Iterable[str] | None = None,
    how: str = "assumed",
) -> int:
    """Return how many rows of ``frame`` were new to the table ``name``, which is made where there is none.

    A fact that is there already and did not change adds nothing. One that changed is a correction: a new revision,
    known from its receipt, or from its own ``known_at`` where that is later.

    Args:
        settings: the home.
        name: the table: small letters, digits, underscores.
        frame: one row a fact.
        received_at: now.
        event_at: the column that says when it happens, a UTC moment.
        known_at: the column that says from when on somebody outside could know it, a UTC moment.
        key: the columns that name a fact; by default ``fixture`` where there is such a column.
        how: how ``known_at`` is known: recorded, published, bounded or assumed.

    Raises:
        DataError: a stamp is missing or is no UTC moment, two rows are one fact, or the columns are not the table's.
    """
    stated = _stated(name, frame, event_at, known_at, how)
    with loading(settings):
        silver.recover(settings)
        log = loads(settings, name)
        names = _key(name, log, stated, key)
        twice = stated.filter(pl.struct(names).is_duplicated())
        if twice.height:
            told = ", ".join(f"{column} {twice[column][0]}" for column in names)
            raise DataError(f"{name} is given two rows for one fact ({told}); name more columns in key", key=names)
        fresh = _revised(_restored(settings, name, log), stated, names, received_at) if log else stated
        if fresh.is_empty():
            return 0
        batch = _batch(settings, name, fresh, names, received_at)
        silver.put(settings, name, OWN, _stamped(fresh, batch.number, batch.payloads[0].raw))
        commit(settings, batch)
    return fresh.height


def rows(settings: Settings, name: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return every revision of the facts of ``name`` that can stand, and the columns that name a fact.

    Raises:
        DataError: there is no such table.
    """
    log = loads(settings, name)
    if not log:
        there = sorted({batch.source for batch in batches(settings, OWN)})
        raise DataError(f"no facts of your own called {name!r}; there are: {', '.join(there) or 'none'}", table=name)
    whole = silver.counts(settings, name, OWN)
    frame = silver.held(settings, name, OWN, log[-1].number) if _complete(whole, log) else None
    return asof.settled_rows(_replayed(settings, log) if frame is None else frame, log[0].key), log[0].key


def loads(settings: Settings, name: str) -> list[Batch]:
    """Return the loads of the table ``name``, in order."""
    return [batch for batch in batches(settings, OWN) if batch.source == name]


def _stated(name: str, frame: pl.DataFrame, event_at: str, known_at: str, how: str) -> pl.DataFrame:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise DataError(f"{name!r} is no name of a table; write small letters, digits and underscores", table=name)
    if how not in HOWS:
        raise DataError(f"known_at cannot be {how!r}; choose from {', '.join(HOWS)}", how=how)
    for column in (event_at, known_at):
        if column not in frame.columns:
            raise DataError(f"{name} has no column {column!r}; it has {', '.join(frame.columns)}", column=column)
        kind = frame.schema[column]
        if not isinstance(kind, pl.Datetime) or kind.time_zone != "UTC":
            raise DataError(f"{column} of {name} is {kind}; make it a moment in UTC", column=column)
        if frame[column].null_count():
            raise DataError(
                f"{column} of {name} is null in {frame[column].null_count()} rows; drop them", column=column
            )
    if event_at == known_at:
        frame = frame.with_columns(pl.col(known_at).alias("known_at"))
        known_at = "known_at"
    taken = set(_STATED) & (set(frame.columns) - {event_at, known_at})
    if taken:
        raise DataError(f"{name} has columns that the lake writes itself: {', '.join(sorted(taken))}; rename them")
    moments = frame.rename({event_at: "event_at", known_at: "known_at"}).with_columns(
        pl.col("event_at", "known_at").cast(MOMENT), pl.lit(how).alias("known_how")
    )
    odd = [f"{column} ({kind})" for column, kind in moments.schema.items() if kind not in _TYPES]
    if odd:
        raise DataError(f"{name} has columns of a type the lake does not keep: {', '.join(odd)}; cast them")
    return moments.select(*STAMPS, pl.exclude(STAMPS))


def _key(name: str, log: list[Batch], stated: pl.DataFrame, key: Iterable[str] | None) -> tuple[str, ...]:
    if key is None and log:
        return log[0].key
    named = tuple(key) if key is not None else tuple(column for column in ("fixture",) if column in stated.columns)
    unfit = [column for column in named if column not in stated.columns or column in ("known_at", "known_how")]
    if not named or unfit:
        raise DataError(f"say by key= which columns of {name} name a fact; it has {', '.join(stated.columns)}")
    if log and named != log[0].key:
        raise DataError(f"facts of {name} are named by {', '.join(log[0].key)}, not by {', '.join(named)}")
    return named


def _revised(known: pl.DataFrame, stated: pl.DataFrame, key: tuple[str, ...], received_at: datetime) -> pl.DataFrame:
    offered = check(stated, {name: known.schema[name] for name in known.columns if name not in ("batch", "raw")}, "add")
    compared = [column for column in offered.columns if column not in {*key, "known_at", "known_how"}]
    last = asof.newest(known, key).select(*key, *compared, pl.lit(True).alias("_seen"))
    beside = offered.join(last, on=list(key), how="left", suffix="_before", nulls_equal=True, maintain_order="left")
    differs = [pl.col(column).ne_missing(pl.col(f"{column}_before")) for column in compared]
    changed = beside.filter(pl.any_horizontal(pl.col("_seen").is_null(), *differs))
    receipt = pl.lit(received_at).dt.convert_time_zone("UTC").cast(MOMENT)
    late = pl.col("_seen").is_not_null() & (receipt >= pl.col("known_at"))
    return changed.with_columns(
        pl.when(late).then(receipt).otherwise("known_at").alias("known_at"),
        pl.when(late).then(pl.lit("recorded")).otherwise("known_how").alias("known_how"),
    ).select(offered.columns)


def _batch(settings: Settings, name: str, fresh: pl.DataFrame, key: tuple[str, ...], received_at: datetime) -> Batch:
    data = io.BytesIO()
    fresh.write_parquet(data)
    return Batch(
        number=watermark(settings) + 1,
        sport=OWN,
        source=name,
        payloads=(Payload(part=name, raw=raw.store(settings, data.getvalue())),),
        received_at=received_at,
        parser="own-1",
        origin="added by hand",
        games=fresh.height,
        rows={name: fresh.height},
        key=key,
    )


def _stamped(frame: pl.DataFrame, number: int, sha: str) -> pl.DataFrame:
    stamps = (pl.lit(number, pl.Int64).alias("batch"), pl.lit(sha).alias("raw"))
    return frame.with_columns(stamps).select(*_STATED, pl.exclude(_STATED))


def _restored(settings: Settings, name: str, log: list[Batch]) -> pl.DataFrame:
    """Return the table, written again from raw bytes where committed rows are gone."""
    if _complete(silver.counts(settings, name, OWN), log):
        frame = silver.held(settings, name, OWN, log[-1].number)
        if frame is not None:
            return frame
    whole = _replayed(settings, log)
    silver.clear(settings, name, OWN)
    silver.put(settings, name, OWN, whole)
    return whole


def _complete(counted: dict[int, int], log: list[Batch]) -> bool:
    return {batch.number: sum(batch.rows.values()) for batch in log}.items() <= counted.items()


def _replayed(settings: Settings, log: list[Batch]) -> pl.DataFrame:
    each = [(batch.number, batch.payloads[0].raw) for batch in log]
    return pl.concat(_stamped(pl.read_parquet(raw.read(settings, sha)), number, sha) for number, sha in each)
