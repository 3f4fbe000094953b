"""From what a source claims to new rows, and from raw bytes to all tables again; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import polars as pl

from antepost.errors import DataError
from antepost.ingestion.source import Parsed
from antepost.ingestion.sources import get_source
from antepost.lake import asof
from antepost.lake.batches import Batch
from antepost.lake.schemas import QUARANTINE, TABLES, Table

type Tables = dict[str, pl.DataFrame]

MISSING_ALLOWED = 3
"""Games of a season that may vanish from a later payload (a cancelled one) before it counts as cut off."""


def revise(known: Mapping[str, pl.DataFrame], parsed: Parsed, received_at: datetime, batch: int, raw: str) -> Tables:
    """Return the rows that ``parsed`` adds to the revisions already ``known``.

    A fact not seen before is known by its source's rule. A fact that changed is a correction, known from its
    receipt, or by the rule where that is later: a closing price that moves on Wednesday is still the closing
    price of Sunday. A fact that did not change adds nothing.
    """
    return {
        name: _revised(TABLES[name], known[name], frame, received_at, batch, raw)
        for name, frame in parsed.tables.items()
    }


def refuse_shrunk(known: pl.DataFrame, parsed: Parsed) -> None:
    """Refuse a payload that lacks games we know of in a season that it covers.

    Raises:
        DataError: more than a few are missing, as when a file was cut off between two rows.
    """
    fixtures = parsed.tables["fixtures"].select("season", "fixture")
    held = known.select("season", "fixture").unique()
    covered = held.filter(pl.col("season").is_in(fixtures["season"].unique().implode()))
    lost = covered.join(fixtures, on="fixture", how="anti").group_by("season").len("lost").sort("season")
    gaps = lost.filter(pl.col("lost") > MISSING_ALLOWED)
    if gaps.height:
        season, count = gaps.row(0)
        raise DataError(
            f"the payload lacks {count} games of season {season} that were ingested before; it is cut off or "
            "another feed: fetch it again, or set another ANTEPOST_HOME",
            season=season,
            lost=count,
        )


def refusals(held: pl.DataFrame, parsed: Parsed, batch: Batch) -> pl.DataFrame:
    """Return the quarantine rows of a load: what ``parsed`` refused and the quarantine does not hold yet."""
    fresh = parsed.refused.join(held.filter(pl.col("source") == batch.source), on=["reason", "row"], how="anti")
    stamps = {"sport": batch.sport, "source": batch.source, "batch": batch.number, "raw": batch.raw}
    return fresh.with_columns(pl.lit(value).alias(name) for name, value in stamps.items()).select(
        pl.col(name).cast(kind) for name, kind in QUARANTINE.items()
    )


def new_rows(known: Mapping[str, pl.DataFrame], parsed: Parsed, batch: Batch) -> Tables:
    """Return the facts and refusals that a load adds to the tables ``known``, quarantine among them."""
    rows = revise(known, parsed, batch.received_at, batch.number, batch.raw)
    return {**rows, "quarantine": refusals(known["quarantine"], parsed, batch)}


def replay_all(batches: Iterable[Batch], read_raw: Callable[[str], bytes]) -> Tables:
    """Return every table, the quarantine too, as the loads ``batches`` of one sport made it.

    Raises:
        DataError: a load was read by another version of its parser, or its bytes are gone.
    """
    tables: Tables = {name: table.empty() for name, table in TABLES.items()}
    tables["quarantine"] = pl.DataFrame(schema=dict(QUARANTINE))
    for batch in batches:
        source = get_source(batch.source)
        source.require_parser(batch.parser)
        parsed = source.parse(read_raw(batch.raw)).within(batch.seasons)
        for name, added in new_rows(tables, parsed, batch).items():
            tables[name] = pl.concat([tables[name], added])
    return tables


def replay(batches: Iterable[Batch], read_raw: Callable[[str], bytes]) -> Tables:
    """Return a sport's facts by table, from raw bytes and batch log alone, in the order of ``lake.facts``.

    Raises:
        DataError: a load was read by another version of its parser, or its bytes are gone.
    """
    tables = replay_all(batches, read_raw)
    return {name: asof.canonical(name, tables[name]) for name in TABLES}


def _revised(
    table: Table, known: pl.DataFrame, parsed: pl.DataFrame, received_at: datetime, batch: int, raw: str
) -> pl.DataFrame:
    compared = [name for name in table.claimed if name not in {*table.key, "known_at", "known_how"}]
    last = asof.newest(known, table.key).select(*table.key, pl.lit(True).alias("_seen"), *compared)
    beside = parsed.join(last, on=list(table.key), how="left", suffix="_before")
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in compared)
    changed = beside.filter(pl.col("_seen").is_null() | differs)
    receipt = pl.lit(received_at).dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC"))
    late = pl.col("_seen").is_not_null() & (receipt >= pl.col("known_at"))
    return changed.with_columns(
        pl.when(late).then(receipt).otherwise("known_at").alias("known_at"),
        pl.when(late).then(pl.lit("recorded")).otherwise("known_how").alias("known_how"),
        pl.lit(batch, pl.Int64).alias("batch"),
        pl.lit(raw).alias("raw"),
    ).select(list(table.schema))
