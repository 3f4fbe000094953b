"""FiveThirtyEight's RAPTOR: what it made of every NBA player of the seasons from 2013/14 to 2021/22.

Totals of whole seasons, play-offs included, so that nothing of one is known before its last game: who uses them in the
season itself knows its end. Players go by Basketball-Reference's ids.

Source: https://github.com/fivethirtyeight/data/tree/master/nba-raptor
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, single
from antepost.sports.nba import NBA

_OVER = "12:00 UTC of 1 August after the season; of 2019/20, which ended late, of 12 October (assumed)"
_MEASURES: Mapping[str, str] = {
    "possessions": "poss", "minutes": "mp", "offense": "raptor_offense", "defense": "raptor_defense",
    "total": "raptor_total", "box_total": "raptor_box_total", "on_off_total": "raptor_onoff_total",
    "wins_above_replacement": "war_total", "predictive_total": "predator_total", "pace": "pace_impact",
}  # fmt: skip
KNOWN_AT: Mapping[str, str] = dict.fromkeys(("player_name", "player_id", "season", *_MEASURES.values()), _OVER)


def parse(data: bytes, _: Part) -> Parsed:
    """Return the ratings, a row for each player, season and measure.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), "FiveThirtyEight's RAPTOR").select(tuple(KNOWN_AT))
    numbers = {name: pl.col(column).cast(pl.Float64, strict=False) for name, column in _MEASURES.items()}
    typed = sheet.with_columns(
        pl.col("season").cast(pl.Int32, strict=False).alias("closing"),
        **{f"{name}#": of for name, of in numbers.items()},
    )
    faults = {
        "no player or season": pl.any_horizontal(pl.col("player_id", "closing").is_null()),
        "a figure that is no number": pl.any_horizontal(
            pl.col(column).is_not_null() & pl.col(f"{name}#").is_null() for name, column in _MEASURES.items()
        ),
        "a player twice in a season": pl.struct("player_id", "season").is_duplicated(),
    }
    sane, faulty = split(typed, faults)
    # The play-offs of 2020 went on until 11 October, and no others of these beyond July.
    ended = pl.when(pl.col("closing") == 2020).then(pl.date(2020, 10, 11)).otherwise(pl.date("closing", 7, 31))
    rated = sane.select(
        pl.lit("nba").alias("league"),
        # A season is named by the year in which it closes.
        (pl.col("closing") - 1).alias("season"),
        stamps.start_of(ended, pl.lit(None, pl.Time), "UTC").alias("event_at"),
        pl.lit("none").alias("event_precision"),
        pl.lit("fivethirtyeight").alias("rater"),
        pl.col("player_id").alias("player"),
        pl.col("player_name").alias("name"),
        *(pl.col(f"{name}#").alias(name) for name in _MEASURES),
    )
    about = [name for name in rated.columns if name not in _MEASURES]
    long = rated.unpivot(list(_MEASURES), index=about, variable_name="measure", value_name="rating")
    ratings = claim(long.drop_nulls("rating"), "ratings", NBA.name, pl.col("event_at") + stamps.DAY)
    refused = refuse(faulty.select(*sheet.columns, "reason"))
    return Parsed(tables={"ratings": ratings}, refused=refused, games=sheet.height)


FIVETHIRTYEIGHT_RAPTOR = Source(
    name="fivethirtyeight_raptor",
    sport=NBA.name,
    tier="B",
    primary=False,
    parts=single("by-player", "nba/fivethirtyeight/modern_RAPTOR_by_player.csv"),
    terms="CC BY 4.0, FiveThirtyEight",
    cadence="never: the site has closed, to be had from a mirror",
    parser="fivethirtyeight-raptor-1",
    parse=parse,
    known_at=KNOWN_AT,
)
