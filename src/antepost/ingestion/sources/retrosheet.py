"""Retrosheet's game logs: line scores, team totals, umpires, managers, starting pitchers and line-ups since 1871.

Source: https://www.retrosheet.org/gamelogs/glfields.txt
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.errors import DataError
from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, outcome_of, whole
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.sports.mlb import MLB

FIRST_SEASON = 2005
MOST_GAMES = 162

_LISTED = (
    "first start of the season - 30 d; a double-header, mostly a make-up, and a 163rd game: start - 24 h (assumed)"
)
_ENDED = "12:00 UTC on the day after the game, or after the day on which a suspended game was completed (assumed)"
_ANNOUNCED = "start - 90 min (assumed: the line-ups are those that really started)"
_SIDES = ("away", "home")
_SLOTS = range(1, 10)
_BASES = ("home_plate", "first_base", "second_base", "third_base", "left_field", "right_field")
_BEFORE = ("day", "number", "weekday", "away", "away_league", "away_game", "home", "home_league", "home_game")
_ABOUT = ("game_outs", "daylight", "completion", "forfeit", "protest", "park", "attendance", "game_minutes")
_TOTALS = tuple(stat for stat in MLB.team_stats if stat not in {"runs", "game_outs", "game_minutes"})
_UMPIRES = tuple(f"{base}_umpire{field}" for base in _BASES for field in ("_id", ""))
_CREDITED = tuple(f"{who}{field}" for who in ("winner", "loser", "saver", "decisive_batter") for field in ("_id", ""))


def _named(*roles: str) -> tuple[str, ...]:
    return tuple(f"{side}_{role}{field}" for side in _SIDES for role in roles for field in ("_id", ""))


_LINE_UPS = tuple(
    f"{side}_batting_{slot}{field}" for side in _SIDES for slot in _SLOTS for field in ("_id", "", "_position")
)
COLUMNS = (
    *_BEFORE, "away_score", "home_score", *_ABOUT, "away_line", "home_line",
    *(f"{side}_{stat}" for side in _SIDES for stat in _TOTALS), *_UMPIRES, *_named("manager"), *_CREDITED,
    *_named("starter"), *_LINE_UPS, "remarks", "acquired",
)  # fmt: skip
"""The fields of a line, in Retrosheet's order; the files have no header."""

KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys((*_BEFORE, "daylight", "park"), _LISTED),
    **dict.fromkeys((*_UMPIRES, *_named("manager"), *_named("starter"), *_LINE_UPS), _ANNOUNCED),
    **dict.fromkeys(("game_outs", "completion", "forfeit", "game_minutes"), _ENDED),
    **dict.fromkeys((f"{side}_{name}" for side in _SIDES for name in ("score", "line", *_TOTALS)), _ENDED),
}

# Grounds at which nobody was at home: Tokyo, Sydney, San Juan, Monterrey, Mexico City, London, Omaha, Fort Bragg,
# Williamsport and Dyersville.
NEUTRAL = ("TOK01", "SYD01", "SJU01", "MNT01", "MEX02", "LON01", "OMA01", "FTB01", "WIL02", "DYE01")
_SHORT_DOUBLE_HEADERS = (2020, 2021)


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one season's log.

    Raises:
        DataError: the file is cut off, or a line has not 161 fields.
    """
    name = f"Retrosheet's {part.name}"
    if not data.strip():
        raise DataError(f"{name} is empty; fetch it again", rows=0)
    sheet = read_sheet(",".join(COLUMNS).encode() + b"\n" + data, COLUMNS, name)
    games, refused = _games(sheet, part)
    tables = {
        "fixtures": _fixtures(games),
        "results": _claimed(games.drop_nulls(("home_score", "away_score")), "results", pl.col("ended")),
        "periods": _innings(games),
        "team_stats": _team_stats(games),
        "rosters": _rosters(games),
        "officials": _officials(games),
    }
    return Parsed(tables=tables, refused=refuse(refused), games=sheet.height)


def _claimed(rows: pl.DataFrame, table: str, known_at: pl.Expr) -> pl.DataFrame:
    return claim(rows, table, MLB.name, known_at)


def _noon(day: pl.Expr) -> pl.Expr:
    return stamps.start_of(day, pl.lit(None, pl.Time), MLB.timezone)


def _games(text: pl.DataFrame, part: Part) -> tuple[pl.DataFrame, pl.DataFrame]:
    typed = text.with_columns(
        day_of("day", "%Y%m%d").alias("played"),
        pl.col("completion").str.extract(r"^(\d{8})").str.to_date("%Y%m%d", strict=False).alias("completed"),
        *(pl.col(side).replace(MLB.relocated).alias(f"{side}_team") for side in _SIDES),
        *(whole(f"{side}_score").alias(f"{side}_runs") for side in _SIDES),
    )
    sane, faulty = split(
        typed,
        {
            "the day is no date": pl.col("played").is_null(),
            "a day outside the file's season": pl.col("played").dt.year() != part.season,
            "a side is missing": pl.any_horizontal(pl.col("home_team", "away_team").is_null()),
            "the number of the game is none of 0, 1, 2, 3": ~pl.col("number").is_in(["0", "1", "2", "3"]),
            "a score that is no whole number": pl.any_horizontal(pl.col("home_runs", "away_runs").is_null()),
            "a line score that is not the final score": pl.any_horizontal(
                _runs(side).list.sum() != pl.col(f"{side}_runs") for side in _SIDES
            ),
        },
    )
    innings = pl.col("away_line").str.extract_all(r"\(\d+\)|\d|x").list.len()
    short = (pl.col("number") != "0") & pl.lit(part.season in _SHORT_DOUBLE_HEADERS)
    longer = innings > pl.when(short).then(7).otherwise(9)
    games = sane.with_columns(
        pl.lit("mlb").alias("league"),
        pl.lit(part.season, pl.Int32).alias("season"),
        pl.concat_str(pl.lit("mlb-"), "home", "day", "number").alias("fixture"),
        _noon(pl.col("played")).alias("start"),
        _noon(pl.col("played")).alias("event_at"),
        pl.lit("day").alias("event_precision"),
        (_noon(pl.max_horizontal("played", "completed")) + stamps.DAY).alias("ended"),
        pl.lit("REG").alias("stage"),
        pl.col("number").cast(pl.Int32).alias("sequence"),
        pl.col("park").alias("venue"),
        (pl.col("daylight") == "D").alias("daylight"),
        pl.col("park").is_in(NEUTRAL).fill_null(value=False).alias("neutral"),
        *(pl.col(f"{side}_team").alias(side) for side in _SIDES),
        *(pl.col(f"{side}_runs").alias(f"{side}_score") for side in _SIDES),
        outcome_of("home_runs", "away_runs"),
        longer.alias("overtime"),
        pl.when(pl.col("forfeit").is_not_null()).then(pl.lit("awarded"))
        .when(longer).then(pl.lit("overtime")).otherwise(pl.lit("regulation")).alias("ending"),
    )  # fmt: skip
    return games, faulty.select(*text.columns, "reason")


def _runs(side: str) -> pl.Expr:
    """Return the runs of each inning: one figure each, ten and more in brackets, x where nobody came to bat."""
    each = pl.col(f"{side}_line").str.extract_all(r"\(\d+\)|\d|x")
    return each.list.eval(pl.element().str.strip_chars("()").cast(pl.Int64, strict=False))


def _fixtures(games: pl.DataFrame) -> pl.DataFrame:
    # A 163rd game settles a tie, of which nobody knows before the last day of the season.
    tied = pl.max_horizontal(whole(f"{side}_game") for side in _SIDES) > MOST_GAMES
    late = (pl.col("sequence") > 0) | tied.fill_null(value=False)
    return _claimed(games, "fixtures", pl.when(late).then(pl.col("start") - stamps.DAY).otherwise(stamps.listed()))


def _innings(games: pl.DataFrame) -> pl.DataFrame:
    keys = ("fixture", "league", "season", "event_at", "event_precision", "ended")
    told = [
        games.select(
            *keys,
            pl.lit(side).alias("side"),
            _runs(side).alias("score"),
            pl.int_ranges(1, _runs(side).list.len() + 1).alias("period"),
        )
        for side in _SIDES
    ]
    each = pl.concat(told).filter(pl.col("score").list.len() > 0).explode("score", "period")
    return _claimed(each.drop_nulls("score"), "periods", pl.col("ended"))


def _team_stats(games: pl.DataFrame) -> pl.DataFrame:
    told = [
        games.with_columns(
            pl.lit(side).alias("side"),
            pl.col(side).alias("team"),
            pl.col(f"{side}_score").alias("runs"),
            *(whole(f"{side}_{stat}").alias(stat) for stat in _TOTALS),
            *(whole(stat).alias(stat) for stat in ("game_outs", "game_minutes")),
        )
        for side in _SIDES
    ]
    return _claimed(pl.concat(told), "team_stats", pl.col("ended"))


def _rosters(games: pl.DataFrame) -> pl.DataFrame:
    roles = ("manager", "starter", *(f"batting_{slot}" for slot in _SLOTS))
    keys = ("fixture", "league", "season", "event_at", "event_precision", "start")
    told = [
        games.select(
            *keys,
            pl.lit(f"{side}_{role}").alias("role"),
            pl.col(side).alias("team"),
            pl.col(f"{side}_{role}_id").alias("player"),
            pl.col(f"{side}_{role}").alias("name"),
        )
        for side in _SIDES
        for role in roles
    ]
    return _claimed(pl.concat(told).drop_nulls("player"), "rosters", stamps.announced())


def _officials(games: pl.DataFrame) -> pl.DataFrame:
    keys = ("fixture", "league", "season", "event_at", "event_precision", "start")
    told = [
        games.filter(pl.col(f"{base}_umpire_id").is_not_null()).select(
            *keys, pl.lit(base).alias("role"), pl.col(f"{base}_umpire").alias("name")
        )
        for base in _BASES
    ]
    return _claimed(pl.concat(told), "officials", stamps.announced())


def _parts(year: int) -> tuple[Part, ...]:
    return tuple(
        Part(name=f"GL{season}", path=f"mlb/retrosheet/gamelogs/GL{season}.TXT", season=season)
        for season in range(FIRST_SEASON, year + 1)
    )


RETROSHEET = Source(
    name="retrosheet",
    sport=MLB.name,
    tier="B",
    primary=True,
    parts=_parts,
    terms="The information used here was obtained free of charge from and is copyrighted by Retrosheet. Interested "
    "parties may contact Retrosheet at www.retrosheet.org.",
    cadence="after each season; to be had from a mirror (upstream serves zip archives)",
    parser="retrosheet-2",
    parse=parse,
    known_at=KNOWN_AT,
    named=False,
)
