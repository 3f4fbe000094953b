from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from antepost.features.catalogue import features_of, groups_of
from antepost.features.groups.calendar import calendar
from antepost.sports import Sport
from antepost.sports.atp import ATP
from antepost.sports.mlb import MLB
from antepost.sports.nfl import NFL
from antepost.sports.soccer import SOCCER
from tests.worlds import TINY, Game, at, fixture_row, said

GAME = Game(fixture="f1", season=2001, start=at("2001-11-04T18:00"), home="ANT", away="BEE")
HOUR = ("calendar.hour_sin.now.fixture", "calendar.hour_cos.now.fixture")


def turn(part: float) -> tuple[float, float]:
    """Return sine and cosine of a part of a turn."""
    return math.sin(2 * math.pi * part), math.cos(2 * math.pi * part)


def test_the_hour_is_the_leagues_wall_clock_through_summer_time() -> None:
    summer = replace(GAME, start=at("2001-10-14T17:00"))
    for game in (GAME, summer):
        values = said(TINY, [game], "f1")
        assert tuple(values[name] for name in HOUR) == pytest.approx(turn(13 / 24), abs=1e-12)


def test_weekday_and_day_of_the_season_are_the_leagues_too() -> None:
    """A game on a Monday evening in New York is on Tuesday in UTC."""
    values = said(TINY, [replace(GAME, start=at("2001-11-06T01:00"))], "f1")
    weekday = values["calendar.weekday_sin.now.fixture"], values["calendar.weekday_cos.now.fixture"]
    assert weekday == pytest.approx(turn(1 / 7), abs=1e-12)
    day = values["calendar.season_day_sin.now.fixture"], values["calendar.season_day_cos.now.fixture"]
    assert day == pytest.approx(turn((30 + 31 + 4) / 365.25), abs=1e-12)


def test_a_moved_game_keeps_its_old_hour_until_the_move_is_known() -> None:
    told = GAME.start - timedelta(days=3)
    moved = fixture_row(replace(GAME, start=GAME.start + timedelta(hours=6)), told, 2)
    before = said(TINY, [GAME], "f1", told, {"fixtures": [moved]})
    after = said(TINY, [GAME], "f1", told + timedelta(microseconds=1), {"fixtures": [moved]})
    assert before[HOUR[0]] == pytest.approx(turn(13 / 24)[0], abs=1e-12)
    assert after[HOUR[0]] == pytest.approx(turn(19 / 24)[0], abs=1e-12)


def test_without_a_clock_there_is_no_hour_and_still_a_day() -> None:
    row = {**fixture_row(GAME, batch=2), "event_precision": "day"}
    values = said(TINY, [GAME], "f1", extra={"fixtures": [row]})
    assert all(math.isnan(values[name]) for name in HOUR)
    assert math.isfinite(values["calendar.weekday_sin.now.fixture"])


def test_the_stage_is_its_place_among_the_sports_stages() -> None:
    row = {**fixture_row(GAME, batch=2), "stage": "CON"}
    assert said(TINY, [GAME], "f1", extra={"fixtures": [row]})["calendar.stage.now.fixture"] == NFL.stages.index("CON")


def test_a_sport_has_what_its_schedule_tells() -> None:
    def stats(sport: Sport) -> set[str]:
        names = [column.name.split(".")[1] for column in calendar(sport).columns]
        return {name.removesuffix("_sin").removesuffix("_cos") for name in names}

    assert stats(NFL) == {"hour", "weekday", "season_day", "stage"}
    assert stats(SOCCER) == {"hour", "weekday", "season_day"}
    assert stats(MLB) == {"weekday", "season_day"}
    assert stats(ATP) == {"season_day", "stage"}
    assert {f.moment for f in features_of("nfl") if f.group == "calendar"} == {"open"}
    assert "calendar" in {group.name for group in groups_of(ATP)}
