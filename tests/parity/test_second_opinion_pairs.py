"""A second opinion on every group of every sport: one feature of each pair at least, over the tiny world in its words.

Plain SQL over the tables alone, in the words of each sport. What a game moves on from the game before it, a rating or a
fit, SQL cannot iterate: those are plain loops and a general solver in Python.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from antepost.features.catalogue import groups_of
from antepost.sports import SPORTS, Sport, get_sport
from tests.esports import MAPS
from tests.every_sport import tables_of
from tests.parity import test_second_opinion as first
from tests.parity import test_second_opinion_esports as played
from tests.parity import test_second_opinion_men as men
from tests.parity import test_second_opinion_periods as parts
from tests.parity import test_second_opinion_situation as situation
from tests.parity.test_second_opinion import World, agree
from tests.parity.test_second_opinion_books import reckoned
from tests.parity.test_second_opinion_box import GAMES, RATE
from tests.parity.test_second_opinion_fits import answer, dixon_coles, massey
from tests.parity.test_second_opinion_lines import LINES, WEIGHTED
from tests.parity.test_second_opinion_ratings import glicko, history, opponents, pi, strengths, surface

HOURS = (0, 24)

# One rate of each sport's box scores.
BOX: Mapping[str, str] = {
    "nfl": "rate(o.rushing_yards, o.carries) AS yards_per_rush",
    "ncaaf": "rate(o.total_yards, o.passes_attempted + o.rushes) AS yards_per_play",
    "nba": "rate(o.free_throws_made, o.field_goals_attempted) AS free_throws",
    "ncaab": "rate(o.turnovers, o.possessions) AS turnovers",
    "mlb": "rate(o.hits + o.walks + o.hit_by_pitch, o.at_bats + o.walks + o.hit_by_pitch + o.sacrifice_flies)"
    " AS on_base",
    "nhl": "rate(o.goals, o.shots) AS shooting",
    "soccer": "rate(o.corners, 1) AS corners",
    "atp": "rate(o.aces, o.serve_points) AS aces",
    "wta": "rate(o.aces, o.serve_points) AS aces",
    "dota2": "rate(60 * o.kills, o.seconds) AS kills_per_minute",
}

# A pitcher's starts with what his side's box scores say of them, the newest revision of each.
PITCHED = f"""{first.STARTS.partition("), games AS")[0]}), told AS (
    SELECT p.*, b.individual_earned_runs AS runs, b.putouts FROM played p JOIN own o USING (ask)
    LEFT JOIN team_stats b ON b.fixture = p.fixture AND b.known_at < o.as_of AND p.role = b.side || '_qb'
    QUALIFY row_number() OVER (PARTITION BY p.ask, p.fixture, p.role ORDER BY b.batch DESC, b.known_at DESC) = 1
), games AS (
    SELECT *, row_number() OVER (PARTITION BY ask ORDER BY event_at DESC, fixture DESC, role = 'home_qb') AS back
    FROM told
)
SELECT ask, rate(27 * runs, putouts) AS "earned_runs.20" FROM games WHERE back <= 20 GROUP BY ask
"""

# A goalkeeper's own games; who did nothing has not played.
KEPT = """
WITH seen AS (
    SELECT o.ask, p.* FROM own o JOIN player_stats p ON p.known_at < o.as_of AND p.role = 'G'
        AND p.player = if($side = 'home', o.home_starter, o.away_starter)
    QUALIFY row_number() OVER (PARTITION BY o.ask, p.fixture ORDER BY p.batch DESC, p.known_at DESC) = 1
), games AS (
    SELECT *, row_number() OVER (PARTITION BY ask ORDER BY event_at DESC, fixture DESC) AS back FROM seen
)
SELECT ask, rate(saves, shots_against) AS "save_share.20" FROM games WHERE back <= 20 GROUP BY ask
"""

# The announced order of this game, and how many of its men were in the one before, as both stood.
ORDERED = """
WITH seen AS (
    SELECT o.ask, o.fixture AS asked, if($side = 'home', o.home, o.away) AS us, r.fixture, r.team, r.player, r.event_at
    FROM own o JOIN rosters r ON r.known_at < o.as_of AND r.role LIKE '%_batting_%'
    QUALIFY row_number() OVER (PARTITION BY o.ask, r.fixture, r.role ORDER BY r.batch DESC, r.known_at DESC) = 1
), ranked AS (
    SELECT *, dense_rank() OVER (PARTITION BY ask ORDER BY event_at DESC, fixture DESC) AS back FROM seen
    WHERE team = us
)
SELECT n.ask, count(b.player) / count(*) AS "batters_kept.1" FROM ranked n
LEFT JOIN ranked b ON b.ask = n.ask AND b.player = n.player AND b.back = n.back + 1
WHERE n.fixture = n.asked AND n.ask IN (
    SELECT h.ask FROM ranked h JOIN ranked e ON e.ask = h.ask AND e.back = h.back + 1 WHERE h.fixture = h.asked
) GROUP BY n.ask
"""
SKATED = men.SETTLED.replace("p.role = 'snaps'", "p.role IN ('C', 'L', 'R', 'D')").replace("offense_", "forwards_")
SKATED = SKATED.replace("round(forwards_snap_share * 1e6)::BIGINT", "if(role = 'D', 0, seconds)::BIGINT")


def asked_of(sport: Sport) -> Mapping[str, str]:
    """Return the query of each group in the words of ``sport``; those with a ``$side`` are asked of both."""
    stages = ", ".join(f"'{stage}'" for stage in sport.stages)
    line = "asian_handicap" if "asian_handicap" in sport.lines else "spread"
    given, *others = sport.whistled or ("",)
    rates = {"nfl": men.RATES, "nhl": KEPT, "mlb": PITCHED}
    lineups = {"nfl": men.SETTLED, "nhl": SKATED, "mlb": ORDERED}
    box = BOX.get(sport.name, "").partition(" AS ")
    queries = {
        "form": first.FORM,
        "splits": first.SPLITS,
        "ewm": WEIGHTED,
        "head_to_head": first.MEETINGS,
        "starter": first.STARTS,
        "starter_rest": men.REST,
        "starter_rates": rates.get(sport.name, ""),
        "lineup": lineups.get(sport.name, ""),
        "schedule": first.REST.replace("days <= 28", f"days <= {sport.rest_horizon.days}")
        .replace("days <= 14", f"days <= {min(sport.rest_horizon.days, 14)}")
        .replace("games.14d", f"games.{min(sport.rest_horizon.days, 14)}d"),
        "closing": LINES.replace("'spread", f"'{line}"),
        "market": first.PRICES.replace("'moneyline", f"'{sport.winner}").replace("'spread", f"'{line}"),
        "box": GAMES.format(window=sport.lately, rates=f'{box[0]} AS "{box[2]}.{sport.lately}"'),
        "calendar": situation.CALENDAR.replace("America/New_York", sport.timezone)
        .replace("make_date(season, 9, 1)", f"make_date(season, {sport.starts_month}, 1)")
        .replace("'REG', 'WC', 'DIV', 'CON', 'SB'", stages),
        "table": situation.BY_POINTS if sport.standings == "points" else situation.BY_SHARE,
        "officials": situation.LED.replace("penalty_yards", others[0] if others else "")
        .replace("penalties", given)
        .replace("'referee'", f"'{sport.referee}'"),
        "periods": parts.PERIODS,
        "sets": parts.SETS,
        "ranking": parts.LISTED,
        "venue": first.GROUND,
        "travel": situation.TRAVEL,
        "climate": situation.CLIMATE,
        "injuries": men.OUT,
        "inactive": men.LISTED,
        "early": played.between(played.EARLY, played.EARLY_FROM, played.LEADS),
        "sides": played.between(played.SIDES, played.SIDES_FROM),
        "maps": played.between(played.MAPS, played.KIND.format("MAP")),
        "series": played.between(played.SERIES, played.KIND.format("SERIES")),
        "toss": played.TOSS,
        "draft": played.DRAFT,
        "pool": played.POOL,
        "patch": played.PATCH,
        "event": played.EVENT,
    }
    queries["box"] = queries["box"].replace("team_stats", sport.box)
    counted = {"periods": sport.phases, "sets": sport.sets, "ranking": sport.ranking}
    queries |= {name: parts.in_words_of(sport, queries[name]) for name, numbers in counted.items() if numbers}
    return {name: query.replace("_qb'", f"_{sport.starter}'") for name, query in queries.items()}


FITS = {"massey": (massey, 1e-7), "dixon_coles": (dixon_coles, 2e-5)}
LOOPS = {"glicko": glicko, "pi": pi, "strengths": strengths, "surface": surface, "opponents": opponents}
# Of the queries, those with numbers that are no integers; a distance is told by the metre.
ROUNDED = {
    "ewm": 1e-12, "closing": 1e-12, "market": 1e-12, "calendar": 1e-12, "ranking": 1e-12, "travel": situation.METRE,
    "starter_rates": 1e-12, "injuries": 1e-12, "lineup": 1e-12,
}  # fmt: skip
PAIRS = [(name, group.name) for name in SPORTS for group in groups_of(get_sport(name))]


@cache
def world(sport: str) -> World:
    """Return the tiny world in the words of ``sport``, and what its features say."""
    about = get_sport(sport)
    # The rules of a map begin with the game; those of the tiny world hold in its years.
    told = replace(about, maps=MAPS) if about.maps else about
    its = World(told, tables_of(about), HOURS)
    setting = [RATE]
    if its.sport.draft or its.sport.maps:
        setting += [*played.TOLD.split(";"), played.PAST]
    if its.sport.phases:
        setting.append(parts.in_words_of(its.sport, parts.PARTS))
    for text in setting:
        its.database.execute(text)
    return its


def told(its: World, group: str) -> dict[str, np.ndarray]:
    """Return what SQL says of the columns of ``group``."""
    query = asked_of(its.sport)[group]
    if "$side" not in query:
        return its.sql(query, group)
    home, away = (its.sql(query, group, side) for side in ("home", "away"))
    every = {**home, **away}
    for name, ours in home.items():
        stem = name.removesuffix("home")
        less = -1.0 if name.split(".")[1] in parts.SMALLER_IS_BETTER else 1.0
        every[f"{stem}fixture"] = less * (ours - away[f"{stem}away"])
    return every


def unheard() -> list[tuple[str, str]]:
    """Return the pairs of sport and group of which nobody but the features says anything."""
    return [
        (sport, group) for sport, group in PAIRS
        if not asked_of(get_sport(sport)).get(group) and group not in {"elo", "books", *LOOPS, *FITS}
    ]  # fmt: skip


def test_no_group_of_any_sport_lacks_a_second_opinion() -> None:
    assert PAIRS
    assert unheard() == []


@pytest.mark.parametrize(("sport", "group"), [pair for pair in PAIRS if pair[1] in asked_of(get_sport(pair[0]))])
def test_sql_says_the_same_of_each_group_of_each_sport(sport: str, group: str) -> None:
    its = world(sport)
    said = {name: values for name, values in told(its, group).items() if name in its.columns}
    agree(its, said, {}, atol=ROUNDED.get(group, 0.0))


@pytest.mark.parametrize("sport", [sport for sport, group in PAIRS if group == "books"])
def test_books_reckoned_quote_by_quote_say_the_same_in_each_sport(sport: str) -> None:
    its = world(sport)
    said = {f"books.{name}": values for name, values in reckoned(its).items() if f"books.{name}" in its.columns}
    assert {*said} == {name for name in its.columns if name.startswith("books.")}
    agree(its, said, {}, atol=2e-12)


@pytest.mark.parametrize("sport", [*SPORTS])
def test_plain_loops_give_the_same_ratings_in_each_sport(sport: str) -> None:
    its = world(sport)
    loops = [LOOPS[group] for name, group in PAIRS if name == sport and group in LOOPS]
    asks = range(1, its.height, 12)
    games = {ask: history(its, ask) for ask in asks}
    said = [{name: value for loop in loops for name, value in loop(its, *games[ask])} for ask in asks]
    for place, name in enumerate(("elo.rating.now.home", "elo.rating.now.away", "elo.logit.now.fixture")):
        for ask, each in zip(asks, said, strict=True):
            each[name] = first.opinion(its, ask)[place]
    heard = [name for name in its.columns if name.split(".")[0] in {"elo", *(loop.__name__ for loop in loops)}]
    near(its, heard, list(asks), said, 1e-7)


@pytest.mark.parametrize(("sport", "group"), [pair for pair in PAIRS if pair[1] in FITS])
def test_a_general_solver_finds_the_same_fit_in_each_sport(sport: str, group: str) -> None:
    its = world(sport)
    solver, tolerance = FITS[group]
    asks = [its.height // 2, its.height - 1]
    heard = [name for name in its.columns if name.startswith(f"{group}.")]
    near(its, heard, asks, [answer(its, solver, ask) for ask in asks], tolerance)


def near(its: World, columns: list[str], asks: list[int], said: list[dict[str, float]], tolerance: float) -> None:
    """Demand that ``said`` of the fixtures ``asks`` is what the features say, within ``tolerance``."""
    assert columns
    for name in columns:
        expected = np.array([each.get(name, math.nan) for each in said])
        assert np.isfinite(expected).any(), name
        np.testing.assert_allclose(its.said(name)[asks], expected, rtol=0.0, atol=tolerance, err_msg=name)
