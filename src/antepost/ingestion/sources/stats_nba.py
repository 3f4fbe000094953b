"""NBA.com's team game logs: a full box score for each side of a regular-season game.

Source: https://www.nba.com/stats/teams/boxscores
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import outcome_of, whole
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, joined
from antepost.sports.nba import NBA

FIRST_SEASON = 2020

_BOX = {
    "field_goals_made": "FGM", "field_goals_attempted": "FGA", "threes_made": "FG3M", "threes_attempted": "FG3A",
    "free_throws_made": "FTM", "free_throws_attempted": "FTA", "offensive_rebounds": "OREB",
    "defensive_rebounds": "DREB", "assists": "AST", "steals": "STL", "blocks": "BLK", "turnovers": "TOV",
    "fouls": "PF", "points": "PTS",
}  # fmt: skip
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("GAME_ID", "GAME_DATE", "MATCHUP", "TEAM_ABBREVIATION"), stamps.JOINED),
    **dict.fromkeys(("WL", "MIN", *_BOX.values()), stamps.NO_CLOCK),
}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one season's logs, two rows a game.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), f"NBA.com's {part.name}").select(tuple(KNOWN_AT))
    typed = sheet.with_columns(
        pl.col("GAME_DATE").str.head(10).str.to_date("%Y-%m-%d", strict=False).alias("day"),
        pl.col("MATCHUP").str.extract(r"^\w+ (vs\.|@) \w+$").alias("where"),
        *(whole(name).alias(stat) for stat, name in _BOX.items()),
    )
    sane, faulty = split(
        typed,
        {
            "GAME_DATE is no date": pl.col("day").is_null(),
            "a MATCHUP that is neither 'vs.' nor '@'": pl.col("where").is_null(),
            "no points": pl.col("points").is_null(),
        },
    )
    minutes = whole("MIN")
    # At a neutral site both sides are written as visitors; then the alphabet says which is called the home side.
    both = (pl.col("where") == "@").all().over("GAME_ID")
    second = pl.col("TEAM_ABBREVIATION") == pl.col("TEAM_ABBREVIATION").max().over("GAME_ID")
    away = pl.when(both).then(second).otherwise(pl.col("where") == "@")
    rows = sane.with_columns(
        pl.lit("nba").alias("league"),
        pl.lit(part.season, pl.Int32).alias("season"),
        pl.col("GAME_ID").alias("fixture"),
        *stamps.on_day(pl.col("day")),
        pl.when(away).then(pl.lit("away")).otherwise(pl.lit("home")).alias("side"),
        pl.col("TEAM_ABBREVIATION").alias("team"),
        # 2020-21 gives the length of the game, the others that of five men.
        pl.when(minutes.is_between(40, 100)).then(minutes * 5).otherwise(minutes).alias("minutes"),
    )
    stats = claim(rows, "team_stats", NBA.name, stamps.result_known(NBA.duration))
    games = _games(rows)
    tables = {
        "fixtures": joined(games, NBA.name),
        "results": claim(games, "results", NBA.name, stamps.result_known(NBA.duration)),
        "team_stats": stats,
    }
    return Parsed(tables=tables, refused=refuse(faulty.select(*sheet.columns, "reason")), games=sheet.height)


def _games(rows: pl.DataFrame) -> pl.DataFrame:
    home, away = (rows.filter(pl.col("side") == side) for side in ("home", "away"))
    beside = away.select("fixture", pl.col("team").alias("away"), pl.col("points").alias("away_score"))
    both = home.rename({"team": "home", "points": "home_score"}).join(beside, on="fixture")
    return both.with_columns(outcome_of(level=None), pl.lit(0).alias("sequence"))


def _parts(year: int) -> tuple[Part, ...]:
    return tuple(
        Part(
            name=f"team_game_logs-{season}",
            path=f"nba/stats.nba.com/team_game_logs_{season}-{(season + 1) % 100:02d}.csv",
            season=season,
        )
        for season in range(FIRST_SEASON, year + 1)
    )


STATS_NBA = Source(
    name="stats_nba",
    sport=NBA.name,
    tier="A",
    primary=False,
    parts=_parts,
    terms="NBA.com statistics, no licence file: for research and tests",
    cadence="after every game day in season; to be had from a mirror",
    parser="stats-nba-1",
    parse=parse,
    known_at=KNOWN_AT,
)
