"""The NHL's box scores as fastRhockey collected them: teams, players, goalies, and who started in goal.

A player's rows tell how a close game ended: goals that no skater scored are a shoot-out's, and a goalie on the ice
for more than an hour played overtime.
Source: https://github.com/sportsdataverse/fastRhockey-nhl-data
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import outcome_of
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_parquet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.ingestion.sources.sportsdataverse_nhl import TERMS, fixture_id, labelled
from antepost.sports.nhl import NHL

_ENDED = "start + 2 h 35 min + 30 min (assumed)"
_GOALIES = "start - 90 min (assumed: public only hours before, and it is who really started)"
_HOUR = 3600

# A side's share of face-offs is left out: two sides' add up to 1.11 on average, so it is a mean of its players' shares.
_TEAM_COUNTS = {
    "goals": "goals", "shots": "shots_on_goal", "penalty_minutes": "pim", "hits": "hits",
    "blocked_shots": "blocked_shots", "giveaways": "giveaways", "takeaways": "takeaways",
    "power_play_goals": "power_play_goals", "saves": "saves", "goals_against": "goals_against",
}  # fmt: skip
_PLAYER_COUNTS = {
    "shifts": "shifts", "goals": "goals", "assists": "assists", "plus_minus": "plus_minus", "penalty_minutes": "pim",
    "hits": "hits", "power_play_goals": "power_play_goals", "shots": "shots_on_goal",
    "faceoffs_won": "faceoff_winning_pctg", "blocked_shots": "blocked_shots", "giveaways": "giveaways",
    "takeaways": "takeaways", "saves": "saves", "shots_against": "shots_against", "goals_against": "goals_against",
    "even_strength_goals_against": "even_strength_goals_against",
    "power_play_goals_against": "power_play_goals_against", "shorthanded_goals_against": "shorthanded_goals_against",
}  # fmt: skip
_FACED = ("even_strength_shots_against", "power_play_shots_against", "shorthanded_shots_against")
_KEYS: Mapping[str, pl.DataType] = {"game_id": pl.Int64(), "home_away": pl.String(), "team_abbrev": pl.String()}
TEAM_COLUMNS: Mapping[str, pl.DataType] = {**_KEYS, **dict.fromkeys(_TEAM_COUNTS.values(), pl.Float64())}
PLAYER_COLUMNS: Mapping[str, pl.DataType] = {
    **_KEYS,
    "player_id": pl.Int64(),
    "player_name": pl.String(),
    "position": pl.String(),
    "toi": pl.String(),
    "starter": pl.Boolean(),
    "decision": pl.String(),
    **dict.fromkeys(_PLAYER_COUNTS.values(), pl.Float64()),
    **dict.fromkeys(_FACED, pl.String()),
}


def parse_teams(data: bytes, part: Part) -> Parsed:
    """Return the tables of one file of team boxes, two rows a game.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_parquet(data, TEAM_COLUMNS, f"fastRhockey's {part.name}")
    sane, faulty = split(sheet, {**_faults(), "no goals": pl.col("goals").is_null()})
    counts = [pl.col(name).alias(stat) for stat, name in _TEAM_COUNTS.items()]
    rows = sane.with_columns(*_about(), *counts)
    both = _sides(rows.select("fixture", "league", "season", "event_at", "event_precision", "side", "team", "goals"))
    tables = {
        "results": claim(_ending(both, pl.lit(None, pl.String)), "results", NHL.name, _ended()),
        "team_stats": claim(rows, "team_stats", NHL.name, _ended()),
    }
    return Parsed(tables=tables, refused=refuse(faulty), games=sheet.height)


def parse_players(data: bytes, part: Part) -> Parsed:
    """Return the tables of one file of player boxes.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_parquet(data, PLAYER_COLUMNS, f"fastRhockey's {part.name}")
    goalie = pl.col("starter").is_not_null() | pl.col("position").is_null() | (pl.col("position") == "G")
    skaters = sheet.filter(~goalie).group_by("game_id", "home_away").agg(pl.col("team_abbrev").first().alias("own"))
    beside = sheet.with_columns(goalie.alias("goalie")).join(
        skaters, on=["game_id", "home_away"], how="left", maintain_order="left"
    )
    # Upstream lists goalies apart, without a game; those of 2019/20 were put into games of other teams.
    strange = (pl.col("goalie") & (pl.col("team_abbrev") != pl.col("own"))).any().over("game_id")
    sane, faulty = split(
        beside,
        {
            **_faults(),
            "no player": pl.col("player_id").is_null(),
            "a goalie of another game: his team does not play in this one": pl.col("goalie") & strange,
        },
    )
    counts = [pl.col(name).alias(stat) for stat, name in _PLAYER_COUNTS.items()]
    faced = [pl.col(name).str.extract(r"/(\d+)$").cast(pl.Int64, strict=False).alias(name) for name in _FACED]
    clock = pl.col("toi").str.extract_groups(r"^(\d+):(\d\d)$").struct.rename_fields(["minutes", "seconds"])
    rows = sane.with_columns(
        *_about(),
        *counts,
        *faced,
        (clock.struct.field("minutes").cast(pl.Int64) * 60 + clock.struct.field("seconds").cast(pl.Int64))
        .alias("seconds"),
        pl.col("player_id").cast(pl.String).alias("player"),
        pl.col("player_name").alias("name"),
        pl.when("goalie").then(pl.lit("G")).otherwise("position").alias("role"),
    )  # fmt: skip
    tables = {
        "results": claim(_close_games(rows), "results", NHL.name, _ended()),
        "player_stats": claim(rows, "player_stats", NHL.name, _ended()),
        "rosters": _starters(rows),
    }
    return Parsed(tables=tables, refused=refuse(faulty.select(*sheet.columns, "reason")), games=sheet.height)


def _faults() -> dict[str, pl.Expr]:
    return {
        "no game": pl.col("game_id").is_null(),
        "a side that is neither home nor away": ~pl.col("home_away").is_in(["home", "away"]),
        "no team": pl.col("team_abbrev").is_null(),
    }


def _about() -> tuple[pl.Expr, ...]:
    return (
        pl.lit("nhl").alias("league"),
        (pl.col("game_id") // 1_000_000).cast(pl.Int32).alias("season"),
        fixture_id("game_id"),
        pl.lit(stamps.UNDATED).alias("event_at"),
        pl.lit("none").alias("event_precision"),
        pl.col("home_away").alias("side"),
        pl.col("team_abbrev").replace(NHL.relocated).alias("team"),
    )


def _ended() -> pl.Expr:
    return pl.col("event_at") + stamps.DAY


def _sides(rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row a game of two rows each: home, away and their scores."""
    home, away = (rows.filter(pl.col("side") == side) for side in ("home", "away"))
    beside = away.select("fixture", pl.col("team").alias("away"), pl.col("goals").alias("away_score"))
    return home.rename({"team": "home", "goals": "home_score"}).join(beside, on="fixture", maintain_order="left")


def _ending(both: pl.DataFrame, told: pl.Expr) -> pl.DataFrame:
    """Return ``both`` with outcome and ending: as ``told``; a margin of two and more is won in sixty minutes."""
    margin = pl.col("home_score") - pl.col("away_score")
    ending = pl.when(margin.abs() > 1).then(pl.lit("regulation")).otherwise(told)
    return both.with_columns(
        outcome_of(level=None),
        ending.alias("ending"),
        (ending != "regulation").alias("overtime"),
    )


def _close_games(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the results of games won by one goal whose goalies are known; the others are left to the team boxes.

    Goals of goalies are not in the file: a game that was decided by more than one goal may look closer here.
    """
    keys = ["fixture", "league", "season", "event_at", "event_precision", "side", "team"]
    sums = rows.group_by(keys, maintain_order=True).agg(
        pl.col("goals").sum(),
        pl.col("seconds").filter(pl.col("goalie")).sum().alias("kept"),
        (pl.col("decision") == "W").any().alias("won"),
        (pl.col("decision") == "O").any().alias("beyond"),
    )
    level = pl.col("goals").n_unique().over("fixture") == 1
    shot = sums.with_columns(level.alias("level"), (pl.col("goals") + (level & pl.col("won")).cast(pl.Int64)))
    both = _sides(shot.drop("kept", "won", "beyond"))
    marks = shot.group_by("fixture").agg(
        pl.col("won").sum().alias("winners"), pl.col("kept").max(), pl.col("beyond").any()
    )
    longer = (pl.col("kept") > _HOUR) | pl.col("beyond")
    told = pl.when("level").then(pl.lit("shootout")).when(longer).then(pl.lit("overtime")).otherwise(
        pl.lit("regulation")
    )  # fmt: skip
    games = both.join(marks, on="fixture", maintain_order="left")
    close = (pl.col("home_score") - pl.col("away_score")).abs() == 1
    return _ending(games.filter(close & (pl.col("winners") == 1)), told)


def _starters(rows: pl.DataFrame) -> pl.DataFrame:
    started = rows.filter(pl.col("starter").fill_null(value=False))
    named = started.with_columns(pl.concat_str("side", pl.lit("goalie"), separator="_").alias("role"))
    return claim(named, "rosters", NHL.name, pl.col("event_at") - stamps.ANNOUNCED)


SPORTSDATAVERSE_NHL_PLAYERS = Source(
    name="sportsdataverse_nhl_players",
    sport=NHL.name,
    tier="C",
    primary=False,
    parts=labelled("player_box", "player_box"),
    terms=TERMS,
    cadence="daily in season upstream; to be had from a mirror",
    parser="sportsdataverse-nhl-players-1",
    parse=parse_players,
    known_at={
        **dict.fromkeys(PLAYER_COLUMNS, _ENDED),
        **dict.fromkeys(("game_id", "home_away", "team_abbrev", "player_id", "player_name", "starter"), _GOALIES),
    },
    named=False,
    own_ids=True,
)
SPORTSDATAVERSE_NHL_TEAMS = Source(
    name="sportsdataverse_nhl_teams",
    sport=NHL.name,
    tier="C",
    primary=False,
    parts=labelled("team_box", "team_box"),
    terms=TERMS,
    cadence="daily in season upstream; to be had from a mirror",
    parser="sportsdataverse-nhl-teams-2",
    parse=parse_teams,
    known_at=dict.fromkeys(TEAM_COLUMNS, _ENDED),
    named=False,
    own_ids=True,
)
