from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from antepost.features.groups.travel import travel
from antepost.sports.nba import NBA
from tests.worlds import TINY, Game, Row, at, fixture_row, place_row, said

LISTED = at("2001-08-05T00:00")
NOW = Game(fixture="now", season=2001, start=at("2001-10-21T17:00"), home="ANT", away="BEE", listed=LISTED)
LAST = replace(NOW, fixture="last", start=NOW.start - timedelta(days=7), home="BEE", away="CAT")
GROUNDS = [
    place_row("ANT", 0.0, 0.0, 12.0, "Europe/London"),
    place_row("BEE", 0.0, -90.0, 1600.0, "America/Chicago"),
    place_row("CAT", 0.0, 90.0, 3.0, "Asia/Dhaka"),
]
QUARTER = math.pi / 2 * 6371.0088


def ask(*games: Game, grounds: list[Row] = GROUNDS, extra: dict[str, list[Row]] | None = None) -> dict[str, float]:
    return said(TINY, [NOW, *games], "now", extra={"places": grounds, **(extra or {})})


def test_a_quarter_of_the_equator_eastwards() -> None:
    values = ask(LAST)
    assert values["travel.distance.now.away"] == pytest.approx(QUARTER, abs=1e-6)
    assert values["travel.zones.now.away"] == 6.0
    assert values["travel.altitude.now.fixture"] == 12.0
    assert math.isnan(values["travel.distance.now.home"])


def test_clocks_that_change_between_two_games_count_as_they_stood() -> None:
    """London leaves summer time on the last Sunday of October, Chicago that year on the same."""
    late = replace(NOW, start=at("2001-10-28T12:00"))
    values = said(TINY, [late, LAST], "now", extra={"places": GROUNDS})
    assert values["travel.zones.now.away"] == 5.0


def test_all_legs_within_the_horizon_add_up() -> None:
    before = replace(LAST, fixture="before", start=LAST.start - timedelta(days=7), home="CAT", away="BEE")
    values = ask(LAST, before)
    assert values["travel.distance.28d.away"] == pytest.approx(3 * QUARTER, abs=1e-6)
    assert values["travel.distance.now.away"] == pytest.approx(QUARTER, abs=1e-6)


def test_a_side_that_stays_travels_nothing() -> None:
    stays = replace(LAST, home="ANT", away="BEE")
    values = ask(stays)
    assert values["travel.distance.now.home"] == values["travel.distance.now.away"] == 0.0


def test_a_neighbour_moved_to_another_ground_counts_from_when_that_is_known() -> None:
    told = NOW.start - timedelta(days=2)
    moved = {**fixture_row(LAST, told, 2), "venue": "CAT"}
    extra = {"places": GROUNDS, "fixtures": [moved]}
    assert said(TINY, [NOW, LAST], "now", told, extra)["travel.zones.now.away"] == 6.0
    assert said(TINY, [NOW, LAST], "now", told + timedelta(microseconds=1), extra)["travel.zones.now.away"] == -5.0


def test_a_ground_that_is_not_known_leaves_nulls() -> None:
    values = ask(LAST, grounds=GROUNDS[:1])
    assert math.isnan(values["travel.distance.now.away"])
    assert values["travel.altitude.now.fixture"] == 12.0


def test_only_a_sport_whose_grounds_are_known_has_it() -> None:
    assert travel(NBA) is None
