"""Men's college basketball by sportsdataverse from the NCAA's pages: games and members since 2009, box scores.

The conference that a member belongs to in a season stands in the fixtures as its division; opponents of lower divisions
have none. The files tell no neutral site and no stage; both stay null. The box scores have no date: they name the game.

Source: https://github.com/sportsdataverse/ncaa-mbb-hoops-data
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.bundle import unbundle
from antepost.ingestion.cells import day_of, outcome_of, whole
from antepost.ingestion.identity import slug
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_parquet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.lake.schemas import COUNT, NUMBER, TEXT
from antepost.sports.ncaab import NCAAB

FIRST_SEASON = 2009
FIRST_BOXES = 2010
"""The season from which on the box scores' points are right; those of 2009 fit one game in thirty."""
FIRST_BRACKETS = 20
"""The day of February from which on a game may be one of a bracket."""
LEAST_WINNING = 30
"""Winners with fewer points are scores from within a game that nobody finished writing down."""

_LISTED = "first start of the season - 30 d; from 20 February on start - 24 h, as brackets are drawn late (assumed)"
_MEMBERS = "30 days before 1 November of the season (assumed)"
_FOLDER = "ncaab/sportsdataverse/ncaa-mbb-hoops-data/mbb"
_UPSTREAM = "https://raw.githubusercontent.com/sportsdataverse/ncaa-mbb-hoops-data/HEAD/mbb"

_GAMES = {
    "contest_id": TEXT, "game_date": TEXT, "home": TEXT, "away": TEXT, "home_score": COUNT, "away_score": COUNT,
    "season": COUNT,
}  # fmt: skip
_BOX = {
    "possessions": "o_poss", "field_goals_made": "fgm", "field_goals_attempted": "fga", "rim_shots_made": "rimm",
    "rim_shots_attempted": "rima", "threes_made": "tpm", "threes_attempted": "tpa", "free_throws_made": "ftm",
    "free_throws_attempted": "fta", "offensive_rebounds": "orb", "defensive_rebounds": "drb", "assists": "ast",
    "blocks": "blk", "turnovers": "to", "points": "pts",
}  # fmt: skip
_MEMBER = {"team": TEXT, "conference": TEXT, "season": COUNT}
# The members' list keeps names of the time; the games have today's.
_RENAMED = {
    "Fairleigh Dickinson": "FDU", "IUPUI": "IU Indy", "LIU Brooklyn": "LIU", "Saint Francis (PA)": "Saint Francis",
    "Tex. A&M-Commerce": "East Texas A&M",
}  # fmt: skip

KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("contest_id", "game_date", "home", "away", "season"), _LISTED),
    **dict.fromkeys(("home_score", "away_score"), stamps.NO_CLOCK),
    **dict.fromkeys(("team", "conference"), _MEMBERS),
}
BOX_KNOWN_AT: Mapping[str, str] = dict.fromkeys(("contest_id", "home", "away", "team", *_BOX.values()), stamps.NO_CLOCK)


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of a season's games and members.

    Raises:
        DataError: a file is cut off or a column is missing.
    """
    games, members = unbundle(data, 2, f"sportsdataverse's college {part.name}")
    known = read_parquet(members, _MEMBER, f"sportsdataverse's college members of {part.name}")
    named = known.drop_nulls("team").with_columns(pl.col("team").replace(_RENAMED).alias("name"))
    schedule = _schedule(games, part, named)
    return replace(schedule, tables={**schedule.tables, "entities": _entities(named)})


def _schedule(data: bytes, part: Part, members: pl.DataFrame) -> Parsed:
    sheet = read_parquet(data, _GAMES, f"sportsdataverse's college {part.name}")
    typed = sheet.with_columns(day_of("game_date", "%m/%d/%Y").alias("day"))
    faults = {
        "game_date is no date": pl.col("day").is_null(),
        "no contest_id": pl.col("contest_id").is_null(),
        "a side is missing": pl.any_horizontal(pl.col("home", "away").is_null()),
        "a season that is not the file's": pl.col("season") != part.season + 1 if part.season else pl.lit(value=False),
    }
    sane, faulty = split(typed, faults)
    games = sane.with_columns(
        pl.lit("d1").alias("league"),
        # A season is named by the year in which it closes.
        (pl.col("season") - 1).alias("season"),
        pl.concat_str(pl.lit("ncaab"), "contest_id", separator="-").alias("fixture"),
        *stamps.on_day(pl.col("day")),
        # Two games of the same sides on one day are in the order of their numbers.
        pl.col("contest_id").rank("ordinal").over("day", "home", "away").sub(1).alias("sequence"),
        *(_conference(side, members) for side in ("home", "away")),
    )
    # The first conferences play for their titles in the last week of February.
    month = pl.col("day").dt.month()
    late = month.is_in([3, 4]) | ((month == 2) & (pl.col("day").dt.day() >= FIRST_BRACKETS))
    drawn = pl.when(late).then(pl.col("start") - timedelta(hours=24)).otherwise(stamps.listed())
    results, broken = _results(games)
    tables = {"fixtures": claim(games, "fixtures", NCAAB.name, drawn), "results": results}
    refused = [refuse(rows.select(*sheet.columns, "reason")) for rows in (faulty, broken)]
    return Parsed(tables=tables, refused=pl.concat(refused), games=sheet.height)


def _results(games: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    home, away = pl.col("home_score"), pl.col("away_score")
    faults = {
        "a level score: one side's was written for both": home == away,
        "a winner with fewer than 30 points: a score from within the game": pl.max_horizontal(home, away)
        < LEAST_WINNING,
    }
    finished, broken = split(games.drop_nulls(("home_score", "away_score")), faults)
    return claim(
        finished.with_columns(outcome_of(level=None)), "results", NCAAB.name, stamps.result_known(NCAAB.duration)
    ), broken


def _conference(side: str, members: pl.DataFrame) -> pl.Expr:
    """Return the conference of a side; who is no member, or of none (NA), has none."""
    told = members.filter(pl.col("conference") != "NA").unique("name", keep="first", maintain_order=True)
    conference = pl.col(side).replace_strict(told["name"], told["conference"], default=None, return_dtype=pl.String)
    return conference.alias(f"{side}_division")


def _entities(members: pl.DataFrame) -> pl.DataFrame:
    begins = pl.datetime(pl.col("season") - 1, 11, 1, time_unit="us", time_zone="UTC")
    rows = members.with_columns(
        pl.lit("d1").alias("league"),
        begins.alias("event_at"),
        pl.lit("none").alias("event_precision"),
        (pl.col("season") - 1).alias("season"),
        pl.col("name").map_elements(slug, return_dtype=pl.String).alias("entity"),
        pl.lit(NCAAB.sides).alias("kind"),
    )
    return claim(rows, "entities", NCAAB.name, pl.col("event_at") - stamps.FIXTURE_LIST)


def parse_boxes(data: bytes, part: Part) -> Parsed:
    """Return a season's box scores, two rows a game, known by our fixture's id.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    columns = {"contest_id": TEXT, "home": TEXT, "away": TEXT, "team": TEXT, **dict.fromkeys(_BOX.values(), NUMBER)}
    sheet = read_parquet(data, columns, f"sportsdataverse's college {part.name}")
    faults = {
        "no contest_id": pl.col("contest_id").is_null(),
        "a team that is neither side": (pl.col("team") != pl.col("home")) & (pl.col("team") != pl.col("away")),
        "no possession at all": pl.col("o_poss") <= 0,
    }
    sane, faulty = split(sheet, faults)
    rows = sane.with_columns(
        pl.lit("d1").alias("league"),
        pl.lit(part.season, pl.Int32).alias("season"),
        pl.concat_str(pl.lit("ncaab"), "contest_id", separator="-").alias("fixture"),
        *stamps.undated(),
        pl.when(pl.col("team") == pl.col("home")).then(pl.lit("home")).otherwise(pl.lit("away")).alias("side"),
        *(whole(name).alias(stat) for stat, name in _BOX.items()),
    )
    stats = claim(rows, "team_stats", NCAAB.name, stamps.result_known(NCAAB.duration))
    return Parsed(tables={"team_stats": stats}, refused=refuse(faulty), games=sheet.height)


def _file(name: str, kind: str, season: int, beside: tuple[Part, ...] = ()) -> Part:
    file = f"{kind}/parquet/ncaa_mbb_{kind}_{season + 1}.parquet"
    path, url = f"{_FOLDER}/{file}", f"{_UPSTREAM}/{file}"
    return Part(name=f"{name}-{season}", path=path, url=url, season=season, beside=beside)


def _games_files(year: int) -> tuple[Part, ...]:
    return tuple(
        _file("games", "schedule", season, beside=(_file("members", "team_ids", season),))
        for season in range(FIRST_SEASON, year + 1)
    )


def _box_files(year: int) -> tuple[Part, ...]:
    return tuple(_file("boxes", "team_box", season) for season in range(FIRST_BOXES, year + 1))


_TERMS = "sportsdataverse, from the NCAA's pages; no licence file: for research and tests, not to be passed on"
_CADENCE = "after every game day in season"

NCAAB_GAMES = Source(
    name="sportsdataverse_ncaab",
    sport=NCAAB.name,
    tier="C",
    primary=True,
    parts=_games_files,
    terms=_TERMS,
    cadence=_CADENCE,
    parser="sportsdataverse-ncaab-2",
    parse=parse,
    known_at=KNOWN_AT,
)
NCAAB_BOXES = Source(
    name="sportsdataverse_ncaab_boxes",
    sport=NCAAB.name,
    tier="C",
    primary=False,
    parts=_box_files,
    terms=_TERMS,
    cadence=_CADENCE,
    parser="sportsdataverse-ncaab-boxes-1",
    parse=parse_boxes,
    known_at=BOX_KNOWN_AT,
    own_ids=True,
)
