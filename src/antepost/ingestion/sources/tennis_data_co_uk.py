"""tennis-data.co.uk: the day of each match of both tours, and the odds of several bookmakers.

Source: http://www.tennis-data.co.uk/notes.txt
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import unread, whole
from antepost.ingestion.markets import quoted
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, read_workbook, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.sports import Sport
from antepost.sports.atp import ATP
from antepost.sports.wta import WTA

_LISTED = "order of play: 12 h before the start (assumed)"
_ENDED = "12:00 UTC the next day (assumed)"
_CLOSED = "start - 1 s (assumed: the publisher gives no time, and says that most are the last before the match)"

_NEEDED = ("Date", "Location", "Tournament", "Court", "Surface", "Round", "Winner", "Loser")
_SCORES = ("Wsets", "Lsets", "Comment")
_BOOKS = {
    "B365": "bet365", "B&W": "betandwin", "CB": "centrebet", "EX": "expekt", "LB": "ladbrokes", "GB": "gamebookers",
    "IW": "interwetten", "PS": "pinnacle", "SB": "sportingbet", "SJ": "stanjames", "UB": "unibet", "Max": "maximum",
    "Avg": "average",
}  # fmt: skip
KNOWN_AT: Mapping[str, str] = {**dict.fromkeys(_NEEDED, _LISTED), **dict.fromkeys(_SCORES, _ENDED), "odds": _CLOSED}

_XLS, _XLSX = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"


def parser(sport: Sport) -> Callable[[bytes, Part], Parsed]:
    """Return the function that reads a year of one tour, as CSV, xls or xlsx."""

    def parse(data: bytes, part: Part) -> Parsed:
        name = f"tennis-data.co.uk's {part.name}"
        needed = (*_NEEDED, *_SCORES)
        book = data.startswith((_XLS, _XLSX))
        sheet = read_workbook(data, needed, name) if book else read_sheet(data, needed, name, ragged=True)
        rows = sheet.filter(pl.col("Winner").is_not_null() | pl.col("Loser").is_not_null())
        games, refused = _games(rows, sport, part)
        venues = games.filter(pl.col("Surface").is_not_null()).with_columns(
            pl.col("Surface").alias("surface"), pl.col("Court").alias("roof")
        )
        results, unscored = _results(games, sport)
        prices, unpriced = _prices(games, sport)
        tables = {
            "fixtures": claim(games, "fixtures", sport.name, pl.col("start") - stamps.NOON),
            "results": results,
            "venues": claim(venues, "venues", sport.name, pl.col("start") - stamps.NOON),
            "prices": prices,
        }
        parts = [refuse(part) for part in (refused, unscored, unpriced)]
        return Parsed(tables=tables, refused=pl.concat(parts), games=rows.height)

    return parse


def spellings(name: str) -> Iterable[str]:
    """Return the ways in which the publisher may write a full name: the surname, or its beginning, and initials.

    >>> sorted(spellings("Juan Martin del Potro"))[-3:]
    ['del JM', 'del Potro J', 'del Potro JM']
    """
    words = name.split()
    found: set[str] = set()
    for cut in range(1, len(words)):
        initials = "".join(part[0] for word in words[:cut] for part in re.split(r"[-']", word) if part)
        surname = re.split(r"[ -]", " ".join(words[cut:]))
        for length in range(1, len(surname) + 1):
            found |= {f"{' '.join(surname[:length])} {given}" for given in (initials, initials[:1])}
    return found


def _games(text: pl.DataFrame, sport: Sport, part: Part) -> tuple[pl.DataFrame, pl.DataFrame]:
    typed = text.with_columns(
        pl.col("Date").str.head(10).str.to_date("%Y-%m-%d", strict=False).alias("day"),
        *(whole(name).alias(f"{name}#") for name in ("Wsets", "Lsets")),
    )
    year, day = pl.lit(part.season, pl.Int32), pl.col("day")
    comment = pl.col("Comment").fill_null("").str.to_lowercase()
    sane, faulty = split(
        typed,
        {
            "Date is no date": pl.col("day").is_null(),
            # The first week of a season may begin in the old year.
            "a date outside the file's year": (day.dt.year() > year) | ((day + timedelta(days=7)).dt.year() < year),
            "a player is missing": pl.any_horizontal(pl.col("Winner", "Loser").is_null()),
            "not played": comment.str.contains("^sched|^canc"),
        },
    )
    # Winner and loser are known only after the match: the sides are ordered by name, which says nothing.
    first = pl.col("Winner") < pl.col("Loser")
    games = sane.with_columns(
        pl.lit(sport.name).alias("league"),
        pl.lit(part.season, pl.Int32).alias("season"),
        pl.format("{}|{}|{}|{}", pl.lit(part.name), "day", "Winner", "Loser").alias("fixture"),
        *stamps.on_day(pl.col("day")),
        pl.when(first).then("Winner").otherwise("Loser").alias("home"),
        pl.when(first).then("Loser").otherwise("Winner").alias("away"),
        first.alias("first"),
        pl.when(first).then(pl.lit("home")).otherwise(pl.lit("away")).alias("outcome"),
        pl.when(first).then("Wsets#").otherwise("Lsets#").alias("home_score"),
        pl.when(first).then("Lsets#").otherwise("Wsets#").alias("away_score"),
        pl.when(comment.str.starts_with("walk")).then(pl.lit("walkover"))
        .when(comment.str.contains("tired")).then(pl.lit("retired"))
        .when(comment.str.contains("^disq|^award")).then(pl.lit("awarded"))
        .otherwise(pl.lit("regulation")).alias("ending"),
        pl.lit(0).alias("sequence"),
    )  # fmt: skip
    return games, faulty.select(*text.columns, "reason")


def _results(games: pl.DataFrame, sport: Sport) -> tuple[pl.DataFrame, pl.DataFrame]:
    counted = pl.any_horizontal(unread(name, f"{name}#") for name in ("Wsets", "Lsets"))
    sane, faulty = split(games, {"sets that are no number": counted})
    shown = faulty.select("fixture", "Wsets", "Lsets", "Comment", "reason")
    return claim(sane, "results", sport.name, stamps.result_known(sport.duration)), shown


def _prices(games: pl.DataFrame, sport: Sport) -> tuple[pl.DataFrame, pl.DataFrame]:
    shown = ("fixture", "book", "outcome", "odds_text", "reason")
    told = [
        quoted(
            games,
            book=book,
            market="moneyline",
            outcome=pl.when(pl.col("first") == won).then(pl.lit("home")).otherwise(pl.lit("away")),
            label="close",
            odds=_decimal(f"{prefix}{letter}"),
            odds_text=pl.col(f"{prefix}{letter}"),
        )
        for prefix, book in _BOOKS.items()
        for letter, won in (("W", True), ("L", False))
        if f"{prefix}{letter}" in games.columns
    ]
    if not told:
        nothing = pl.DataFrame(schema=dict.fromkeys(shown, pl.String()))
        return claim(games.clear(), "prices", sport.name, stamps.closing()), nothing
    offered = pl.concat(told).drop_nulls("odds_text")
    priced, faulty = split(offered, {"odds that are no number": pl.col("odds").is_null()})
    return claim(priced, "prices", sport.name, stamps.closing()), faulty.select(shown)


def _decimal(column: str) -> pl.Expr:
    """Return a column of odds, some of which are written with a comma."""
    return pl.col(column).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def _source(sport: Sport, first: int, shelf: str) -> Source:
    def parts(year: int) -> tuple[Part, ...]:
        return tuple(
            Part(
                name=f"{sport.name}-{season}",
                path=f"tennis/tennis-data.co.uk/{season}{shelf}/{season}.csv",
                url=f"https://www.tennis-data.co.uk/{season}{shelf}/{season}.{'xls' if season < 2013 else 'xlsx'}",
                season=season,
                rhythm="weekly",
            )
            for season in range(first, year + 1)
        )

    return Source(
        name=f"tennis_data_{sport.name}",
        sport=sport.name,
        tier="C",
        primary=False,
        parts=parts,
        terms="free, with tennis-data.co.uk named as the source",
        cadence="weekly",
        parser="tennis-data-2",
        parse=parser(sport),
        known_at=KNOWN_AT,
        spellings=spellings,
    )


TENNIS_DATA_ATP = _source(ATP, 2000, "")
TENNIS_DATA_WTA = _source(WTA, 2007, "w")
