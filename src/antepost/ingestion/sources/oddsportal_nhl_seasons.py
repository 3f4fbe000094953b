"""The NHL seasons that the schedule at hand lacks, from OddsPortal's list of games: days and final scores.

Source: https://www.oddsportal.com
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.identity import slug
from antepost.ingestion.source import Parsed, Part, Source, claim, nothing_refused, single
from antepost.ingestion.sources.oddsportal_archive import KNOWN_AT, ODDSPORTAL_NHL
from antepost.sports.nhl import NHL

PLAYOFFS: Mapping[int, date] = {2008: date(2009, 4, 14), 2013: date(2014, 4, 15), 2017: date(2018, 4, 10)}
"""The seasons, and a day between the last game of each and the first of its play-offs."""

_LISTED = "first start of the season - 30 d; play-offs: start - 24 h (assumed)"
_KEYS = ("league", "season", "fixture", "start", "event_at", "event_precision", "home", "away")


def parse(data: bytes, part: Part) -> Parsed:
    """Return the games of the seasons that are not to be had elsewhere; the others are passed over.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    told = ODDSPORTAL_NHL.parse(data, part).tables
    day = pl.col("start").dt.date()
    season = pl.when(day.dt.month() >= NHL.starts_month).then(day.dt.year()).otherwise(day.dt.year() - 1)
    drawn = pl.col("season").replace_strict(dict(PLAYOFFS), default=None, return_dtype=pl.Date)
    sides = [pl.col(side).map_elements(slug, return_dtype=pl.String) for side in ("away", "home")]
    games = (
        told["fixtures"]
        .with_columns(season.cast(pl.Int32).alias("season"))
        .filter(pl.col("season").is_in(list(PLAYOFFS)))
        .with_columns(
            pl.col("fixture").alias("local"),
            pl.concat_str(pl.lit("nhl"), day.cast(pl.String), *sides, separator="-").alias("fixture"),
            pl.when(day > drawn).then(pl.lit("PLAYOFF")).otherwise(pl.lit("REG")).alias("stage"),
        )
    )
    listed = pl.when(pl.col("stage") == "PLAYOFF").then(pl.col("start") - stamps.DAY).otherwise(stamps.listed())
    scores = told["results"].select(pl.col("fixture").alias("local"), "home_score", "away_score", "outcome")
    results = games.select(*_KEYS, "local").join(scores, on="local", how="inner", maintain_order="left")
    tables = {
        "fixtures": claim(games, "fixtures", NHL.name, listed),
        "results": claim(results, "results", NHL.name, stamps.result_known(NHL.duration)),
    }
    # What is no game of ours is refused by the source of the same file that has the prices.
    return Parsed(tables=tables, refused=nothing_refused(), games=games.height)


ODDSPORTAL_NHL_SEASONS = Source(
    name="oddsportal_nhl_seasons",
    sport=NHL.name,
    tier="C",
    primary=True,
    parts=single("games", "nhl/oddsportal/oddsportal_nhl.csv"),
    terms=ODDSPORTAL_NHL.terms,
    cadence=ODDSPORTAL_NHL.cadence,
    parser="oddsportal-nhl-seasons-1",
    parse=parse,
    known_at={column: _LISTED if column not in {"points_1", "points_2"} else rule for column, rule in KNOWN_AT.items()},
)
