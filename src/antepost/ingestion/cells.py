"""What the text in a column says, as expressions: a number, a whole number, a day; null where it says no such thing.

A cell that told something and was not understood is a fault of its row, see ``unread``: no figure is guessed or cut.
"""

from __future__ import annotations

import polars as pl

MOST_EXACT = 2**53
"""The whole numbers below it are all held by a float; beyond it one cannot tell which was written."""


def number(column: str) -> pl.Expr:
    """Return a column as finite numbers.

    >>> pl.DataFrame({"x": ["1.5", "inf", "-"]}).select(number("x")).to_series().to_list()
    [1.5, None, None]
    """
    value = pl.col(column).cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value)


def whole(column: str) -> pl.Expr:
    """Return a column as whole numbers (int64); one with a fraction is none, and is not rounded.

    >>> pl.DataFrame({"x": ["3", "3.0", "3.7"]}).select(whole("x")).to_series().to_list()
    [3, 3, None]
    """
    value = number(column)
    return pl.when((value == value.floor()) & (value.abs() < MOST_EXACT)).then(value.cast(pl.Int64, strict=False))


def exactly(column: str, held: pl.DataType, kind: pl.DataType) -> pl.Expr:
    """Return a column of type ``held`` as ``kind``; a number that ``kind`` cannot hold as it is is null, and not cut.

    >>> frame = pl.DataFrame({"x": [3.0, 3.7, float("nan"), 1e30]})
    >>> frame.select(exactly("x", pl.Float64(), pl.Int64())).to_series().to_list()
    [3, None, None, None]
    """
    value = pl.col(column)
    if not held.is_float() or not kind.is_numeric():
        return value.cast(kind, strict=not held.is_integer())
    holds = (value == value.floor()) & (value.abs() < MOST_EXACT) if kind.is_integer() else value.is_finite()
    return pl.when(holds).then(value).cast(kind, strict=False).alias(column)


def day_of(column: str, layout: str = "%Y-%m-%d") -> pl.Expr:
    """Return a column as days, written as ``layout`` says."""
    return pl.col(column).str.to_date(layout, strict=False)


def unread(column: str, read: str | pl.Expr) -> pl.Expr:
    """Return whether ``column`` tells something that could not be read, ``read`` being what was made of it."""
    made = pl.col(read) if isinstance(read, str) else read
    return pl.col(column).is_not_null() & made.is_null()


def outcome_of(home: str = "home_score", away: str = "away_score", level: str | None = "draw") -> pl.Expr:
    """Return who won by two columns of scores: home, away, or ``level`` where they are equal; null without a score."""
    margin = pl.col(home) - pl.col(away)
    return (
        pl.when(margin > 0)
        .then(pl.lit("home"))
        .when(margin < 0)
        .then(pl.lit("away"))
        .when(margin == 0)
        .then(pl.lit(level, pl.String))
        .alias("outcome")
    )
