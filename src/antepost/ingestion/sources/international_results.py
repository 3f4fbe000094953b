"""Matches of men's national teams since 1872, and who won the shoot-outs: a league of its own, beside those of clubs.

Nations go by the names of today, as in the files. Scores are those after extra time, of which the files do not tell
whether there was any; so no ending is claimed. The list of goalscorers is not read.

Source: https://github.com/martj42/international_results
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, outcome_of, whole
from antepost.ingestion.identity import slug
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.sports.soccer import SOCCER

LEAGUE = "INT"
_FOLDER = "soccer/international_results"
_UPSTREAM = "https://raw.githubusercontent.com/martj42/international_results/HEAD"

_LISTED = "start - 24 h (assumed: no year has a list of fixtures, and who meets in a final shows late)"
RESULTS_KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("date", "home_team", "away_team", "tournament", "city", "country", "neutral"), _LISTED),
    **dict.fromkeys(("home_score", "away_score"), stamps.NO_CLOCK),
}
SHOOTOUTS_KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("date", "home_team", "away_team"), _LISTED),
    "winner": stamps.NO_CLOCK,
}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one of the two files.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    return _shootouts(data) if part.name == "shootouts" else _results(data)


def _results(data: bytes) -> Parsed:
    sheet = read_sheet(data, tuple(RESULTS_KNOWN_AT), "the international results").select(tuple(RESULTS_KNOWN_AT))
    typed = sheet.with_columns(
        _day(),
        *(whole(f"{side}_score").alias(f"{side}#") for side in ("home", "away")),
    )
    sane, faulty = split(
        typed,
        {
            **_FAULTS,
            "a score that is no whole number": pl.any_horizontal(
                pl.col(f"{side}_score").is_not_null() & pl.col(f"{side}#").is_null() for side in ("home", "away")
            ),
        },
    )
    games = _dated(sane).with_columns(
        pl.col("home#").alias("home_score"),
        pl.col("away#").alias("away_score"),
        (pl.col("neutral") == "TRUE").alias("neutral"),
        pl.col("tournament").alias("stage"),
        pl.concat_str("city", "country", separator=", ", ignore_nulls=True).alias("venue_name"),
        pl.int_range(pl.len()).over("date", "home_team", "away_team").alias("sequence"),
    )
    # Two matches of the same sides on one day have been, once.
    second = pl.when(pl.col("sequence") > 0).then(pl.format("-{}", pl.col("sequence") + 1)).otherwise(pl.lit(""))
    numbered = games.with_columns(pl.concat_str("fixture", second).alias("fixture"))
    played = numbered.drop_nulls(("home_score", "away_score")).with_columns(outcome_of())
    tables = {
        "fixtures": claim(numbered, "fixtures", SOCCER.name, pl.col("start") - stamps.DAY),
        "results": claim(played, "results", SOCCER.name, stamps.result_known(SOCCER.duration)),
    }
    return Parsed(tables=tables, refused=refuse(faulty.select(*sheet.columns, "reason")), games=sheet.height)


def _shootouts(data: bytes) -> Parsed:
    """Return who won the shoot-outs, as a figure of each side: the file of results does not know of them."""
    # Upstream leaves the newline of the last line out; a line that is cut off lacks fields, or its winner is no side.
    whole = data if data.endswith(b"\n") else data + b"\n"
    sheet = read_sheet(whole, tuple(SHOOTOUTS_KNOWN_AT), "the shoot-outs").select(tuple(SHOOTOUTS_KNOWN_AT))
    stranger = (pl.col("winner") != pl.col("home_team")) & (pl.col("winner") != pl.col("away_team"))
    sane, faulty = split(
        sheet.with_columns(_day()),
        {**_FAULTS, "a winner that is neither side": stranger | pl.col("winner").is_null()},
    )
    games = _dated(sane)
    told = [
        games.with_columns(
            pl.lit(side).alias("side"),
            pl.col(side).alias("team"),
            (pl.col("winner") == pl.col(side)).cast(pl.Int64).alias("shootouts_won"),
        )
        for side in ("home", "away")
    ]
    stats = claim(pl.concat(told), "team_stats", SOCCER.name, stamps.result_known(SOCCER.duration))
    refused = refuse(faulty.select(*sheet.columns, "reason"))
    return Parsed(tables={"team_stats": stats}, refused=refused, games=sheet.height)


_FAULTS = {
    "date is no date": pl.col("day").is_null(),
    "a side is missing": pl.any_horizontal(pl.col("home_team", "away_team").is_null()),
}


def _day() -> pl.Expr:
    return day_of("date").alias("day")


def _dated(rows: pl.DataFrame) -> pl.DataFrame:
    sides = [pl.col(name).map_elements(slug, return_dtype=pl.String) for name in ("home_team", "away_team")]
    return rows.with_columns(
        pl.lit(LEAGUE).alias("league"),
        pl.col("day").dt.year().alias("season"),
        pl.concat_str(pl.lit(f"soccer-{LEAGUE}"), "date", *sides, separator="-").alias("fixture"),
        *stamps.on_day(pl.col("day")),
        pl.col("home_team").alias("home"),
        pl.col("away_team").alias("away"),
    )


def _parts(_: int) -> tuple[Part, ...]:
    return tuple(
        Part(name=name, path=f"{_FOLDER}/{name}.csv", url=f"{_UPSTREAM}/{name}.csv")
        for name in ("results", "shootouts")
    )


INTERNATIONAL_RESULTS = Source(
    name="international_results",
    sport=SOCCER.name,
    tier="C",
    primary=True,
    parts=_parts,
    terms="CC0, Mart Jürisoo",
    cadence="after every international week",
    parser="international-results-2",
    parse=parse,
    known_at={**RESULTS_KNOWN_AT, **SHOOTOUTS_KNOWN_AT},
)
