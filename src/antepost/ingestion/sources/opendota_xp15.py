"""Professional matches of Dota 2 from January to August 2024: winners, kills, and who led at minute 15.

The files tell no time. Match ids are given out in the order in which matches begin, so the start is reckoned between
the nearest matches whose moments are known, and says so: its precision is ``none``. Three random samples overlap.

Source: https://www.kaggle.com/datasets/bwandowando/dota-2-pro-league-matches-2023
"""

from __future__ import annotations

from itertools import pairwise

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import whole
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.ingestion.sources.opendota_shared import (
    arranged,
    by_side,
    faults,
    fixtures_of,
    results_of,
    roles_of,
)
from antepost.sports.dota2 import DOTA2

_FOLDER = "dota2/pro_2024_xp15"
_MINUTE = 15
_LISTED = "12 h before the start, which is reckoned from the match's id (assumed)"
_ENDED = "a day after the start, which is reckoned from the match's id (assumed)"
_KEYS = ("match_id", "leagueid", "radiant_team_id", "dire_team_id")
_COUNTS = ("duration", "first_blood_time", "radiant_score", "dire_score", "exp_15min")
_WINNERS = {"True": True, "False": False}

# Matches whose start is known, as OpenDota, STRATZ and the game itself gave it (Unix seconds), from December 2023 to
# October 2025.
DATED = (
    (7490235544, 1702703340), (7594656020, 1708279491), (8216547976, 1742407705), (8242099319, 1743802973),
    (8514308079, 1760640244),
)  # fmt: skip


def started() -> pl.Expr:
    """Return the moment at which ``match_id`` began, reckoned between two dated matches; null outside them.

    >>> pl.DataFrame({"match_id": ["7594656020", "1"]}).select(started().dt.epoch("s")).to_series().to_list()
    [1708279491, None]
    """
    number = pl.col("match_id").cast(pl.Int64, strict=False)
    seconds = pl.lit(None, pl.Int64)
    for (first, begun), (last, ended) in pairwise(DATED):
        reckoned = begun + (number - first) * (ended - begun) // (last - first)
        seconds = pl.when(number.is_between(first, last)).then(reckoned).otherwise(seconds)
    return pl.from_epoch(seconds, time_unit="s").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one sample.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, (*_KEYS, "radiant_win", *_COUNTS), f"OpenDota's 2024 sample {part.name}")
    text = sheet.select(*_KEYS, "radiant_win", *_COUNTS)
    counts = [whole(name).alias(name) for name in _COUNTS]
    typed = text.with_columns(
        *counts,
        started().alias("start"),
        pl.col("radiant_team_id").cast(pl.Int64, strict=False).cast(pl.String).alias("radiant"),
        pl.col("dire_team_id").cast(pl.Int64, strict=False).cast(pl.String).alias("dire"),
        pl.col("radiant_win").replace_strict(_WINNERS, default=None, return_dtype=pl.Boolean).alias("radiant_won"),
        pl.lit("none").alias("event_precision"),
        pl.lit(None, pl.Datetime("us", "UTC")).alias("ended"),
        pl.col("leagueid").alias("venue"),
    )
    told = {"an id outside those of 2024, from which no start can be reckoned": pl.col("start").is_null()}
    sane, faulty = split(typed, {**faults(), **told})
    games = arranged(sane.drop("radiant_team_id", "dire_team_id", "radiant_win"))
    over = stamps.result_known(DOTA2.duration)
    tables = {
        "fixtures": fixtures_of(games),
        "results": results_of(games, over, "assumed"),
        "rosters": roles_of(games),
        "team_stats": _team_stats(games, over),
        "minute_states": _leads(games, over),
    }
    return Parsed(tables=tables, refused=refuse(faulty.select(*text.columns, "reason")), games=sheet.height)


def _team_stats(games: pl.DataFrame, over: pl.Expr) -> pl.DataFrame:
    rows = by_side(games).with_columns(
        pl.col("score").alias("kills"),
        pl.col("duration").alias("seconds"),
        pl.col("first_blood_time").alias("first_blood_seconds"),
    )
    return claim(rows, "team_stats", DOTA2.name, over)


def _leads(games: pl.DataFrame, over: pl.Expr) -> pl.DataFrame:
    """Return each side's lead at minute 15; the file tells Radiant's, and nothing of matches that were over by then."""
    told = games.filter(pl.col("exp_15min").is_not_null()).with_columns(
        pl.col("exp_15min").alias("radiant_experience_lead"), (-pl.col("exp_15min")).alias("dire_experience_lead")
    )
    rows = by_side(told).with_columns(pl.lit(_MINUTE, pl.Int32).alias("minute"))
    return claim(rows, "minute_states", DOTA2.name, over)


OPENDOTA_XP15 = Source(
    name="opendota_xp15",
    sport=DOTA2.name,
    tier="C",
    primary=True,
    parts=lambda _: tuple(Part(name=f"v{n}", path=f"{_FOLDER}/df_sample_v{n}.csv", season=2024) for n in (1, 2, 3)),
    terms="samples by ziaren/Dota2EDA of a Kaggle set out of OpenDota's answers; no licence stated",
    cadence="finished: January to August 2024",
    parser="opendota-xp15-1",
    parse=parse,
    known_at={
        **dict.fromkeys(_KEYS, _LISTED),
        **dict.fromkeys(("radiant_win", *_COUNTS), _ENDED),
    },
    named=False,
)
