"""Invented facts for the benchmarks: any number of seasons of four sports, in the tables that the lake gives.

Strengths are drawn by the seed and everything follows from them; who meets whom, how often and how long before the
start it is known and priced is as in the sport itself. Nothing is ever corrected: the rivals have no answer to that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from antepost.lake.asof import canonical
from antepost.lake.schemas import MOMENT, TABLES
from antepost.sports import Sport, get_sport

type Whole = NDArray[np.int64]
type Tables = dict[str, pl.DataFrame]

LAST_SEASON = 2024
HOUR = 3_600_000_000
DAY = 24 * HOUR
HALF_HOUR = HOUR // 2
DRAW, FIELD = 128, 400
BOX_TOLD = 0.97
"""The share of games of which there is a box score."""

# How often something happens to a side in a game, and what is a share of something else; the rest comes ten times.
_LEVELS = {
    "field_goals_attempted": 88, "threes_attempted": 34, "free_throws_attempted": 22, "minutes": 240, "turnovers": 14,
    "offensive_rebounds": 10, "defensive_rebounds": 34, "serve_points": 82, "service_games": 13,
    "break_points_faced": 6, "shots": 13, "corners": 5, "fouls": 11, "yellow_cards": 2, "red_cards": 0.1,
    "pass_attempts": 33, "carries": 27, "penalty_yards": 50, "sacks_suffered": 2.3, "passing_first_downs": 12,
    "rushing_first_downs": 6, "punt_return_yards": 20, "kickoff_return_yards": 40, "interceptions_thrown": 0.8,
    "fumbles_lost": 0.5, "aces": 6, "double_faults": 3,
}  # fmt: skip
_PARTS = {
    "field_goals_made": ("field_goals_attempted", 0.46), "threes_made": ("threes_attempted", 0.36),
    "free_throws_made": ("free_throws_attempted", 0.78), "first_in": ("serve_points", 0.62),
    "first_won": ("first_in", 0.72), "second_won": ("double_faults", 0.5), "shots_on_target": ("shots", 0.35),
    "break_points_saved": ("break_points_faced", 0.6),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a sport's year goes: who there is, how often they meet, and how long before the start a price opens."""

    seasons: int
    sides: int
    rounds: int
    days: tuple[int, ...]
    clocks: tuple[int, ...]
    opens: int
    listed: int
    scores: tuple[float, float]


PLANS = {
    "nfl": Plan(
        seasons=26, sides=32, rounds=17, days=(7,), clocks=(18, 21, 25), opens=6 * DAY, listed=90 * DAY,
        scores=(23.5, 21.3),
    ),
    "soccer": Plan(
        seasons=44, sides=20, rounds=38, days=(7, 7, 3, 7, 4), clocks=(13, 15, 17, 20), opens=3 * DAY, listed=40 * DAY,
        scores=(1.5, 1.2),
    ),
    "atp": Plan(
        seasons=26, sides=FIELD, rounds=30, days=(11,), clocks=(10, 12, 14, 18), opens=12 * HOUR, listed=20 * HOUR,
        scores=(2.0, 1.0),
    ),
    "nba": Plan(
        seasons=33, sides=30, rounds=82, days=(2, 1, 3, 2), clocks=(24, 25, 27), opens=20 * HOUR, listed=45 * DAY,
        scores=(114.0, 111.0),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """A sport's tables, and its spine as of the moment at which the first price of each fixture is known."""

    sport: Sport
    tables: Tables
    spine: pl.DataFrame


def invented(name: str, seasons: float = 1.0, seed: int = 7) -> Invented:
    """Return the sport ``name`` over so many times the seasons of its plan, ending with the same one."""
    sport, plan = get_sport(name), PLANS[name]
    count = max(round(plan.seasons * seasons), 1)
    draw = np.random.default_rng((seed, sum(name.encode())))
    years = range(LAST_SEASON - count + 1, LAST_SEASON + 1)
    meet: Callable[..., pl.DataFrame] = _tournaments if sport.sides == "player" else _league
    leagues = tuple(sport.reference_close) or tuple(sport.leagues)
    games = pl.concat(meet(sport, plan, league, year, draw) for year in years for league in leagues)
    games = games.sort("start", "league", "home").with_row_index("at")
    games = games.with_columns(("g" + pl.col("at").cast(pl.String).str.zfill(7)).alias("fixture")).drop("at")
    return _shown(sport, plan, games, draw)


def _league(sport: Sport, plan: Plan, league: str, year: int, draw: np.random.Generator) -> pl.DataFrame:
    """Return a season in which in every round each side has a game, at home or away."""
    order = np.argsort(draw.random((plan.rounds, plan.sides)), axis=1)
    half = plan.sides // 2
    home, away = order[:, :half], order[:, half:]
    gaps = np.resize(plan.days, plan.rounds)
    day = np.cumsum(gaps) - gaps[0]
    start = _first_day(sport, year) + day[:, None] * DAY + draw.choice(plan.clocks, home.shape) * HOUR
    names = np.array(sport.teams or [f"{league}-side-{n:02d}" for n in range(plan.sides)])
    return _games(league, year, names[home.ravel()], names[away.ravel()], start.ravel(), draw.random(home.size) < 0.01)


def _tournaments(sport: Sport, plan: Plan, league: str, year: int, draw: np.random.Generator) -> pl.DataFrame:
    """Return a year of knock-outs, a round a day; one in ten players is a new one every year."""
    pool = np.arange(FIELD) + FIELD // 10 * (year - 1900)
    field = np.array([draw.choice(pool, DRAW, replace=False) for _ in range(plan.rounds)])
    first = _first_day(sport, year) + np.arange(plan.rounds) * plan.days[0] * DAY
    found: list[pl.DataFrame] = []
    for number in range(DRAW.bit_length() - 1):
        home, away = field[:, 0::2], field[:, 1::2]
        start = first[:, None] + number * DAY + draw.choice(plan.clocks, home.shape) * HOUR
        names = [np.char.add("player-", np.char.zfill(side.ravel().astype(str), 5)) for side in (home, away)]
        neutral = np.ones(home.size, np.bool_)
        found.append(_games(league, year, *names, start.ravel(), neutral))
        field = np.where(draw.random(home.shape) < 0.5, home, away)
    return pl.concat(found)


def _first_day(sport: Sport, year: int) -> int:
    return int(datetime(year, *sport.played[0], tzinfo=UTC).timestamp()) * 1_000_000


def _games(
    league: str, year: int, home: NDArray[np.str_], away: NDArray[np.str_], start: Whole, neutral: NDArray[np.bool_]
) -> pl.DataFrame:
    columns = {"home": home.tolist(), "away": away.tolist(), "start": start, "neutral": neutral}
    return pl.DataFrame(columns).with_columns(pl.lit(league).alias("league"), pl.lit(year, pl.Int32).alias("season"))


def _shown(sport: Sport, plan: Plan, games: pl.DataFrame, draw: np.random.Generator) -> Invented:
    """Return the tables of ``games``: listed before, told half an hour after the usual end."""
    count = games.height
    over = int(sport.duration.total_seconds()) * 1_000_000 + HALF_HOUR
    start = pl.col("start")
    listed = (start - plan.listed if sport.sides == "player" else start.min().over("season") - plan.listed).alias("l")
    games = games.with_columns(listed).with_columns(
        pl.col("start", "l").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    )
    home, away = _scores(sport, plan, count, draw)
    common = games.select(
        pl.lit(sport.name).alias("sport"), "league", "season", "fixture", "home", "away", "start", "neutral",
        pl.col("start").alias("event_at"), pl.lit("second").alias("event_precision"),
        pl.lit("published").alias("known_how"), pl.lit(1, pl.Int64).alias("batch"), pl.lit("0" * 64).alias("raw"),
    )  # fmt: skip
    ended = (start + pl.duration(microseconds=over)).alias("known_at")
    word = np.where(home > away, "home", np.where(home < away, "away", "draw"))
    fixtures = common.with_columns(games["l"].alias("known_at"), pl.lit(sport.stages[0]).alias("stage"))
    results = common.with_columns(
        ended, pl.Series("home_score", home), pl.Series("away_score", away), pl.Series("outcome", word.tolist()),
        pl.lit("regulation").alias("ending"), pl.lit(value=False).alias("overtime"),
    )  # fmt: skip
    ground = pl.Series("surface", np.resize(sport.surfaces or ("",), count).tolist())
    tables = {
        "fixtures": fixtures, "results": results,
        sport.box: _box(sport, common.with_columns(ended), draw),
        "venues": common.with_columns(games["l"].alias("known_at"), ground),
    }  # fmt: skip
    spine = common.select(
        "fixture", "league", "season", "home", "away", "neutral", "start",
        (start - pl.duration(microseconds=plan.opens)).alias("as_of"), ground,
        pl.when(pl.col("home") < pl.col("away")).then(pl.col("home") + "|" + pl.col("away"))
        .otherwise(pl.col("away") + "|" + pl.col("home")).alias("pair"),
    )  # fmt: skip
    return Invented(sport=sport, tables={name: _whole(name, frame) for name, frame in tables.items()}, spine=spine)


def _scores(sport: Sport, plan: Plan, count: int, draw: np.random.Generator) -> tuple[Whole, Whole]:
    if sport.sides == "player":
        won = draw.random(count) < 0.5
        lost = draw.integers(0, 2, count)
        return np.where(won, 2, lost), np.where(won, lost, 2)
    home, away = (draw.poisson(level, count) for level in plan.scores)
    level = (home == away) & ("draw" not in sport.outcomes)
    return home + level, away


def _box(sport: Sport, common: pl.DataFrame, draw: np.random.Generator) -> pl.DataFrame:
    """Return two box scores a game, of most games."""
    whole, decimal = sport.box_columns()
    told = common.filter(pl.Series(draw.random(common.height) < BOX_TOLD))
    sides: list[pl.DataFrame] = []
    for side in ("home", "away"):
        drawn: dict[str, Whole] = {}
        for name in sorted({*whole, *(part for part, _ in _PARTS.values())}, key=_depth):
            of, share = _PARTS.get(name, ("", 0.0))
            counted = (
                draw.binomial(drawn[of], share) if of in drawn else draw.poisson(_LEVELS.get(name, 10), told.height)
            )
            drawn[name] = counted
        columns = [pl.Series(name, drawn[name]) for name in whole]
        columns += [pl.Series(name, draw.normal(0.0, 5.0, told.height).round(6)) for name in decimal]
        who = [pl.col(side).alias("team"), pl.col(side).alias("player"), pl.lit("match").alias("role")]
        sides.append(told.with_columns(pl.lit(side).alias("side"), *who, *columns))
    return pl.concat(sides)


def _depth(name: str) -> tuple[int, str]:
    """Return after how many others a count can be drawn: what it is a share of comes first."""
    return (1 + _depth(_PARTS[name][0])[0] if name in _PARTS else 0, name)


def _whole(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return ``frame`` in the table's columns, those nobody told null, in the order in which the lake reads."""
    schema = TABLES[name].schema
    own = [column for column in frame.columns if column not in ("home", "away", "start", "neutral") or column in schema]
    told = [pl.lit(None, kind).alias(column) for column, kind in schema.items() if column not in own]
    whole = frame.select(*own, *told).select(*schema, *(column for column in own if column not in schema))
    return canonical(name, whole.cast({c: MOMENT for c, kind in schema.items() if kind == MOMENT}))
