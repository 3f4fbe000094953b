"""Rows merged into tables that others read meanwhile: only what differs is written, and nobody waits."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from sqlalchemy import Connection, text

from antepost.lake.star.copying import copy
from antepost.lake.star.frames import SHAPES, Shape

# Every name in the statements of this module is that of a table or column of ours.


def merge(
    connection: Connection, shape: Shape, frame: pl.DataFrame, told: Callable[[int], None], *, beside: bool = False
) -> None:
    """Add the rows of ``frame``, or change those of the same key; ``beside`` keeps what a row does not tell."""
    draft = f"draft_{shape.name}"
    connection.execute(text(f"CREATE TEMP TABLE IF NOT EXISTS {draft} (LIKE star.{shape.name}) ON COMMIT DROP"))
    connection.execute(text(f"TRUNCATE pg_temp.{draft}"))
    copy(connection, ("pg_temp", draft), frame, told)
    columns = ", ".join(shape.columns)
    connection.execute(
        text(
            f"INSERT INTO star.{shape.name} AS held ({columns}) SELECT {columns} FROM pg_temp.{draft} "  # noqa: S608
            f"ON CONFLICT ({', '.join(shape.key)}) {_change(shape, beside=beside)}"
        )
    )


def note_gone(connection: Connection, sport: str, shape: Shape) -> None:
    """Note the rows of ``sport`` that the last merge did not bring; they go once nothing refers to them."""
    key, same = ", ".join(shape.key), _same(shape, "draft", "held")
    rows = (
        f"SELECT {key} FROM star.{shape.name} AS held WHERE sport = :sport "  # noqa: S608
        f"AND NOT EXISTS (SELECT FROM pg_temp.draft_{shape.name} AS draft WHERE {same})"
    )
    gone = f"gone_{shape.name}"
    none = f"SELECT {key} FROM star.{shape.name} WITH NO DATA"  # noqa: S608
    connection.execute(text(f"CREATE TEMP TABLE IF NOT EXISTS {gone} ON COMMIT DROP AS {none}"))
    connection.execute(text(f"INSERT INTO pg_temp.{gone} ({key}) {rows}"), {"sport": sport})


def forget(connection: Connection) -> None:
    """Delete what ``note_gone`` noted, facts before what they refer to."""
    for shape in reversed(SHAPES):
        gone = f"pg_temp.gone_{shape.name}"
        if connection.execute(text("SELECT to_regclass(:name)"), {"name": gone}).scalar() is not None:
            rows = f"star.{shape.name} AS held USING {gone} AS gone WHERE {_same(shape, 'gone', 'held')}"
            connection.execute(text(f"DELETE FROM {rows}"))  # noqa: S608


def _change(shape: Shape, *, beside: bool) -> str:
    if not shape.values:
        return "DO NOTHING"
    told = [f"COALESCE(excluded.{name}, held.{name})" if beside else f"excluded.{name}" for name in shape.values]
    held = ", ".join(f"held.{name}" for name in shape.values)
    sets = ", ".join(f"{name} = {value}" for name, value in zip(shape.values, told, strict=True))
    change = f"DO UPDATE SET {sets} WHERE ROW({held}) IS DISTINCT FROM ROW({', '.join(told)})"
    if shape.moves_by is None:
        return change
    return f"{change} AND (excluded.{shape.moves_by} < held.{shape.moves_by}) IS NOT TRUE"


def _same(shape: Shape, one: str, other: str) -> str:
    return " AND ".join(f"{one}.{name} = {other}.{name}" for name in shape.key)
