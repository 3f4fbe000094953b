"""The invented NFL as feeds: its games in nflverse's layout, so that the same parser reads them, and the openings.

nflverse's file has closing prices only, so that what the bookmaker offered at first comes as a file of its own.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.quality import split, split_american
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, single
from antepost.ingestion.sources import nflverse
from antepost.simulation import SEASONS, SEED, openings, simulate
from antepost.sports.nfl import NFL

OPENED = timedelta(days=6)
_COLUMNS = ("game_id", "season", "home_moneyline", "away_moneyline")
_RULE = "start - 6 d (assumed)"


def generate() -> bytes:
    """Return the bytes of the built-in league, always the same."""
    return simulate(SEED, SEASONS)


def generate_openings() -> bytes:
    """Return the bytes of the built-in league's openings, always the same."""
    return openings(SEED, SEASONS)


def parse_openings(data: bytes, _: Part) -> Parsed:
    """Return the opening prices, by the ids that nflverse's games have.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, _COLUMNS, "the simulated openings").select(_COLUMNS)
    start = pl.lit(stamps.UNDATED).cast(pl.Datetime("us", "UTC"))
    typed = sheet.with_columns(
        pl.col("season").cast(pl.Int32, strict=False).alias("year"),
        *(pl.col(f"{side}_moneyline").cast(pl.Float64, strict=False).alias(side) for side in ("home", "away")),
    )
    sane, faulty = split(
        typed, {"a season or price is no number": pl.any_horizontal(pl.col("year", "home", "away").is_null())}
    )
    offers = [
        sane.with_columns(
            pl.lit(NFL.name).alias("league"),
            (pl.lit(f"{NFL.name}-") + pl.col("game_id").str.replace_all("_", "-", literal=True)).alias("fixture"),
            start.alias("start"),
            start.alias("event_at"),
            pl.lit("none").alias("event_precision"),
            pl.lit(nflverse.BOOK).alias("book"),
            pl.lit("moneyline").alias("market"),
            pl.lit("open").alias("label"),
            pl.lit(side).alias("outcome"),
            pl.col(side).alias("american"),
        )
        for side in ("home", "away")
    ]
    priced, impossible = split_american(pl.concat(offers))
    prices = claim(priced.with_columns(pl.col("year").alias("season")), "prices", NFL.name, pl.col("start") - OPENED)
    refused = pl.concat([refuse(part.select(*_COLUMNS, "reason")) for part in (faulty, impossible)])
    return Parsed(tables={"prices": prices}, refused=refused, games=sheet.height)


SIMULATED = Source(
    name="simulated",
    sport=NFL.name,
    tier="C",
    primary=True,
    parts=single("league", ""),
    terms="invented; no terms",
    cadence="never: the league is built in",
    parser=nflverse.NFLVERSE.parser,
    parse=nflverse.NFLVERSE.parse,
    known_at=nflverse.KNOWN_AT,
    named=False,
    generate=generate,
)
SIMULATED_OPENINGS = Source(
    name="simulated_openings",
    sport=NFL.name,
    tier="C",
    primary=False,
    parts=single("openings", ""),
    terms="invented; no terms",
    cadence="never: the league is built in",
    parser="simulated-openings-1",
    parse=parse_openings,
    known_at=dict.fromkeys(_COLUMNS, _RULE),
    own_ids=True,
    generate=generate_openings,
)
