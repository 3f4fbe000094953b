"""One column of every group computed a second time, in SQL or plain Python, from the tables alone."""

from __future__ import annotations

import math

import duckdb
import numpy as np
import polars as pl
import pytest

from antepost.features import build_states, read_states, spine
from antepost.sports import NFL
from tests.parity.conftest import Seasons

TEAM_GAMES = """
    WITH played AS (
        SELECT fixture, home AS team, season, event_at, known_at, home_score AS own, away_score AS other FROM results
        UNION ALL
        SELECT fixture, away, season, event_at, known_at, away_score, home_score FROM results
    )
"""
FORM = (
    TEAM_GAMES
    + """, ranked AS (
        SELECT s.fixture, p.own - p.other AS margin,
               row_number() OVER (PARTITION BY s.fixture ORDER BY p.event_at DESC, p.fixture DESC) AS back
        FROM spine s JOIN played p ON p.team = s.home AND p.known_at < s.as_of
    )
    SELECT s.fixture, sum(margin)::DOUBLE / count(margin) AS value
    FROM spine s LEFT JOIN ranked r ON r.fixture = s.fixture AND back <= 5 GROUP BY s.fixture
"""
)
SEASON = (
    TEAM_GAMES
    + """SELECT s.fixture, count(p.team)::DOUBLE AS value FROM spine s
    LEFT JOIN played p ON p.team = s.away AND p.season = s.season AND p.known_at < s.as_of GROUP BY s.fixture
"""
)
REST = """
    SELECT s.fixture, CASE WHEN max(g.start) >= s.start - INTERVAL 28 DAY
        THEN epoch_us(s.start - max(g.start))::DOUBLE / 86400000000.0 END AS value
    FROM spine s LEFT JOIN fixtures g ON (g.home = s.home OR g.away = s.home) AND g.season = s.season
        AND g.start < s.start AND g.known_at < s.as_of
    GROUP BY s.fixture, s.start
"""
MEETINGS = """
    SELECT s.fixture, count(r.fixture)::DOUBLE AS value FROM spine s LEFT JOIN results r
        ON least(r.home, r.away) = least(s.home, s.away) AND greatest(r.home, r.away) = greatest(s.home, s.away)
        AND r.known_at < s.as_of
    GROUP BY s.fixture
"""
STARTS = """
    SELECT s.fixture, nullif(count(r.fixture), 0)::DOUBLE AS value FROM spine s
    LEFT JOIN rosters o ON o.player = s.home_qb
    LEFT JOIN results r ON r.fixture = o.fixture AND greatest(r.known_at, o.known_at) < s.as_of
    GROUP BY s.fixture
"""
SPREAD = """
    SELECT s.fixture, max(p.line) AS value FROM spine s LEFT JOIN prices p
        ON p.fixture = s.fixture AND p.market = 'spread' AND p.outcome = 'home' AND p.known_at < s.as_of
    GROUP BY s.fixture
"""
INDOORS = """
    SELECT s.fixture, max((v.roof IN ('dome', 'closed'))::INT)::DOUBLE AS value FROM spine s
    LEFT JOIN venues v ON v.fixture = s.fixture AND v.known_at < s.as_of GROUP BY s.fixture
"""
QUESTIONS = {
    "form.margin.5.home": FORM,
    "form.games.season.away": SEASON,
    "schedule.rest.now.home": REST,
    "head_to_head.meetings.all.fixture": MEETINGS,
    "starter.starts.all.home": STARTS,
    "market.spread.now.fixture": SPREAD,
    "venue.indoors.now.fixture": INDOORS,
}


@pytest.mark.parametrize("moment", ["close", "T-24h"])
@pytest.mark.parametrize("column", QUESTIONS)
def test_a_column_is_what_plain_sql_gives(column: str, moment: str, seasons: Seasons) -> None:
    asked = spine(seasons.tables, NFL, moment)
    ours = read_states(NFL, seasons.states, asked, (column,))[:, 0]
    with duckdb.connect() as sql:
        for name, frame in {**seasons.tables, "spine": asked}.items():
            sql.register(name, frame.to_arrow())
        found = pl.DataFrame(sql.sql(QUESTIONS[column]).to_arrow_table())
    joined = asked.select("fixture").join(found, on="fixture", how="left", maintain_order="left")
    theirs = joined["value"].cast(pl.Float64).fill_null(math.nan).to_numpy()
    # A day before, neither starter nor roof is announced, and both sides of this have to say so.
    assert moment != "close" or not np.isnan(ours).all()
    np.testing.assert_array_equal(ours, theirs)


def test_elo_is_what_a_plain_loop_gives(seasons: Seasons) -> None:
    """538's published update, written out once more without any of our kernels."""
    neutral = dict(seasons.tables["fixtures"].select("fixture", "neutral").iter_rows())
    rating: dict[str, float] = {}
    last: dict[str, int] = {}
    before: dict[str, float] = {}
    games = seasons.tables["results"].sort("event_at", "fixture")
    for row in games.iter_rows(named=True):
        home, away, season = row["home"], row["away"], row["season"]
        for team in (home, away):
            if team not in rating:
                rating[team] = 1505.0
            elif last[team] != season:
                rating[team] = 2.0 / 3.0 * rating[team] + 1.0 / 3.0 * 1505.0
            last[team] = season
        before[row["fixture"]] = rating[home] - rating[away]
        edge = before[row["fixture"]] + (0.0 if neutral[row["fixture"]] else 65.0)
        margin = row["home_score"] - row["away_score"]
        score = 0.5 + 0.5 * np.sign(margin)
        winner = edge * np.sign(margin)
        weight = math.log(max(abs(margin), 1) + 1) * 2.2 / (winner * 0.001 + 2.2)
        shift = 20.0 * weight * (score - 1.0 / (1.0 + 10.0 ** (-edge / 400.0)))
        rating[home] += shift
        rating[away] -= shift
    asked = spine(seasons.tables, NFL)
    ours = read_states(NFL, seasons.states, asked, ("elo.difference.now.fixture",))[:, 0]
    theirs = np.array([before[fixture] for fixture in asked["fixture"]])
    compared = ~np.isnan(ours)
    assert compared.mean() > 0.9
    np.testing.assert_allclose(ours[compared], theirs[compared], rtol=0, atol=1e-9)


def test_states_are_built_twice_alike(seasons: Seasons) -> None:
    again = build_states(NFL, seasons.tables)
    for name, state in seasons.states.items():
        np.testing.assert_array_equal(state.rows, again[name].rows)
        np.testing.assert_array_equal(state.known, again[name].known)
