"""A second opinion, in plain SQL, on what esports tell: box scores, leads, sides, drafts, maps, patches, events."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from antepost.sports.dota2 import DOTA2
from tests import worlds
from tests.esports import TINY, played
from tests.every_sport import boxed
from tests.parity.test_second_opinion import World, agree
from tests.parity.test_second_opinion_box import RATE

# What stood of every match at the moment of the asking, whoever played it.
TOLD = """
CREATE TEMP TABLE told AS SELECT o.ask, r.fixture, r.role, r.team, r.player FROM own o
    JOIN rosters r ON r.known_at < o.as_of
    QUALIFY row_number() OVER (PARTITION BY o.ask, r.fixture, r.role ORDER BY r.batch DESC, r.known_at DESC) = 1;
CREATE TEMP TABLE listed AS SELECT o.ask, f.fixture, f.stage, f.venue FROM own o
    JOIN fixtures f ON f.known_at < o.as_of
    QUALIFY row_number() OVER (PARTITION BY o.ask, f.fixture ORDER BY f.batch DESC, f.known_at DESC) = 1;
CREATE TEMP TABLE over AS SELECT o.ask, r.fixture, r.event_at, r.home, r.away,
        1 + sign(r.home_score - r.away_score)::INT AS home_half FROM own o JOIN results r ON r.known_at < o.as_of
    QUALIFY row_number() OVER (PARTITION BY o.ask, r.fixture ORDER BY r.batch DESC, r.known_at DESC) = 1;
CREATE TEMP TABLE games AS SELECT *, 1 + sign(own - theirs)::INT AS half FROM team_games
"""

PAST = """
CREATE TEMP TABLE past AS SELECT t.*, o.event_at, if(t.team = o.home, o.home_half, 2 - o.home_half) AS half
    FROM told t JOIN over o USING (ask, fixture) WHERE t.role LIKE '%pick_%' AND t.player IS NOT NULL
"""

BOX = """
    rate(60 * o.kills, o.seconds) AS "kills_per_minute.20", rate(o.kills, o.kills + t.kills) AS "kill_share.20",
    rate(60 * (o.kills + t.kills), o.seconds) AS "tempo.20",
    rate(won * o.seconds, won) AS "win_length.20", rate(lost * o.seconds, lost) AS "loss_length.20",
    rate(won * (o.kills - t.kills), won) AS "win_margin.20",
    rate(lost * (t.kills - o.kills), lost) AS "loss_margin.20",
    rate(o.first_blood_seconds, 1) AS "first_blood.20",
    rate(won * (o.seconds < 1500)::INT, won) AS "short_wins.20",
    rate(lost * (o.seconds < 1500)::INT, lost) AS "short_losses.20",
    rate(won * (o.seconds >= 2700)::INT, (o.seconds >= 2700)::INT) AS "long_win_rate.20"
"""
BOX_FROM = """
(SELECT *, own AS won, theirs AS lost FROM games WHERE back <= 20) g
LEFT JOIN boxes o ON o.ask = g.ask AND o.fixture = g.fixture AND o.side = if(g.at_home, 'home', 'away')
LEFT JOIN boxes t ON t.ask = g.ask AND t.fixture = g.fixture AND t.side = if(g.at_home, 'away', 'home')
"""
BOXES = """
boxes AS (
    SELECT o.ask, b.* FROM own o JOIN team_stats b ON b.known_at < o.as_of
    QUALIFY row_number() OVER (PARTITION BY o.ask, b.fixture, b.side ORDER BY b.batch DESC, b.known_at DESC) = 1
)
"""

EARLY = """
    rate(lead, 1) AS "experience_lead.20", rate((lead > 0)::INT, 1) AS "ahead.20",
    rate(half * (lead > 0)::INT, 2 * (lead > 0)::INT) AS "held.20",
    rate(half * (lead < 0)::INT, 2 * (lead < 0)::INT) AS "comebacks.20"
"""
EARLY_FROM = """
(SELECT g.*, m.lead FROM games g LEFT JOIN leads m
      ON m.ask = g.ask AND m.fixture = g.fixture AND m.side = if(g.at_home, 'home', 'away') WHERE back <= 20) g
"""
LEADS = """
leads AS (
    SELECT o.ask, m.fixture, m.side, m.experience_lead AS lead FROM own o
    JOIN minute_states m ON m.known_at < o.as_of AND m.minute = 15
    QUALIFY row_number() OVER (PARTITION BY o.ask, m.fixture, m.side ORDER BY m.batch DESC, m.known_at DESC) = 1
)
"""

SIDES = """
    rate(half * light, 2 * light) AS "radiant_win_rate.20",
    rate(half * (1 - light), 2 * (1 - light)) AS "dire_win_rate.20",
    rate(light, 1) AS "radiant_share.20", rate(half * early, 2 * early) AS "first_pick_win_rate.20",
    rate(half * (1 - early), 2 * (1 - early)) AS "last_pick_win_rate.20", rate(early, 1) AS "first_pick_share.20"
"""
SIDES_FROM = """
(SELECT g.*, (s.team = g.team)::INT AS light, (p.team = g.team)::INT AS early FROM games g
      LEFT JOIN told s ON s.ask = g.ask AND s.fixture = g.fixture AND s.role = 'radiant'
      LEFT JOIN told p ON p.ask = g.ask AND p.fixture = g.fixture AND p.role = 'first_pick' WHERE back <= 20) g
"""

KIND = """(
    SELECT g.*, own + theirs AS rounds, 2 - half AS lost, (abs(own - theirs) <= 6)::INT AS close,
        (abs(own - theirs) >= 12)::INT AS wide, (abs(own - theirs) = 1)::INT AS decided,
        (own + theirs > if(o.event_at < '2002-01-01', 40, 30))::INT AS extra,
        row_number() OVER (PARTITION BY g.ask, g.side ORDER BY g.back) AS nth
    FROM games g JOIN listed l USING (ask, fixture) JOIN over o USING (ask, fixture) WHERE l.stage = '{}'
) g"""
MAPS = """
    rate(if(nth <= 20, half, NULL), 2) AS "win_rate.20", rate(if(nth <= 20, own, NULL), rounds) AS "round_share.20",
    rate(if(nth <= 20, half * theirs, NULL), half) AS "rounds_in_wins.20",
    rate(if(nth <= 20, lost * own, NULL), lost) AS "rounds_in_losses.20",
    rate(if(nth <= 20, close, NULL), 1) AS "close.20",
    rate(if(nth <= 40, half * close, NULL), 2 * close) AS "close_win_rate.40",
    rate(if(nth <= 20, half * wide, NULL), 2) AS "one_sided_wins.20",
    rate(if(nth <= 20, lost * wide, NULL), 2) AS "one_sided_losses.20",
    rate(if(nth <= 20, extra, NULL), 1) AS "overtime.20",
    rate(if(nth <= 40, half * extra, NULL), 2 * extra) AS "overtime_win_rate.40"
"""
SERIES = """
    rate(if(nth <= 20, half, NULL), 2) AS "win_rate.20", rate(if(nth <= 20, own, NULL), rounds) AS "map_share.20",
    rate(if(nth <= 20, half * (theirs = 0)::INT, NULL), half) AS "sweeps.20",
    rate(if(nth <= 20, decided, NULL), 1) AS "deciders.20",
    rate(if(nth <= 40, half * decided, NULL), 2 * decided) AS "decider_win_rate.40"
"""

TOSS = """
SELECT ask, max(if(t.team = o.home, 1, -1)) FILTER (t.role = 'radiant') AS "radiant.now.fixture",
    max(if(t.team = o.home, 1, -1)) FILTER (t.role = 'first_pick') AS "first_pick.now.fixture"
FROM own o JOIN told t USING (ask, fixture) GROUP BY ask
"""

DRAFT = """
WITH mine AS (
    SELECT o.ask, o.as_of, t.team = o.home AS host, t.team, t.player FROM own o JOIN told t USING (ask, fixture)
    WHERE t.role LIKE '%pick_%' AND t.player IS NOT NULL
), sums AS (
    SELECT m.ask, m.host, count(p.half) AS games, sum(p.half) AS half,
        count(p.half) FILTER (p.team = m.team) AS own_games, sum(p.half) FILTER (p.team = m.team) AS own_half
    FROM mine m LEFT JOIN past p ON p.ask = m.ask AND p.player = m.player GROUP BY m.ask, m.host
)
SELECT h.ask, h.half / (2 * h.games) - a.half / (2 * a.games) AS "hero_win_rate.now.fixture",
    (h.games - a.games) / (h.games + a.games) AS "popularity.now.fixture",
    (h.own_games - a.own_games) / 5 AS "familiarity.now.fixture",
    h.own_half / (2 * h.own_games) - a.own_half / (2 * a.own_games) AS "comfort_win_rate.now.fixture"
FROM sums h JOIN sums a USING (ask) WHERE h.host AND NOT a.host AND h.games > 0 AND a.games > 0
"""

POOL = """
WITH sides AS (SELECT ask, 'home' AS side, home AS team FROM own UNION ALL SELECT ask, 'away', away FROM own),
picked AS (
    SELECT s.ask, s.side, p.player, row_number() OVER (
        PARTITION BY s.ask, s.side ORDER BY p.event_at DESC, p.fixture || '|' || p.role DESC
    ) AS back FROM sides s JOIN past p USING (ask, team)
), counted AS (SELECT ask, side, player, count(*) AS n FROM picked WHERE back <= 50 GROUP BY ALL),
whole AS (SELECT ask, side, count(*) AS heroes, max(n) AS most FROM counted GROUP BY ALL HAVING sum(n) = 50),
again AS (
    SELECT p.ask, p.side, count(*) AS n FROM picked p JOIN picked q USING (ask, side, player)
    WHERE p.back <= 5 AND q.back BETWEEN 6 AND 10 GROUP BY ALL
), every AS (SELECT w.*, coalesce(a.n, 0) AS n FROM whole w LEFT JOIN again a USING (ask, side))
SELECT h.ask, h.heroes - a.heroes AS "breadth.10.fixture", h.most - a.most AS "favourite.10.fixture",
    h.n - a.n AS "repeated.10.fixture"
FROM every h JOIN every a USING (ask) WHERE h.side = 'home' AND a.side = 'away'
"""

PATCH = """
WITH seen AS (
    SELECT o.ask, o.start, c.since FROM own o JOIN constants c ON c.known_at < o.as_of AND c.kind = 'patch'
    QUALIFY row_number() OVER (PARTITION BY o.ask, c.code ORDER BY c.batch DESC, c.known_at DESC) = 1
), newest AS (SELECT ask, any_value(start) AS start, max(since) AS since FROM seen GROUP BY ask),
record AS (
    SELECT n.ask, n.start, n.since, s.side, count(g.half) AS games, sum(g.half) / (2 * count(g.half)) AS won
    FROM newest n CROSS JOIN (VALUES ('home'), ('away')) s(side)
    LEFT JOIN (SELECT g.*, o.event_at FROM games g JOIN over o USING (ask, fixture)) g
    ON g.ask = n.ask AND g.side = s.side AND g.event_at >= n.since GROUP BY ALL
)
SELECT h.ask, (epoch_us(h.start) - epoch_us(h.since)) / 86400000000.0::DOUBLE AS "age.now.fixture",
    h.games - a.games AS "games.now.fixture", h.won - a.won AS "win_rate.now.fixture"
FROM record h JOIN record a USING (ask) WHERE h.side = 'home' AND a.side = 'away'
"""

EVENT = """
WITH held AS (SELECT o.ask, o.venue, l.fixture FROM own o JOIN listed l USING (ask, venue)),
record AS (
    SELECT ask, side, count(*) AS games, sum(half) / (2 * count(*)) AS won FROM held JOIN games USING (ask, fixture)
    GROUP BY ALL
), whole AS (SELECT ask, count(*) AS matches FROM held JOIN over USING (ask, fixture) GROUP BY ask)
SELECT w.ask, w.matches AS "matches.all.fixture", h.games - a.games AS "games.all.fixture",
    h.won - a.won AS "win_rate.all.fixture"
FROM whole w LEFT JOIN record h ON h.ask = w.ask AND h.side = 'home'
LEFT JOIN record a ON a.ask = w.ask AND a.side = 'away'
"""


def between(rates: str, source: str, told: str = "") -> str:
    """Return the query that says what the home side's ``rates`` over ``source`` are more than the away side's."""
    names = [part.split('"')[1] for part in rates.split(" AS ")[1:]]
    differences = ", ".join(f'h."{name}" - a."{name}" AS "{name}.fixture"' for name in names)
    return f"""
    WITH {told}{"," if told else ""} sides AS (SELECT g.ask, g.side, {rates} FROM {source} GROUP BY g.ask, g.side)
    SELECT h.ask, {differences} FROM sides h JOIN sides a USING (ask) WHERE h.side = 'home' AND a.side = 'away'
    """


@pytest.fixture(scope="module")
def world() -> World:
    # Matches of 24 to 48 minutes, and one side wins one point.
    rates = tuple(rate for rate in DOTA2.rates if not rate.allowed)
    sport = replace(TINY, name=DOTA2.name, rates=rates, lately=DOTA2.lately, team_stats=DOTA2.team_stats, whistled=())
    tables = worlds.tiny_tables()
    tables["team_stats"] = boxed(tables, sport).with_columns(pl.col("seconds") * 48)
    opened = World(sport, played(tables), (0, 24))
    for text in (RATE, *TOLD.split(";"), PAST):
        opened.database.execute(text)
    return opened


@pytest.mark.parametrize(
    ("group", "query"),
    [
        ("box", between(BOX, BOX_FROM, BOXES)),
        ("early", between(EARLY, EARLY_FROM, LEADS)),
        ("sides", between(SIDES, SIDES_FROM)),
        ("maps", between(MAPS, KIND.format("MAP"))),
        ("series", between(SERIES, KIND.format("SERIES"))),
        ("toss", TOSS),
        ("draft", DRAFT),
        ("pool", POOL),
        ("patch", PATCH),
        ("event", EVENT),
    ],
)
def test_sql_says_the_same(world: World, group: str, query: str) -> None:
    agree(world, world.sql(query, group))
