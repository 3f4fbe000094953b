from __future__ import annotations

import math
from datetime import timedelta

from antepost.features.groups.inactive import inactive
from tests.worlds import TINY, Game, Row, at, said_by, tables_of

NOW = Game(
    fixture="now", season=2001, start=at("2001-12-02T18:00"), home="ANT", away="BEE", listed=at("2001-08-01T00:00")
)


def move(man: str, status: str, days: int, team: str = "ANT") -> Row:
    happened = NOW.start - timedelta(days=days)
    row = NOW.stamped(happened + timedelta(hours=23), team=team, player=man, name=man, status=status)
    return {**row, "fixture": None, "event_at": happened}


def said(*moves: Row) -> dict[str, float]:
    made = tables_of([NOW])
    return said_by(inactive, TINY, {**made, "injuries": tables_of([], {"injuries": list(moves)})["injuries"]}, "now")


def test_who_moved_last_onto_the_list_is_out() -> None:
    values = said(
        move("max", "out", 20), move("max", "out", 10), move("tom", "out", 9), move("tom", "back", 3),
        move("kim", "out", 4), move("old", "out", 40), move("zoe", "back", 30, "BEE"),
    )  # fmt: skip
    assert values["inactive.out.30d.home"] == 2.0
    assert values["inactive.out.30d.away"] == 0.0
    assert values["inactive.newly_out.7d.fixture"] == 1.0
    assert values["inactive.returned.7d.fixture"] == 1.0
    assert values["inactive.spell.30d.fixture"] == (20 + 4) / 2


def test_a_list_on_which_nobody_moves_says_nothing() -> None:
    values = said(move("max", "out", 61), move("zoe", "out", 2, "BEE"))
    assert math.isnan(values["inactive.out.30d.home"])
    assert values["inactive.out.30d.away"] == 1.0
    assert math.isnan(values["inactive.newly_out.7d.fixture"])


def test_a_move_of_today_is_not_known_yet() -> None:
    assert said(move("max", "out", 5), move("max", "back", 0))["inactive.out.30d.home"] == 1.0
