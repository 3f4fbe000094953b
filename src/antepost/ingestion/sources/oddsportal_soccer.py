"""OddsPortal's average opening and closing prices of the five great leagues, as collected by a public repository.

Source: https://www.oddsportal.com
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import number
from antepost.ingestion.markets import quoted
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, joined
from antepost.ingestion.sources.soccer_shared import ENDED, SCORES, goals, local, results, sided
from antepost.sports.soccer import SOCCER

BOOK = "oddsportal"
# The files give no zone. Of 7,581 matches that football-data.co.uk times too, 7,564 agree to the minute by this one.
TIMEZONE = "Europe/Paris"

_FILES = {"E0": "england_premier-league", "D1": "germany_bundesliga", "F1": "france_ligue-1", "I1": "italy_serie-a",
          "SP1": "spain_laliga"}  # fmt: skip
_OPENED = "start - 24 h (assumed: the site says opening, and not when)"
_CLOSED = "start - 1 s (assumed: the site calls it closing)"

# Market and outcome by the first part of a column's name.
_QUOTES = {
    "home": ("1x2", "home"), "draw": ("1x2", "draw"), "away": ("1x2", "away"), "over_2.5": ("total@2.5", "over"),
    "under_2.5": ("total@2.5", "under"), "bts_yes": ("btts", "yes"), "bts_no": ("btts", "no"),
}  # fmt: skip
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("Date", "country", "league", "Season", "HomeTeam", "AwayTeam"), stamps.JOINED),
    **dict.fromkeys(SCORES, ENDED),
    **dict.fromkeys((f"{quote}_open" for quote in _QUOTES), _OPENED),
    **dict.fromkeys((f"{quote}_close" for quote in _QUOTES), _CLOSED),
}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one league's file.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), f"OddsPortal's {part.name}").select(tuple(KNOWN_AT))
    games, refused = _games(sheet, part)
    tables = {
        "fixtures": joined(games, SOCCER.name),
        **results(games),
        "prices": _prices(games),
    }
    return Parsed(tables=tables, refused=refuse(refused), games=sheet.height)


def _games(text: pl.DataFrame, part: Part) -> tuple[pl.DataFrame, pl.DataFrame]:
    typed = text.with_columns(
        local(pl.col("Date"), TIMEZONE).alias("start"),
        pl.col("Season").str.head(4).cast(pl.Int32, strict=False).alias("season"),
        *goals(),
    )
    sane, faulty = split(
        typed,
        {
            "Date is no moment": pl.col("start").is_null(),
            "Season is no season": pl.col("season").is_null(),
            "a side is missing": pl.any_horizontal(pl.col("HomeTeam", "AwayTeam").is_null()),
            "a league that is not the file's": pl.concat_str("country", "league", separator="_") != _FILES[part.name],
        },
    )
    games = sane.with_columns(
        pl.lit(part.name).alias("league"),
        *stamps.at_moment(pl.col("start")),
        *sided(),
    )
    return games, faulty.select(*text.columns, "reason")


def _prices(games: pl.DataFrame) -> pl.DataFrame:
    told = pl.concat(
        quoted(
            games, book=BOOK, market=market, outcome=outcome, label=label,
            line=pl.lit(2.5 if market == "total@2.5" else None, pl.Float64), odds=number(f"{quote}_{label}"),
        )
        for quote, (market, outcome) in _QUOTES.items()
        for label in ("open", "close")
    ).drop_nulls("odds")  # fmt: skip
    opened = pl.when(pl.col("label") == "open").then(pl.col("start") - stamps.DAY)
    return claim(told, "prices", SOCCER.name, opened.otherwise(stamps.closing()))


def _parts(_: int) -> tuple[Part, ...]:
    return tuple(Part(name=league, path=f"soccer/oddsportal_open_close/{file}.csv") for league, file in _FILES.items())


ODDSPORTAL_SOCCER = Source(
    name="oddsportal_soccer",
    sport=SOCCER.name,
    tier="C",
    primary=False,
    parts=_parts,
    terms="OddsPortal by way of a repository without a licence file: for research and tests, not to be passed on",
    cadence="never: an archive, to be had from a mirror",
    parser="oddsportal-soccer-1",
    parse=parse,
    known_at=KNOWN_AT,
)
