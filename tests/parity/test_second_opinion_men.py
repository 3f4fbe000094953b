"""A second opinion, in plain SQL over nothing but the tables, on starters, on who is out and on line-ups."""

from __future__ import annotations

import pytest

from tests.parity.test_second_opinion import WORLDS, World, agree

# Every starter's own rows, as they stood, both counts of a game as one; who only sat on the bench has not played.
RATES = """
WITH men AS (
    SELECT ask, as_of, 'home' AS side, home_starter AS man FROM own
    UNION ALL SELECT ask, as_of, 'away', away_starter FROM own
), seen AS (
    SELECT m.ask, m.side, p.* FROM men m JOIN player_stats p ON p.player = m.man AND p.known_at < m.as_of
    QUALIFY row_number() OVER (PARTITION BY m.ask, m.side, p.fixture, p.role ORDER BY p.batch DESC, p.known_at DESC) = 1
), games AS (
    SELECT o.*, t.time_to_throw AS seconds FROM seen o LEFT JOIN seen t
        ON t.ask = o.ask AND t.side = o.side AND t.fixture = o.fixture AND t.role = 'tracked_passing'
    WHERE o.role = 'offense' AND greatest(o.pass_attempts, o.sacks_suffered, o.carries) > 0
), last AS (
    SELECT *, row_number() OVER (PARTITION BY ask, side ORDER BY event_at DESC, fixture DESC) AS back FROM games
), rates AS (
    SELECT ask, side,
        sum(round(passing_epa * 1e6)::BIGINT) / sum(1000000 * (pass_attempts + sacks_suffered)) AS epa,
        sum(sacks_suffered) / sum(pass_attempts + sacks_suffered) AS sacks,
        sum(round(seconds * 1e6)::BIGINT * pass_attempts) / sum(1000000 * pass_attempts) FILTER (seconds IS NOT NULL)
            AS thrown
    FROM last WHERE back <= 10 GROUP BY ask, side
)
SELECT h.ask, h.epa - a.epa AS "epa.10.fixture", h.sacks - a.sacks AS "sacks.10.fixture",
    h.thrown - a.thrown AS "time_to_throw.10.fixture"
FROM rates h JOIN rates a USING (ask) WHERE h.side = 'home' AND a.side = 'away'
"""

# The games that a starter began, by their results and rosters as they stood.
REST = """
WITH men AS (
    SELECT ask, as_of, start, season AS now, if($side = 'home', home_starter, away_starter) AS man FROM own
), named AS (
    SELECT m.ask, r.fixture, r.role, r.player, m.man, m.as_of, m.start, m.now FROM men m
    JOIN rosters r ON r.known_at < m.as_of AND r.role IN ('home_qb', 'away_qb')
    QUALIFY row_number() OVER (PARTITION BY m.ask, r.fixture, r.role ORDER BY r.batch DESC, r.known_at DESC) = 1
), played AS (
    SELECT n.*, g.event_at, g.season FROM named n JOIN results g ON g.fixture = n.fixture AND g.known_at < n.as_of
    WHERE n.player = n.man
    QUALIFY row_number() OVER (PARTITION BY n.ask, n.fixture, n.role ORDER BY g.batch DESC, g.known_at DESC) = 1
), last AS (
    SELECT * FROM played QUALIFY row_number() OVER (PARTITION BY ask ORDER BY event_at DESC, fixture DESC) = 1
)
SELECT ask, (epoch_us(start) - epoch_us(event_at)) / 86400000000.0::DOUBLE AS "days.now" FROM last WHERE season = now
"""

# The report of a side, and what those of its men who will miss the game did in their last five games for it.
OUT = """
WITH told AS (
    SELECT o.ask, o.as_of, i.* FROM own o JOIN injuries i ON i.fixture = o.fixture AND i.known_at < o.as_of
        AND i.team = if($side = 'home', o.home, o.away)
    QUALIFY row_number() OVER (PARTITION BY o.ask, i.player ORDER BY i.batch DESC, i.known_at DESC) = 1
), rows AS (
    SELECT t.ask, t.player AS man, p.*, t.event_at AS own_start FROM told t
    JOIN player_stats p ON p.team = t.team AND p.known_at < t.as_of AND replace(p.name, ' Jr.', '') = t.name
    WHERE p.role IN ('snaps', 'offense')
    QUALIFY row_number() OVER (
        PARTITION BY t.ask, man, p.fixture, p.role ORDER BY p.batch DESC, p.known_at DESC
    ) = 1
), games AS (
    SELECT s.ask, s.man, s.defense_snap_share, coalesce(b.pass_attempts, 0) AS passes,
        CASE WHEN coalesce(b.pass_attempts + b.carries + b.targets, 0) = 0 THEN s.offense_snap_share ELSE 0 END AS line
    FROM rows s LEFT JOIN rows b ON b.ask = s.ask AND b.man = s.man AND b.fixture = s.fixture AND b.role = 'offense'
    WHERE s.role = 'snaps' AND s.event_at < s.own_start AND s.event_at >= s.own_start - INTERVAL 365 DAY
    QUALIFY row_number() OVER (PARTITION BY s.ask, s.man ORDER BY s.event_at DESC, s.fixture DESC) <= 5
), worth AS (
    SELECT ask, man, sum(round(line * 1e6)::BIGINT) // count(*) AS line,
        sum(round(defense_snap_share * 1e6)::BIGINT) // count(*) AS defense,
        sum(1000000 * passes::BIGINT) // count(*) AS passes
    FROM games GROUP BY ask, man
)
SELECT t.ask, count(*) FILTER (status = 'Out') AS "out.now", count(*) FILTER (status = 'Doubtful') AS "doubtful.now",
    count(*) FILTER (status = 'Questionable') AS "questionable.now",
    coalesce(sum(line) FILTER (status IN ('Out', 'Doubtful')), 0) / 1000000 AS "line_missing.now",
    coalesce(sum(defense) FILTER (status IN ('Out', 'Doubtful')), 0) / 1000000 AS "defense_missing.now",
    coalesce(sum(passes) FILTER (status IN ('Out', 'Doubtful')), 0) / 1000000 AS "passes_missing.now"
FROM told t LEFT JOIN worth w ON w.ask = t.ask AND w.man = t.player GROUP BY t.ask
"""

# What the men of a side's last game did who were there the game before, and in the five games before.
SETTLED = """
WITH sides AS (
    SELECT ask, as_of, 'home' AS side, home AS us FROM own UNION ALL SELECT ask, as_of, 'away', away FROM own
), seen AS (
    SELECT s.ask, s.side, p.* FROM sides s JOIN player_stats p ON p.team = s.us AND p.known_at < s.as_of
    WHERE p.role = 'snaps'
    QUALIFY row_number() OVER (
        PARTITION BY s.ask, s.side, p.fixture, p.player ORDER BY p.batch DESC, p.known_at DESC
    ) = 1
), ranked AS (
    SELECT *, dense_rank() OVER (PARTITION BY ask, side ORDER BY event_at DESC, fixture DESC) AS back,
        round(offense_snap_share * 1e6)::BIGINT AS weight FROM seen
), newest AS (
    SELECT ask, side, sum(weight) AS whole FROM ranked WHERE back = 1 GROUP BY ask, side
), games AS (
    SELECT ask, side, least(max(back) - 1, 5) AS games FROM ranked GROUP BY ask, side
), stayed AS (
    SELECT n.ask, n.side, coalesce(sum(n.weight) FILTER (b.back = 2), 0) AS kept, coalesce(sum(n.weight), 0) AS stayed
    FROM ranked n JOIN ranked b ON b.ask = n.ask AND b.side = n.side AND b.player = n.player
    WHERE n.back = 1 AND b.back BETWEEN 2 AND 6 AND b.weight > 0 GROUP BY n.ask, n.side
), shares AS (
    SELECT ask, side, coalesce(kept, 0) / whole AS kept, coalesce(stayed, 0) / (whole * games) AS regular
    FROM newest JOIN games USING (ask, side) LEFT JOIN stayed USING (ask, side) WHERE games > 0
)
SELECT h.ask, h.kept - a.kept AS "offense_kept.1.fixture", h.regular - a.regular AS "offense_regular.5.fixture"
FROM shares h JOIN shares a USING (ask) WHERE h.side = 'home' AND a.side = 'away'
"""

# The last move of each man, by what was known; a list nobody moved on for sixty days says nothing.
LISTED = """
WITH moves AS (
    SELECT o.ask, o.start AS own_start, i.* FROM own o JOIN injuries i ON i.known_at < o.as_of
        AND i.fixture IS NULL AND i.team = if($side = 'home', o.home, o.away)
    QUALIFY row_number() OVER (PARTITION BY o.ask, i.player, i.event_at ORDER BY i.batch DESC, i.known_at DESC) = 1
), last AS (
    SELECT *, (epoch_us(own_start) - epoch_us(event_at)) / 86400000000.0::DOUBLE AS ago FROM moves
    QUALIFY row_number() OVER (PARTITION BY ask, player ORDER BY event_at DESC) = 1
)
SELECT ask, count(*) FILTER (status <> 'back' AND ago <= 30) AS "out.30d" FROM last GROUP BY ask
HAVING bool_or(ago <= 60)
"""

TOLERANCE = 1e-12


@pytest.fixture(scope="module")
def world() -> World:
    return WORLDS["tiny"]()


@pytest.mark.parametrize(
    ("group", "query"), [("starter_rates", RATES), ("lineup", SETTLED)], ids=["starter_rates", "lineup"]
)
def test_sql_says_the_same_of_a_fixture(world: World, group: str, query: str) -> None:
    agree(world, world.sql(query, group), atol=TOLERANCE)


@pytest.mark.parametrize("side", ["home", "away"])
@pytest.mark.parametrize(
    ("group", "query"),
    [("starter_rest", REST), ("inactive", LISTED)],
    ids=["starter_rest", "inactive"],
)
def test_sql_says_the_same_of_a_side(world: World, group: str, query: str, side: str) -> None:
    agree(world, world.sql(query, group, side), atol=TOLERANCE)


def test_sql_says_the_same_of_a_report(world: World) -> None:
    home, away = world.sql(OUT, "injuries", "home"), world.sql(OUT, "injuries", "away")
    between = {
        f"{name.removesuffix('home')}fixture": value - away[f"{name.removesuffix('home')}away"]
        for name, value in home.items()
    }
    agree(world, between, atol=TOLERANCE)
