"""The NHL's lists as fastRhockey collected them: who was scratched from a game, and who is who.

Of the season's rosters only names are taken: they are lists without a day, with later trades in them.
Source: https://github.com/sportsdataverse/fastRhockey-nhl-data
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_parquet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.ingestion.sources.sportsdataverse_nhl import TERMS, fixture_id, labelled
from antepost.sports.nhl import NHL

_SCRATCHED = "start - 60 min (assumed: handed in about an hour before, without a stamp)"
_LISTED = "1 July after the season (bounded: lists of its end)"
_HANDED_IN = timedelta(minutes=60)

SCRATCH_COLUMNS: Mapping[str, pl.DataType] = {
    "id": pl.Int64(), "firstName": pl.String(), "lastName": pl.String(), "game_id": pl.Int64(),
}  # fmt: skip
ROSTER_COLUMNS: Mapping[str, pl.DataType] = {"player_id": pl.Int64(), "full_name": pl.String(), "season": pl.Int32()}


def parse_scratches(data: bytes, part: Part) -> Parsed:
    """Return who did not dress, game by game; of which side is not told.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_parquet(data, SCRATCH_COLUMNS, f"fastRhockey's {part.name}")
    missing = {"no game": pl.col("game_id").is_null(), "no player": pl.col("id").is_null()}
    sane, faulty = split(sheet, missing)
    rows = sane.with_columns(
        pl.lit("nhl").alias("league"),
        (pl.col("game_id") // 1_000_000).cast(pl.Int32).alias("season"),
        fixture_id("game_id"),
        pl.lit(stamps.UNDATED).alias("event_at"),
        pl.lit("none").alias("event_precision"),
        pl.concat_str(pl.lit("scratch"), pl.col("id").cast(pl.String), separator="_").alias("role"),
        pl.col("id").cast(pl.String).alias("player"),
        pl.concat_str("firstName", "lastName", separator=" ", ignore_nulls=True).alias("name"),
    )
    rosters = claim(rows, "rosters", NHL.name, pl.col("event_at") - _HANDED_IN)
    return Parsed(tables={"rosters": rosters}, refused=refuse(faulty), games=sheet.height)


def parse_rosters(data: bytes, part: Part) -> Parsed:
    """Return the names of one season's players.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_parquet(data, ROSTER_COLUMNS, f"fastRhockey's {part.name}")
    sane, faulty = split(sheet, {"no player": pl.col("player_id").is_null()})
    # The label is a season's opening or closing year: by July of the next year either is over.
    closed = pl.datetime(pl.col("season") + 1, 7, 1, time_unit="us", time_zone="UTC")
    rows = sane.drop("season").with_columns(sane.select(closed.alias("event_at"))).with_columns(
        pl.lit("nhl").alias("league"),
        pl.lit(None, pl.Int32).alias("season"),
        pl.lit("none").alias("event_precision"),
        pl.col("player_id").cast(pl.String).alias("entity"),
        pl.lit("player").alias("kind"),
        pl.col("full_name").alias("name"),
    )  # fmt: skip
    entities = claim(rows, "entities", NHL.name, pl.col("event_at") + stamps.DAY, "bounded")
    return Parsed(tables={"entities": entities}, refused=refuse(faulty), games=sheet.height)


SPORTSDATAVERSE_NHL_SCRATCHES = Source(
    name="sportsdataverse_nhl_scratches",
    sport=NHL.name,
    tier="C",
    primary=False,
    parts=labelled("scratches", "scratches"),
    terms=TERMS,
    cadence="daily in season upstream; to be had from a mirror",
    parser="sportsdataverse-nhl-scratches-1",
    parse=parse_scratches,
    known_at=dict.fromkeys(SCRATCH_COLUMNS, _SCRATCHED),
    named=False,
    own_ids=True,
)
SPORTSDATAVERSE_NHL_ROSTERS = Source(
    name="sportsdataverse_nhl_rosters",
    sport=NHL.name,
    tier="C",
    primary=False,
    parts=labelled("rosters", "rosters"),
    terms=TERMS,
    cadence="yearly upstream; to be had from a mirror",
    parser="sportsdataverse-nhl-rosters-1",
    parse=parse_rosters,
    known_at=dict.fromkeys(ROSTER_COLUMNS, _LISTED),
    named=False,
    own_ids=True,
)
