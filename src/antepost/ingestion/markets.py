"""Prices as a source tells them, one outcome of a market at a time, and what a sport calls the markets."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import number
from antepost.ingestion.quality import split_american
from antepost.ingestion.source import claim
from antepost.lake.schemas import CLAIM
from antepost.sports import Sport


def quoted(
    games: pl.DataFrame, *, book: str | pl.Expr, market: str, outcome: str | pl.Expr, label: str, **told: pl.Expr
) -> pl.DataFrame:
    """Return one price of every game: what a claim needs, whose price of what it is, and the columns ``told``."""
    named = {"book": book, "market": market, "outcome": outcome, "label": label}
    texts = {name: pl.lit(text) if isinstance(text, str) else text for name, text in named.items()}
    return games.select(
        *(name for name in CLAIM if name in games.columns),
        "start",
        *(made.alias(name) for name, made in {**texts, **told}.items()),
    )


def closing_moneylines(
    games: pl.DataFrame, sport: str, book: str, columns: Mapping[str, str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the closing moneylines of ``games``, and as refusals those that are no price.

    ``columns`` names for each side the column of its American odds. Known at: a second before the start.
    """
    told = pl.concat(
        quoted(games, book=book, market="moneyline", outcome=side, label="close", american=number(column))
        for side, column in columns.items()
    ).drop_nulls("american")
    priced, impossible = split_american(told)
    rows = claim(priced, "prices", sport, stamps.closing())
    return rows, impossible.select("fixture", "outcome", "american", "reason")


def called(sport: Sport) -> pl.Expr:
    """Return the name of ``market`` (spread, total, or its own) in ``sport``, by its ``line`` where that is part of it.

    Football has a market for every total, and calls a spread an Asian handicap.
    """
    if "asian_handicap" not in sport.markets:
        return pl.col("market")
    return (
        pl.when(pl.col("market") == "spread")
        .then(pl.lit("asian_handicap"))
        .when(pl.col("market") == "total")
        .then(pl.format("total@{}", "line"))
        .otherwise("market")
    )
