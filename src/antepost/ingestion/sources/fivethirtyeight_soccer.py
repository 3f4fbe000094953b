"""FiveThirtyEight's club football predictions (SPI): a rival to be judged against, and its figures after the match.

The file is of 38 leagues; the rows of those that are not ours are not read.

Source: https://github.com/fivethirtyeight/data/tree/master/soccer-spi
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, number, outcome_of, whole
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, joined, single
from antepost.ingestion.sources.soccer_shared import ENDED
from antepost.sports.soccer import SOCCER

_LEAGUES = {
    "Barclays Premier League": "E0", "English League Championship": "E1", "German Bundesliga": "D1",
    "French Ligue 1": "F1", "Italy Serie A": "I1", "Spanish Primera Division": "SP1",
}  # fmt: skip
_EXPECTED = "start - 1 s (assumed: the last run before the match; the file has no time)"
_CHANCES = {"home": "prob1", "draw": "probtie", "away": "prob2"}
_STATS = {
    "xg_fivethirtyeight": "xg",
    "nonshot_xg_fivethirtyeight": "nsxg",
    "adjusted_goals_fivethirtyeight": "adj_score",
}
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("season", "date", "league", "team1", "team2"), stamps.JOINED),
    **dict.fromkeys(_CHANCES.values(), _EXPECTED),
    **dict.fromkeys((f"{name}{at}" for name in ("score", *_STATS.values()) for at in (1, 2)), ENDED),
}


def parse(data: bytes, _: Part) -> Parsed:
    """Return the tables of our leagues.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), "FiveThirtyEight's SPI matches").select(tuple(KNOWN_AT))
    rows = sheet.filter(pl.col("league").is_in(list(_LEAGUES)) | pl.col("league").is_null())
    games, refused = _games(rows)
    played = games.drop_nulls(("home_score", "away_score"))
    ended = stamps.result_known(SOCCER.duration)
    tables = {
        "fixtures": joined(games, SOCCER.name),
        "results": claim(played, "results", SOCCER.name, ended),
        "team_stats": claim(_figures(played), "team_stats", SOCCER.name, ended),
        "forecasts": _forecasts(games),
    }
    return Parsed(tables=tables, refused=refuse(refused), games=rows.height)


def _games(text: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    typed = text.with_columns(
        day_of("date").alias("day"),
        whole("season").cast(pl.Int32, strict=False).alias("year"),
        *(whole(f"score{at}").alias(f"{side}_score") for at, side in ((1, "home"), (2, "away"))),
        *(number(name).alias(f"chance_{side}") for side, name in _CHANCES.items()),
    )
    total = pl.sum_horizontal(f"chance_{side}" for side in _CHANCES)
    sane, faulty = split(
        typed,
        {
            "date or season cannot be read": pl.any_horizontal(pl.col("day", "year").is_null()),
            "no league": pl.col("league").is_null(),
            "a side is missing": pl.any_horizontal(pl.col("team1", "team2").is_null()),
            "chances that do not sum to one": (total - 1.0).abs() > 0.001,
        },
    )
    games = sane.with_columns(
        pl.col("league").replace_strict(_LEAGUES, return_dtype=pl.String).alias("league"),
        pl.col("year").alias("season"),
        pl.concat_str("date", "team1", "team2", separator="|").alias("fixture"),
        *stamps.on_day(pl.col("day")),
        pl.col("team1").alias("home"),
        pl.col("team2").alias("away"),
        outcome_of(),
        pl.lit(0).alias("sequence"),
    )
    return games, faulty.select(*text.columns, "reason")


def _figures(played: pl.DataFrame) -> pl.DataFrame:
    told = [
        played.with_columns(
            pl.lit(side).alias("side"),
            pl.col(side).alias("team"),
            *(number(f"{name}{at}").alias(stat) for stat, name in _STATS.items()),
        )
        for at, side in ((1, "home"), (2, "away"))
    ]
    return pl.concat(told).filter(pl.any_horizontal(pl.col(*_STATS).is_not_null()))


def _forecasts(games: pl.DataFrame) -> pl.DataFrame:
    told = [
        games.with_columns(
            pl.lit("fivethirtyeight").alias("forecaster"),
            pl.lit("spi").alias("model"),
            pl.lit(side).alias("outcome"),
            pl.col(f"chance_{side}").alias("probability"),
        )
        for side in _CHANCES
    ]
    rows = pl.concat(told).drop_nulls("probability")
    return claim(rows, "forecasts", SOCCER.name, stamps.closing())


FIVETHIRTYEIGHT_SOCCER = Source(
    name="fivethirtyeight_soccer",
    sport=SOCCER.name,
    tier="C",
    primary=False,
    parts=single(
        "spi-matches",
        "soccer/fivethirtyeight/spi_matches.csv",
        "https://projects.fivethirtyeight.com/soccer-api/club/spi_matches.csv",
    ),
    terms="CC BY 4.0, FiveThirtyEight",
    cadence="never: the site has closed",
    parser="fivethirtyeight-soccer-1",
    parse=parse,
    known_at=KNOWN_AT,
)
