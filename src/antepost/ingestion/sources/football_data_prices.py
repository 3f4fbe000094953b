"""The odds in football-data.co.uk's files: which column is whose price of what, and when each was known.

Source: https://www.football-data.co.uk/notes.txt
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import number, unread
from antepost.ingestion.markets import quoted
from antepost.ingestion.quality import split, unsigned_zero
from antepost.ingestion.source import claim
from antepost.sports.soccer import SOCCER

EARLY = (
    "odds without C: 17:00 UTC of the Friday or Tuesday before the match (published); start - 1 s where that is "
    "earlier, as on those days without a clock (assumed)"
)
CLOSED = "odds with C: start - 1 s (assumed)"

_BOOKS = {
    "B365": "bet365", "BW": "betandwin", "BS": "bluesquare", "BFE": "betfair_exchange", "BF": "betfair",
    "GB": "gamebookers", "IW": "interwetten", "LB": "ladbrokes", "PS": "pinnacle", "P": "pinnacle",
    "SO": "sportingodds", "SB": "sportingbet", "SJ": "stanjames", "SY": "stanleybet", "VC": "betvictor",
    "WH": "williamhill", "1XB": "1xbet", "Max": "maximum", "Avg": "average", "BbMx": "maximum", "BbAv": "average",
}  # fmt: skip
_ODDS_1X2 = tuple(prefix for prefix in _BOOKS if prefix != "P")
_ODDS_TOTAL = ("B365", "GB", "P", "Max", "Avg", "BbMx", "BbAv", "BFE")
_ODDS_HANDICAP = ("B365", "GB", "LB", "P", "Max", "Avg", "BbMx", "BbAv", "BFE")
_OWN_LINE = {"B365": "B365AH", "GB": "GBAH", "LB": "LBAH"}


class _Quote(NamedTuple):
    book: str
    market: str
    outcome: str
    label: str
    odds: str
    lines: tuple[str, ...] = ()
    sign: float = 1.0


def _quotes() -> Iterator[_Quote]:
    for close, label in (("", "early"), ("C", "close")):
        for book in _ODDS_1X2:
            for outcome, letter in (("home", "H"), ("draw", "D"), ("away", "A")):
                yield _Quote(_BOOKS[book], "1x2", outcome, label, f"{book}{close}{letter}")
        for book in _ODDS_TOTAL:
            for outcome, sign in (("over", ">"), ("under", "<")):
                yield _Quote(_BOOKS[book], "total@2.5", outcome, label, f"{book}{close}{sign}2.5")
        for book in _ODDS_HANDICAP:
            lines = ("BbAHh",) if book.startswith("Bb") else _lines(book, close)
            for outcome, letter, turn in (("home", "H", -1.0), ("away", "A", 1.0)):
                yield _Quote(_BOOKS[book], "asian_handicap", outcome, label, f"{book}{close}AH{letter}", lines, turn)


def _lines(book: str, close: str) -> tuple[str, ...]:
    """Return the columns that may hold a book's handicap: until 2018/19 its own, since then one for all."""
    own = _OWN_LINE.get(book)
    return (f"AH{close}h",) if close or own is None else (own, "AHh")


_QUOTES = tuple(_quotes())


def prices_of(games: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the prices of ``games``, and those that cannot be read with their ``reason``."""
    shown = ("fixture", "book", "market", "outcome", "label", "odds_text", "line_text", "reason")
    told = [_quoted(games, quote) for quote in _QUOTES if quote.odds in games.columns]
    if not told:
        nothing = pl.DataFrame(schema=dict.fromkeys(shown, pl.String()))
        return claim(games.clear(), "prices", SOCCER.name, stamps.closing()), nothing
    priced, faulty = split(
        pl.concat(told).drop_nulls("odds_text"),
        {
            "odds that are no number": pl.col("odds").is_null(),
            # A handicap of quarters was written -1 1/4 or -1.5/-2 at times.
            "a handicap that is no number": unread("line_text", "line"),
            "a handicap without its line": (pl.col("market") == "asian_handicap") & pl.col("line").is_null(),
        },
    )
    closing = pl.col("label") == "close"
    early = _early()
    known_at = pl.when(closing).then(stamps.closing()).otherwise(pl.min_horizontal(early, stamps.closing()))
    how = pl.when(closing | (early > stamps.closing())).then(pl.lit("assumed")).otherwise(pl.lit("published"))
    return claim(priced, "prices", SOCCER.name, known_at, how), faulty.select(shown)


def _quoted(games: pl.DataFrame, quote: _Quote) -> pl.DataFrame:
    own = next((column for column in quote.lines if column in games.columns), None)
    line = pl.lit(None, pl.Float64) if own is None else number(own)
    return quoted(
        games,
        book=quote.book,
        market=quote.market,
        outcome=quote.outcome,
        label=quote.label,
        line=pl.lit(2.5) if quote.market == "total@2.5" else unsigned_zero(line * quote.sign),
        odds=number(quote.odds),
        odds_text=pl.col(quote.odds),
        line_text=pl.lit(None, pl.String) if own is None else pl.col(own),
    )


def _early() -> pl.Expr:
    """Return the afternoon on which the publisher collects: Friday for weekends, Tuesday for the days after Monday."""
    weekday = pl.col("start").dt.weekday()
    back = weekday.replace_strict({1: 3, 2: 0, 3: 1, 4: 2, 5: 0, 6: 1, 7: 2}, return_dtype=pl.Int64)
    return pl.col("start").dt.truncate("1d") - pl.duration(days=back) + timedelta(hours=17)
