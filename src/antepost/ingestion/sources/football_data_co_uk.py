"""football-data.co.uk: results, half time, match statistics, referees and the odds of many bookmakers since 1993.

Source: https://www.football-data.co.uk/notes.txt
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, number, outcome_of, unread, whole
from antepost.ingestion.identity import slug
from antepost.ingestion.markets import quoted
from antepost.ingestion.quality import split, unsigned_zero
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.sports.soccer import SOCCER

NAME = "a football-data.co.uk file"
FIRST_SEASON = 1993

_LISTED = "first start of the league's season - 30 d (assumed)"
_ENDED = "start + 1 h 55 min + 30 min; without a clock, 12:00 UTC the next day (assumed)"
_ANNOUNCED = "start - 90 min (assumed)"
_EARLY = (
    "odds without C: 17:00 UTC of the Friday or Tuesday before the match (published); start - 1 s where that is "
    "earlier, as on those days without a clock (assumed)"
)
_CLOSED = "odds with C: start - 1 s (assumed)"

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

_STATS = {"shots": "S", "shots_on_target": "ST", "fouls": "F", "corners": "C", "yellow_cards": "Y", "red_cards": "R",
          "woodwork": "HW", "offsides": "O"}  # fmt: skip
_STAT_COLUMNS = {stat: (f"H{suffix}", f"A{suffix}") for stat, suffix in _STATS.items()}
_NEEDED = ("Div", "Date", "HomeTeam", "AwayTeam", "FTHG", "FTAG", "FTR")

KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("Div", "Date", "HomeTeam", "AwayTeam"), _LISTED),
    **dict.fromkeys(("FTHG", "FTAG", "FTR"), _ENDED),
}
OPTIONAL_KNOWN_AT: Mapping[str, str] = {
    "Time": _LISTED,
    "Referee": _ANNOUNCED,
    **dict.fromkeys(("HTHG", "HTAG", *(c for pair in _STAT_COLUMNS.values() for c in pair)), _ENDED),
    "odds": _EARLY,
    "closing odds": _CLOSED,
}


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


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one league's season.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, _NEEDED, f"{NAME} ({part.name})", ragged=True)
    rows = sheet.filter(pl.any_horizontal(pl.col("Date", "HomeTeam", "AwayTeam").is_not_null()))
    games, refused = _games(rows, part)
    prices, unpriced = _prices(games)
    tables = {
        "fixtures": _claimed(games, "fixtures", stamps.listed()),
        "results": _results(games),
        "periods": _periods(games),
        "team_stats": _team_stats(games),
        "officials": _officials(games),
        "prices": prices,
    }
    return Parsed(tables=tables, refused=pl.concat([refuse(refused), refuse(unpriced)]), games=rows.height)


def _games(rows: pl.DataFrame, part: Part) -> tuple[pl.DataFrame, pl.DataFrame]:
    absent = [name for name in OPTIONAL_KNOWN_AT if name not in rows.columns]
    text = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    day = pl.coalesce(
        pl.when(pl.col("Date").str.len_chars() <= 8).then(day_of("Date", "%d/%m/%y")),
        day_of("Date", "%d/%m/%Y"),
    )
    typed = text.with_columns(
        day.alias("day"),
        pl.col("Time").str.to_time("%H:%M", strict=False).alias("clock"),
        *(whole(name).alias(f"{name}#") for name in ("FTHG", "FTAG", "HTHG", "HTAG")),
    )
    season = pl.lit(part.season, pl.Int32)
    faults = {
        "Date is no date": pl.col("day").is_null(),
        "a date outside the file's season": ~pl.col("day").dt.year().is_between(season, season + 1),
        "a league that is not the file's": pl.col("Div") != part.name.split("-")[0],
        "the score of one side only": pl.col("FTHG#").is_null() != pl.col("FTAG#").is_null(),
        "a score that is no whole number": pl.col("FTHG").is_not_null() & pl.col("FTHG#").is_null(),
    }
    sane, faulty = split(typed, faults)
    start = stamps.start_of(pl.col("day"), pl.col("clock"), SOCCER.timezone)
    sides = [pl.col(name).map_elements(slug, return_dtype=pl.String) for name in ("HomeTeam", "AwayTeam")]
    games = sane.with_columns(
        pl.col("Div").alias("league"),
        season.alias("season"),
        pl.concat_str(pl.lit("soccer"), pl.col("Div"), season, *sides, separator="-").alias("fixture"),
        start.alias("start"),
        start.alias("event_at"),
        pl.when(pl.col("clock").is_null()).then(pl.lit("day")).otherwise(pl.lit("second")).alias("event_precision"),
        pl.col("HomeTeam").alias("home"),
        pl.col("AwayTeam").alias("away"),
        pl.lit(value=False).alias("neutral"),
        pl.lit("REG").alias("stage"),
        pl.lit(0).alias("sequence"),
    )
    return games, faulty.select(*rows.columns, "reason")


def _claimed(rows: pl.DataFrame, table: str, known_at: pl.Expr, how: str | pl.Expr = "assumed") -> pl.DataFrame:
    return claim(rows, table, SOCCER.name, known_at, how)


def _ended() -> pl.Expr:
    return stamps.result_known(SOCCER.duration)


def _played(games: pl.DataFrame) -> pl.DataFrame:
    return games.drop_nulls(("FTHG#", "FTAG#"))


def _results(games: pl.DataFrame) -> pl.DataFrame:
    rows = _played(games).with_columns(
        pl.col("FTHG#").alias("home_score"),
        pl.col("FTAG#").alias("away_score"),
        pl.lit(value=False).alias("overtime"),
        outcome_of("FTHG#", "FTAG#"),
        pl.lit("regulation").alias("ending"),
    )
    return _claimed(rows, "results", _ended())


def _periods(games: pl.DataFrame) -> pl.DataFrame:
    halves = _played(games).drop_nulls(("HTHG#", "HTAG#"))
    told = [
        halves.with_columns(pl.lit(side).alias("side"), pl.lit(period).alias("period"), goals.alias("score"))
        for side, half, full in (("home", "HTHG#", "FTHG#"), ("away", "HTAG#", "FTAG#"))
        for period, goals in ((1, pl.col(half)), (2, pl.col(full) - pl.col(half)))
    ]
    return _claimed(pl.concat(told), "periods", _ended())


def _team_stats(games: pl.DataFrame) -> pl.DataFrame:
    there = {
        stat: pair for stat, pair in _STAT_COLUMNS.items() if pair[0] in games.columns and pair[1] in games.columns
    }
    told = [
        _played(games).with_columns(
            pl.lit(side).alias("side"),
            pl.col(side).alias("team"),
            *(whole(pair[at]).alias(stat) for stat, pair in there.items()),
        )
        for at, side in enumerate(("home", "away"))
    ]
    rows = pl.concat(told)
    counted = pl.any_horizontal(pl.col(*there).is_not_null()) if there else pl.lit(value=False)
    return _claimed(rows.filter(counted), "team_stats", _ended())


def _officials(games: pl.DataFrame) -> pl.DataFrame:
    named = games.filter(pl.col("Referee").is_not_null())
    rows = named.with_columns(pl.lit("referee").alias("role"), pl.col("Referee").alias("name"))
    return _claimed(rows, "officials", stamps.announced())


def _prices(games: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    shown = ("fixture", "book", "market", "outcome", "label", "odds_text", "line_text", "reason")
    told = [_quoted(games, quote) for quote in _QUOTES if quote.odds in games.columns]
    if not told:
        nothing = pl.DataFrame(schema=dict.fromkeys(shown, pl.String()))
        return _claimed(games.clear(), "prices", stamps.closing()), nothing
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
    return _claimed(priced, "prices", known_at, how), faulty.select(shown)


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


def _parts(year: int) -> tuple[Part, ...]:
    def folder(season: int) -> str:
        return f"{season % 100:02d}{(season + 1) % 100:02d}"

    return tuple(
        Part(
            name=f"{league}-{season}",
            path=f"soccer/football-data.co.uk/mmz4281/{folder(season)}/{league}.csv",
            url=f"https://www.football-data.co.uk/mmz4281/{folder(season)}/{league}.csv",
            season=season,
        )
        for season in range(FIRST_SEASON, year + 1)
        for league in SOCCER.reference_close
    )


FOOTBALL_DATA_CO_UK = Source(
    name="football_data_co_uk",
    sport=SOCCER.name,
    tier="C",
    primary=True,
    parts=_parts,
    terms="free for personal use, football-data.co.uk is to be named as the source",
    cadence="twice a week in season",
    parser="football-data-2",
    parse=parse,
    known_at={**KNOWN_AT, **OPTIONAL_KNOWN_AT},
)
