"""The invented league's calendar looks like the real one's."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from antepost.simulation.calendar import CONFERENCES, first_sunday, regular_season, seeds
from antepost.sports.nfl import NFL


@pytest.mark.parametrize(
    ("season", "day"), [(2006, date(2006, 9, 10)), (2015, date(2015, 9, 13)), (2020, date(2020, 9, 13))]
)
def test_the_season_opens_in_the_week_after_labor_day(season: int, day: date) -> None:
    assert first_sunday(season) == day
    assert day.weekday() == 6


def test_each_week_has_a_thursday_and_a_monday_and_its_sunday() -> None:
    opening = first_sunday(2012)
    week = [meeting for meeting in regular_season(Random(3), 2012) if meeting.week == 4]
    days = [meeting.day - opening - timedelta(weeks=3) for meeting in week]
    assert sorted(day.days for day in days) == [-3] + [0] * 14 + [1]


def test_one_game_a_season_is_played_in_london() -> None:
    abroad = [meeting for meeting in regular_season(Random(3), 2012) if meeting.neutral]
    assert [(meeting.week, meeting.clock) for meeting in abroad] == [(5, "09:30")]


def test_the_conferences_share_the_league_and_six_of_each_go_through() -> None:
    assert sorted(team for conference in CONFERENCES for team in conference) == sorted(NFL.teams)
    wins = {team: float(number) for number, team in enumerate(NFL.teams)}
    for conference, through in zip(CONFERENCES, seeds(wins), strict=True):
        assert through == sorted(conference, key=wins.__getitem__, reverse=True)[:6]
