"""A second opinion, in plain SQL, on exponentially weighted form and on records against closing lines."""

from __future__ import annotations

import pytest

from tests.parity.test_second_opinion import WORLDS, World, agree

WEIGHTED = """
SELECT ask,
    sum((own - theirs) * pow(0.5, (back - 1) / 5.0)) / sum(pow(0.5, (back - 1) / 5.0)) AS "margin.h5",
    sum(own * pow(0.5, (back - 1) / 10.0)) / sum(pow(0.5, (back - 1) / 10.0)) AS "points_for.h10",
    sum(((own > theirs)::INT + 0.5 * (own = theirs)::INT) * pow(0.5, (back - 1) / 20.0))
        / sum(pow(0.5, (back - 1) / 20.0)) AS "win_rate.h20"
FROM team_games WHERE side = $side GROUP BY ask
"""

# Of every earlier game the line as it now stands; a price counts if it was the closing one or known before the start.
LINES = """
WITH told AS (
    SELECT g.ask, g.at_home, g.own, g.theirs, g.back, p.market, p.line, p.label, p.known_at, p.event_at, b.rank
    FROM team_games g JOIN own o USING (ask) JOIN prices p ON p.fixture = g.fixture AND p.known_at < o.as_of
    JOIN books b USING (book) WHERE g.side = $side AND p.market || '|' || p.outcome IN ('spread|home', 'total|over')
    QUALIFY row_number() OVER (
        PARTITION BY g.ask, g.fixture, p.book, p.market, p.label, p.quoted_at ORDER BY p.batch DESC, p.known_at DESC
    ) = 1
), last AS (
    SELECT * FROM told WHERE line IS NOT NULL AND (label = 'close' OR known_at < event_at)
    QUALIFY row_number() OVER (PARTITION BY ask, back, market ORDER BY rank, known_at DESC) = 1
), beyond AS (
    SELECT ask, back, market, pow(0.5, (back - 1) / 10.0) AS weight, CASE market
        WHEN 'spread' THEN own - theirs - if(at_home, line, -line) ELSE own + theirs - line END AS points
    FROM last
)
SELECT ask,
    sum(1 + sign(points)) FILTER (market = 'spread' AND back <= 10)
        / (2 * count(*) FILTER (market = 'spread' AND back <= 10)) AS "cover.10",
    sum(1 + sign(points)) FILTER (market = 'total' AND back <= 10)
        / (2 * count(*) FILTER (market = 'total' AND back <= 10)) AS "over.10",
    sum(points * weight) FILTER (market = 'spread') / sum(weight) FILTER (market = 'spread') AS "spread.h10"
FROM beyond GROUP BY ask
"""


@pytest.fixture(scope="module", params=list(WORLDS))
def world(request: pytest.FixtureRequest) -> World:
    return WORLDS[request.param]()


@pytest.mark.parametrize(("group", "query"), [("ewm", WEIGHTED), ("closing", LINES)])
def test_sql_says_the_same_of_the_sides(world: World, group: str, query: str) -> None:
    opinion = world.sides(query, group)
    decayed = [name for name in opinion if ".h" in name.rpartition(".")[0]]
    assert decayed
    agree(world, opinion, dict.fromkeys(decayed, 1e-11))
