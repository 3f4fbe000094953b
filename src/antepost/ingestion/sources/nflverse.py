"""nflverse's file of NFL games since 1999: schedule, scores, closing prices, grounds, starters.

Source: https://github.com/nflverse/nfldata/blob/master/DATASETS.md#games
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from antepost.errors import DataError
from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, number, outcome_of
from antepost.ingestion.markets import quoted
from antepost.ingestion.naming import names_of_moved
from antepost.ingestion.quality import split, split_american, split_duplicates, split_prices, unsigned_zero
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Source, claim, single
from antepost.sports.nfl import NFL

BOOK = "nflverse"

_LISTED = "first start of the season - 30 d (assumed); play-offs: last result of the round before (bounded)"
stamps.NO_CLOCK = "scheduled start + 3 h 15 min + 30 min; without a clock, 12:00 UTC the next day (assumed)"
_CLOSED = "scheduled start - 1 s (assumed: the file holds closing prices only)"
_ANNOUNCED = "scheduled start - 90 min (assumed)"
_OBSERVED = "scheduled start + 3 h 15 min, observed at the game (assumed)"

_COLUMNS = {
    _LISTED: "game_id season game_type week gameday gametime away_team home_team location stadium_id stadium",
    stamps.NO_CLOCK: "away_score home_score overtime",
    _CLOSED: "away_moneyline home_moneyline spread_line away_spread_odds home_spread_odds total_line "
    "under_odds over_odds",
    _ANNOUNCED: "roof surface away_qb_id home_qb_id away_qb_name home_qb_name referee",
    _OBSERVED: "temp wind",
}
KNOWN_AT: Mapping[str, str] = {column: rule for rule, columns in _COLUMNS.items() for column in columns.split()}

_WHOLE_NUMBERS = ("season", "week", "away_score", "home_score")
_RESULT = (pl.col("away_score"), pl.col("home_score"))


class _Quote(NamedTuple):
    market: str
    outcome: str
    odds: str
    line: str | None
    sign: float = 1.0


# ``spread_line`` is what the home side is favoured by, which is the opposite of most books' sign.
_QUOTES = (
    _Quote("moneyline", "home", "home_moneyline", None),
    _Quote("moneyline", "away", "away_moneyline", None),
    _Quote("spread", "home", "home_spread_odds", "spread_line"),
    _Quote("spread", "away", "away_spread_odds", "spread_line", -1.0),
    _Quote("total", "over", "over_odds", "total_line"),
    _Quote("total", "under", "under_odds", "total_line"),
)


def parse(data: bytes) -> Parsed:
    """Return the tables of a games file.

    Raises:
        DataError: the file is cut off, a column is missing, or most rows are unusable.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), "the nflverse games file").select(tuple(KNOWN_AT))
    games, refused = _usable(sheet)
    prices, bad_prices = _prices(games)
    weather, bad_weather = _weather(games)
    tables = {
        "fixtures": _fixtures(games),
        "results": _results(games),
        "prices": prices,
        "venues": _venues(games),
        "rosters": _rosters(games),
        "officials": _officials(games),
        "weather": weather,
        "names": names_of_moved(games, NFL, "home_team", "away_team"),
    }
    parts = [refuse(part) for part in (refused, bad_prices, bad_weather)]
    return Parsed(tables=tables, refused=pl.concat(parts), games=sheet.height)


def _usable(sheet: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    one_id, copies = split_duplicates(sheet, ("game_id",))
    once, twins = split_duplicates(one_id, ("gameday", "home_team", "away_team"))
    games, faulty = _games(once)
    refused = pl.concat([copies, twins, faulty])
    if games.height * 2 < sheet.height:
        reason = str(refused["reason"].mode().sort()[0])
        raise DataError(
            f"{refused.height} of {sheet.height} rows of the nflverse games file are unusable, most often: "
            f"{reason}; fetch it again, or look whether its layout changed",
            reason=reason,
        )
    return games, refused


def _games(text: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the typed games with the stamps that all tables share, and the rows that cannot be games."""
    typed = text.with_columns(
        day_of("gameday").alias("day"),
        pl.col("gametime").str.to_time("%H:%M", strict=False).alias("clock"),
        *(pl.col(name).cast(pl.Int32, strict=False).alias(f"{name}_typed") for name in _WHOLE_NUMBERS),
    )
    sane, faulty = split(typed, _FAULTS)
    games = sane.drop(*_WHOLE_NUMBERS).rename(lambda name: name.removesuffix("_typed"))
    return _stamped(games), faulty.select(*text.columns, "reason")


def _unread(column: str, typed: str | None = None) -> pl.Expr:
    return pl.col(column).is_not_null() & pl.col(typed or f"{column}_typed").is_null()


_FAULTS: Mapping[str, pl.Expr] = {
    "no game_id": pl.col("game_id").is_null(),
    "no season or week in whole numbers": pl.any_horizontal(pl.col("season_typed", "week_typed").is_null()),
    "gameday is no date": pl.col("day").is_null(),
    "gameday lies outside its season": ~(pl.col("day").dt.year() - pl.col("season_typed")).is_between(0, 1),
    "gametime is no clock time": _unread("gametime", "clock"),
    "a side is missing": pl.any_horizontal(pl.col("home_team", "away_team").is_null()),
    "a team plays itself": pl.col("home_team") == pl.col("away_team"),
    "an unknown game_type": ~pl.col("game_type").is_in(NFL.stages).fill_null(value=False),
    "a location that is neither Home nor Neutral": ~pl.col("location")
    .is_in(["Home", "Neutral"])
    .fill_null(value=False),
    "the score of one side only": pl.col("home_score").is_null() != pl.col("away_score").is_null(),
    "a score that is no whole number": _unread("home_score") | _unread("away_score"),
    "a score below zero": (pl.col("home_score_typed") < 0) | (pl.col("away_score_typed") < 0),
}


def _stamped(games: pl.DataFrame) -> pl.DataFrame:
    clock = _true_clock()
    framed = games.with_columns(
        pl.lit(NFL.name).alias("sport"),
        pl.lit("nfl").alias("league"),
        (pl.lit(f"{NFL.name}-") + pl.col("game_id").str.replace_all("_", "-", literal=True)).alias("fixture"),
        pl.col("game_type").alias("stage"),
        pl.when(pl.col("clock").is_null()).then(pl.lit("day")).otherwise(pl.lit("second")).alias("event_precision"),
        stamps.start_of(pl.col("day"), clock, NFL.timezone).alias("start"),
        # A code that is neither a team of today nor a former one is a new team's: this file decides who there is.
        *(pl.col(f"{side}_team").replace(dict(NFL.relocated)).alias(side) for side in ("home", "away")),
    )
    return framed.with_columns(pl.col("start").alias("event_at"))


def _true_clock() -> pl.Expr:
    """Return the wall clock with two faults of upstream mended.

    Sunday night games of 2000-05 stand as 09:00 instead of 21:00, and five London games of 2017-18 as 21:30
    instead of 09:30, all US Eastern.
    """
    text, season = pl.col("gametime"), pl.col("season")
    night = (text == "09:00") & season.is_between(2000, 2005)
    london = (text == "21:30") & season.is_between(2017, 2018) & (pl.col("location") == "Neutral")
    mended = pl.when(night).then(pl.lit("21:00")).when(london).then(pl.lit("09:30")).otherwise(text)
    return mended.str.to_time("%H:%M", strict=False)


def _claimed(rows: pl.DataFrame, table: str, known_at: pl.Expr, how: str | pl.Expr = "assumed") -> pl.DataFrame:
    return claim(rows, table, NFL.name, known_at, how)


def _fixtures(games: pl.DataFrame) -> pl.DataFrame:
    rows = stamps.with_rounds(games, NFL.stages, NFL.duration).with_columns(
        (pl.col("location") == "Neutral").alias("neutral"),
        pl.col("stadium_id").alias("venue"),
        pl.col("stadium").alias("venue_name"),
        pl.lit(0).alias("sequence"),
    )
    drawn = pl.col("drawn_at")
    how = pl.when(drawn.is_null()).then(pl.lit("assumed")).otherwise(pl.lit("bounded"))
    return _claimed(rows, "fixtures", pl.coalesce(drawn, stamps.listed()), how)


def _results(games: pl.DataFrame) -> pl.DataFrame:
    overtime = pl.col("overtime").replace_strict({"0": False, "1": True}, default=None, return_dtype=pl.Boolean)
    played = games.filter(pl.all_horizontal(score.is_not_null() for score in _RESULT))
    rows = played.with_columns(
        overtime,
        outcome_of(),
        pl.when(overtime).then(pl.lit("overtime")).when(~overtime).then(pl.lit("regulation")).alias("ending"),
    )
    return _claimed(rows, "results", stamps.result_known(NFL.duration))


def _prices(games: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    quotes = pl.concat(_quoted(games, quote) for quote in _QUOTES)
    told = pl.col("odds_text").is_not_null() | pl.col("line_text").is_not_null()
    listed, unpriced = split(
        quotes.filter(told),
        {
            "odds that are no number": _unread("odds_text", "american"),
            "a line that is no number": _unread("line_text", "line"),
            "odds without their line": pl.col("line").is_null() & (pl.col("market") != "moneyline"),
        },
    )
    priced, impossible = split_american(listed)
    kept, unfair = split_prices(priced)
    shown = ("fixture", "market", "outcome", "odds_text", "line_text", "reason")
    refused = pl.concat(part.select(shown) for part in (unpriced, impossible, unfair))
    return _claimed(kept, "prices", stamps.closing()), refused


def _quoted(games: pl.DataFrame, quote: _Quote) -> pl.DataFrame:
    rows = quoted(
        games,
        book=BOOK,
        market=quote.market,
        outcome=quote.outcome,
        label="close",
        odds_text=pl.col(quote.odds),
        line_text=pl.col(quote.line) if quote.line else pl.lit(None, pl.String),
    )
    line = unsigned_zero(number("line_text") * quote.sign)
    return rows.with_columns(number("odds_text").alias("american"), line.alias("line"))


def _venues(games: pl.DataFrame) -> pl.DataFrame:
    known = games.filter(pl.any_horizontal(pl.col("roof", "surface").is_not_null()))
    return _claimed(known, "venues", stamps.announced())


def _rosters(games: pl.DataFrame) -> pl.DataFrame:
    sides = [
        games.filter(pl.col(f"{side}_qb_id").is_not_null()).with_columns(
            pl.lit(f"{side}_qb").alias("role"),
            pl.col(side).alias("team"),
            pl.col(f"{side}_qb_id").alias("player"),
            pl.col(f"{side}_qb_name").alias("name"),
        )
        for side in ("home", "away")
    ]
    return _claimed(pl.concat(sides), "rosters", stamps.announced())


def _officials(games: pl.DataFrame) -> pl.DataFrame:
    named = games.filter(pl.col("referee").is_not_null())
    rows = named.with_columns(pl.lit("referee").alias("role"), pl.col("referee").alias("name"))
    return _claimed(rows, "officials", stamps.announced())


def _weather(games: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    # Before the game a reading would be somebody's forecast; only at a game that was played is it observed.
    played = games.filter(pl.col("home_score").is_not_null())
    read = played.with_columns(number(name).alias(f"{name}_number") for name in ("temp", "wind"))
    faults = {f"{name} is no number": _unread(name, f"{name}_number") for name in ("temp", "wind")}
    sane, faulty = split(read.filter(pl.any_horizontal(pl.col("temp", "wind").is_not_null())), faults)
    seen = sane.drop("temp", "wind").rename({"temp_number": "temp", "wind_number": "wind"})
    seen = seen.with_columns(pl.lit("observed").alias("kind"))
    return _claimed(seen, "weather", stamps.end_known(NFL.duration)), faulty.select("fixture", "temp", "wind", "reason")


NFLVERSE = Source(
    name="nflverse",
    sport=NFL.name,
    tier="C",
    primary=True,
    parts=single(
        "games",
        "nfl/nflverse/nfldata/data/games.csv",
        "https://raw.githubusercontent.com/nflverse/nfldata/HEAD/data/games.csv",
    ),
    terms="CC-BY-4.0, nflverse (https://nflverse.nflverse.com)",
    cadence="after every game day in season",
    parser="nflverse-games-3",
    parse=lambda data, _: parse(data),
    known_at=KNOWN_AT,
    named=False,
)
