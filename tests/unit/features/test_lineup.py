from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from antepost.features.groups.lineup import lineup
from tests.worlds import TINY, Game, Row, Tables, at, said_by, tables_of

BATTING = replace(TINY, batting="batting")
NOW = Game(
    fixture="g9", season=2001, start=at("2001-12-02T18:00"), home="ANT", away="BEE", listed=at("2001-08-01T00:00")
)
LAST = replace(NOW, fixture="g1", start=NOW.start - timedelta(days=2))
FIRST = replace(NOW, fixture="g0", start=NOW.start - timedelta(days=4))


def order(game: Game, home: str, away: str) -> list[Row]:
    """Return the announced orders of both sides, a letter a man."""
    told = game.start - timedelta(minutes=90)
    return [
        game.stamped(told, role=f"{side}_batting_{place}", team=team, player=f"{team}-{man}", name=man)
        for side, team, men in (("home", game.home, home), ("away", game.away, away))
        for place, man in enumerate(men, 1)
    ]


def announced(*orders: list[Row], games: tuple[Game, ...] = (NOW, LAST, FIRST)) -> Tables:
    return tables_of(games, {"rosters": [row for rows in orders for row in rows]})


def test_an_order_is_held_against_those_before_it() -> None:
    rows = announced(order(FIRST, "abxy", "pqrs"), order(LAST, "abcd", "pqrs"), order(NOW, "bacx", "pqrs"))
    values = said_by(lineup, BATTING, rows, "g9")
    assert values["lineup.batters_kept.1.fixture"] == 0.75 - 1.0
    assert values["lineup.same_places.1.fixture"] == 0.25 - 1.0
    assert values["lineup.batters_regular.5.fixture"] == pytest.approx((3 + 3) / 8 - 1.0)


def test_before_it_is_announced_there_is_no_order() -> None:
    rows = announced(order(LAST, "abcd", "pqrs"), order(NOW, "abcd", "pqrs"))
    values = said_by(lineup, BATTING, rows, "g9", NOW.start - timedelta(hours=2))
    assert all(math.isnan(value) for value in values.values())


def test_a_man_who_takes_anothers_place_before_the_start_leaves_no_trace_of_him() -> None:
    """On real games of the MLB the proof of corrections found two men in one place."""
    late = [{**row, "known_at": NOW.start - timedelta(minutes=20)} for row in order(NOW, "abcx", "pqrs")]
    said = order(FIRST, "abcd", "pqrs"), order(LAST, "abcd", "pqrs")
    corrected = said_by(lineup, BATTING, announced(*said, order(NOW, "abcd", "pqrs"), late), "g9")
    assert corrected == said_by(lineup, BATTING, announced(*said, order(NOW, "abcx", "pqrs")), "g9")
    assert corrected["lineup.batters_kept.1.fixture"] == 0.75 - 1.0


def test_two_games_of_one_day_keep_their_own_orders() -> None:
    second = replace(NOW, fixture="g9b")
    rows = announced(
        order(LAST, "abcd", "pqrs"), order(NOW, "abcx", "pqrs"), order(second, "wxyz", "pqrs"),
        games=(NOW, second, LAST),
    )  # fmt: skip
    kept = "lineup.batters_kept.1.fixture"
    assert said_by(lineup, BATTING, rows, "g9")[kept] == 0.75 - 1.0
    assert said_by(lineup, BATTING, rows, "g9b")[kept] == 0.25 - 1.0


def test_a_side_is_as_settled_as_its_last_game_was() -> None:
    made = tables_of([NOW, LAST, FIRST])
    told = {"ANT": ({"a": 0.5, "b": 0.5}, {"a": 0.9, "c": 0.3}), "BEE": ({"p": 1.0}, {"p": 1.0})}
    rows = [
        game.stamped(
            game.start + timedelta(hours=4), side="home", team=team, role="snaps", player=f"{team}-{man}", name=man,
            offense_snap_share=share, defense_snap_share=0.0,
        )
        for team, games in told.items()
        for game, men in zip((FIRST, LAST), games, strict=True)
        for man, share in men.items()
    ]  # fmt: skip
    men = tables_of([], {"player_stats": rows})["player_stats"]
    values = said_by(lineup, TINY, {**made, "player_stats": men}, "g9")
    assert values["lineup.offense_kept.1.fixture"] == pytest.approx(0.75 - 1.0)
    assert math.isnan(values["lineup.defense_kept.1.fixture"])
