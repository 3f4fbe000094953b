"""Silver, made whole again from raw bytes and batch log where rows that were committed are gone."""

from __future__ import annotations

from antepost.ingestion.load import Tables, replay_all
from antepost.lake import raw, silver
from antepost.lake.batches import Batch, batches
from antepost.settings import Settings


def restore(settings: Settings) -> dict[str, int]:
    """Return, by table, how many rows were written again; call it under ``batches.loading`` only.

    Every load says in the log how many rows it added. Where a table holds another number (its folder was
    removed, or a power cut came before the disk had it), all loads are replayed and their rows put there.

    Raises:
        DataError: raw bytes are gone too, or were read by another version of their parser.
    """
    log = batches(settings)
    torn = [name for name in silver.NAMES if silver.counts(settings, name) != _logged(log, name)]
    if not torn:
        return {}
    whole = _replayed(settings, log)
    return {name: _rewrite(settings, name, whole, log) for name in torn}


def _logged(log: list[Batch], table: str) -> dict[int, int]:
    return {batch.number: batch.rows[table] for batch in log if batch.rows.get(table)}


def _replayed(settings: Settings, log: list[Batch]) -> list[Tables]:
    sports = dict.fromkeys(batch.sport for batch in log)
    return [
        replay_all([batch for batch in log if batch.sport == sport], lambda sha: raw.read(settings, sha))
        for sport in sports
    ]


def _rewrite(settings: Settings, table: str, whole: list[Tables], log: list[Batch]) -> int:
    silver.clear(settings, table)
    written = 0
    for batch in log:
        for tables in whole:
            rows = tables[table].filter(tables[table]["batch"] == batch.number)
            written += silver.append(settings, table, rows, batch.number)
    return written
