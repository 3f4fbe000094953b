"""A second opinion: the columns in plain SQL, and the ratings in a plain loop, over nothing but the tables.

Nothing here comes from the kernels or the groups; the two have to agree for every fixture asked for, exactly where
the columns rest on integers. The rule is the one of the lake: what stands at a moment is the newest revision, by
load, of those known before it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache

import duckdb
import numpy as np
import polars as pl
import pytest

from antepost.features import build_states, read_states, spine
from antepost.features.catalogue import groups_of
from antepost.features.disturb import corrected
from antepost.sports import SPORTS, Sport
from antepost.sports.nfl import NFL
from tests.worlds import TINY, Tables, mirrored_tables, simulated_tables, tiny_tables

MIRROR = os.environ.get("ANTEPOST_MIRROR")
NEWEST = "batch DESC, known_at DESC"

# What every fixture looked like at its moment: the entry in the schedule, and who was to start.
OWN = f"""
CREATE TEMP TABLE own AS
WITH listed AS (
    SELECT a.ask, a.as_of, f.* FROM asked a JOIN fixtures f USING (fixture) WHERE f.known_at < a.as_of
    QUALIFY row_number() OVER (PARTITION BY a.ask ORDER BY {NEWEST}) = 1
), named AS (
    SELECT a.ask, r.role, r.player FROM asked a JOIN rosters r USING (fixture) WHERE r.known_at < a.as_of
    QUALIFY row_number() OVER (PARTITION BY a.ask, r.role ORDER BY {NEWEST}) = 1
)
SELECT l.*, h.player AS home_starter, w.player AS away_starter FROM listed l
LEFT JOIN named h ON h.ask = l.ask AND h.role = 'home_qb' LEFT JOIN named w ON w.ask = l.ask AND w.role = 'away_qb'
"""

# All results of earlier games of either side, as they stood, seen from that side; ``back`` counts from the newest.
TEAM_GAMES = """
CREATE TEMP TABLE team_games AS
WITH sides AS (
    SELECT ask, as_of, season AS now, 'home' AS side, home AS team FROM own
    UNION ALL SELECT ask, as_of, season, 'away', away FROM own
), seen AS (
    SELECT s.*, r.fixture, r.event_at, r.season, r.home, r.away, r.home_score, r.away_score
    FROM sides s JOIN results r ON (r.home = s.team OR r.away = s.team) AND r.known_at < s.as_of
    QUALIFY row_number() OVER (PARTITION BY s.ask, s.side, r.fixture ORDER BY r.batch DESC, r.known_at DESC) = 1
)
SELECT ask, side, team, now, season, if(home = team, away, home) AS other,
    if(home = team, home_score, away_score) AS own, if(home = team, away_score, home_score) AS theirs,
    fixture, home = team AS at_home,
    row_number() OVER (PARTITION BY ask, side ORDER BY event_at DESC, fixture DESC) AS back,
    row_number() OVER (PARTITION BY ask, side, other ORDER BY event_at DESC, fixture DESC) AS back_other
FROM seen
"""

FORM = """
SELECT ask,
    sum(own - theirs) FILTER (back <= 3) / count(*) FILTER (back <= 3) AS "margin.3",
    sum(own - theirs) FILTER (back <= 10) / count(*) FILTER (back <= 10) AS "margin.10",
    sum(2 * (own > theirs)::INT + (own = theirs)::INT) FILTER (back <= 5) / (2 * count(*) FILTER (back <= 5))
        AS "win_rate.5",
    sum(2 * (own > theirs)::INT + (own = theirs)::INT) FILTER (back <= 20) / (2 * count(*) FILTER (back <= 20))
        AS "win_rate.20",
    sum(own) FILTER (back <= 10) / count(*) FILTER (back <= 10) AS "points_for.10",
    sum(theirs) FILTER (back <= 10) / count(*) FILTER (back <= 10) AS "points_against.10",
    sum(own - theirs) FILTER (season = now) / count(*) FILTER (season = now) AS "margin.season",
    count(*) FILTER (season = now) AS "games.season"
FROM team_games WHERE side = $side GROUP BY ask
"""

# Games on the same kind of ground, as the schedule stood; a neutral one is none of both.
SPLITS = """
WITH placed AS (
    SELECT g.*, f.neutral FROM team_games g JOIN own o USING (ask)
    JOIN fixtures f ON f.fixture = g.fixture AND f.known_at < o.as_of
    WHERE g.side = $side AND g.at_home = ($side = 'home') AND NOT coalesce(o.neutral, false)
    QUALIFY row_number() OVER (PARTITION BY g.ask, g.fixture ORDER BY f.batch DESC, f.known_at DESC) = 1
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY ask ORDER BY back) AS nth FROM placed
    WHERE NOT coalesce(neutral, false)
)
SELECT ask, sum(own - theirs) FILTER (nth <= 20) / count(*) FILTER (nth <= 20) AS "margin.20",
    sum(own) FILTER (nth <= 10) / count(*) FILTER (nth <= 10) AS "points_for.10",
    sum(2 * (own > theirs)::INT + (own = theirs)::INT) FILTER (season = now) / (2 * count(*) FILTER (season = now))
        AS "win_rate.season"
FROM numbered GROUP BY ask
"""

# Box scores of the last games, as they stood; a game in which either sum is not told counts for neither.
BOX = """
WITH told AS (
    SELECT g.ask, g.back, g.season, g.now, b.side = if(g.at_home, 'home', 'away') AS ours, b.rushing_yards, b.carries
    FROM team_games g JOIN own o USING (ask) JOIN team_stats b ON b.fixture = g.fixture AND b.known_at < o.as_of
    WHERE g.side = $side
    QUALIFY row_number() OVER (PARTITION BY g.ask, g.fixture, b.side ORDER BY b.batch DESC, b.known_at DESC) = 1
)
SELECT ask, sum(rushing_yards) FILTER (ours AND back <= 10) / sum(carries) FILTER (ours AND back <= 10)
        AS "yards_per_carry.10",
    sum(rushing_yards) FILTER (NOT ours AND back <= 10) / sum(carries) FILTER (NOT ours AND back <= 10)
        AS "yards_per_carry_allowed.10"
FROM told GROUP BY ask
"""

MEETINGS = """
SELECT g.ask, sum(g.own - g.theirs) FILTER (back_other <= 5) / count(*) FILTER (back_other <= 5) AS "margin.5.fixture",
    count(*) AS "meetings.all.fixture"
FROM team_games g JOIN own o ON o.ask = g.ask AND g.side = 'home' AND g.other = o.away GROUP BY g.ask
"""

# A starter's games: those in which the roster, as it stood at the moment, named him on either side. Planted rosters
# name a man in two games at once; the names of the games then order them.
STARTS = """
WITH men AS (SELECT ask, as_of, season AS now, if($side = 'home', home_starter, away_starter) AS player FROM own),
perhaps AS (
    SELECT DISTINCT m.ask, m.as_of, m.now, m.player, r.fixture, r.role FROM men m JOIN rosters r USING (player)
    WHERE r.role IN ('home_qb', 'away_qb')
), named AS (
    SELECT p.* EXCLUDE (player), p.player AS man, r.player FROM perhaps p
    JOIN rosters r ON r.fixture = p.fixture AND r.role = p.role AND r.known_at < p.as_of
    QUALIFY row_number() OVER (PARTITION BY p.ask, p.fixture, p.role ORDER BY r.batch DESC, r.known_at DESC) = 1
), played AS (
    SELECT n.*, r.event_at, r.season, r.home_score, r.away_score FROM named n
    JOIN results r ON r.fixture = n.fixture AND r.known_at < n.as_of WHERE n.man = n.player
    QUALIFY row_number() OVER (PARTITION BY n.ask, n.fixture, n.role ORDER BY r.batch DESC, r.known_at DESC) = 1
), games AS (
    SELECT ask, now, season, if(role = 'home_qb', 1, -1) * (home_score - away_score) AS margin,
        row_number() OVER (PARTITION BY ask ORDER BY event_at DESC, fixture DESC, role = 'home_qb') AS back
    FROM played
)
SELECT ask, count(*) AS "starts.all",
    sum(margin) FILTER (back <= 10) / count(*) FILTER (back <= 10) AS "margin.10"
FROM games GROUP BY ask
"""

REST = """
WITH others AS (
    SELECT o.ask, o.start AS own_start, if($side = 'home', o.home, o.away) AS team, f.*
    FROM own o JOIN fixtures f ON f.season = o.season AND f.fixture <> o.fixture AND f.known_at < o.as_of
    QUALIFY row_number() OVER (PARTITION BY o.ask, f.fixture ORDER BY f.batch DESC, f.known_at DESC) = 1
), before AS (
    SELECT *, (epoch_us(own_start) - epoch_us(start)) / 86400000000.0::DOUBLE AS days FROM others
    WHERE start < own_start AND (home = team OR away = team)
)
SELECT ask, min(days) FILTER (days <= 28) AS "rest.now", count(*) FILTER (days <= 14) AS "games.14d"
FROM before GROUP BY ask
"""

GROUND = f"""
SELECT a.ask, v.roof IN ('dome', 'closed') AS "indoors.now.fixture", v.surface = 'grass' AS "grass.now.fixture"
FROM asked a JOIN venues v USING (fixture) WHERE v.known_at < a.as_of
QUALIFY row_number() OVER (PARTITION BY a.ask ORDER BY {NEWEST}) = 1
"""

PRICES = """
WITH seen AS (
    SELECT a.ask, p.book, b.rank, p.market || '|' || p.outcome AS quote, p.odds, p.line
    FROM asked a JOIN prices p USING (fixture) JOIN books b USING (book) WHERE p.known_at < a.as_of
    QUALIFY row_number() OVER (PARTITION BY ask, book, market, outcome ORDER BY p.batch DESC, p.known_at DESC) = 1
), books_of AS (
    SELECT ask, rank, any_value(odds) FILTER (quote = 'moneyline|home') AS home,
        any_value(odds) FILTER (quote = 'moneyline|draw') AS draw,
        any_value(odds) FILTER (quote = 'moneyline|away') AS away,
        any_value(line) FILTER (quote = 'spread|home') AS spread, any_value(line) FILTER (quote = 'total|over') AS total
    FROM seen GROUP BY ask, rank
)
SELECT ask, arg_min(ln(away) - ln(home), rank) FILTER (home > 1 AND away > 1) AS "logit.now.fixture",
    arg_min(1 / home + coalesce(1 / draw, 0) + 1 / away, rank) FILTER (home > 1 AND away > 1)
        AS "overround.now.fixture",
    arg_min(spread, rank) FILTER (spread IS NOT NULL) AS "spread.now.fixture",
    arg_min(total, rank) FILTER (total IS NOT NULL) AS "total.now.fixture"
FROM books_of GROUP BY ask
"""

ELO_GAMES = """
WITH seen AS (
    SELECT r.*, o.as_of FROM own o JOIN results r ON r.known_at < o.as_of WHERE o.ask = $ask
    QUALIFY row_number() OVER (PARTITION BY r.fixture ORDER BY r.batch DESC, r.known_at DESC) = 1
)
SELECT s.season, s.home, s.away, s.home_score - s.away_score AS margin, f.neutral
FROM seen s JOIN fixtures f ON f.fixture = s.fixture AND f.known_at < s.as_of
QUALIFY row_number() OVER (PARTITION BY s.fixture ORDER BY f.batch DESC, f.known_at DESC) = 1
ORDER BY s.event_at, s.fixture
"""

# What features are called in any sport, the side left out: a name of nobody would compare nothing.
STEMS = {
    column.name.rpartition(".")[0]
    for sport in (*SPORTS.values(), TINY, replace(TINY, rates=(), massey=None))
    for group in groups_of(sport)
    for column in group.columns
}
# Where there is nothing to count there is no row; these columns say 0 then, all others null.
COUNTS = ("form.games.season", "head_to_head.meetings.all", "schedule.games.14d", "schedule.games.7d")
ROUNDED = {"market.logit.now.fixture": 1e-12}


class World:
    """Tables in DuckDB, the fixtures asked for, and what the features say of them.

    About ``most`` fixtures are asked for, where given, and of the groups ``only`` those.
    """

    def __init__(
        self, sport: Sport, tables: Tables, hours: Sequence[int], most: int | None = None, only: Sequence[str] = ()
    ) -> None:
        self.sport = sport
        close = spine(tables, sport).select("fixture", "as_of")
        close = close.gather_every(max(1, close.height // most)) if most else close
        moments = [close.with_columns(pl.col("as_of") - timedelta(hours=hour)) for hour in hours]
        spines = [spine(tables, sport, moment) for moment in moments]
        groups = tuple(group for group in groups_of(sport) if not only or group.name in only)
        states = build_states(sport, tables, groups)
        self.columns = tuple(column.name for group in groups for column in group.columns)
        self.values = np.concatenate([read_states(sport, states, asked, self.columns, groups) for asked in spines])
        self.database = duckdb.connect(config={"threads": 1})
        self.database.execute("SET TimeZone = 'UTC'")
        asked = pl.concat(frame.select("fixture", "as_of") for frame in spines).with_row_index("ask")
        books = [(book, rank) for names in sport.reference_close.values() for rank, book in enumerate(names)]
        frames = {**tables, "asked": asked, "books": pl.DataFrame(books, schema=["book", "rank"], orient="row")}
        for name, frame in frames.items():
            self.database.register(name, frame.to_arrow())
        self.height = asked.height
        self.database.execute(OWN.replace("_qb'", f"_{sport.starter}'"))
        self.database.execute(TEAM_GAMES)

    def said(self, column: str) -> np.ndarray:
        """Return what the features say of ``column``."""
        return self.values[:, self.columns.index(column)]

    def sql(self, query: str, group: str, side: str | None = None) -> dict[str, np.ndarray]:
        """Return, by full column name, what ``query`` says for every fixture asked for."""
        answer = self.database.sql(query, params={"side": side} if side else None)
        relation = pl.DataFrame(answer.to_arrow_table())
        every = pl.DataFrame({"ask": range(self.height)}).join(relation, on="ask", how="left", maintain_order="left")
        names = {name: f"{group}.{name}{f'.{side}' if side else ''}" for name in relation.columns if name != "ask"}
        return {
            full: every[name].cast(pl.Float64).fill_null(0.0 if full.startswith(COUNTS) else math.nan).to_numpy()
            for name, full in names.items()
        }

    def sides(self, query: str, group: str) -> dict[str, np.ndarray]:
        """Return what ``query`` says of both sides, and of the one less the other, as far as they are features."""
        home, away = (self.sql(query, group, side) for side in ("home", "away"))
        told: dict[str, np.ndarray] = {}
        for name, value in home.items():
            stem = name.removesuffix(".home")
            every = {name: value, f"{stem}.away": away[f"{stem}.away"]}
            every[f"{stem}.fixture"] = every[name] - every[f"{stem}.away"]
            shown = {column: said for column, said in every.items() if column in self.columns}
            # Where box scores tell how a side plays, or a fit how it does, less is told of its results.
            assert stem in STEMS, name
            told |= shown
        return told


def planted(tables: Tables) -> Tables:
    """Return the tables with late and corrected facts among them."""
    return dict(corrected(tables, np.random.default_rng(7)))


WORLDS: dict[str, Callable[[], World]] = {
    "tiny": cache(lambda: World(TINY, tiny_tables(), (0, 1, 24, 95, 167))),
    "plain": cache(lambda: World(replace(TINY, rates=()), tiny_tables(), (0, 24))),
    "simulated": cache(lambda: World(NFL, planted(simulated_tables((2006, 2007))), (0, 90))),
}
if MIRROR:
    WORLDS["real"] = cache(lambda: World(NFL, planted(mirrored_tables(str(MIRROR), range(2017, 2021))), (0, 90)))


@pytest.fixture(scope="module", params=list(WORLDS))
def world(request: pytest.FixtureRequest) -> World:
    return WORLDS[request.param]()


def agree(
    world: World, opinion: dict[str, np.ndarray], rounded: Mapping[str, float] = ROUNDED, atol: float = 0.0
) -> None:
    """Demand that ``opinion`` and the features say the same, within ``rounded`` or ``atol``, and not merely nothing."""
    assert opinion
    for column, expected in opinion.items():
        said = world.said(column)
        assert np.isfinite(said).any(), column
        np.testing.assert_array_equal(np.isnan(said), np.isnan(expected), err_msg=column)
        np.testing.assert_allclose(said, expected, rtol=0.0, atol=rounded.get(column, atol), err_msg=column)


@pytest.mark.parametrize(
    ("group", "query"), [("form", FORM), ("splits", SPLITS), ("starter", STARTS), ("schedule", REST)]
)
def test_sql_says_the_same_of_the_sides(world: World, group: str, query: str) -> None:
    agree(world, world.sides(query, group))


def test_sql_says_the_same_of_box_scores() -> None:
    tiny = WORLDS["tiny"]()
    agree(tiny, tiny.sides(BOX, "box"))


@pytest.mark.parametrize(("group", "query"), [("head_to_head", MEETINGS), ("venue", GROUND), ("market", PRICES)])
def test_sql_says_the_same_of_a_fixture(world: World, group: str, query: str) -> None:
    agree(world, world.sql(query, group))


def test_a_plain_loop_gives_the_same_ratings(world: World) -> None:
    asks = np.linspace(0, world.height - 1, min(world.height, 60)).astype(int)
    opinions = [opinion(world, int(ask)) for ask in asks]
    for position, column in enumerate(("elo.rating.now.home", "elo.rating.now.away", "elo.logit.now.fixture")):
        expected = np.array([values[position] for values in opinions])
        np.testing.assert_allclose(world.said(column)[asks], expected, rtol=0.0, atol=1e-9, err_msg=column)
        assert np.isfinite(expected).any()


def opinion(world: World, ask: int) -> tuple[float, float, float]:
    """Return both ratings and the log-odds of one fixture asked for, from its league's history game by game."""
    games = world.database.execute(ELO_GAMES, {"ask": ask}).fetchall()
    home, away, season, neutral = world.database.execute(
        "SELECT home, away, season, neutral FROM own WHERE ask = $ask", {"ask": ask}
    ).fetchall()[0]
    elo = world.sport.elo
    ratings: dict[str, tuple[float, int]] = {}

    def rating(team: str, now: int) -> float:
        value, last = ratings.get(team, (elo.mean, now))
        return value if last == now else elo.season_keep * value + (1.0 - elo.season_keep) * elo.mean

    for year, host, guest, margin, level in games:
        edge = rating(host, year) - rating(guest, year) + (0.0 if level else elo.home_advantage)
        chance = 1.0 / (1.0 + 10.0 ** (-edge / elo.scale))
        result = 1.0 if margin > 0 else 0.0 if margin < 0 else 0.5
        favoured = edge * (2.0 * result - 1.0)
        shift = elo.k * math.log(max(abs(margin), 1) + 1) * 2.2 / (favoured * 0.001 + 2.2) * (result - chance)
        ratings[host] = (rating(host, year) + shift, year)
        ratings[guest] = (rating(guest, year) - shift, year)
    if home not in ratings or away not in ratings:
        known = [rating(team, season) if team in ratings else math.nan for team in (home, away)]
        return known[0], known[1], math.nan
    edge = rating(home, season) - rating(away, season) + (0.0 if neutral else elo.home_advantage)
    return rating(home, season), rating(away, season), edge * math.log(10.0) / elo.scale
