"""The NHL's schedule as fastRhockey collected it: ids, exact starts in UTC, sides; scores where they are sound.

Most of its files have one constant for every score, club name and ground; the scores come from the boxes.
Source: https://github.com/sportsdataverse/fastRhockey-nhl-data
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.identity import slug
from antepost.ingestion.naming import names_of_moved
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_parquet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.sports.nhl import NHL

TERMS = "a public repository without a licence file, from the NHL's pages: for research and tests, not to be passed on"
FIRST_LABEL = 2010
FOLDER = "nhl/sportsdataverse/fastRhockey-nhl-data/nhl"

_LISTED = "first start of the season - 30 d; play-offs: start - 24 h (assumed)"
_COLUMNS: Mapping[str, pl.DataType] = {
    "game_id": pl.Int64(),
    "season_full": pl.String(),
    "game_type": pl.String(),
    "game_time": pl.String(),
    "home_team_abbr": pl.String(),
    "away_team_abbr": pl.String(),
    "venue": pl.String(),
}
KNOWN_AT: Mapping[str, str] = dict.fromkeys(_COLUMNS, _LISTED)
_STAGES = {"R": "REG", "P": "PLAYOFF"}


def parse(data: bytes, part: Part) -> Parsed:
    """Return one season's fixtures.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_parquet(data, _COLUMNS, f"fastRhockey's {part.name}")
    games, refused = _games(sheet)
    drawn = pl.when(pl.col("stage") == "PLAYOFF").then(pl.col("start") - stamps.DAY).otherwise(stamps.listed())
    tables = {
        "fixtures": claim(games, "fixtures", NHL.name, drawn),
        "names": names_of_moved(games, NHL, "home_team_abbr", "away_team_abbr"),
    }
    return Parsed(tables=tables, refused=refuse(refused), games=sheet.height)


def _games(sheet: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    # The file's own label is the closing year in most files and the opening year in some: only season_full is right.
    typed = sheet.with_columns(
        pl.col("season_full").str.extract(r"^(\d{4})\d{4}$").cast(pl.Int32, strict=False).alias("season"),
        pl.col("game_time").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC", time_unit="us", strict=False)
        .alias("start"),
        *(pl.col(f"{side}_team_abbr").replace(NHL.relocated).alias(side) for side in ("home", "away")),
    )  # fmt: skip
    sane, faulty = split(
        typed,
        {
            "a pre-season game": pl.col("game_type") == "PR",
            "game_type is neither R nor P": ~pl.col("game_type").is_in(list(_STAGES)),
            "game_time or season_full cannot be read": pl.any_horizontal(pl.col("start", "season").is_null()),
            "a side is missing": pl.any_horizontal(pl.col("home", "away").is_null()),
        },
    )
    told = pl.lit(sheet["venue"].n_unique() > 1)
    ground = pl.col("venue").map_elements(slug, return_dtype=pl.String)
    # The play-offs of 2020 were played in two closed towns.
    bubble = pl.col("start").is_between(datetime(2020, 7, 25, tzinfo=UTC), datetime(2020, 10, 5, tzinfo=UTC))
    games = sane.with_columns(
        pl.lit("nhl").alias("league"),
        fixture_id("game_id"),
        *stamps.at_moment(pl.col("start")),
        pl.col("game_type").replace_strict(_STAGES, return_dtype=pl.String).alias("stage"),
        pl.when(told).then(ground).alias("venue"),
        pl.when(told).then(pl.col("venue")).alias("venue_name"),
        bubble.alias("neutral"),
        pl.lit(0).alias("sequence"),
    )
    return games, faulty.select(*sheet.columns, "reason")


def fixture_id(column: str) -> pl.Expr:
    """Return our id of the game with the NHL's number in ``column``: season, kind of game, number."""
    return pl.concat_str(pl.lit("nhl"), pl.col(column).cast(pl.String), separator="-").alias("fixture")


def labelled(kind: str, file: str) -> Callable[[int], tuple[Part, ...]]:
    """Return the files of one kind by upstream's label, which is no season: mostly the year in which one closes."""
    return lambda year: tuple(
        Part(name=f"{file}_{label}", path=f"{FOLDER}/{kind}/parquet/{file}_{label}.parquet")
        for label in range(FIRST_LABEL, year + 2)
    )


SPORTSDATAVERSE_NHL = Source(
    name="sportsdataverse_nhl",
    sport=NHL.name,
    tier="C",
    primary=True,
    parts=labelled("schedules", "nhl_schedule"),
    terms=TERMS,
    cadence="daily in season upstream; to be had from a mirror",
    parser="sportsdataverse-nhl-2",
    parse=parse,
    known_at=KNOWN_AT,
    named=False,
)
