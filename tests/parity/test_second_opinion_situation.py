"""A second opinion on the situation of a game, in plain SQL over nothing but the tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from antepost.sports.nfl import NFL
from tests.parity.test_second_opinion import World, agree, planted
from tests.worlds import TINY, simulated_tables, tiny_tables

# With turns in them sine and cosine are no integers; everything else is.
TURNED = 1e-12

CALENDAR = """
WITH here AS (
    SELECT *, timezone('America/New_York', start) AS local FROM own
), turns AS (
    SELECT ask, CASE WHEN event_precision = 'second' THEN epoch(local) % 86400 / 86400 END AS hour,
        isodow(local) / 7 AS weekday, (local::DATE - make_date(season, 9, 1)) / 365.25::DOUBLE AS season_day,
        list_position(['REG', 'WC', 'DIV', 'CON', 'SB'], stage) - 1 AS stage
    FROM here
)
SELECT ask, sin(2 * pi() * hour) AS "hour_sin.now.fixture", cos(2 * pi() * hour) AS "hour_cos.now.fixture",
    sin(2 * pi() * weekday) AS "weekday_sin.now.fixture", cos(2 * pi() * weekday) AS "weekday_cos.now.fixture",
    sin(2 * pi() * season_day) AS "season_day_sin.now.fixture",
    cos(2 * pi() * season_day) AS "season_day_cos.now.fixture", stage AS "stage.now.fixture"
FROM turns
"""

# Games on the nights before, as the schedule stood.
CONGESTION = """
WITH others AS (
    SELECT o.ask, o.start AS own_start, if($side = 'home', o.home, o.away) AS team, f.*
    FROM own o JOIN fixtures f ON f.season = o.season AND f.fixture <> o.fixture AND f.known_at < o.as_of
    QUALIFY row_number() OVER (PARTITION BY o.ask, f.fixture ORDER BY f.batch DESC, f.known_at DESC) = 1
), before AS (
    SELECT *, timezone('America/New_York', own_start)::DATE - timezone('America/New_York', start)::DATE AS nights
    FROM others
    WHERE start < own_start AND (home = team OR away = team)
), counted AS (
    SELECT ask, max((nights <= 1)::INT) AS two, count(*) FILTER (nights <= 3) AS four,
        count(*) FILTER (nights <= 6) AS seven FROM before GROUP BY ask
)
SELECT o.ask, coalesce(two, 0) AS "back_to_back.now", coalesce(four, 0) AS "games.4n", coalesce(seven, 0) AS "games.7n"
FROM own o LEFT JOIN counted USING (ask)
"""

# Both sides' last ground by the schedule, and where it lay as told by then; distances by the law of the haversine.
TRAVEL = """
WITH grounds AS (
    SELECT o.ask, p.* EXCLUDE (season, fixture) FROM own o JOIN places p ON p.known_at < o.as_of
    QUALIFY row_number() OVER (PARTITION BY o.ask, p.venue ORDER BY p.batch DESC, p.known_at DESC) = 1
), others AS (
    SELECT o.ask, o.start AS own_start, o.venue AS own_venue, if($side = 'home', o.home, o.away) AS team, f.*
    FROM own o JOIN fixtures f ON f.season = o.season AND f.known_at < o.as_of
    QUALIFY row_number() OVER (PARTITION BY o.ask, f.fixture ORDER BY f.batch DESC, f.known_at DESC) = 1
), stops AS (
    SELECT t.ask, t.start, g.latitude, g.longitude, t.start = t.own_start AS here,
        epoch(timezone(g.timezone, t.start)) - epoch(timezone('UTC', t.start)) AS ahead
    FROM others t LEFT JOIN grounds g ON g.ask = t.ask AND g.venue = t.venue
    WHERE (home = team OR away = team) AND t.start <= own_start AND own_start - t.start <= INTERVAL 28 DAY
), legs AS (
    SELECT *, lag(latitude) OVER stop AS y, lag(longitude) OVER stop AS x, lag(ahead) OVER stop AS ahead_before,
        row_number() OVER stop > 1 AS later
    FROM stops WINDOW stop AS (PARTITION BY ask ORDER BY start)
), told AS (
    SELECT *, 2 * 6371.0088 * asin(sqrt(pow(sin(radians(latitude - y) / 2), 2)
        + cos(radians(latitude)) * cos(radians(y)) * pow(sin(radians(longitude - x) / 2), 2))) AS km
    FROM legs WHERE later
)
SELECT ask, any_value(km) FILTER (here) AS "distance.now",
    CASE WHEN count(*) = count(km) THEN sum(km) END AS "distance.28d",
    any_value((ahead - ahead_before) / 3600) FILTER (here) AS "zones.now"
FROM told GROUP BY ask
"""

HEIGHT = """
SELECT o.ask, p.altitude AS "altitude.now.fixture" FROM own o JOIN places p USING (venue) WHERE p.known_at < o.as_of
QUALIFY row_number() OVER (PARTITION BY o.ask ORDER BY p.batch DESC, p.known_at DESC) = 1
"""
METRE = 1e-3

# Readings of games on the same ground in the same month, by the schedule as it stood.
CLIMATE = """
WITH seen AS (
    SELECT o.ask, o.as_of, o.venue AS ground, month(o.start) AS now, w.fixture, w.temp
    FROM own o JOIN weather w ON w.known_at < o.as_of AND w.kind = 'observed' AND w.valid_at IS NULL
    QUALIFY row_number() OVER (PARTITION BY o.ask, w.fixture ORDER BY w.batch DESC, w.known_at DESC) = 1
), placed AS (
    SELECT s.*, f.venue, f.start FROM seen s JOIN fixtures f ON f.fixture = s.fixture AND f.known_at < s.as_of
    QUALIFY row_number() OVER (PARTITION BY s.ask, s.fixture ORDER BY f.batch DESC, f.known_at DESC) = 1
)
SELECT ask, sum(round(temp)::INT) / count(temp) AS "temp.all.fixture" FROM placed
WHERE venue = ground AND month(start) = now GROUP BY ask
"""

# Games in which the officials, as they stood at the moment, name the referee of the game asked for.
LED = """
WITH refs AS (
    SELECT a.ask, a.as_of, o.name FROM asked a JOIN officials o USING (fixture)
    WHERE o.role = 'referee' AND o.known_at < a.as_of
    QUALIFY row_number() OVER (PARTITION BY a.ask ORDER BY o.batch DESC, o.known_at DESC) = 1
), named AS (
    SELECT r.ask, r.as_of, r.name AS man, o.fixture, o.name FROM refs r JOIN officials o ON o.known_at < r.as_of
    WHERE o.role = 'referee'
    QUALIFY row_number() OVER (PARTITION BY r.ask, o.fixture ORDER BY o.batch DESC, o.known_at DESC) = 1
), played AS (
    SELECT n.ask, n.as_of, r.fixture, r.event_at, r.home_score, r.away_score FROM named n
    JOIN results r ON r.fixture = n.fixture AND r.known_at < n.as_of WHERE n.man = n.name
    QUALIFY row_number() OVER (PARTITION BY n.ask, r.fixture ORDER BY r.batch DESC, r.known_at DESC) = 1
), given AS (
    SELECT p.ask, p.fixture, b.side, b.penalties, b.penalty_yards
    FROM played p JOIN team_stats b ON b.fixture = p.fixture AND b.known_at < p.as_of
    QUALIFY row_number() OVER (PARTITION BY p.ask, p.fixture, b.side ORDER BY b.batch DESC, b.known_at DESC) = 1
), games AS (
    SELECT ask, fixture, any_value(penalties) FILTER (side = 'home') + any_value(penalties) FILTER (side = 'away')
        AS given, any_value(penalty_yards) FILTER (side = 'home') + any_value(penalty_yards) FILTER (side = 'away')
        AS yards FROM given GROUP BY ask, fixture
), grounds AS (
    SELECT p.ask, p.fixture, coalesce(f.neutral, false) AS neutral
    FROM played p JOIN fixtures f ON f.fixture = p.fixture AND f.known_at < p.as_of
    QUALIFY row_number() OVER (PARTITION BY p.ask, p.fixture ORDER BY f.batch DESC, f.known_at DESC) = 1
), led AS (
    SELECT p.*, grounds.neutral, g.given, g.yards,
        row_number() OVER (PARTITION BY ask ORDER BY event_at DESC, fixture DESC) AS back
    FROM played p JOIN grounds USING (ask, fixture) LEFT JOIN games g USING (ask, fixture)
)
SELECT ask, sum(given) FILTER (back <= 20) / count(given) FILTER (back <= 20) AS "penalties.20.fixture",
    sum(yards) FILTER (back <= 20) / count(yards) FILTER (back <= 20) AS "penalty_yards.20.fixture",
    sum(2 * (home_score > away_score)::INT + (home_score = away_score)::INT) FILTER (back <= 40 AND NOT neutral)
        / (2 * count(*) FILTER (back <= 40 AND NOT neutral)) AS "home_win_rate.40.fixture"
FROM led GROUP BY ask
"""

# Every side of the season with its sums of regular games, as told by then, and its place among them.
TABLE = """
WITH seen AS (
    SELECT o.ask, o.as_of, r.* FROM own o JOIN results r ON r.season = o.season AND r.known_at < o.as_of
    QUALIFY row_number() OVER (PARTITION BY o.ask, r.fixture ORDER BY r.batch DESC, r.known_at DESC) = 1
), staged AS (
    SELECT s.*, f.stage FROM seen s JOIN fixtures f ON f.fixture = s.fixture AND f.known_at < s.as_of
    QUALIFY row_number() OVER (PARTITION BY s.ask, s.fixture ORDER BY f.batch DESC, f.known_at DESC) = 1
), sides AS (
    SELECT ask, home AS team, home_score AS own, away_score AS other FROM staged WHERE stage = 'REG'
    UNION ALL SELECT ask, away, away_score, home_score FROM staged WHERE stage = 'REG'
), sums AS (
    SELECT ask, team, sum(CASE WHEN own > other THEN 3 WHEN own = other THEN 1 ELSE 0 END) AS points,
        avg(CASE WHEN own > other THEN 1 WHEN own = other THEN 0.5 ELSE 0 END) AS share,
        sum(sign(own - other)) AS ahead, sum(own - other) AS margin, sum(own) AS scored
    FROM sides GROUP BY ask, team
), placed AS (
    SELECT *, rank() OVER (PARTITION BY ask ORDER BY points DESC, margin DESC, scored DESC) AS by_points,
        rank() OVER (PARTITION BY ask ORDER BY round(share, 9) DESC) AS by_share,
        max(points) OVER (PARTITION BY ask) AS most, max(ahead) OVER (PARTITION BY ask) AS most_ahead,
        list(points) OVER (PARTITION BY ask) AS every
    FROM sums
), mine AS (
    SELECT p.* FROM placed p JOIN own o ON o.ask = p.ask AND p.team = if($side = 'home', o.home, o.away)
)
"""
BY_POINTS = f"""{TABLE}
SELECT ask, by_points AS "position.season", points AS "points.season", most - points AS "behind_leader.season",
    CASE WHEN len(every) > 3 THEN points - list_sort(every)[3] END AS "above_relegation.season"
FROM mine
"""
BY_SHARE = f"""{TABLE}
SELECT ask, by_share AS "position.season", (most_ahead - ahead) / 2 AS "games_behind.season" FROM mine
"""

WORLDS: dict[str, Callable[[], World]] = {
    "tiny": cache(lambda: World(TOURING, tiny_tables(), (0, 1, 24, 95, 167))),
    "simulated": cache(lambda: World(SIMULATED, planted(simulated_tables((2006, 2007))), (0, 90))),
}
TOURING = replace(TINY, touring=True)
RANKED = replace(TINY, standings="points")
SIMULATED = replace(NFL, touring=True)


@pytest.fixture(scope="module", params=list(WORLDS))
def world(request: pytest.FixtureRequest) -> World:
    return WORLDS[request.param]()


def test_sql_says_the_same_of_the_calendar(world: World) -> None:
    agree(world, world.sql(CALENDAR, "calendar"), atol=TURNED)


@pytest.mark.parametrize("side", ["home", "away"])
def test_sql_says_the_same_of_congestion(world: World, side: str) -> None:
    agree(world, world.sql(CONGESTION, "schedule", side))


@pytest.mark.parametrize("side", ["home", "away"])
def test_sql_says_the_same_of_travels(side: str) -> None:
    tiny = WORLDS["tiny"]()
    agree(tiny, tiny.sql(TRAVEL, "travel", side), atol=METRE)
    agree(tiny, tiny.sql(HEIGHT, "travel"))


def test_sql_says_the_same_of_the_climate() -> None:
    tiny = WORLDS["tiny"]()
    agree(tiny, tiny.sql(CLIMATE, "climate"))


@pytest.mark.parametrize("side", ["home", "away"])
def test_sql_draws_up_the_same_table(world: World, side: str) -> None:
    agree(world, world.sql(BY_SHARE, "table", side))


def test_sql_draws_up_the_same_table_by_points() -> None:
    ranked = World(RANKED, tiny_tables(), (0, 24, 167))
    for side in ("home", "away"):
        agree(ranked, ranked.sql(BY_POINTS, "table", side))


def test_sql_says_the_same_of_the_referee() -> None:
    tiny = WORLDS["tiny"]()
    agree(tiny, tiny.sql(LED, "officials"))
