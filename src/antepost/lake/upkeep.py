"""Upkeep of silver: many small files of a table become few; no row, revision or log entry goes."""

from __future__ import annotations

from dataclasses import dataclass

from deltalake import DeltaTable

from antepost.lake import silver
from antepost.lake.batches import loading
from antepost.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    """One table, and of how many files it consisted before and after."""

    folder: str
    table: str
    before: int
    after: int


def compact(settings: Settings) -> list[Compacted]:
    """Return what became of each table's files; whoever reads meanwhile still finds the old ones.

    A load writes a file a table, so a home that is fed daily gathers thousands. The old files stay until somebody
    vacuums: no read of ours needs them, since a rebuild asks for batches and never for a version of the table.
    """
    done: list[Compacted] = []
    with loading(settings):
        silver.recover(settings)
        for table, folder, path in silver.tables(settings):
            if not DeltaTable.is_deltatable(path):
                continue
            held = DeltaTable(path)
            before = _files(held)
            if before > 1:
                with silver.writable(settings, table, path):
                    held.optimize.compact()
                    # Reading starts from here instead of from the first load.
                    held.create_checkpoint()
            done.append(Compacted(folder=folder, table=table, before=before, after=_files(held)))
    return done


def _files(table: DeltaTable) -> int:
    return len(table.file_uris())
