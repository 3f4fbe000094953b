"""How results reach a person or a program: tables, progress, one JSON object."""

from __future__ import annotations

import json
import math
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, cast

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from antepost.telemetry import Progress

if TYPE_CHECKING:
    import polars as pl

LONGEST = 40
"""As many letters of a text as a table shows in a line where the window is narrow."""

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def print_json(value: object) -> None:
    """Print one JSON object; what is not a number is null."""
    print(json.dumps(_finite(value), indent=2, default=str, allow_nan=False))


def print_line(value: object) -> None:
    """Print one JSON object on a line of its own, at once; for what goes on until somebody ends it."""
    print(json.dumps(_finite(value), default=str, allow_nan=False), flush=True)


def _finite(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in cast("Mapping[object, object]", value).items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in cast("Iterable[object]", value)]
    return value


def print_table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]], *, tight: bool = False) -> None:
    """Print a table with numbers to the right; a ``tight`` one has no lines and one blank between columns.

    What would not fit the window is said below it: first what every row has in common, then the last columns. Text
    longer than ``LONGEST`` is folded.
    """
    names, filled = list(columns), [list(row) for row in rows]
    common, left_out = ([], []) if tight else _squeezed(names, filled)
    table = Table(title=title, title_justify="left", header_style="bold")
    if tight:
        table.box, table.pad_edge, table.padding = None, False, (0, 1, 0, 0)
    kept = [i for i in range(len(names)) if i not in {*common, *left_out}]
    for i in kept:
        numeric = all(isinstance(row[i], int | float | None) for row in filled)
        table.add_column(names[i], justify="right" if numeric else "left", overflow="fold")
    for row in filled:
        table.add_row(*(_cell(row[i]) for i in kept))
    out.print(table)
    if common:
        told = ", ".join(f"{names[i]} {_cell(filled[0][i])}" for i in common)
        out.print(f"in every row: {told}", soft_wrap=True)
    if left_out:
        told = ", ".join(names[i] for i in left_out)
        out.print(f"not shown for want of room: {told}; a wider window or --json has them", soft_wrap=True)


def _squeezed(names: list[str], rows: list[list[object]]) -> tuple[list[int], list[int]]:
    """Return the columns to leave out so that the rest fits the window: those alike in every row, and the last ones."""
    widths = [
        min(max([len(name), *(len(_cell(row[i])) for row in rows)]), max(len(name), LONGEST)) + 3
        for i, name in enumerate(names)
    ]
    room = out.width - 1
    if sum(widths) <= room or not rows:
        return [], []
    common = [i for i in range(len(names)) if len(rows) > 1 and all(row[i] == rows[0][i] for row in rows)]
    left = [i for i in range(len(names)) if i not in common]
    fits = [i for n, i in enumerate(left) if n == 0 or sum(widths[j] for j in left[: n + 1]) <= room]
    return common, [i for i in left if i not in fits]


def print_frame(title: str, frame: pl.DataFrame, limit: int, *, as_json: bool, simulated: bool | None = None) -> None:
    """Print the first ``limit`` rows of a frame as a table, or all that many as one JSON object.

    Both say of a sport's facts whether they are ``simulated``; None where the rows are of no one sport.
    """
    shown = frame.head(limit)
    if as_json:
        flag = {} if simulated is None else {"simulated": simulated}
        print_json({"rows": frame.height, "shown": shown.height, **flag, "data": shown.to_dicts()})
        return
    flagged = " · SIMULATED" if simulated else ""
    if frame.is_empty():
        # A table without columns would not even show its title.
        out.print(f"{title}: 0 rows{flagged}")
        return
    print_table(f"{title}: {frame.height:,} rows{flagged}", frame.columns, shown.iter_rows())
    if shown.height < frame.height:
        out.print(f"the first {shown.height} are shown; --limit shows more")


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%SZ")
    return f"{value:.4f}" if isinstance(value, float) else str(value)


@contextmanager
def progress_bar(title: str, *, quiet: bool = False) -> Generator[Progress]:
    """Show a bar on stderr while work goes on; yields ``tell(what, share)`` with share in [0, 1]."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=err, transient=True, disable=quiet) as progress:
        task = progress.add_task(title, total=1.0)

        def tell(what: str, share: float) -> None:
            progress.update(task, description=f"{title} · {what}" if what else title, completed=share)

        yield tell
