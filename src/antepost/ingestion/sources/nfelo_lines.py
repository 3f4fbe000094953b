"""nfelo's file of NFL lines since 1999: the opening and the last spread, and the last total.

Its moneylines are left out: they are those of nflverse's games file.

Source: https://github.com/greerreNFL/nfelomarket_data
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import number
from antepost.ingestion.markets import quoted
from antepost.ingestion.quality import split, split_american, unsigned_zero
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, joined, single
from antepost.sports.nfl import NFL

BOOK = "nfelo"
OPENED = timedelta(days=6)

_OPENED = "its own timestamp (recorded), else start - 6 d (assumed: the file only says opening)"
_CLOSED = "its own timestamp (recorded), else start - 1 s (assumed: the file only says last)"


class _Quote(NamedTuple):
    """One side of one market: its outcome, its price and line, and what the line's sign is turned by."""

    label: str
    market: str
    outcome: str
    odds: str
    line: str
    sign: float = 1.0


# A home spread above zero means that the home side is the underdog, as books write it; ours is what a side is given
# as favourite.
_QUOTES = tuple(
    quote
    for label, told in (("open", "open"), ("close", "last"))
    for quote in (
        _Quote(label, "spread", "home", f"home_spread_{told}_price", f"home_spread_{told}", -1.0),
        _Quote(label, "spread", "away", f"away_spread_{told}_price", f"home_spread_{told}"),
        _Quote(label, "total", "over", f"over_price_{told}", f"total_line_{told}"),
        _Quote(label, "total", "under", f"under_price_{told}", f"total_line_{told}"),
    )
)
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("game_id", "season", "week", "home_team", "away_team"), stamps.JOINED),
    **{
        column: _OPENED if quote.label == "open" else _CLOSED
        for quote in _QUOTES
        for column in (quote.odds, quote.line, f"{quote.line}_source", f"{quote.line}_timestamp")
    },
}


def parse(data: bytes, _: Part) -> Parsed:
    """Return the tables of the file, whose rows tell season and week, not the day.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), "nfelo's file of lines").select(tuple(KNOWN_AT))
    typed = sheet.with_columns(pl.col(name).cast(pl.Int32, strict=False) for name in ("season", "week"))
    sane, faulty = split(
        typed,
        {
            "no season or week in whole numbers": pl.any_horizontal(pl.col("season", "week").is_null()),
            "a side is missing": pl.any_horizontal(pl.col("game_id", "home_team", "away_team").is_null()),
        },
    )
    games = sane.with_columns(
        pl.lit(NFL.name).alias("league"),
        pl.col("game_id").alias("fixture"),
        *stamps.undated(),
        pl.col("home_team").alias("home"),
        pl.col("away_team").alias("away"),
    )
    prices, bad = _prices(games)
    tables = {"fixtures": joined(games, NFL.name), "prices": prices}
    return Parsed(tables=tables, refused=pl.concat([refuse(faulty), refuse(bad)]), games=sheet.height)


def _prices(games: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    quotes = pl.concat(_quoted(games, quote) for quote in _QUOTES)
    told = quotes.filter(pl.any_horizontal(pl.col("odds_text", "line_text").is_not_null()))
    listed, unread = split(
        told,
        {
            "odds that are no number": pl.col("odds_text").is_not_null() & pl.col("american").is_null(),
            "a line that is no number": pl.col("line_text").is_not_null() & pl.col("line").is_null(),
            "odds without their line": pl.col("line").is_null(),
            "a timestamp that is no moment": pl.col("stamp_text").is_not_null() & pl.col("stamped").is_null(),
        },
    )
    priced, impossible = split_american(listed)
    shown = ("fixture", "market", "outcome", "label", "odds_text", "line_text", "stamp_text", "reason")
    rule = pl.when(pl.col("label") == "open").then(pl.col("start") - OPENED).otherwise(stamps.closing())
    how = pl.when(pl.col("stamped").is_null()).then(pl.lit("assumed")).otherwise(pl.lit("recorded"))
    rows = claim(priced, "prices", NFL.name, pl.coalesce("stamped", rule), how)
    return rows, pl.concat([unread.select(shown), impossible.select(shown)])


def _quoted(games: pl.DataFrame, quote: _Quote) -> pl.DataFrame:
    origin = pl.col(f"{quote.line}_source")
    # What was merged from older files, or typed in, has no book's name.
    nameless = origin.is_null() | origin.is_in(["legacy", "manual"])
    rows = quoted(
        games,
        book=pl.when(nameless).then(pl.lit(BOOK)).otherwise(origin),
        market=quote.market,
        outcome=quote.outcome,
        label=quote.label,
        odds_text=pl.col(quote.odds),
        line_text=pl.col(quote.line),
        stamp_text=pl.col(f"{quote.line}_timestamp"),
    )
    moment = pl.col("stamp_text").str.to_datetime("%Y-%m-%d %H:%M:%S%.f%:z", time_unit="us", strict=False)
    return rows.with_columns(
        number("odds_text").alias("american"),
        unsigned_zero(number("line_text") * quote.sign).alias("line"),
        moment.dt.convert_time_zone("UTC").alias("stamped"),
    )


NFELO_LINES = Source(
    name="nfelo_lines",
    sport=NFL.name,
    tier="C",
    primary=False,
    parts=single(
        "lines",
        "nfl/greerreNFL/nfelomarket_data/Data/lines.csv",
        "https://raw.githubusercontent.com/greerreNFL/nfelomarket_data/HEAD/Data/lines.csv",
    ),
    terms="a public repository without a licence file: for research and tests, not to be passed on",
    cadence="daily in season",
    parser="nfelo-lines-1",
    parse=parse,
    known_at=KNOWN_AT,
)
