"""Pro Sports Transactions: who of the NBA went on the injured list or missed a game, and who came back, 2010 to 2019.

A line is written for the game itself, so that it counts from the next day on. There are no player ids: a player is
the first of his written names by the alphabet. Lines of one player and day are seconds apart in the order of the file,
and those of missed games a minute after those of the list.

Source: https://www.prosportstransactions.com
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of
from antepost.ingestion.identity import slug
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.sports.nba import NBA

KNOWN = timedelta(hours=23)
"""From noon UTC of the day to 11:00 UTC of the next: after that day's games, and before any game of the next."""

_NEXT = "11:00 UTC of the day after Date (assumed: the entry may be written for that day's game)"
KNOWN_AT: Mapping[str, str] = dict.fromkeys(("Date", "Team", "Acquired", "Relinquished", "Notes"), _NEXT)
_STATUS = {"Acquired": "back", "Relinquished": "out"}
_FILE = "nba/prosportstransactions/prosportstransactions_scrape_{}_2010_2019.csv"
_OFFSETS = {"injured_list": timedelta(0), "missed_games": timedelta(minutes=1)}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the reports of one of the two lists.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), f"Pro Sports Transactions' {part.name}").select(tuple(KNOWN_AT))
    typed = sheet.with_columns(day_of("Date").alias("day"))
    faults = {
        "Date is no date": pl.col("day").is_null(),
        "no team": pl.col("Team").is_null(),
        "no player": pl.all_horizontal(pl.col(*_STATUS).is_null()),
        "a player who is both back and out": pl.col("Acquired") == pl.col("Relinquished"),
        "the same line again": ~pl.struct(*KNOWN_AT).is_first_distinct(),
    }
    sane, faulty = split(typed, faults)
    # A line of the summer counts to the season that ended before it.
    year = pl.col("day").dt.year() - (pl.col("day").dt.month() < NBA.starts_month).cast(pl.Int32)
    said = [
        sane.with_row_index("line").filter(pl.col(column).is_not_null()).with_columns(
            pl.col(column).alias("name"), pl.lit(status).alias("status")
        )
        for column, status in _STATUS.items()
    ]  # fmt: skip
    told = pl.concat(said).sort("line", maintain_order=True)
    players = told.with_columns(pl.col("name").map_elements(_player, return_dtype=pl.String).alias("player"))
    earlier = pl.int_range(pl.len()).over("Team", "player", "day")
    noon = stamps.start_of(pl.col("day"), pl.lit(None, pl.Time), NBA.timezone) + _OFFSETS[part.name]
    rows = players.with_columns(
        pl.lit("nba").alias("league"),
        year.alias("season"),
        (noon + pl.duration(seconds=earlier)).alias("event_at"),
        pl.lit("day").alias("event_precision"),
        pl.col("Team").alias("team"),
        pl.col("Notes").alias("detail"),
    )
    known = pl.col("event_at").dt.truncate("1d") + stamps.NOON + KNOWN
    injuries = claim(rows, "injuries", NBA.name, known)
    return Parsed(tables={"injuries": injuries}, refused=refuse(faulty.drop("day")), games=sheet.height)


def _player(name: str) -> str:
    """Return the id of a player who may be written in several ways: ``Edrice Adebayo / Bam Adebayo``."""
    return min(slug(written) for written in name.split(" / "))


def _parts(_: int) -> tuple[Part, ...]:
    return tuple(
        Part(name=name, path=_FILE.format(file))
        for name, file in (("injured_list", "IRL"), ("missed_games", "missedgames"))
    )


PROSPORTSTRANSACTIONS_NBA = Source(
    name="prosportstransactions_nba",
    sport=NBA.name,
    tier="C",
    primary=False,
    parts=_parts,
    terms="Pro Sports Transactions by way of a repository without a licence file: for research and tests",
    cadence="never: an archive, to be had from a mirror",
    parser="prosportstransactions-1",
    parse=parse,
    known_at=KNOWN_AT,
)
