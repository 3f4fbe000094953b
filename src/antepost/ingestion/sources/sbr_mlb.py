"""sportsbookreview's archive of baseball prices, opening and closing, as the package bettingtools has it.

Source: https://github.com/pwu97/bettingtools (data-raw/MLB_Datasets.R says how the columns came about)
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.quality import split, split_american
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.lake.schemas import CLAIM
from antepost.sports.mlb import MLB

BOOK = "sportsbookreview"
FIRST_SEASON = 2014

_LISTED = "start - 24 h (assumed: joined to fixtures that are listed earlier)"
_ENDED = "12:00 UTC the next day: there is no clock (assumed)"
_OPENED = "start - 24 h (assumed: the archive says 'opening' only)"
_CLOSED = "start - 1 s (assumed: the archive says 'closing' only; the run line is taken as closing)"
_SIDES = ("away", "home")
_FEWEST_RUNS, _MOST_RUNS = 4.0, 20.0

KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("date", "game", "away_name", "home_name"), _LISTED),
    **dict.fromkeys(("away_score", "home_score"), _ENDED),
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
        "fixtures": claim(games, "fixtures", MLB.name, pl.col("start") - stamps.DAY),
        "results": claim(
            games.drop_nulls(("home_score", "away_score")), "results", MLB.name, stamps.result_known(MLB.duration)
        ),
        "prices": prices,
    }
    return Parsed(tables=tables, refused=pl.concat([refuse(refused), refuse(impossible)]), games=sheet.height)


def _number(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64, strict=False)


def _games(text: pl.DataFrame, part: Part) -> tuple[pl.DataFrame, pl.DataFrame]:
    typed = text.with_columns(
        pl.col("date").str.to_date("%Y-%m-%d", strict=False).alias("day"),
        *(_number(f"{side}_score").cast(pl.Int64, strict=False).alias(f"{side}_runs") for side in _SIDES),
    )
    sane, faulty = split(
        typed,
        {
            "date cannot be read": pl.col("day").is_null(),
            "a side is missing": pl.any_horizontal(pl.col("away_name", "home_name").is_null()),
        },
    )
    noon = stamps.start_of(pl.col("day"), pl.lit(None, pl.Time), MLB.timezone)
    margin = pl.col("home_runs") - pl.col("away_runs")
    games = sane.with_columns(
        pl.lit("mlb").alias("league"),
        pl.lit(part.season, pl.Int32).alias("season"),
        pl.concat_str(pl.lit(part.name), "game", "date", "away_name", "home_name", separator="|").alias("fixture"),
        noon.alias("start"),
        noon.alias("event_at"),
        pl.lit("day").alias("event_precision"),
        *(pl.col(f"{side}_name").alias(side) for side in _SIDES),
        *(pl.col(f"{side}_runs").alias(f"{side}_score") for side in _SIDES),
        pl.when(margin > 0).then(pl.lit("home")).when(margin < 0).then(pl.lit("away")).when(margin == 0)
        .then(pl.lit("draw")).alias("outcome"),
        # The archive numbers its games through the season; of two on one day it does not say which is which.
        pl.lit(0).alias("sequence"),
    )  # fmt: skip
    return games, faulty.select(*text.columns, "reason")


def _prices(games: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    nothing = pl.lit(None, pl.Float64)
    quoted = pl.concat([
        *(_quoted(games, "moneyline", side, label, nothing, _number(f"{side}_{label}_ml"))
          for side in _SIDES for label in ("open", "close")),
        *(_quoted(games, "spread", side, "close", 0.0 - _number(f"{side}_run_line"), _number(f"{side}_run_line_odds"))
          for side in _SIDES),
        *(_quoted(games, "total", side, label, _number(f"{label}_ou_line"), odds)
          # The one price of a total stood in the home side's row, which is the under's.
          for label in ("open", "close")
          for side, odds in (("over", nothing), ("under", _number(f"{label}_ou_odds")))),
    ])  # fmt: skip
    told = quoted.filter(pl.col("american").is_not_null() | pl.col("line").is_not_null())
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


def _quoted(
    games: pl.DataFrame, market: str, outcome: str, label: str, line: pl.Expr, american: pl.Expr
) -> pl.DataFrame:
    return games.select(
        *(name for name in CLAIM if name in games.columns),
        "start",
        pl.lit(BOOK).alias("book"),
        pl.lit(market).alias("market"),
        pl.lit(outcome).alias("outcome"),
        pl.lit(label).alias("label"),
        line.alias("line"),
        american.alias("american"),
    )


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
