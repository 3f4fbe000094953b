"""How a result shows itself in a notebook: a headline, lines, tables."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import polars as pl


def page(head: str, lines: Iterable[str], frames: Iterable[pl.DataFrame]) -> str:
    """Return HTML of a headline, a list and tables."""
    told = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<p><b>{escape(head)}</b></p><ul>{told}</ul>" + "".join(table(frame) for frame in frames)


def table(frame: pl.DataFrame) -> str:
    """Return a frame as an HTML table, numbers with four significant digits.

    >>> table(pl.DataFrame({"share": [0.123456, None]}))
    '<table><tr><th>share</th></tr><tr><td>0.1235</td></tr><tr><td>-</td></tr></table>'
    """
    head = "".join(f"<th>{escape(name)}</th>" for name in frame.columns)
    rows = ("".join(f"<td>{escape(_cell(value))}</td>" for value in row) for row in frame.iter_rows())
    return f"<table><tr>{head}</tr>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)
