"""A second opinion on what all books say: visible prices from plain SQL, the rest reckoned quote by quote."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from itertools import groupby

import numpy as np
import polars as pl
import pytest

from antepost.sports.nfl import NFL
from tests.parity.test_second_opinion import World, planted
from tests.worlds import TINY, Tables, simulated_tables, tiny_tables

VISIBLE = """
WITH seen AS (
    SELECT a.ask, p.* FROM asked a JOIN prices p USING (fixture)
    WHERE p.known_at < a.as_of AND (p.market = $winner OR p.market || p.outcome IN ('spreadhome', 'totalover'))
    QUALIFY row_number() OVER (
        PARTITION BY ask, book, market, outcome, label, quoted_at ORDER BY p.batch DESC, p.known_at DESC
    ) = 1
)
SELECT ask, market, book, known_at, list_position(['open', 'early', 'quote', 'close'], label) AS told_as, outcome,
    if(market = $winner, odds, line) AS value FROM seen ORDER BY ask, market, book, known_at, told_as
"""
STATS = (
    "consensus.now.fixture", "opening.now.fixture", "dispersion.now.fixture", "edge.now.home", "edge.now.away",
    "hold.now.fixture", "count.now.fixture", "movement.now.fixture", "steam.now.fixture", "power.now.fixture",
    "spread_move.now.fixture", "total_move.now.fixture",
)  # fmt: skip
TURNED = {"average": "average", "oddsportal": "average", "maximum": "best"}
Quotes = list[tuple[int, dict[str, float]]]


def three_way() -> World:
    """Return the tiny world with a draw to bet on."""
    tables = tiny_tables()
    prices = tables["prices"].with_columns(pl.col("market").replace("moneyline", "1x2"))
    home = prices.filter((pl.col("market") == "1x2") & (pl.col("outcome") == "home"))
    draws = home.with_columns(pl.lit("draw").alias("outcome"), pl.col("odds") * 1.2 + 1.5)
    sport = replace(TINY, markets=("1x2", "spread", "total"), openings=("1x2", "spread", "total"))
    return World(sport, {**tables, "prices": pl.concat([prices, draws])}, (0, 1, 75, 100))


def simulated() -> Tables:
    """Return a simulated season's tables; its one book has the moneyline only at the close."""
    return planted(simulated_tables((2006,)))


WORLDS: dict[str, Callable[[], World]] = {
    "tiny": lambda: World(TINY, tiny_tables(), (0, 1, 75, 100, 167)),
    "three way": three_way,
    "simulated": lambda: World(NFL, simulated(), (0, 90)),
}


@cache
def opinions(name: str) -> tuple[World, Mapping[str, np.ndarray]]:
    """Return a world and what the prices say, by statistic, for every fixture asked for."""
    world = WORLDS[name]()
    return world, reckoned(world)


def reckoned(world: World) -> dict[str, np.ndarray]:
    """Return what the prices that could be seen say, by statistic, for every fixture asked for."""
    said = {stat: np.full(world.height, math.nan) for stat in STATS}
    rows = world.database.execute(VISIBLE, {"winner": world.sport.winner}).fetchall()
    outcomes = ("home", "draw", "away") if world.sport.winner == "1x2" else ("home", "away")
    for ask, told in groupby(rows, key=lambda row: row[0]):
        by_market: dict[str, dict[str, Quotes]] = {}
        for (market, book), quotes in groupby(told, key=lambda row: (row[1], row[2])):
            instants = groupby(quotes, key=lambda row: (row[3], row[4]))
            by_market.setdefault(market, {})[book] = [(at[1], {r[5]: r[6] for r in part}) for at, part in instants]
        for stat, value in winner(by_market.get(world.sport.winner, {}), outcomes).items():
            said[stat][ask] = value
        for market, side in (("spread", "home"), ("total", "over")):
            moved = [
                quotes[-1][1][side] - quotes[0][1][side]
                for quotes in by_market.get(market, {}).values()
                if len(quotes) > 1
            ]
            if moved:
                said[f"{market}_move.now.fixture"][ask] = statistics.fmean(moved)
    return said


def winner(books: Mapping[str, Quotes], outcomes: tuple[str, ...]) -> dict[str, float]:
    """Return the statistics of who wins, from every book's quotes in order."""
    newest: dict[str, dict[str, float]] = {}
    whole: dict[str, list[tuple[int, float]]] = {}
    for book, quotes in books.items():
        odds: dict[str, float] = {}
        for told_as, told in quotes:
            odds |= told
            if set(odds) == set(outcomes):
                whole.setdefault(book, []).append((told_as, math.log(odds["away"] / odds["home"])))
        newest[book] = odds
    voices = [name for name in whole if name not in TURNED] or [n for n in whole if TURNED.get(n) == "average"]
    if not voices:
        return {}
    real = [name for name in voices if name not in TURNED]
    logits = [whole[name][-1][1] for name in voices]
    consensus = statistics.fmean(logits)
    holds = [sum(1 / odds for odds in newest[name].values()) - 1 for name in voices]
    drawn = [
        math.log(1 / newest[name]["draw"] / (1 / newest[name]["home"] + 1 / newest[name]["away"]))
        for name in voices
        if "draw" in outcomes
    ]
    draw = 1 / (1 + math.exp(-statistics.fmean(drawn))) if drawn else 0.0
    home = (1 - draw) / (1 + math.exp(-consensus))
    chances = {"home": home, "draw": draw, "away": 1 - draw - home}
    offered = [odds for name, odds in newest.items() if TURNED.get(name) != "average"]
    best = {side: [odds[side] for odds in offered if side in odds] for side in ("home", "away")}
    opened = {name: quotes[0][1] for name, quotes in whole.items() if quotes[0][0] == 1}
    opened = {n: v for n, v in opened.items() if n not in TURNED} or opened
    moved = {name: quotes for name, quotes in whole.items() if len(quotes) > 1 and name not in TURNED}
    way = [np.sign(quotes[-1][1] - quotes[-2][1]) for quotes in moved.values()]
    moved = moved or {n: q for n, q in whole.items() if len(q) > 1 and TURNED.get(n) == "average"}
    hold = statistics.fmean(holds)
    return {
        "consensus.now.fixture": consensus,
        "opening.now.fixture": statistics.fmean(opened.values()) if opened else math.nan,
        "dispersion.now.fixture": statistics.stdev(logits) if len(real) > 1 else math.nan,
        **{
            f"edge.now.{side}": math.log(max(prices) * chances[side]) if prices else math.nan
            for side, prices in best.items()
        },
        "hold.now.fixture": hold,
        "count.now.fixture": float(len(real)),
        "movement.now.fixture": statistics.fmean(q[-1][1] - q[0][1] for q in moved.values()) if moved else math.nan,
        "steam.now.fixture": float(statistics.fmean(way)) if way else math.nan,
        "power.now.fixture": power([chance for chance in chances.values() if chance], 1 + hold),
    }


def power(chances: list[float], total: float) -> float:
    """Return what the power method adds to the favourite's chance, its exponent by halving."""
    low, high = 0.0, 50.0
    for _ in range(200):
        middle = (low + high) / 2
        above = sum((chance * total) ** middle for chance in chances) > 1
        low, high = (middle, high) if above else (low, middle)
    return (max(chances) * total) ** low - max(chances) if max(chances) * total < 1 else math.nan


@pytest.mark.parametrize("name", WORLDS)
def test_books_reckoned_quote_by_quote_say_the_same(name: str) -> None:
    world, said = opinions(name)
    asked = [column for column in world.columns if column.startswith("books.")]
    heard = [column for column in asked if name != "simulated" or not column.endswith("_move.now.fixture")]
    assert heard
    for column in heard:
        features, expected = world.said(column), said[column.removeprefix("books.")]
        assert np.isfinite(features).any(), column
        np.testing.assert_array_equal(np.isnan(features), np.isnan(expected), err_msg=column)
        np.testing.assert_allclose(features, expected, rtol=0.0, atol=2e-12, err_msg=column)


@pytest.mark.parametrize("name", ["tiny", "three way"])
def test_every_statistic_was_compared(name: str) -> None:
    world, said = opinions(name)
    assert {f"books.{stat}" for stat in said} == {c for c in world.columns if c.startswith("books.")}
    assert all(np.isfinite(values).any() for values in said.values())
