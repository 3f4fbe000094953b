"""A Kaggle set of NHL team statistics 2012/13 to 2017/18, with coaches and how each game was settled.

It has no days: a game is found by its season, its sides and its final score, and stays out where two games fit.
Source: https://www.kaggle.com/datasets/martinellis/nhl-game-data (game_teams_stats)
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import number, outcome_of, whole
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, joined, single
from antepost.sports.nhl import NHL

_ENDED = "start + 2 h 35 min + 30 min; without a clock, 12:00 UTC the next day (assumed)"
_ANNOUNCED = "start - 90 min (assumed: a coach is known long before)"
_COUNTS = {
    "goals": "goals", "shots": "shots", "hits": "hits", "penalty_minutes": "pim",
    "power_play_opportunities": "powerPlayOpportunities", "power_play_goals": "powerPlayGoals",
    "giveaways": "giveaways", "takeaways": "takeaways",
}  # fmt: skip
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("game_id", "team_id", "HoA"), stamps.JOINED),
    "head_coach": _ANNOUNCED,
    **dict.fromkeys(("won", "settled_in", "faceOffWinPercentage", *_COUNTS.values()), _ENDED),
}
_TEAMS = {
    "1": "NJD", "2": "NYI", "3": "NYR", "4": "PHI", "5": "PIT", "6": "BOS", "7": "BUF", "8": "MTL", "9": "OTT",
    "10": "TOR", "12": "CAR", "13": "FLA", "14": "TBL", "15": "WSH", "16": "CHI", "17": "DET", "18": "NSH",
    "19": "STL", "20": "CGY", "21": "COL", "22": "EDM", "23": "VAN", "24": "ANA", "25": "DAL", "26": "LAK",
    "27": "PHX", "28": "SJS", "29": "CBJ", "30": "MIN", "52": "WPG", "53": "ARI", "54": "VGK",
}  # fmt: skip
"""The league's numbers of its clubs."""

_ENDINGS = {"REG": "regulation", "OT": "overtime", "SO": "shootout"}


def parse(data: bytes, _: Part) -> Parsed:
    """Return the tables of the set, two rows a game.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), "the Kaggle NHL set").select(tuple(KNOWN_AT))
    rows, refused = _rows(sheet)
    games = _games(rows)
    ended = pl.col("start") + stamps.DAY
    coaches = rows.filter(pl.col("head_coach").is_not_null()).with_columns(
        pl.concat_str("side", pl.lit("coach"), separator="_").alias("role"), pl.col("head_coach").alias("name")
    )
    tables = {
        "fixtures": joined(games, NHL.name),
        "results": claim(games, "results", NHL.name, ended),
        "team_stats": claim(rows, "team_stats", NHL.name, ended),
        "rosters": claim(coaches, "rosters", NHL.name, stamps.announced()),
    }
    return Parsed(tables=tables, refused=refuse(refused), games=sheet.height)


def _rows(text: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    team = pl.col("team_id").replace_strict(_TEAMS, default=None, return_dtype=pl.String).replace(NHL.relocated)
    counts = [whole(name).alias(f"{stat}#") for stat, name in _COUNTS.items()]
    typed = text.with_columns(team.alias("team"), *counts)
    sane, faulty = split(
        typed,
        {
            "game_id is no number of a game": ~pl.col("game_id").str.contains(r"^20\d{8}$").fill_null(value=False),
            "a team that nobody knows": pl.col("team").is_null(),
            "HoA is neither home nor away": ~pl.col("HoA").is_in(["home", "away"]).fill_null(value=False),
            "no goals": pl.col("goals#").is_null(),
            "the same row again": ~pl.struct(text.columns).is_first_distinct(),
        },
    )
    # The set leaves a shoot-out level; everybody else gives its winner a goal.
    level = pl.col("goals#").n_unique().over("game_id") == 1
    shot = (level & (pl.col("settled_in") == "SO") & (pl.col("won") == "TRUE")).fill_null(value=False)
    told = {stat: pl.col(f"{stat}#") for stat in _COUNTS} | {"goals": pl.col("goals#") + shot.cast(pl.Int64)}
    rows = sane.with_columns(
        pl.lit("nhl").alias("league"),
        pl.col("game_id").str.head(4).cast(pl.Int32).alias("season"),
        pl.col("game_id").alias("fixture"),
        *stamps.undated(),
        pl.col("HoA").alias("side"),
        (number("faceOffWinPercentage") / 100.0).alias("faceoffs_won"),
        *(number.alias(stat) for stat, number in told.items()),
    )
    return rows, faulty.select(*text.columns, "reason")


def _games(rows: pl.DataFrame) -> pl.DataFrame:
    home, away = (rows.filter(pl.col("side") == side) for side in ("home", "away"))
    beside = away.select("fixture", pl.col("team").alias("away"), pl.col("goals").alias("away_score"))
    both = home.rename({"team": "home", "goals": "home_score"}).join(beside, on="fixture", maintain_order="left")
    ending = pl.col("settled_in").replace_strict(_ENDINGS, default=None, return_dtype=pl.String)
    return both.with_columns(
        outcome_of(level=None),
        ending.alias("ending"),
        (ending != "regulation").alias("overtime"),
        pl.lit(0).alias("sequence"),
    )


KAGGLE_NHL = Source(
    name="kaggle_nhl",
    sport=NHL.name,
    tier="C",
    primary=False,
    parts=single("game_teams_stats", "nhl/kaggle_nhl_game_data/game_teams_stats.csv"),
    terms="a Kaggle set without a licence file: for research and tests, not to be passed on",
    cadence="never: an archive, to be had from a mirror",
    parser="kaggle-nhl-2",
    parse=parse,
    known_at=KNOWN_AT,
    named=False,
)
