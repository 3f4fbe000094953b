from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from antepost.domain.margin import multiplicative, overround, power
from antepost.errors import DataError
from antepost.features import build_states, feature_frame, features_of, spine
from antepost.features.groups.books import books, power_less_multiplicative
from antepost.sports import Sport
from antepost.sports.mlb import MLB
from antepost.sports.soccer import SOCCER
from tests.worlds import TINY, Game, Row, at, price_row, tables_of

GAME = Game(fixture="f1", season=2001, start=at("2001-09-09T17:00"), home="ANT", away="BEE", odds=None, spread=None)
DAY = timedelta(days=1)
COLUMNS = tuple(column.name for group in (books(TINY),) if group for column in group.columns)


def quoted(home: float, away: float, days: float = 0.1, **told: object) -> list[Row]:
    """Return the moneyline of one book, told so many days before the start."""
    sides = (("home", home), ("away", away))
    return [
        price_row(GAME, "moneyline", side, odds=odds, known_at=GAME.start - days * DAY, **told) for side, odds in sides
    ]


def ask(*rows: list[Row], moment: str = "close", sport: Sport = TINY) -> Mapping[str, float | None]:
    """Return what the group says of the game, by statistic (and side), of the prices told."""
    tables = tables_of([GAME], {"prices": [row for told in rows for row in told]})
    frame = feature_frame(sport, tables, spine(tables, sport, moment), COLUMNS)
    return {
        name.removeprefix("books.").replace(".now", "").removesuffix(".fixture"): frame[name][0] for name in COLUMNS
    }


def test_the_consensus_is_the_mean_of_the_books_newest_log_odds() -> None:
    said = ask(
        quoted(3.0, 1.4, 2.0, book="first"), quoted(1.8, 2.1, book="first"), quoted(1.9, 2.0, book="second"),
        quoted(1.7, 2.3, 1.0, book="third"),
    )  # fmt: skip
    logits = [math.log(2.1 / 1.8), math.log(2.0 / 1.9), math.log(2.3 / 1.7)]
    assert said["consensus"] == pytest.approx(np.mean(logits), abs=1e-15)
    assert said["dispersion"] == pytest.approx(np.std(logits, ddof=1), abs=1e-15)
    holds = [1 / 1.8 + 1 / 2.1 - 1, 1 / 1.9 + 1 / 2.0 - 1, 1 / 1.7 + 1 / 2.3 - 1]
    assert said["hold"] == pytest.approx(np.mean(holds), abs=1e-15)
    assert said["count"] == 3.0
    assert said["edge.home"] == pytest.approx(math.log(1.9 / (1 + math.exp(-np.mean(logits)))), abs=1e-15)
    assert said["edge.away"] == pytest.approx(math.log(2.3 / (1 + math.exp(np.mean(logits)))), abs=1e-15)


def test_a_published_average_speaks_only_where_no_book_does() -> None:
    alone = ask(quoted(1.5, 2.8, book="average"))
    assert alone["consensus"] == pytest.approx(math.log(2.8 / 1.5), abs=1e-15)
    assert (alone["count"], alone["dispersion"], alone["edge.home"]) == (0.0, None, None)
    beside = ask(quoted(1.5, 2.8, book="average"), quoted(1.9, 2.0, book="first"))
    assert beside["consensus"] == pytest.approx(math.log(2.0 / 1.9), abs=1e-15)
    assert beside["count"] == 1.0


def test_a_published_best_price_is_a_price_and_no_opinion() -> None:
    said = ask(quoted(1.9, 2.0, book="first"), quoted(2.4, 2.2, book="maximum"))
    assert said["consensus"] == pytest.approx(math.log(2.0 / 1.9), abs=1e-15)
    assert said["edge.home"] == pytest.approx(math.log(2.4 * 2.0 / 3.9), abs=1e-15)


def test_movement_is_each_books_own_and_steam_is_who_went_which_way_last() -> None:
    first = (quoted(2.0, 1.9, 3.0, book="first", label="open"), quoted(1.8, 2.1, 1.0, book="first", label="early"),
             quoted(1.85, 2.05, book="first"))  # fmt: skip
    second = (quoted(1.9, 2.0, 3.0, book="second", label="open"), quoted(1.7, 2.2, book="second"))
    said = ask(*first, *second, quoted(1.5, 2.6, book="third"))
    moved = [math.log(2.05 / 1.85) - math.log(1.9 / 2.0), math.log(2.2 / 1.7) - math.log(2.0 / 1.9)]
    assert said["movement"] == pytest.approx(np.mean(moved), abs=1e-15)
    assert said["steam"] == 0.0
    assert ask(*second)["steam"] == 1.0
    once = ask(quoted(1.5, 2.6, book="third"))
    assert (once["movement"], once["steam"], once["opening"]) == (None, None, None)


def test_lines_move_from_a_books_first_to_its_newest() -> None:
    told = [
        price_row(GAME, market, outcome, line=line, label=label, known_at=GAME.start - days * DAY)
        for market, outcome, line, label, days in (
            ("spread", "home", 3.0, "open", 4), ("spread", "home", 4.5, "close", 0.1),
            ("total", "over", 44.0, "open", 4), ("total", "over", 41.5, "close", 0.1),
        )
    ]  # fmt: skip
    said = ask(told)
    assert (said["spread_move"], said["total_move"]) == (1.5, -2.5)
    early = ask(told[::2])
    assert (early["spread_move"], early["total_move"]) == (None, None)


def test_the_spread_between_methods_is_that_of_the_house() -> None:
    prices = np.random.default_rng(5).uniform(1.2, 9.0, (200, 3))
    prices = prices[overround(prices) > 0.9]
    fair, other = multiplicative(prices), power(prices)
    totals = overround(prices)
    for odds, p, q, total in zip(prices, fair, other, totals, strict=True):
        favourite = int(np.argmin(odds))
        said = power_less_multiplicative(p[0], p[2], p[1], total)
        assert said == pytest.approx(q[favourite] - p[favourite], abs=1e-12)
    two = np.array([1.25, 4.2])
    p, q = multiplicative(two), power(two)
    assert power_less_multiplicative(p[0], p[1], 0.0, float(overround(two))) == pytest.approx(q[0] - p[0], abs=1e-12)
    assert math.isnan(power_less_multiplicative(0.99, 0.01, 0.0, 1.05))


def test_a_price_at_the_open_is_the_opening_one_whatever_came_later() -> None:
    opening = quoted(2.2, 1.75, 3.0, book="first", label="open")
    later = (quoted(1.6, 2.4, 2.9, book="second", label="early"), quoted(1.4, 3.0, book="first"))
    said = ask(opening, *later, moment="open")
    assert said == ask(opening, moment="open")
    assert said["opening"] == said["consensus"] == pytest.approx(math.log(1.75 / 2.2), abs=1e-15)
    closed = ask(opening, *later)
    assert closed["opening"] == said["opening"]
    assert closed["consensus"] != said["consensus"]


def test_an_early_price_is_no_opening() -> None:
    early = quoted(1.6, 2.4, 3.0, book="second", label="early")
    assert ask(early)["opening"] is None
    assert ask(early, quoted(2.2, 1.75, 2.0, label="open"))["opening"] == pytest.approx(math.log(1.75 / 2.2), abs=1e-15)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([quoted(2.2, 1.75, 3.0, label="open")], 3.0),
        ([quoted(2.2, 1.75, 3.0, label="open"), quoted(2.1, 1.8, 2.0, label="open", book="second")], 3.0),
        ([quoted(2.2, 1.75, 3.0, label="open"), quoted(2.1, 1.8, 2.0, label="open", batch=2)], 3.0),
        ([quoted(2.2, 1.75, 3.0, label="open")[:1], quoted(2.2, 1.75, 2.0, label="open")[1:]], 2.0),
        ([quoted(2.2, 1.75, 3.0, label="open")[:1]], None),
        ([quoted(2.2, 1.75, 3.0, label="early"), quoted(2.2, 1.75)], None),
        ([quoted(2.2, 1.75, -0.1, label="open")], None),
    ],
    ids=["told", "two books", "corrected", "side by side", "half", "never", "in play"],
)  # fmt: skip
def test_the_open_lies_just_after_the_first_whole_opening(rows: list[list[Row]], said: float | None) -> None:
    tables = tables_of([GAME], {"prices": [row for told in rows for row in told]})
    asked = spine(tables, TINY, "open")["as_of"].to_list()
    assert asked == ([] if said is None else [GAME.start - said * DAY + timedelta(microseconds=1)])


def test_a_draw_is_priced_too() -> None:
    sport = replace(TINY, markets=("1x2",), openings=("1x2",))
    rows = [
        price_row(GAME, "1x2", outcome, odds=odds, label="open", known_at=GAME.start - 2 * DAY)
        for outcome, odds in (("home", 2.0), ("draw", 3.4), ("away", 4.1))
    ]
    tables = tables_of([GAME], {"prices": rows})
    names = ("books.hold.now.fixture", "books.edge.now.home", "books.edge.now.away", "books.count.now.fixture")
    hold, home, away, count = feature_frame(sport, tables, spine(tables, sport, "open"), names).select(names).row(0)
    total = 1 / 2.0 + 1 / 3.4 + 1 / 4.1
    assert hold == pytest.approx(total - 1, abs=1e-15)
    assert [home, away] == pytest.approx([-math.log(total)] * 2, abs=1e-14)
    assert count == 1.0
    assert spine(tables_of([GAME], {"prices": rows[:2]}), sport, "open").is_empty()


def test_more_books_than_the_fold_can_hold_are_refused() -> None:
    rows = [row for number in range(65) for row in quoted(1.9, 2.0, book=f"book {number}")]
    tables = tables_of([GAME], {"prices": rows})
    group = books(TINY)
    assert group is not None
    with pytest.raises(DataError, match="group books: an entity has more facts at once"):
        build_states(TINY, tables, [group])
    kept = {**tables, "prices": tables["prices"].filter(pl.col("book") != "book 64")}
    assert build_states(TINY, kept, [group])["books"].rows[-1, 6] == 64.0


@pytest.mark.parametrize(
    ("sport", "stats"),
    [
        ("nfl", {"power", "spread_move", "total_move"}),
        ("nba", {"power"}),
        ("atp", {"consensus", "dispersion", "edge", "hold", "count", "power"}),
        ("soccer", {"consensus", "dispersion", "edge", "hold", "count", "power", "opening", "movement", "steam"}),
    ],
)
def test_a_sport_has_what_its_books_can_say(sport: str, stats: set[str]) -> None:
    named = [feature.name.split(".") for feature in features_of(sport) if feature.group == "books"]
    assert {stat for _, stat, _, _ in named} == stats


def test_without_a_reference_price_there_is_no_group() -> None:
    assert books(replace(SOCCER, reference_close={})) is None
    assert MLB.opens
