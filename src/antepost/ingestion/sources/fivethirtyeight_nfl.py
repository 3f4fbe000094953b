"""538's forecasts of NFL games, by Elo and by Elo with the quarterback: a rival to be judged against, never a feature.

Three files overlap and agree. Games before 1999 are refused: we know no fixtures of them.

Source: https://github.com/fivethirtyeight/data/tree/master/nfl-elo
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, number, whole
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, joined
from antepost.sports.nfl import NFL

FORECASTER = "fivethirtyeight"
FIRST_SEASON = 1999

_FORECAST = "start - 1 s (assumed: given before the game, its hour is not told)"
_KEYS = ("date", "season", "neutral", "team1", "team2")
_MODELS = {"elo": "elo_prob1", "qb_elo": "qbelo_prob1"}
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(_KEYS, stamps.JOINED),
    **dict.fromkeys(_MODELS.values(), _FORECAST),
}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the forecasts of one file.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    where = f"538's {part.name}"
    # The small file of the forecasting game has Elo only.
    columns = tuple(name for name in KNOWN_AT if name != "qbelo_prob1" or part.name != "nfl_games")
    sheet = read_sheet(data, columns, where).select(columns)
    season = whole("season").cast(pl.Int32, strict=False).alias("season")
    typed = sheet.with_columns(
        season,
        day_of("date").alias("day"),
        *(number(name).alias(f"{name}_typed") for name in columns if name not in _KEYS),
    )
    unread = [pl.col(name).is_not_null() & pl.col(f"{name}_typed").is_null() for name in columns if name not in _KEYS]
    sane, faulty = split(
        typed,
        {
            f"a game before {FIRST_SEASON}": pl.col("season") < FIRST_SEASON,
            "date or season cannot be read": pl.any_horizontal(pl.col("day", "season").is_null()),
            "a side is missing": pl.any_horizontal(pl.col("team1", "team2").is_null()),
            "a probability that is no number": pl.any_horizontal(unread),
        },
    )
    games = _games(sane)
    tables = {
        "fixtures": joined(games, NFL.name),
        "forecasts": _forecasts(games),
    }
    return Parsed(tables=tables, refused=refuse(faulty.select(*sheet.columns, "reason")), games=sheet.height)


def _games(rows: pl.DataFrame) -> pl.DataFrame:
    # One file writes WAS for the WSH of the others; a game has one name in all of them.
    one, two = (pl.col(f"team{at}").replace({"WSH": "WAS"}) for at in (1, 2))
    return rows.with_columns(
        pl.lit(NFL.name).alias("league"),
        pl.concat_str("date", one, two, separator="-").alias("fixture"),
        *stamps.on_day(pl.col("day")),
        one.alias("home"),
        two.alias("away"),
        pl.col("neutral").is_in(["1", "True"]).alias("neutral"),
    )


def _forecasts(games: pl.DataFrame) -> pl.DataFrame:
    # The files were written by different hands and differ beyond the tenth digit.
    told = [
        games.with_columns(
            pl.lit(FORECASTER).alias("forecaster"),
            pl.lit(model).alias("model"),
            pl.lit(outcome).alias("outcome"),
            (pl.col(f"{name}_typed") if outcome == "home" else 1.0 - pl.col(f"{name}_typed"))
            .round(10)
            .alias("probability"),
        )
        for model, name in _MODELS.items()
        if f"{name}_typed" in games.columns
        for outcome in ("home", "away")
    ]
    return claim(pl.concat(told).drop_nulls("probability"), "forecasts", NFL.name, stamps.closing())


def _parts(_: int) -> tuple[Part, ...]:
    folder = "nfl/fivethirtyeight"
    return (
        Part(name="nfl_elo_1920_2019", path=f"{folder}/nfl_elo_1920_2019.csv"),
        Part(name="nfl_elo_2012_2021", path=f"{folder}/nfl_elo_2012_2021.csv"),
        Part(
            name="nfl_games",
            path=f"{folder}/nfl-elo-game/nfl_games.csv",
            url="https://raw.githubusercontent.com/fivethirtyeight/nfl-elo-game/HEAD/data/nfl_games.csv",
        ),
    )


FIVETHIRTYEIGHT_NFL = Source(
    name="fivethirtyeight_nfl",
    sport=NFL.name,
    tier="C",
    primary=False,
    parts=_parts,
    terms="CC-BY-4.0, FiveThirtyEight",
    cadence="never: 538 has stopped",
    parser="fivethirtyeight-nfl-1",
    parse=parse,
    known_at=KNOWN_AT,
)
