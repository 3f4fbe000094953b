"""How a price moved until the start, and why there is no closing price where there is none; pure.

A book's price of one outcome is told in snapshots: openings, early prices and closing prices by their label, quotes by
their own moment. What changed between two of them is a row. Nothing known after the start belongs to it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from antepost.domain.clock import micros

NOT_BEGUN = "the game has not begun"
NO_PRICE = "no book has a price"
NO_BOOK = "no source has this book"
NO_MARKET = "the book has other markets only"
NO_ODDS = "a closing line without odds"
ONLY_OPENINGS = "the source has only openings"
NO_MOMENT = "the source tells no moment"
MOVED = "the game was moved after the last snapshot"
TOO_OLD = "the last snapshot is too old"
REASONS = (NOT_BEGUN, NO_PRICE, NO_BOOK, NO_MARKET, NO_ODDS, ONLY_OPENINGS, NO_MOMENT, MOVED, TOO_OLD)
"""Why a closing price is missing; the first that holds is told."""

OFFER = ("fixture", "book", "market", "player", "outcome")
_ORDER = {"open": 0, "early": 1, "quote": 2, "close": 3}
_SHOWN = (*OFFER, "league", "season", "event_at", "label", "at", "line", "odds")


def moves(prices: pl.DataFrame, *, repeated: bool = False) -> pl.DataFrame:
    """Return the first snapshot of each offer, and each that differs from the one before it, in order within it.

    Args:
        prices: revisions of prices, as the lake has them; of a quote the newest counts, and of a price without a moment
            of its own each revision that was known before the start.
        repeated: whether snapshots that only repeat the one before are wanted too.

    Columns: fixture, book, market, player, outcome, league, season, event_at, label, at (the quote's own moment, else
    since when it was known), line, odds, line_before, odds_before (null: the first), moved (change of the log-odds of
    1 / odds, null where the line changed too).
    """
    ante = prices.filter(pl.col("known_at") < pl.col("event_at")).sort("batch", "known_at", maintain_order=True)
    # A number for each offer: to sort and compare by five texts takes many times as long.
    offers = ante.select(OFFER).unique(maintain_order=True).with_row_index("offer")
    own = pl.when(pl.col("quoted_at").is_null()).then("known_at").otherwise(pl.lit(None)).alias("own")
    snapshots = (
        ante.join(offers, on=OFFER, nulls_equal=True, maintain_order="left")
        .with_columns(own)
        .unique(["offer", "label", "quoted_at", "own"], keep="last")
        .with_columns(
            pl.coalesce("quoted_at", "known_at").alias("at"),
            pl.col("label").replace_strict(_ORDER, default=2, return_dtype=pl.Int8).alias("rank"),
        )
        .sort("offer", "at", "rank")
    )
    first = pl.col("offer").ne_missing(pl.col("offer").shift(1))
    beside = snapshots.select(
        *_SHOWN,
        *(pl.when(~first).then(pl.col(name).shift(1)).alias(f"{name}_before") for name in ("line", "odds")),
        first.alias("first"),
    )
    same_line = pl.col("line").eq_missing(pl.col("line_before"))
    changed = pl.col("first") | ~same_line | pl.col("odds").ne_missing(pl.col("odds_before"))
    # The odds against 1 / odds are odds - 1 to one.
    moved = (pl.col("odds_before") - 1.0).log() - (pl.col("odds") - 1.0).log()
    told = beside.filter(changed | pl.lit(repeated)).with_columns(
        pl.when(same_line & ~pl.col("first")).then(moved).alias("moved")
    )
    return told.drop("first")


def closes(
    fixtures: pl.DataFrame, prices: pl.DataFrame, references: pl.DataFrame, now: datetime, within: timedelta
) -> pl.DataFrame:
    """Return since when the closing price of each book and market is known, or why there is none.

    Asked for are the markets of the game in which a book has any price, and those of ``references``, whether it has or
    not. A closing price is one with that label, or a quote taken ``within`` so long before the start.

    Args:
        fixtures: all revisions; the newest start counts, the others say whether the game was moved.
        prices: the newest revision of each price.
        references: league, book, market: whose closing prices count.
        now: the present moment; a game that starts later has no close yet.
        within: how old a snapshot may be at the start.

    Columns: fixture, league, season, start, book, market, closed_at (null: missing), missing (one of ``REASONS``).
    """
    stands = fixtures.sort("batch", "known_at", maintain_order=True).unique("fixture", keep="last").select(
        "fixture", "league", "season", "start"
    )  # fmt: skip
    on_game = prices.filter(pl.col("player").is_null() & (pl.col("known_at") < pl.col("event_at")))
    offers = _offers(on_game)
    asked = pl.concat([
        offers.select("fixture", "book", "market"),
        stands.join(references, on="league").select("fixture", "book", "market"),
    ]).unique()  # fmt: skip
    there = {
        name: offers.select(*key).unique().with_columns(pl.lit(value=True).alias(name))
        for name, key in (("priced", ("fixture",)), ("has_book", ("fixture", "book")))
    }
    every = (
        asked.join(stands, on="fixture")
        .join(offers, on=["fixture", "book", "market"], how="left")
        .join(there["priced"], on="fixture", how="left")
        .join(there["has_book"], on=["fixture", "book"], how="left")
        .join(_moved(fixtures, offers, within), on=["fixture", "book", "market"], how="left")
    )
    begun = pl.col("start") <= pl.lit(micros(now)).cast(pl.Datetime("us", "UTC"))
    near = pl.col("start") - pl.col("quoted") <= within
    closed_at = pl.coalesce("closed", pl.when(near).then(pl.col("quoted")))
    missing = (
        pl.when(~begun).then(pl.lit(NOT_BEGUN))
        .when(pl.col("priced").is_null()).then(pl.lit(NO_PRICE))
        .when(pl.col("has_book").is_null()).then(pl.lit(NO_BOOK))
        .when(pl.col("a_close").is_null()).then(pl.lit(NO_MARKET))
        .when(pl.col("quoted").is_not_null() & pl.col("moved")).then(pl.lit(MOVED))
        .when(pl.col("quoted").is_not_null()).then(pl.lit(TOO_OLD))
        .when(pl.col("a_close")).then(pl.lit(NO_ODDS))
        .when(pl.col("a_quote")).then(pl.lit(NO_MOMENT))
        .otherwise(pl.lit(ONLY_OPENINGS))
    )  # fmt: skip
    return every.select(
        "fixture", "league", "season", "start", "book", "market",
        pl.when(begun).then(closed_at).alias("closed_at"),
        pl.when(~begun | closed_at.is_null()).then(missing).alias("missing"),
    ).sort("start", "fixture", "book", "market")  # fmt: skip


def _offers(prices: pl.DataFrame) -> pl.DataFrame:
    """Return for each game, book and market whether it has a closing price or a quote, and since when."""
    priced = pl.col("odds").is_not_null()
    return prices.group_by("fixture", "book", "market").agg(
        (pl.col("label") == "close").any().alias("a_close"),
        (pl.col("label") == "quote").any().alias("a_quote"),
        pl.col("known_at").filter(priced & (pl.col("label") == "close")).max().alias("closed"),
        pl.col("quoted_at").filter(priced & (pl.col("label") == "quote")).max().alias("quoted"),
    )


def _moved(fixtures: pl.DataFrame, offers: pl.DataFrame, within: timedelta) -> pl.DataFrame:
    """Return whether the last quote was near the start that stood when it was taken."""
    starts = fixtures.select("fixture", pl.col("known_at").alias("since"), pl.col("start").alias("stood"), "batch")
    quoted = offers.filter(pl.col("quoted").is_not_null()).select("fixture", "book", "market", "quoted")
    then = (
        quoted.join(starts, on="fixture")
        .filter(pl.col("since") < pl.col("quoted"))
        .sort("batch", "since", maintain_order=True)
        .unique(["fixture", "book", "market"], keep="last")
    )
    near = (pl.col("stood") - pl.col("quoted") <= within) & (pl.col("stood") > pl.col("quoted"))
    return then.select("fixture", "book", "market", near.alias("moved"))
