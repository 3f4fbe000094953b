from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta

from antepost.features.groups.climate import climate
from tests.worlds import GAME, TINY, Game, at, said_by, tables_of

FIRST = Game(fixture="f1", season=2001, start=at("2001-09-02T17:00"), home="ANT", away="BEE", home_score=20)


def other(fixture: str, **changes: object) -> Game:
    """Return another game on the same ground, a week later unless told otherwise."""
    return replace(FIRST, **{"fixture": fixture, "start": FIRST.start + timedelta(days=7), **changes})


def warmth(games: list[Game], fixture: str, as_of: str | datetime = "close") -> float:
    """Return how warm it has been where and when ``fixture`` is played."""
    return said_by(climate, TINY, tables_of(games), fixture, as_of)["climate.temp.all.fixture"]


def test_a_months_climate_is_the_mean_of_what_was_observed_there() -> None:
    """The tiny world is as many degrees warm as 40 and the home side's score."""
    games = [FIRST, other("f2", home_score=27), other("f3", start=FIRST.start + timedelta(days=14))]
    assert warmth(games, "f3") == 63.5


def test_a_game_is_not_part_of_its_own_climate() -> None:
    assert math.isnan(warmth([FIRST], "f1"))
    assert warmth([FIRST, other("f2")], "f1", FIRST.start + GAME + timedelta(microseconds=1)) == 60.0


def test_another_month_and_another_ground_say_nothing() -> None:
    october = other("f2", start=at("2001-10-07T17:00"))
    away = other("f3", home="CAT")
    assert math.isnan(warmth([FIRST, october], "f2"))
    assert math.isnan(warmth([FIRST, away], "f3"))
    assert warmth([FIRST, other("f4", start=at("2002-09-08T17:00"), season=2002)], "f4") == 60.0
