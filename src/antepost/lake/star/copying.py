"""Rows on their way into Postgres: by COPY, a slice at a time, so that no table stands in memory twice."""

from __future__ import annotations

import io
from collections.abc import Callable, Generator
from contextlib import contextmanager

import polars as pl
import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection
from sqlalchemy.exc import DataError as SqlDataError
from sqlalchemy.exc import IntegrityError, ProgrammingError

from antepost.errors import DataError, EngineError

_MOMENT = "%Y-%m-%dT%H:%M:%S%.6f+00:00"
_SLICE = 250_000


def copy(
    connection: Connection,
    table: tuple[str, str],
    frame: pl.DataFrame,
    told: Callable[[int], None],
    *,
    frozen: bool = False,
) -> None:
    """Copy the rows of ``frame`` into ``table``, a schema and a name, whose columns are named alike.

    Args:
        connection: in a transaction.
        table: the schema, empty for a temporary table, and the name.
        frame: the rows.
        told: is given the number of rows after each slice.
        frozen: the table was made in this transaction, and whoever comes to see it may see its rows at once, even
            in a snapshot that is older: a partition that takes another's place must look full to everybody.

    Raises:
        DataError: a row breaks a rule of the table.
        EngineError: the disk is full, or this role may not write there.
    """
    name = sql.Identifier(*(part for part in table if part))
    columns = sql.SQL(", ").join(sql.Identifier(column) for column in frame.columns)
    freeze = sql.SQL(", FREEZE") if frozen else sql.SQL("")
    command = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv{})").format(name, columns, freeze)
    cursor = connection.connection.cursor()
    try:
        for piece in frame.iter_slices(_SLICE):
            # A quoted empty field is an empty text, an unquoted one is NULL: both sides mean the same by it.
            rows = io.BytesIO()
            piece.write_csv(rows, include_header=False, datetime_format=_MOMENT)
            rows.seek(0)
            cursor.copy_expert(command, rows)
            told(piece.height)
    except (psycopg2.DataError, psycopg2.IntegrityError) as error:
        raise DataError(f"star.{table[1]} refuses the facts: {str(error).strip()}", table=table[1]) from error
    except psycopg2.errors.DiskFull as error:
        raise EngineError("Postgres's disk is full: free some room, then project again", table=table[1]) from error
    except psycopg2.errors.InsufficientPrivilege as error:
        raise EngineError(f"this database user may not write star.{table[1]}", table=table[1]) from error
    finally:
        cursor.close()


@contextmanager
def refusals() -> Generator[None]:
    """Turn what the database refuses into errors of ours: a fact that breaks a rule, a right that is missing.

    Raises:
        DataError: a key, a reference or a value is not as the star has it.
        EngineError: this database user may not do that.
    """
    try:
        yield
    except (IntegrityError, SqlDataError) as error:
        raise DataError(f"star refuses the facts: {str(error.orig).strip()}") from error
    except ProgrammingError as error:
        if not isinstance(error.orig, psycopg2.errors.InsufficientPrivilege):
            raise
        raise EngineError(
            f"this database user may not do that ({str(error.orig).strip()}); connect as a member of antepost_owner"
        ) from error
