"""SportsbookReview's archive of NFL lines, 2011 to 2021: opening and closing spread and total, closing moneyline.

Where a game was close to even, the scraper took the closing spread for the total and the other way round; that is put
right here.

Source: https://github.com/flancast90/sportsbookreview-scraper
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import cast

import polars as pl

from antepost.errors import DataError
from antepost.ingestion import stamps
from antepost.ingestion.cells import number, outcome_of, whole
from antepost.ingestion.markets import quoted
from antepost.ingestion.quality import split, split_american, unsigned_zero
from antepost.ingestion.sheet import refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, joined, single
from antepost.sports.nfl import NFL

BOOK = "sbr"
OPENED = timedelta(days=6)
MOST_SPREAD, LEAST_TOTAL, MOST_TOTAL = 28.0, 28.0, 70.0
"""What an NFL line may be; what lies outside is no line."""

_OPENED = "start - 6 d (assumed: the archive only says opening)"
_CLOSED = "start - 1 s (assumed: the archive only says closing)"
_SIDES = ("home", "away")
_QUARTERS = ("1stQtr", "2ndQtr", "3rdQtr", "4thQtr")
_SCORES = tuple(f"{side}_{period}" for side in _SIDES for period in (*_QUARTERS, "final"))
_OPEN = ("home_open_spread", "open_over_under")
_CLOSE = ("home_close_ml", "away_close_ml", "home_close_spread", "close_over_under")
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("season", "date", "home_team", "away_team"), stamps.JOINED),
    **dict.fromkeys(_SCORES, stamps.NO_CLOCK),
    **dict.fromkeys(_OPEN, _OPENED),
    **dict.fromkeys(_CLOSE, _CLOSED),
}


def parse(data: bytes, _: Part) -> Parsed:
    """Return the tables of the archive.

    Raises:
        DataError: the file is cut off, no JSON, or a field is missing.
    """
    sheet = _records(data)
    games, refused = _games(sheet)
    prices, bad = _prices(games)
    periods, short = _periods(games)
    tables = {
        "fixtures": joined(games, NFL.name),
        "results": _results(games),
        "periods": periods,
        "prices": prices,
    }
    return Parsed(tables=tables, refused=pl.concat([refuse(refused), refuse(short), refuse(bad)]), games=sheet.height)


def _records(data: bytes) -> pl.DataFrame:
    try:
        told: object = json.loads(data)
    except ValueError as error:
        raise DataError(f"the SBR archive is cut off or no JSON ({error}); fetch it again") from error
    if not isinstance(told, list) or not told or not all(isinstance(row, dict) for row in cast("list[object]", told)):
        raise DataError("the SBR archive is no list of games; its layout has changed, see the source's page")
    rows = cast("list[dict[str, object]]", told)
    missing = [name for name in KNOWN_AT if any(name not in row for row in rows)]
    if missing:
        raise DataError(f"the SBR archive has games without {', '.join(missing)}; fetch it again", missing=missing)
    texts = {name: [None if row[name] is None else str(row[name]).strip() for row in rows] for name in KNOWN_AT}
    return pl.DataFrame(texts, schema=dict.fromkeys(KNOWN_AT, pl.String()))


def _games(text: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    typed = text.with_columns(
        whole("date").cast(pl.String).str.to_date("%Y%m%d", strict=False).alias("day"),
        whole("season").cast(pl.Int32, strict=False).alias("season"),
        *(whole(name).alias(name) for name in _SCORES),
    )
    sane, faulty = split(
        typed,
        {
            "date or season cannot be read": pl.any_horizontal(pl.col("day", "season").is_null()),
            "a side is missing": pl.any_horizontal(pl.col("home_team", "away_team").is_in(["0", ""])),
            "a score that cannot be read": pl.any_horizontal(pl.col(*_SCORES).is_null()),
        },
    )
    quarters = [pl.sum_horizontal(f"{side}_{quarter}" for quarter in _QUARTERS) for side in _SIDES]
    extra = [
        (pl.col(f"{side}_final") - told).alias(f"{side}_extra") for side, told in zip(_SIDES, quarters, strict=True)
    ]
    games = sane.with_columns(
        pl.lit(NFL.name).alias("league"),
        pl.concat_str(pl.col("day").cast(pl.String), "away_team", "home_team", separator="-").alias("fixture"),
        *stamps.on_day(pl.col("day")),
        pl.col("home_team").alias("home"),
        pl.col("away_team").alias("away"),
        *extra,
    )
    return games, faulty.select(*text.columns, "reason")


def _results(games: pl.DataFrame) -> pl.DataFrame:
    rows = games.with_columns(
        pl.col("home_final").alias("home_score"),
        pl.col("away_final").alias("away_score"),
        (pl.max_horizontal("home_extra", "away_extra") > 0).alias("overtime"),
        outcome_of("home_final", "away_final"),
    )
    return claim(rows, "results", NFL.name, stamps.result_known(NFL.duration))


def _periods(games: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the quarters; what the final score has beyond them is overtime, before which both sides are level."""
    beyond = pl.max_horizontal("home_extra", "away_extra") > 0
    level = pl.col("home_final") - pl.col("home_extra") == pl.col("away_final") - pl.col("away_extra")
    short = pl.min_horizontal("home_extra", "away_extra", *_SCORES) < 0
    sane, faulty = split(games, {"quarters that do not make up the final score": short | (beyond & ~level)})
    told = [
        sane.filter(beyond if period == "extra" else pl.lit(value=True)).with_columns(
            pl.lit(side).alias("side"), pl.lit(number).alias("period"), pl.col(f"{side}_{period}").alias("score")
        )
        for side in _SIDES
        for number, period in enumerate((*_QUARTERS, "extra"), start=1)
    ]
    rows = claim(pl.concat(told), "periods", NFL.name, stamps.result_known(NFL.duration))
    return rows, faulty.select("fixture", *_SCORES, "reason")


def _prices(games: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    spread, total = number("home_close_spread"), number("close_over_under")
    swapped = (spread.abs() >= LEAST_TOTAL) & (total.abs() <= MOST_SPREAD)
    # What stands for the spread has the spread's sign, and the total's size.
    sides = games.with_columns(
        (-pl.when(swapped).then(spread.sign() * total).otherwise(spread)).alias("close_line"),
        pl.when(swapped).then(spread.abs()).otherwise(total).alias("close_total"),
        (-number("home_open_spread")).alias("open_line"),
        number("open_over_under").alias("open_total"),
        # Above zero where the moneyline has the home side as favourite.
        (number("away_close_ml") - number("home_close_ml")).alias("favoured"),
    )
    nothing = pl.lit(None, pl.Float64)
    offers = [
        *(("moneyline", side, "close", nothing, number(f"{side}_close_ml")) for side in _SIDES),
        *(
            ("spread", side, label, unsigned_zero(pl.col(f"{label}_line") * sign), nothing)
            for label in ("open", "close")
            for side, sign in (("home", 1.0), ("away", -1.0))
        ),
        *(
            ("total", side, label, pl.col(f"{label}_total"), nothing)
            for label in ("open", "close")
            for side in ("over", "under")
        ),
    ]
    favoured = pl.col("favoured")
    quotes = pl.concat(
        quoted(sides, book=BOOK, market=market, outcome=side, label=label, line=line, american=odds, favoured=favoured)
        for market, side, label, line, odds in offers
    )
    told = quotes.filter(pl.any_horizontal(pl.col("american", "line").is_not_null()))
    is_spread, is_total = pl.col("market") == "spread", pl.col("market") == "total"
    at_home = pl.when(pl.col("outcome") == "home").then(pl.col("line")).otherwise(-pl.col("line"))
    against = (pl.col("line").abs() >= 2.0) & (at_home.sign() == -pl.col("favoured").sign())
    listed, garbage = split(
        told,
        {
            "a spread beyond 28 points": is_spread & (pl.col("line").abs() > MOST_SPREAD),
            "a total outside 28 to 70 points": is_total & ~pl.col("line").is_between(LEAST_TOTAL, MOST_TOTAL),
            "a closing spread against its moneyline": is_spread & (pl.col("label") == "close") & against,
        },
    )
    priced, impossible = split_american(listed)
    shown = ("fixture", "market", "outcome", "label", "line", "american", "reason")
    known = pl.when(pl.col("label") == "open").then(pl.col("start") - OPENED).otherwise(stamps.closing())
    rows = claim(priced, "prices", NFL.name, known)
    return rows, pl.concat([garbage.select(shown), impossible.select(shown)])


SBR_ARCHIVE_NFL = Source(
    name="sbr_archive_nfl",
    sport=NFL.name,
    tier="C",
    primary=False,
    parts=single("archive", "nfl/sportsbookreview/nfl_archive_10Y.json"),
    terms="MIT for the scraper; the lines are SportsbookReview's: for research and tests",
    cadence="never: an archive, to be had from a mirror",
    parser="sbr-archive-nfl-1",
    parse=parse,
    known_at=KNOWN_AT,
    # Games that ended after midnight UTC may stand a day early.
    days_off=2,
)
