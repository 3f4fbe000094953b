"""A second opinion on periods, sets and ranking lists, in plain SQL over nothing but the tables."""

from __future__ import annotations

import numpy as np
import pytest

from antepost.sports import Sport
from tests.parity.test_second_opinion import WORLDS, World, agree
from tests.worlds import TINY

# Periods as they stood, a row a game and side: what was scored when. A game needs the first three of both sides.
PARTS = """
CREATE OR REPLACE TEMP TABLE parts AS
WITH told AS (
    SELECT g.ask, g.side AS whose, g.at_home, g.fixture, p.side, p.period, p.score
    FROM team_games g JOIN own o USING (ask) JOIN periods p ON p.fixture = g.fixture AND p.known_at < o.as_of
    QUALIFY row_number() OVER (PARTITION BY g.ask, g.side, g.fixture, p.side, p.period
        ORDER BY p.batch DESC, p.known_at DESC) = 1
), paired AS (
    SELECT ask, whose, fixture, period, any_value(score) FILTER (side = if(at_home, 'home', 'away')) AS us,
        any_value(score) FILTER (side = if(at_home, 'away', 'home')) AS them
    FROM told GROUP BY ask, whose, fixture, period
)
SELECT ask, whose, fixture,
    coalesce(sum(us) FILTER (period = 1), 0) AS us_1, coalesce(sum(them) FILTER (period = 1), 0) AS them_1,
    coalesce(sum(us) FILTER (period <= {half}), 0) AS us_half,
    coalesce(sum(them) FILTER (period <= {half}), 0) AS them_half,
    coalesce(sum(us) FILTER (period BETWEEN {late} AND {regulation}), 0) AS us_late,
    coalesce(sum(them) FILTER (period BETWEEN {late} AND {regulation}), 0) AS them_late,
    count(us) FILTER (period <= {regulation}) AS played,
    count(*) FILTER (us = 0 AND period <= {regulation}) AS scoreless,
    count(*) FILTER (us >= {big} AND period <= {regulation}) AS big, max(period) > {regulation} AS longer,
    count(*) FILTER (us > them AND period <= {regulation})
        + count(*) FILTER (NOT coalesce(us <> them, false) AND period <= {regulation}
            AND us IS NOT NULL AND them IS NOT NULL) / 2 AS won
FROM paired GROUP BY ask, whose, fixture
HAVING count(*) FILTER (period <= {least} AND us IS NOT NULL AND them IS NOT NULL) = {least}
"""

PERIODS = """
WITH games AS (
    SELECT g.ask, g.own, g.theirs, p.* EXCLUDE (ask, whose, fixture), p.fixture IS NOT NULL AS told
    FROM team_games g LEFT JOIN parts p ON p.ask = g.ask AND p.whose = g.side AND p.fixture = g.fixture
    WHERE g.side = $side AND g.back <= {window}
)
SELECT ask, avg(us_1 - them_1) AS "first_margin.{window}", avg(us_half - them_half) AS "half_margin.{window}",
    avg(us_late - them_late) AS "late_margin.{window}", avg(us_late - them_late) AS "second_half_margin.{window}",
    avg((1 + sign(us_half - them_half)) / 2) AS "half_leads.{window}",
    count(*) FILTER (us_half < them_half AND own > theirs) / nullif(count(*) FILTER (us_half < them_half), 0)
        AS "comebacks.{window}",
    count(*) FILTER (us_half > them_half AND own <= theirs) / nullif(count(*) FILTER (us_half > them_half), 0)
        AS "leads_lost.{window}",
    avg(longer::INT) AS "overtime.{window}", avg((scoreless = 0)::INT) AS "scored_in_each.{window}",
    sum(scoreless) / sum(played) AS "scoreless.{window}", sum(big) / sum(played) AS "big.{window}",
    sum(won) / sum(played) AS "periods_won.{window}", avg(us_half + them_half) AS "half_total.{window}",
    avg((us_1 + them_1 = 0)::INT) AS "first_scoreless.{window}"
FROM games WHERE told GROUP BY ask
"""

SETS = """
WITH told AS (
    SELECT g.ask, g.back, g.fixture, g.own > g.theirs AS won, g.own < g.theirs AS lost, p.period,
        any_value(p.score) FILTER (p.side = if(g.at_home, 'home', 'away')) AS us,
        any_value(p.score) FILTER (p.side = if(g.at_home, 'away', 'home')) AS them
    FROM team_games g JOIN (
        SELECT g.ask, g.side AS whose, p.* FROM team_games g JOIN own o USING (ask)
        JOIN periods p ON p.fixture = g.fixture AND p.known_at < o.as_of
        QUALIFY row_number() OVER (PARTITION BY g.ask, g.side, p.fixture, p.side, p.period
            ORDER BY p.batch DESC, p.known_at DESC) = 1
    ) p ON p.ask = g.ask AND p.whose = g.side AND p.fixture = g.fixture
    WHERE g.side = $side AND g.back <= {window} GROUP BY ALL
), matches AS (
    SELECT ask, fixture, any_value(won) AS won, any_value(lost) AS lost, sum(us) AS games, sum(them) AS theirs,
        count(*) FILTER (us > them) AS ours, count(*) FILTER (us < them) AS other,
        count(*) FILTER (abs(us - them) = 1) AS tie_breaks, count(*) FILTER (us - them = 1) AS tie_breaks_won,
        count(*) FILTER (period = 1 AND us > them) AS first, count(*) FILTER (period = 1 AND us < them) AS first_lost,
        count(us) AS told,
        count(*) FILTER (period <= {least} AND us IS NOT NULL AND them IS NOT NULL) AS whole
    FROM told GROUP BY ask, fixture
), decided AS (
    SELECT *, told > 1 AND abs(ours - other) = 1 AND ours + other = told AS deciding FROM matches WHERE whole = {least}
)
SELECT ask, sum(games) / nullif(sum(games + theirs), 0) AS "games_won.{window}",
    sum(tie_breaks_won) / nullif(sum(tie_breaks), 0) AS "tie_breaks.{window}",
    sum(first) / nullif(sum(first + first_lost), 0) AS "first_sets.{window}",
    count(*) FILTER (won AND other = 0) / nullif(count(*) FILTER (won), 0) AS "straight_sets.{window}",
    count(*) FILTER (deciding AND won) / nullif(count(*) FILTER (deciding), 0) AS "deciding_sets.{window}",
    count(*) FILTER (first_lost = 1 AND won) / nullif(sum(first_lost), 0) AS "comebacks.{window}",
    count(*) FILTER (first = 1 AND lost) / nullif(sum(first), 0) AS "leads_lost.{window}",
    sum(games + theirs) / sum(told) AS "games_per_set.{window}"
FROM decided GROUP BY ask
"""

# A team's places on the lists, as told by then; the newest, and those of the weeks before it.
LISTED = """
WITH sides AS (
    SELECT o.ask, o.as_of, if($side = 'home', o.home, o.away) AS team FROM own o
), seen AS (
    SELECT s.ask, s.as_of, r.event_at, r.rank, r.points FROM sides s
    JOIN rankings r ON r.player = s.team AND r.known_at < s.as_of
    QUALIFY row_number() OVER (PARTITION BY s.ask, r.event_at ORDER BY r.batch DESC, r.known_at DESC) = 1
), dated AS (
    SELECT *, max(event_at) OVER (PARTITION BY ask) AS newest FROM seen
), placed AS (
    SELECT ask, any_value(as_of) - any_value(newest) AS age, arg_max(rank, event_at) AS rank, min(rank) AS best,
        any_value(points) FILTER (event_at = newest AND points > 0) AS points,
        epoch_us(any_value(as_of)) - epoch_us(min(event_at)) AS since,
        arg_max(rank, event_at) FILTER (event_at <= newest - INTERVAL 28 DAY) AS rank_4,
        max(event_at) FILTER (event_at <= newest - INTERVAL 28 DAY)
            >= any_value(newest) - INTERVAL (28 + {stands}) DAY AS stood_4,
        arg_max(rank, event_at) FILTER (event_at <= newest - INTERVAL 364 DAY) AS rank_52,
        max(event_at) FILTER (event_at <= newest - INTERVAL 364 DAY)
            >= any_value(newest) - INTERVAL (364 + {stands}) DAY AS stood_52,
        min(rank) FILTER (event_at > newest - INTERVAL 364 DAY) AS high,
        count(*) FILTER (event_at > newest - INTERVAL 364 DAY) AS polls
    FROM dated GROUP BY ask
)
SELECT s.ask, ln(if(age <= INTERVAL {stands} DAY, rank, {below})) AS "log_rank.now",
    CASE WHEN age <= INTERVAL {stands} DAY THEN ln(points) END AS "log_points.now",
    CASE WHEN age <= INTERVAL {stands} DAY AND stood_4 THEN ln(rank_4) - ln(rank) END AS "rise.4w",
    CASE WHEN age <= INTERVAL {stands} DAY AND stood_52 THEN ln(rank_52) - ln(rank) END AS "rise.52w",
    ln(best) AS "career_high.all", since / (365.25 * 86400000000)::DOUBLE AS "years.all",
    ln(if(age <= INTERVAL 364 DAY, high, {below})) AS "high.52w", if(age <= INTERVAL 364 DAY, polls, 0) AS "polls.52w"
FROM sides s LEFT JOIN placed USING (ask)
"""
SMALLER_IS_BETTER = ("log_rank", "career_high", "high")


def in_words_of(sport: Sport, query: str) -> str:
    """Return ``query`` with the numbers that ``sport`` counts its periods and lists by."""
    numbers: dict[str, object] = {"least": sport.least_periods}
    if sport.phases:
        numbers |= {name: getattr(sport.phases, name) for name in ("regulation", "half", "late", "big", "window")}
    if sport.sets and "deciding" in query:
        numbers["window"] = sport.sets.window
    if sport.ranking:
        below = sport.ranking.places + 1 if sport.ranking.places else "NULL"
        numbers |= {"stands": sport.ranking.stands.days, "below": below}
    return query.format(**numbers)


@pytest.fixture(scope="module")
def tiny() -> World:
    world = WORLDS["tiny"]()
    world.database.execute(in_words_of(TINY, PARTS))
    return world


def opinion(world: World, query: str, group: str) -> dict[str, np.ndarray]:
    """Return what ``query`` says of each side and, where the features tell it, of the home side over the away side."""
    home, away = (world.sql(in_words_of(world.sport, query), group, side) for side in ("home", "away"))
    said: dict[str, np.ndarray] = {}
    for name, ours in home.items():
        theirs = away[name.removesuffix("home") + "away"]
        fixture = name.removesuffix("home") + "fixture"
        if name in world.columns:
            said |= {name: ours, name.removesuffix("home") + "away": theirs}
        if fixture in world.columns:
            said[fixture] = theirs - ours if name.split(".")[1] in SMALLER_IS_BETTER else ours - theirs
    return said


@pytest.mark.parametrize(("group", "query"), [("periods", PERIODS), ("sets", SETS)])
def test_sql_says_the_same_of_periods(tiny: World, group: str, query: str) -> None:
    expected = opinion(tiny, query, group)
    assert set(expected) == {column for column in tiny.columns if column.startswith(f"{group}.")}
    agree(tiny, expected)


def test_sql_says_the_same_of_ranking_lists(tiny: World) -> None:
    expected = opinion(tiny, LISTED, "ranking")
    assert set(expected) == {column for column in tiny.columns if column.startswith("ranking.")}
    agree(tiny, expected, atol=1e-12)
