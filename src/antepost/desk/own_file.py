"""A quant's own facts from a file: CSV, JSON lines or parquet, with its stamps read as moments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from pathlib import Path

import polars as pl

from antepost.desk.lake import moment
from antepost.errors import DataError
from antepost.lake.schemas import MOMENT

_READERS: dict[str, Callable[[Path], pl.DataFrame]] = {
    ".csv": lambda path: pl.read_csv(path, infer_schema_length=None),
    ".jsonl": lambda path: pl.read_ndjson(path, infer_schema_length=None),
    ".parquet": pl.read_parquet,
}


def read_facts(path: Path, *stamps: str) -> pl.DataFrame:
    """Return the rows of a file, the columns ``stamps`` as UTC moments where they are text.

    Text is a moment as everywhere else: a day is its beginning, and no zone is UTC. Other columns keep the type that
    the file gives them; what a CSV file writes as a day stays text, so that parquet is the way to keep types.

    Raises:
        DataError: the file is of another kind, does not parse, or a stamp is no moment.
    """
    if path.suffix not in _READERS:
        raise DataError(f"{path} is none of {', '.join(_READERS)}; write it as one of them", path=str(path))
    try:
        frame = _READERS[path.suffix](path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DataError(f"{path} cannot be read as {path.suffix}: {error}", path=str(path)) from error
    for name in stamps:
        if frame.schema.get(name) == pl.String:
            frame = frame.with_columns(_moments(frame[name]))
    return frame


def _moments(told: pl.Series) -> pl.Series:
    found = [None if text is None else moment(text).astimezone(UTC) for text in told]
    return pl.Series(told.name, found, dtype=MOMENT)
