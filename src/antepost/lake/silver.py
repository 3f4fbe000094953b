"""Silver: one append-only Delta table a sport and kind of fact, read no further than the batch log says.

Rows whose batch is not in the log do not exist yet; ``recover`` removes what a killed load left behind.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager

import polars as pl
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError

from antepost.errors import DataError
from antepost.lake.batches import begin, pending, settle, watermark
from antepost.lake.schemas import QUARANTINE, TABLES, check, table_of
from antepost.lake.store import store_of
from antepost.settings import Settings, home_refused
from antepost.telemetry import boundary

# Left on, a checkpoint would delete the log after thirty days, and the old versions with it.
_CONFIGURATION: dict[str, str | None] = {"delta.enableExpiredLogCleanup": "false"}
_SILVER = "silver"
NAMES = (*TABLES, "quarantine")


def append(settings: Settings, table: str, frame: pl.DataFrame, batch: int) -> int:
    """Return how many rows of ``batch`` were added to ``table``; they are read once the batch is in the log.

    Raises:
        DataError: the rows do not fit the table, or belong to another batch.
    """
    if frame.is_empty():
        return 0
    sport = str(frame["sport"][0])
    rows = check(frame, _schema(table, sport), f"silver table {table}")
    if rows["batch"].unique().to_list() != [batch]:
        raise DataError(f"rows of batches {rows['batch'].unique().to_list()} offered as batch {batch}", table=table)
    put(settings, table, sport, rows)
    return rows.height


def put(settings: Settings, table: str, folder: str, rows: pl.DataFrame) -> None:
    """Add ``rows``, which were checked, to ``table`` in ``folder``: a sport's, or that of a quant's own facts.

    Raises:
        SettingsError: the home's disk is full or read-only.
        DataError: the table cannot be written for another reason.
    """
    store_of(settings).require_writing()
    if pending(settings) != folder:
        begin(settings, folder)
    path = path_of(settings, table, folder)
    with writable(settings, table, path):
        write_deltalake(path, rows, mode="append", configuration=_CONFIGURATION)
    boundary("silver.appended")


def read(settings: Settings, table: str, sport: str, batch: int | None = None, after: int = 0) -> pl.DataFrame:
    """Return every revision of the facts of ``table``, as committed after ``after`` and up to ``batch`` (or now).

    Raises:
        DataError: there is no such table, or its files are damaged.
    """
    newest = watermark(settings)
    limit = newest if batch is None else min(batch, newest)
    schema = _schema(table, sport)
    rows = held(settings, table, sport, limit, after)
    return pl.DataFrame(schema=schema) if rows is None else check(rows, schema, f"silver table {table}")


def held(settings: Settings, table: str, folder: str, limit: int, after: int = 0) -> pl.DataFrame | None:
    """Return the rows of ``table`` in ``folder`` that loads after ``after`` and up to ``limit`` brought.

    None says that no row ever was.

    Raises:
        DataError: its files are damaged.
    """
    path = path_of(settings, table, folder)
    with _readable(table, path):
        files = _files(path)
        return pl.scan_parquet(files).filter(pl.col("batch").is_between(after + 1, limit)).collect() if files else None


def recover(settings: Settings) -> dict[str, int]:
    """Return, by table, how many rows of loads that never reached the log were removed.

    Call it under ``batches.loading`` only: another process may be about to commit those rows.
    """
    sport = pending(settings)
    if sport is None:
        return {}
    newest = watermark(settings)
    removed: dict[str, int] = {}
    for table, found, path in tables(settings):
        if found != sport:
            continue
        left = sum(rows for batch, rows in counts(settings, table, sport).items() if batch > newest)
        if left:
            with writable(settings, table, path):
                DeltaTable(path).delete(f"batch > {newest}")
            removed[table] = left
    settle(settings)
    return removed


def tables(settings: Settings) -> list[tuple[str, str, str]]:
    """Return every table there is: its name, its folder (a sport, or ``own``) and its path or URL."""
    store = store_of(settings)
    return [
        (name, folder, path_of(settings, name, folder))
        for folder in store.folders(_SILVER)
        for name in store.folders(f"{_SILVER}/{folder}")
    ]


def clear(settings: Settings, table: str, sport: str) -> None:
    """Remove every row of ``table``, and a folder that is no longer a table, so that it can be written again.

    Call it under ``batches.loading`` only, and write the rows again at once.
    """
    store_of(settings).remove(f"{_SILVER}/{sport}/{table}")


def counts(settings: Settings, table: str, sport: str) -> dict[int, int]:
    """Return how many rows of ``table`` each load brought, committed or not."""
    path = path_of(settings, table, sport)
    with _readable(table, path):
        files = _files(path)
        rows = pl.scan_parquet(files).group_by("batch").len().collect() if files else pl.DataFrame()
    return dict(rows.select("batch", "len").iter_rows()) if rows.width else {}


def _files(path: str) -> list[str]:
    # Its URIs are percent-encoded where a folder's name has a blank or an accent: names below the table are not.
    if not DeltaTable.is_deltatable(path):
        return []
    return [f"{path}/{name}" for name in pl.DataFrame(DeltaTable(path).get_add_actions(flatten=True))["path"]]


@contextmanager
def writable(settings: Settings, table: str, path: str) -> Generator[None]:
    """Turn what the Delta library says of a write that failed into an error of ours.

    Raises:
        SettingsError: the home's disk is full or read-only.
        DataError: the table cannot be written for another reason.
    """
    try:
        yield
    except (DeltaError, OSError) as error:
        raise home_refused(settings.home, error) or DataError(
            f"silver table {table} at {path} cannot be written ({_plain(error)}); nothing was committed: see to the "
            "cause and run it again",
            table=table,
        ) from error


@contextmanager
def _readable(table: str, path: str) -> Generator[None]:
    try:
        yield
    except (DeltaError, pl.exceptions.PolarsError, OSError) as error:
        raise DataError(
            f"silver table {table} at {path} cannot be read ({_plain(error)}); if its files are damaged, remove that "
            "folder and ingest again: raw bytes and batch log hold everything",
            table=table,
        ) from error


def _plain(error: Exception) -> str:
    """Return a library's message on one line, without its colours."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", str(error)).split())


def path_of(settings: Settings, table: str, folder: str) -> str:
    """Return the path or URL of a table."""
    return store_of(settings).where(f"{_SILVER}/{folder}/{table}")


def _schema(table: str, sport: str) -> dict[str, pl.DataType]:
    if table not in NAMES:
        raise DataError(f"no silver table {table!r}; choose from {', '.join(NAMES)}", table=table)
    return dict(QUARANTINE) if table == "quarantine" else table_of(table, sport).schema
