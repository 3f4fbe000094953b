"""sportsbookreview's archive of baseball prices, opening and closing, as the package bettingtools has it.

Source: https://github.com/pwu97/bettingtools (data-raw/MLB_Datasets.R says how the columns came about)
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, number, outcome_of, whole
from antepost.ingestion.markets import quoted
from antepost.ingestion.quality import split, split_american
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, joined
from antepost.sports.mlb import MLB

BOOK = "sportsbookreview"
FIRST_SEASON = 2014

_OPENED = "start - 24 h (assumed: the archive says 'opening' only)"
_CLOSED = "start - 1 s (assumed: the archive says 'closing' only; the run line is taken as closing)"
_SIDES = ("away", "home")
_FEWEST_RUNS, _MOST_RUNS = 4.0, 20.0

KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("date", "game", "away_name", "home_name"), stamps.JOINED),
    **dict.fromkeys(("away_score", "home_score"), stamps.NO_CLOCK),
    **dict.fromkeys(("away_open_ml", "home_open_ml", "open_ou_line", "open_ou_odds"), _OPENED),
    **dict.fromkeys(("away_close_ml", "home_close_ml", "close_ou_line", "close_ou_odds"), _CLOSED),
    **dict.fromkeys((f"{side}_run_line{what}" for side in _SIDES for what in ("", "_odds")), _CLOSED),
}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one season's archive.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), f"sportsbookreview's {part.name}").select(tuple(KNOWN_AT))
    games, refused = _games(sheet, part)
    prices, impossible = _prices(games)
    tables = {
        "fixtures": joined(games, MLB.name),
        "results": claim(
            games.drop_nulls(("home_score", "away_score")), "results", MLB.name, stamps.result_known(MLB.duration)
        ),
        "prices": prices,
    }
    return Parsed(tables=tables, refused=pl.concat([refuse(refused), refuse(impossible)]), games=sheet.height)


def _games(text: pl.DataFrame, part: Part) -> tuple[pl.DataFrame, pl.DataFrame]:
    typed = text.with_columns(
        day_of("date").alias("day"),
        *(whole(f"{side}_score").alias(f"{side}_runs") for side in _SIDES),
    )
    sane, faulty = split(
        typed,
        {
            "date cannot be read": pl.col("day").is_null(),
            "a side is missing": pl.any_horizontal(pl.col("away_name", "home_name").is_null()),
        },
    )
    games = sane.with_columns(
        pl.lit("mlb").alias("league"),
        pl.lit(part.season, pl.Int32).alias("season"),
        pl.concat_str(pl.lit(part.name), "game", "date", "away_name", "home_name", separator="|").alias("fixture"),
        *stamps.on_day(pl.col("day")),
        *(pl.col(f"{side}_name").alias(side) for side in _SIDES),
        *(pl.col(f"{side}_runs").alias(f"{side}_score") for side in _SIDES),
        outcome_of("home_runs", "away_runs"),
        # The archive numbers its games through the season; of two on one day it does not say which is which.
        pl.lit(0).alias("sequence"),
    )  # fmt: skip
    return games, faulty.select(*text.columns, "reason")


def _prices(games: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    nothing = pl.lit(None, pl.Float64)
    offers = [
        *(
            ("moneyline", side, label, nothing, number(f"{side}_{label}_ml"))
            for side in _SIDES
            for label in ("open", "close")
        ),
        *(
            ("spread", side, "close", 0.0 - number(f"{side}_run_line"), number(f"{side}_run_line_odds"))
            for side in _SIDES
        ),
        *(
            # The one price of a total stood in the home side's row, which is the under's.
            ("total", side, label, number(f"{label}_ou_line"), odds)
            for label in ("open", "close")
            for side, odds in (("over", nothing), ("under", number(f"{label}_ou_odds")))
        ),
    ]
    quotes = pl.concat(
        quoted(games, book=BOOK, market=market, outcome=outcome, label=label, line=line, american=american)
        for market, outcome, label, line, american in offers
    )
    told = quotes.filter(pl.any_horizontal(pl.col("american", "line").is_not_null()))
    market = ("fixture", "market", "label")
    sane, odd = split(
        told,
        {
            "a total outside 4 to 20 runs": (pl.col("market") == "total")
            & ~pl.col("line").is_between(_FEWEST_RUNS, _MOST_RUNS),
            "run lines of the two sides that do not mirror each other": (pl.col("market") == "spread")
            & (pl.col("line").sum().over(market) != 0.0),
        },
    )
    priced, impossible = split_american(sane)
    known_at = pl.when(pl.col("label") == "open").then(pl.col("start") - stamps.DAY).otherwise(stamps.closing())
    shown = ("fixture", "market", "outcome", "label", "line", "american", "reason")
    return claim(priced, "prices", MLB.name, known_at), pl.concat([odd.select(shown), impossible.select(shown)])


def _parts(year: int) -> tuple[Part, ...]:
    return tuple(
        Part(name=f"mlb_odds-{season}", path=f"mlb/sportsbookreview/mlb_odds_{season}.csv", season=season)
        for season in range(FIRST_SEASON, year + 1)
    )


SBR_MLB = Source(
    name="sbr_mlb",
    sport=MLB.name,
    tier="C",
    primary=False,
    parts=_parts,
    terms="free use with credit to the package bettingtools and its author Peter Wu; data from sportsbookreview.com",
    cadence="never: an archive, to be had from a mirror",
    parser="sbr-mlb-1",
    parse=parse,
    known_at=KNOWN_AT,
    days_off=0,
)
