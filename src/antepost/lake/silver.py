"""Silver: one append-only Delta table a kind of fact, read no further than the batch log says.

Rows whose batch is not in the log do not exist yet; ``recover`` removes what a killed load left behind.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError

from antepost.errors import DataError
from antepost.lake.batches import watermark
from antepost.lake.schemas import QUARANTINE, TABLES, Schema, check
from antepost.settings import Settings
from antepost.telemetry import boundary

# Left on, a checkpoint would delete the log after thirty days, and the old versions with it.
_CONFIGURATION: dict[str, str | None] = {"delta.enableExpiredLogCleanup": "false"}
_SCHEMAS: dict[str, Schema] = {
    **{name: table.schema for name, table in TABLES.items()},
    "quarantine": QUARANTINE,
}
NAMES = tuple(_SCHEMAS)


def append(settings: Settings, table: str, frame: pl.DataFrame, batch: int) -> int:
    """Return how many rows of ``batch`` were added to ``table``; they are read once the batch is in the log.

    Raises:
        DataError: the rows do not fit the table, or belong to another batch.
    """
    rows = check(frame, _schema(table), f"silver table {table}")
    if rows.is_empty():
        return 0
    if rows["batch"].unique().to_list() != [batch]:
        raise DataError(f"rows of batches {rows['batch'].unique().to_list()} offered as batch {batch}", table=table)
    write_deltalake(_path(settings, table), rows, mode="append", configuration=_CONFIGURATION)
    boundary("silver.appended")
    return rows.height


def read(settings: Settings, table: str, sport: str, batch: int | None = None) -> pl.DataFrame:
    """Return every revision of the facts of ``table``, as committed up to ``batch`` (or the newest load).

    Raises:
        DataError: there is no such table, or its files are damaged.
    """
    newest = watermark(settings)
    limit = newest if batch is None else min(batch, newest)
    rows = _rows(settings, table, pl.col("sport") == sport, pl.col("batch") <= limit)
    return check(rows, _schema(table), f"silver table {table}")


def recover(settings: Settings) -> dict[str, int]:
    """Return, by table, how many rows of loads that never reached the log were removed.

    Call it under ``batches.loading`` only: another process may be about to commit those rows.
    """
    newest = watermark(settings)
    removed: dict[str, int] = {}
    for table in _SCHEMAS:
        left = _rows(settings, table, pl.col("batch") > newest).height
        if left:
            DeltaTable(_path(settings, table)).delete(f"batch > {newest}")
            removed[table] = left
    return removed


def clear(settings: Settings, table: str) -> None:
    """Remove every row of ``table``, and a folder that is no longer a table, so that it can be written again.

    Call it under ``batches.loading`` only, and write the rows again at once.
    """
    path = _path(settings, table)
    if path.exists():
        shutil.rmtree(path)


def counts(settings: Settings, table: str) -> dict[int, int]:
    """Return how many rows of ``table`` each load brought, committed or not."""
    rows = _rows(settings, table).group_by("batch").len()
    return dict(zip(rows["batch"].to_list(), rows["len"].to_list(), strict=True))


def _rows(settings: Settings, table: str, *where: pl.Expr) -> pl.DataFrame:
    path = _path(settings, table)
    try:
        files = DeltaTable(path).file_uris() if DeltaTable.is_deltatable(str(path)) else []
        if not files:
            return pl.DataFrame(schema=dict(_schema(table)))
        return pl.scan_parquet(files).filter(*where).collect() if where else pl.read_parquet(files)
    except (DeltaError, pl.exceptions.PolarsError, OSError) as error:
        raise DataError(
            f"silver table {table} at {path} cannot be read ({error}); "
            "remove that folder and ingest again: raw bytes and batch log hold everything",
            table=table,
        ) from error


def _path(settings: Settings, table: str) -> Path:
    return settings.silver / table


def _schema(table: str) -> Schema:
    try:
        return _SCHEMAS[table]
    except KeyError:
        raise DataError(f"no silver table {table!r}; choose from {', '.join(_SCHEMAS)}", table=table) from None
