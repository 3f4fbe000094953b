"""A second opinion on the ratings beside Elo: plain loops over dictionaries, as the papers have them.

Nothing comes from the kernels or the groups. For every fixture asked for, the games that could be known are played
from the first one on.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from tests.parity.test_second_opinion import WORLDS, World

GAMES = """
WITH results_seen AS (
    SELECT r.* FROM own o JOIN results r ON r.known_at < o.as_of WHERE o.ask = $ask
    QUALIFY row_number() OVER (PARTITION BY r.fixture ORDER BY r.batch DESC, r.known_at DESC) = 1
), listed AS (
    SELECT f.fixture, f.neutral FROM own o JOIN fixtures f ON f.known_at < o.as_of WHERE o.ask = $ask
    QUALIFY row_number() OVER (PARTITION BY f.fixture ORDER BY f.batch DESC, f.known_at DESC) = 1
), grounds AS (
    SELECT v.fixture, v.surface FROM own o JOIN venues v ON v.known_at < o.as_of WHERE o.ask = $ask
    QUALIFY row_number() OVER (PARTITION BY v.fixture ORDER BY v.batch DESC, v.known_at DESC) = 1
)
SELECT r.league, r.season, r.home, r.away, r.home_score, r.away_score, epoch_us(r.event_at), l.neutral,
    lower(g.surface), CASE WHEN r.ending IN ('walkover', 'awarded') THEN NULL
    ELSE coalesce(CASE r.outcome WHEN 'home' THEN 1 WHEN 'draw' THEN 0.5 WHEN 'away' THEN 0 END,
        (1 + sign(r.home_score - r.away_score)) / 2)::DOUBLE END
FROM results_seen r JOIN listed l USING (fixture) LEFT JOIN grounds g USING (fixture) ORDER BY r.event_at, r.fixture
"""
ASKED = """
SELECT o.league, o.season, o.home, o.away, 0, 0, epoch_us(o.start), o.neutral, (
    SELECT lower(v.surface) FROM venues v WHERE v.fixture = o.fixture AND v.known_at < o.as_of
    ORDER BY v.batch DESC, v.known_at DESC LIMIT 1
), NULL FROM own o WHERE o.ask = $ask
"""
DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Game:
    """One game, or the one that is asked about; ``score`` is what the home side got out of it, none if not played."""

    league: str
    season: int
    home: str
    away: str
    home_score: int
    away_score: int
    at: int
    neutral: bool
    surface: str | None
    score: float | None


Three = tuple[float, float, float]
Opinion = Callable[[World, list[Game], Game], Iterator[tuple[str, float]]]


def after(own: Three, other: Three, edge: float, score: float, tau: float) -> Three:
    """Return (mu, phi, sigma) of a player after a game; ``edge`` is what he is given besides his rating."""
    mu, phi, sigma = own
    g = 1 / math.sqrt(1 + 3 * other[1] ** 2 / math.pi**2)
    chance = 1 / (1 + math.exp(-g * (mu - other[0] + edge)))
    v = 1 / (g**2 * chance * (1 - chance))
    delta = v * g * (score - chance)
    a = math.log(sigma**2)

    def f(x: float) -> float:
        top = math.exp(x) * (delta**2 - phi**2 - v - math.exp(x))
        return top / (2 * (phi**2 + v + math.exp(x)) ** 2) - (x - a) / tau**2

    left = a
    if delta**2 > phi**2 + v:
        right = math.log(delta**2 - phi**2 - v)
    else:
        k = 1
        while f(a - k * tau) < 0:
            k += 1
        right = a - k * tau
    f_left, f_right = f(left), f(right)
    while abs(right - left) > 1e-6:
        c = left + (left - right) * f_left / (f_right - f_left)
        f_c = f(c)
        if f_c * f_right <= 0:
            left, f_left = right, f_right
        else:
            f_left /= 2
        right, f_right = c, f_c
    new = 1 / math.sqrt(1 / phi**2 + 1 / v)
    return mu + new**2 * g * (score - chance), new, math.exp(left / 2)


def glicko(world: World, games: list[Game], asked: Game) -> Iterator[tuple[str, float]]:
    """Steps 1 to 8 of the paper, a game a period; the time since the last one grows the deviation beforehand."""
    its = world.sport.glicko
    assert its
    advantage = world.sport.elo.home_advantage / 173.7178
    players: dict[str, tuple[float, float, float, int]] = {}

    def known(name: str, at: int) -> Three:
        mu, phi, sigma, last = players.get(name, (0.0, its.deviation / 173.7178, its.volatility, at))
        spread = math.sqrt(phi**2 + max(at - last, 0) / DAY * its.periods_per_day * sigma**2)
        return mu, min(spread, its.deviation / 173.7178), sigma

    for game in games:
        if game.score is None:
            continue
        home, away = known(game.home, game.at), known(game.away, game.at)
        edge = 0.0 if game.neutral else advantage
        players[game.home] = (*after(home, away, edge, game.score, its.tau), game.at)
        players[game.away] = (*after(away, home, -edge, 1 - game.score, its.tau), game.at)
    both = [known(name, asked.at) if name in players else (math.nan,) * 3 for name in (asked.home, asked.away)]
    for side, (mu, phi, _) in zip(("home", "away"), both, strict=True):
        yield f"glicko.rating.now.{side}", its.mean + 173.7178 * mu
        yield f"glicko.deviation.now.{side}", 173.7178 * phi
    spread = both[0][1] ** 2 + both[1][1] ** 2
    edge = both[0][0] - both[1][0] + (0.0 if asked.neutral else advantage)
    yield "glicko.logit.now.fixture", edge / math.sqrt(1 + 3 * spread / math.pi**2)


def pi(world: World, games: list[Game], asked: Game) -> Iterator[tuple[str, float]]:
    """The paper's own steps, lambda 0.035, gamma 0.7, b 10, c 3; both ratings at once on neutral ground."""
    ratings: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])

    def goals(rating: float) -> float:
        return math.copysign(10 ** (abs(rating) / 3) - 1, rating)

    def rating(name: str, ground: int, *, neutral: bool) -> float:
        return sum(ratings[name]) / 2 if neutral else ratings[name][ground]

    for game in games:
        expected = goals(rating(game.home, 0, neutral=game.neutral)) - goals(rating(game.away, 1, neutral=game.neutral))
        error = game.home_score - game.away_score - expected
        shift = math.copysign(3 * math.log10(1 + abs(error)), error) * 0.035
        here, there = (shift * 0.85, shift * 0.85) if game.neutral else (shift, shift * 0.7)
        ratings[game.home] = [ratings[game.home][0] + here, ratings[game.home][1] + there]
        ratings[game.away] = [ratings[game.away][0] - there, ratings[game.away][1] - here]
    home, away = (
        rating(name, ground, neutral=asked.neutral) if name in ratings else math.nan
        for ground, name in enumerate((asked.home, asked.away))
    )
    yield "pi.rating.now.home", home
    yield "pi.rating.now.away", away
    yield "pi.margin.now.fixture", goals(home) - goals(away)


def strengths(world: World, games: list[Game], asked: Game) -> Iterator[tuple[str, float]]:
    """A step down the squared error of both scores, game by game."""
    its, keep = world.sport.strengths, world.sport.elo.season_keep
    assert its
    attack: dict[str, float] = {}
    defence: dict[str, float] = {}
    last: dict[str, int] = {}
    leagues: dict[str, tuple[float, float]] = {}

    def now(values: dict[str, float], name: str, season: int) -> float:
        return values[name] * (1.0 if last[name] == season else keep) if name in last else 0.0

    for game in games:
        level, advantage = leagues.get(game.league, (its.level, its.home_advantage))
        half = 0.0 if game.neutral else advantage / 2
        sides = (game.home, game.away)
        before = {name: (now(attack, name, game.season), now(defence, name, game.season)) for name in sides}
        left = [
            score - (level + before[name][0] - before[other][1] + ground)
            for name, other, score, ground in (
                (game.home, game.away, game.home_score, half),
                (game.away, game.home, game.away_score, -half),
            )
        ]
        for i, name in enumerate(sides):
            attack[name] = before[name][0] + its.rate * left[i]
            defence[name] = before[name][1] - its.rate * left[1 - i]
            last[name] = game.season
        moved = 0.0 if game.neutral else its.league_rate * (left[0] - left[1])
        leagues[game.league] = (level + its.league_rate * sum(left) / 2, advantage + moved)
    level, advantage = leagues.get(asked.league, (math.nan, math.nan))
    half = 0.0 if asked.neutral else advantage / 2
    values = [
        now(kind, name, asked.season) if name in last else math.nan
        for kind in (attack, defence)
        for name in (asked.home, asked.away)
    ]
    for i, name in enumerate(("attack.now.home", "attack.now.away", "defence.now.home", "defence.now.away")):
        yield f"strengths.{name}", values[i]
    yield "strengths.total.now.fixture", 2 * level + values[0] + values[1] - values[2] - values[3]
    yield "strengths.margin.now.fixture", values[0] + values[2] - values[1] - values[3] + 2 * half


def surface(world: World, games: list[Game], asked: Game) -> Iterator[tuple[str, float]]:
    """Elo with K = 250 / (matches + 5) ** 0.4, once over everything and once a surface."""
    ratings: dict[tuple[str, str], tuple[float, int]] = {}
    for game in games:
        if game.score is None:
            continue
        for ground in ("", *((game.surface,) if game.surface in world.sport.surfaces else ())):
            (a, n), (b, m) = (ratings.get((name, ground), (1500.0, 0)) for name in (game.home, game.away))
            surprise = game.score - 1 / (1 + 10 ** ((b - a) / 400))
            ratings[game.home, ground] = (a + 250 / (n + 5) ** 0.4 * surprise, n + 1)
            ratings[game.away, ground] = (b - 250 / (m + 5) ** 0.4 * surprise, m + 1)
    nobody = (math.nan, 0)
    home, away = (ratings.get((name, asked.surface or "?"), nobody)[0] for name in (asked.home, asked.away))
    yield "surface.rating.now.home", home
    yield "surface.rating.now.away", away
    everywhere = ratings.get((asked.home, ""), nobody)[0] - ratings.get((asked.away, ""), nobody)[0]
    yield "surface.logit.now.fixture", (everywhere + home - away) / 2 * math.log(10) / 400


def opponents(world: World, games: list[Game], asked: Game) -> Iterator[tuple[str, float]]:
    """What every opponent was rated when the game began, in lists."""
    elo = world.sport.elo
    ratings: dict[str, tuple[float, int]] = {}
    met: dict[str, list[float]] = defaultdict(list)

    def now(name: str, season: int) -> float:
        value, last = ratings.get(name, (elo.mean, season))
        return value if last == season else elo.season_keep * value + (1.0 - elo.season_keep) * elo.mean

    for game in games:
        home, away = now(game.home, game.season), now(game.away, game.season)
        met[game.home].append(away)
        met[game.away].append(home)
        edge = home - away + (0.0 if game.neutral else elo.home_advantage)
        margin = game.home_score - game.away_score
        score = 1.0 if margin > 0 else 0.0 if margin < 0 else 0.5
        favoured = edge * (2.0 * score - 1.0)
        weight = math.log(max(abs(margin), 1) + 1) * 2.2 / (favoured * 0.001 + 2.2)
        shift = elo.k * weight * (score - 1.0 / (1.0 + 10.0 ** (-edge / elo.scale)))
        ratings[game.home] = (home + shift, game.season)
        ratings[game.away] = (away - shift, game.season)
    for side, name in (("home", asked.home), ("away", asked.away)):
        last = met[name][-10:]
        yield f"opponents.elo.10.{side}", sum(last) / len(last) if last else math.nan


@pytest.fixture(scope="module", params=list(WORLDS))
def world(request: pytest.FixtureRequest) -> World:
    return WORLDS[request.param]()


@pytest.mark.parametrize("opinion", [glicko, pi, strengths, surface, opponents])
def test_a_plain_loop_gives_the_same_ratings(world: World, opinion: Opinion) -> None:
    mine = [name for name in world.columns if name.startswith(f"{opinion.__name__}.")]
    if not mine:
        # The NFL has no such ratings; the tiny world has all of them.
        assert not world.sport.pi
        return
    asks = np.linspace(0, world.height - 1, min(world.height, 30)).astype(int)
    told = [dict(opinion(world, *history(world, int(ask)))) for ask in asks]
    for name in mine:
        expected = np.array([each[name] for each in told])
        assert np.isfinite(expected).any(), name
        np.testing.assert_allclose(world.said(name)[asks], expected, rtol=0.0, atol=1e-7, err_msg=name)


@cache
def history(world: World, ask: int) -> tuple[list[Game], Game]:
    """Return the games that could be known to whoever asked, in order, and the one that was asked about."""
    games = world.database.execute(GAMES, {"ask": ask}).fetchall()
    asked = world.database.execute(ASKED, {"ask": ask}).fetchall()
    return [Game(*row) for row in games], Game(*asked[0])
