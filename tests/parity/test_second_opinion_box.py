"""A second opinion, in plain SQL, on the rates of the NFL's and the NBA's box scores, over invented figures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from antepost.sports import Sport
from antepost.sports.nba import NBA
from antepost.sports.nfl import NFL
from tests.every_sport import boxed
from tests.parity.test_second_opinion import World, agree
from tests.worlds import TINY, tiny_tables

# A game in which either sum is not told counts for neither; nothing is divided by what is not above zero.
RATE = """
CREATE MACRO rate(n, d) AS
    sum(n) FILTER (n IS NOT NULL AND d IS NOT NULL)
        / nullif(greatest(sum(d) FILTER (n IS NOT NULL AND d IS NOT NULL), 0), 0)
"""

GAMES = """
WITH boxes AS (
    SELECT o.ask, b.* FROM own o JOIN team_stats b ON b.known_at < o.as_of
    QUALIFY row_number() OVER (PARTITION BY o.ask, b.fixture, b.side ORDER BY b.batch DESC, b.known_at DESC) = 1
), games AS (SELECT *, if(at_home, 'home', 'away') AS us FROM team_games WHERE side = $side AND back <= {window})
SELECT g.ask, {rates}
FROM games g LEFT JOIN boxes o ON o.ask = g.ask AND o.fixture = g.fixture AND o.side = g.us
LEFT JOIN boxes t ON t.ask = g.ask AND t.fixture = g.fixture AND t.side <> g.us GROUP BY g.ask
"""

NFL_BOTH = """
    rate(round(o.passing_epa * 1e6)::BIGINT, 1000000 * (o.pass_attempts + o.sacks_suffered)) AS "passing_epa{}.10",
    rate(round(o.rushing_epa * 1e6)::BIGINT, 1000000 * o.carries) AS "rushing_epa{}.10",
    rate(o.passing_first_downs + o.rushing_first_downs, o.pass_attempts + o.sacks_suffered + o.carries)
        AS "first_downs{}.10",
    rate(o.passing_yards, o.pass_attempts) AS "yards_per_pass{}.10",
    rate(o.rushing_yards, o.carries) AS "yards_per_rush{}.10",
    rate(o.sacks_suffered, o.pass_attempts + o.sacks_suffered) AS "sacks{}.10",
    rate(o.interceptions_thrown + o.fumbles_lost, 1) AS "turnovers{}.10",
"""
NFL_OWN = """
    rate(o.interceptions_thrown, o.pass_attempts) AS "interceptions.10",
    rate(o.passing_air_yards, o.pass_attempts) AS "air_yards.10",
    rate(o.receiving_yards_after_catch, o.completions) AS "yards_after_catch.10",
    rate(o.completions, o.pass_attempts) AS "completion_rate.10",
    rate(o.pass_attempts + o.sacks_suffered + o.carries, 1) AS "plays.10",
    rate(o.carries, o.pass_attempts + o.sacks_suffered + o.carries) AS "run_share.10",
    rate(o.quarterback_hits, t.pass_attempts + t.sacks_suffered) AS "quarterback_hits.10",
    rate(o.passes_defended, t.pass_attempts) AS "passes_defended.10",
    rate(o.tackles_for_loss, 1) AS "tackles_for_loss.10",
    rate(o.penalty_yards, 1) AS "penalty_yards.10",
    rate(o.field_goals_made, o.field_goals_attempted) AS "field_goals.10"
"""
NBA_BOTH = """
    rate(2 * o.field_goals_made + o.threes_made, 2 * o.field_goals_attempted) AS "effective_field_goals{}.20",
    rate(100 * o.turnovers, 100 * o.field_goals_attempted + 44 * o.free_throws_attempted + 100 * o.turnovers)
        AS "turnovers{}.20",
    rate(o.offensive_rebounds, o.offensive_rebounds + t.defensive_rebounds) AS "offensive_rebounds{}.20",
    rate(o.free_throws_made, o.field_goals_attempted) AS "free_throws{}.20",
    rate(o.threes_attempted, o.field_goals_attempted) AS "threes{}.20",
    rate(o.threes_made, o.threes_attempted) AS "three_point_percentage{}.20",
    rate(o.field_goals_made - o.threes_made, o.field_goals_attempted - o.threes_attempted)
        AS "two_point_percentage{}.20",
    rate(100 * o_points, 100 * (o.field_goals_attempted - o.offensive_rebounds + o.turnovers)
        + 44 * o.free_throws_attempted) AS "efficiency{}.20",
"""
NBA_OWN = """
    rate(o.blocks, t.field_goals_attempted - t.threes_attempted) AS "blocks.20",
    rate(o.assists, o.field_goals_made) AS "assists.20",
    rate(100 * o.steals, 100 * (t.field_goals_attempted - t.offensive_rebounds + t.turnovers)
        + 44 * t.free_throws_attempted) AS "steals.20",
    rate(o.fouls, 1) AS "fouls.20",
    rate(o.free_throws_made, o.free_throws_attempted) AS "free_throw_percentage.20",
    rate(
        240 * (
            100 * (o.field_goals_attempted - o.offensive_rebounds + o.turnovers) + 44 * o.free_throws_attempted
            + 100 * (t.field_goals_attempted - t.offensive_rebounds + t.turnovers) + 44 * t.free_throws_attempted
        ), 200 * o.minutes
    ) AS "pace.20"
"""


def both(rates: str) -> str:
    """Return ``rates`` of a side, and those of the other side as what it allows."""
    points = ("o_points", "g.own"), ("t_points", "g.theirs")
    turned = rates.replace("o.", "#.").replace("t.", "o.").replace("#.", "t.").replace("o_points", "t_points")
    text = rates.replace("{}", "") + turned.replace("{}", "_allowed")
    for name, column in points:
        text = text.replace(name, column)
    return text


@pytest.fixture(scope="module", params=[NFL, NBA], ids=lambda sport: sport.name)
def world(request: pytest.FixtureRequest) -> World:
    played: Sport = request.param
    sport = replace(
        TINY,
        name=played.name,
        rates=played.rates,
        team_stats=played.team_stats,
        whistled=played.whistled,
        lately=played.lately,
    )
    tables = tiny_tables()
    opened = World(sport, {**tables, "team_stats": boxed(tables, sport)}, (0, 24, 95))
    opened.database.execute(RATE)
    return opened


def test_sql_says_the_same_of_every_rate(world: World) -> None:
    window, rates = (10, both(NFL_BOTH) + NFL_OWN) if world.sport.name == "nfl" else (20, both(NBA_BOTH) + NBA_OWN)
    opinion = world.sides(GAMES.format(window=window, rates=rates), "box")
    assert {*opinion} == {name for name in world.columns if name.startswith("box.")}
    agree(world, opinion)
