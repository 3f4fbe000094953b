"""A second opinion on the situation of a game, in plain SQL over nothing but the tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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

WORLDS: dict[str, Callable[[], World]] = {
    "tiny": lambda: World(TOURING, tiny_tables(), (0, 1, 24, 95, 167)),
    "simulated": lambda: World(NFL, planted(simulated_tables((2006, 2007))), (0, 90)),
}
TOURING = replace(TINY, touring=True)


@pytest.fixture(scope="module", params=list(WORLDS))
def world(request: pytest.FixtureRequest) -> World:
    return WORLDS[request.param]()


def test_sql_says_the_same_of_the_calendar(world: World) -> None:
    agree(world, world.sql(CALENDAR, "calendar"), TURNED)
