"""Bytes of a file to a frame, whole or not at all: CSV and workbooks as text, parquet with its types."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, cast

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from antepost.errors import DataError
from antepost.ingestion.cells import exactly
from antepost.ingestion.source import REFUSED


class _ArrowTable(Protocol):
    def validate(self, *, full: bool) -> None: ...

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


def read_sheet(data: bytes, columns: Sequence[str], name: str, *, ragged: bool = False) -> pl.DataFrame:
    """Return the rows of a CSV as stripped text, blanks and ``NA`` null, with at least ``columns``.

    ``ragged`` takes files that people keep by hand: Latin letters outside UTF-8, columns without a name, rows that
    are shorter or longer than the header by blanks.

    Raises:
        DataError: the file is empty, cut off, not UTF-8, or lacks a column; the message says which and where.
    """
    header, lines = _lines(data, name, ragged=ragged)
    missing = [column for column in columns if column not in header]
    if missing:
        raise DataError(
            f"{name} has no column {', '.join(missing)}; its layout has changed, see the source's page",
            missing=missing,
        )
    if len(set(header)) != len(header):
        raise DataError(f"{name} names a column twice; its header is {', '.join(header)}", header=header)
    if not lines:
        raise DataError(f"{name} holds a header and no row; fetch it again", rows=0)
    frame = pl.DataFrame(lines, schema=dict.fromkeys(header, pl.String()), orient="row")
    text = pl.all().str.strip_chars()
    return frame.with_columns(text).with_columns(pl.when(~pl.all().is_in(["", "NA"])).then(pl.all()))


def read_workbook(data: bytes, columns: Sequence[str], name: str) -> pl.DataFrame:
    """Return the first sheet of an xls or xlsx file as ``read_sheet`` would return it as CSV.

    Raises:
        DataError: the file is cut off or no workbook, or lacks a column.
    """
    try:
        cells = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError) as error:
        raise DataError(f"{name} is cut off or no workbook ({error}); fetch it again") from error
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(cells)
    return read_sheet(text.getvalue().encode(), columns, name, ragged=True)


def read_parquet(data: bytes, columns: Mapping[str, pl.DataType], name: str) -> pl.DataFrame:
    """Return the ``columns`` of a parquet file under their types.

    Raises:
        DataError: the file is cut off or no parquet file, lacks a column, or one does not fit its type.
    """
    # Arrow reads what the world sends: polars aborts the process on some damaged pages, where no exception helps.
    import pyarrow as pa
    from pyarrow import parquet

    arrow = cast("type[Exception]", pa.ArrowException)
    faults = (arrow, OSError, ValueError, pl.exceptions.PolarsError, pl.exceptions.PanicException)
    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        missing = [column for column in columns if column not in file.schema_arrow.names]
        table = cast("_ArrowTable", file.read([column for column in columns if column not in missing]))
        table.validate(full=True)
        frame = cast("pl.DataFrame", pl.from_arrow(table))
    except faults as error:
        raise DataError(f"{name} is cut off or no parquet file ({error}); fetch it again") from error
    if missing:
        raise DataError(
            f"{name} has no column {', '.join(missing)}; its layout has changed, see the source's page",
            missing=missing,
        )
    if frame.is_empty():
        raise DataError(f"{name} holds no row; fetch it again", rows=0)
    try:
        return frame.select(exactly(column, frame.schema[column], kind) for column, kind in columns.items())
    except pl.exceptions.PolarsError as error:
        raise DataError(f"{name} has a column of another type ({error}); see the source's page") from error


def refuse(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the refusals of ``rows``: their column ``reason``, and all others as JSON."""
    kept = rows.drop("reason")
    texts = [json.dumps(row, default=str, sort_keys=True) for row in kept.iter_rows(named=True)]
    return pl.DataFrame({"reason": rows["reason"], "row": texts}, schema=dict(REFUSED))


def refused_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the refusals of ``rows`` with the SHA-256 of the payload each came in (their column ``raw``)."""
    return refuse(rows.drop("raw")).with_columns(rows["raw"])


def _lines(data: bytes, name: str, *, ragged: bool) -> tuple[list[str], list[list[str]]]:
    text = _text(data, name, ragged=ragged)
    if not text.strip():
        raise DataError(f"{name} is empty; fetch it again", rows=0)
    if "\x00" in text:
        row = text.count("\n", 0, text.index("\x00")) + 1
        raise DataError(f"row {row} of {name} holds a NUL byte, so the file is damaged; fetch it again", row=row)
    if not text.endswith("\n"):
        last = text.rsplit("\n", 1)[-1][:60]
        raise DataError(f"{name} is cut off in its last line ({last!r}); fetch it again", last=last)
    reader = csv.reader(io.StringIO(text, newline=""), strict=not ragged)
    header, *lines = _squared(reader, name) if ragged else _whole(reader, name)
    if not ragged:
        return header, lines
    named = [at for at, column in enumerate(header) if column]
    return [header[at] for at in named], [[line[at] for at in named] for line in lines]


def _text(data: bytes, name: str, *, ragged: bool) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if ragged:
            return data.decode("cp1252", errors="replace")
        raise DataError(f"{name} is not UTF-8 at byte {error.start}; fetch it again", at=error.start) from error


def _squared(reader: Iterable[list[str]], name: str) -> Iterable[list[str]]:
    width = 0
    for number, line in enumerate(reader, start=1):
        width = width or len(line)
        surplus = [field for field in line[width:] if field.strip()]
        if surplus:
            raise DataError(f"row {number} of {name} has more fields than the header: {surplus[:3]}", row=number)
        yield line[:width] + [""] * (width - len(line))


def _whole(reader: Iterable[list[str]], name: str) -> Iterable[list[str]]:
    width = 0
    try:
        for number, line in enumerate(reader, start=1):
            width = width or len(line)
            if len(line) != width:
                raise DataError(f"row {number} of {name} has {len(line)} of {width} fields; fetch it again", row=number)
            yield line
    except csv.Error as error:
        raise DataError(f"{name} is not a whole CSV file ({error}); fetch it again") from error
