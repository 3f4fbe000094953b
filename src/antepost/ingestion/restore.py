"""Silver, made whole again from raw bytes and batch log where rows that were committed are gone."""

from __future__ import annotations

import polars as pl

from antepost.ingestion.load import replay_all
from antepost.lake import raw, silver
from antepost.lake.batches import Batch, batches
from antepost.settings import Settings


def restore(settings: Settings, sport: str) -> dict[str, int]:
    """Return, by table of ``sport``, how many rows were written again; call it under ``batches.loading`` only.

    Every load says in the log how many rows it added. Where a table holds another number (its folder was
    removed, or a power cut came before the disk had it), all loads are replayed and their rows put there.

    Raises:
        DataError: raw bytes are gone too, or were read by another version of their parser.
    """
    log = batches(settings, sport)
    there = {name for name, folder, _ in silver.tables(settings) if folder == sport}
    asked = [name for name in silver.NAMES if name in there or _logged(log, name)]
    torn = [name for name in asked if silver.counts(settings, name, sport) != _logged(log, name)]
    if not torn:
        return {}
    whole = replay_all(log, lambda sha: raw.read(settings, sha))
    return {name: _rewrite(settings, name, sport, whole[name], log) for name in torn}


def _logged(log: list[Batch], table: str) -> dict[int, int]:
    return {batch.number: batch.rows[table] for batch in log if batch.rows.get(table)}


def _rewrite(settings: Settings, table: str, sport: str, whole: pl.DataFrame, log: list[Batch]) -> int:
    silver.clear(settings, table, sport)
    return sum(
        silver.append(settings, table, whole.filter(pl.col("batch") == batch.number), batch.number) for batch in log
    )
