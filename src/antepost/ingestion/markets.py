"""What a sport calls the markets that all bookmakers have."""

from __future__ import annotations

import polars as pl

from antepost.sports import Sport


def winner_of(sport: Sport) -> str:
    """Return what the market on who wins is called: 1x2 where a draw can be bet on.

    >>> from antepost.sports import NFL, SOCCER
    >>> winner_of(NFL), winner_of(SOCCER)
    ('moneyline', '1x2')
    """
    return "1x2" if "1x2" in sport.markets else "moneyline"


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
