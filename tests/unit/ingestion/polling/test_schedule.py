"""What is due when, by literals; and by a second, slower way of finding it."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antepost.ingestion.polling.policy import CollectPolicy, Step
from antepost.ingestion.polling.schedule import (
    Game,
    Ground,
    Quota,
    next_due,
    pace,
    renewal,
    stretch_of,
    wanted,
)
from antepost.ingestion.source import Rhythm

POLICY = CollectPolicy()
OFF = datetime(2031, 9, 7, 17, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def game(start: datetime = OFF, *, over: bool = False, ground: bool = True) -> Game:
    place = Ground(venue="INV00", latitude=44.5, longitude=-88.06) if ground else None
    return Game(league="nfl", start=start, ends=start + 3 * HOUR, over=over, ground=place)


@pytest.mark.parametrize(
    ("rhythm", "before_off", "every_s"),
    [
        ("odds", 8 * DAY, None),
        ("odds", 7 * DAY, 6 * 3600),
        ("odds", DAY, 1800),
        ("odds", 6 * HOUR, 300),
        ("odds", HOUR, 60),
        ("odds", timedelta(0), None),
        ("scores", 2 * DAY, 900),
        ("scores", DAY, 300),
        ("scores", timedelta(0), 60),
        ("scores", -3 * HOUR, 60),
        ("scores", -4 * HOUR, 900),
        ("injuries", DAY, 3600),
        ("weather", 4 * HOUR + MINUTE, None),
        ("weather", 4 * HOUR, 3600),
        ("weather", timedelta(0), None),
        ("weekly", DAY, 7 * 86400),
    ],
)
def test_a_feed_is_asked_the_faster_the_nearer_its_game(
    rhythm: Rhythm, before_off: timedelta, every_s: float | None
) -> None:
    found = pace(rhythm, [game()], OFF - before_off, POLICY)
    assert (found and found.every_s) == every_s


def test_a_game_whose_result_is_known_is_no_longer_on() -> None:
    found = pace("scores", [game(over=True)], OFF + HOUR, POLICY)
    assert found
    assert (found.every_s, found.why) == (900, "no game within a day")


def test_the_next_game_decides_and_not_the_last_one() -> None:
    found = pace("odds", [game(OFF - HOUR), game(), game(OFF + DAY)], OFF - 30 * MINUTE, POLICY)
    assert found
    assert (found.every_s, found.why) == (60, "30 min to the off")


def test_what_was_never_asked_is_due_at_once_or_when_a_game_comes_into_sight() -> None:
    assert next_due("scores", [], None, OFF, POLICY) == OFF
    assert next_due("odds", [], None, OFF, POLICY) is None
    assert next_due("odds", [game()], None, OFF - 10 * DAY, POLICY) == OFF - 7 * DAY
    assert next_due("odds", [game()], None, OFF, POLICY) is None


def test_prices_that_were_asked_far_from_the_off_are_asked_again_when_it_is_near() -> None:
    """Six hours after the last request would be five hours after the start."""
    asked = OFF - DAY - HOUR
    assert next_due("odds", [game()], asked, asked, POLICY) == OFF - DAY
    assert next_due("odds", [game()], OFF - 61 * MINUTE, OFF - 61 * MINUTE, POLICY) == OFF - HOUR


def test_what_fell_due_while_nobody_was_here_is_due_now() -> None:
    assert next_due("injuries", [], OFF - 5 * HOUR, OFF, POLICY) == OFF
    assert next_due("weekly", [], OFF - 8 * DAY, OFF, POLICY) == OFF
    # The game whose prices they would have been is over.
    assert next_due("odds", [game()], OFF - 5 * HOUR, OFF + HOUR, POLICY) is None


def test_a_scoreboard_is_asked_at_the_start_though_the_pace_before_was_slower() -> None:
    asked = OFF - MINUTE
    assert next_due("scores", [game()], asked, asked, POLICY) == OFF


def test_forecasts_are_asked_when_a_game_comes_near_though_others_were_just_asked_for() -> None:
    games = [game(), game(OFF + 10 * MINUTE)]
    near = OFF - 4 * HOUR
    assert next_due("weather", games, None, near - DAY, POLICY) == near
    assert next_due("weather", games, near, near, POLICY) == near + 10 * MINUTE
    assert next_due("weather", games, near + 10 * MINUTE, near + 10 * MINUTE, POLICY) == near + 70 * MINUTE
    assert next_due("weather", [game(ground=False)], None, near, POLICY) is None


def test_the_quota_is_renewed_on_its_day_of_the_month() -> None:
    assert renewal(datetime(2031, 9, 7, tzinfo=UTC), POLICY) == datetime(2031, 10, 1, tzinfo=UTC)
    assert renewal(datetime(2031, 12, 1, tzinfo=UTC), POLICY) == datetime(2032, 1, 1, tzinfo=UTC)
    fifth = CollectPolicy(odds_renewed_on=5)
    assert renewal(datetime(2031, 9, 4, 23, tzinfo=UTC), fifth) == datetime(2031, 9, 5, tzinfo=UTC)


def test_a_week_before_one_game_the_policy_wants_so_many_requests() -> None:
    hour, six, day, week = 60, 5 * 12, 18 * 2, 6 * 4
    assert wanted([game()], OFF - 8 * DAY, OFF + DAY, POLICY) == hour + six + day + week
    # Of two games that start together one request tells; of the hour before the off half is left.
    assert wanted([game(), game()], OFF - 30 * MINUTE, OFF + DAY, POLICY) == 30
    assert wanted([game()], OFF - 2 * HOUR, OFF - HOUR, POLICY) == 12


def test_what_the_quota_does_not_allow_stretches_every_pace() -> None:
    told = OFF - 5 * DAY
    leagues = [[game(OFF + 3 * DAY)], [game(OFF + 3 * DAY)]]
    plenty = Quota(left=20_000, cost=9, told_at=told)
    scarce = Quota(left=20 + 36 * 9, cost=9, told_at=told)
    assert stretch_of(None, leagues, told, POLICY) == 1.0
    assert stretch_of(plenty, leagues, told, POLICY) == 1.0
    assert stretch_of(scarce, leagues, told, POLICY) == 10.0
    found = pace("odds", [game()], OFF - HOUR, POLICY, 10.0)
    assert found
    assert found.every_s == 600
    # Where the host does not say what a request counts for, the policy's figure does.
    assert stretch_of(Quota(left=20 + 36 * 9, cost=None, told_at=told), leagues, told, POLICY) == 10.0


def test_a_quota_that_is_used_up_stops_prices_until_it_is_renewed() -> None:
    told = OFF - 8 * DAY
    empty = Quota(left=20, cost=9, told_at=told)
    assert stretch_of(empty, [[game()]], told, POLICY) == math.inf
    assert stretch_of(empty, [[game()]], renewal(told, POLICY), POLICY) == 1.0


RHYTHMS: tuple[Rhythm, ...] = ("odds", "scores", "weather", "injuries")
STARTS = st.lists(st.integers(-600, 3000), max_size=4, unique=True)
TINY = CollectPolicy(
    odds=(Step(within_s=1800, every_s=120), Step(within_s=7200, every_s=900), Step(within_s=36_000, every_s=3600)),
    scores_s=1800, match_day_s=600, in_play_s=120, injuries_s=3600, weather_s=1800, overrun_s=600,
)  # fmt: skip


@given(rhythm=st.sampled_from(RHYTHMS), starts=STARTS, asked=st.one_of(st.none(), st.integers(0, 2000)))
def test_what_is_due_next_is_what_a_walk_through_the_minutes_finds(
    rhythm: Rhythm, starts: list[int], asked: int | None
) -> None:
    games = sorted((game(OFF + start * MINUTE) for start in starts), key=lambda one: one.start)
    now = OFF + 300 * MINUTE
    last = None if asked is None else now - asked * MINUTE

    def is_due(at: datetime) -> bool:
        found = pace(rhythm, games, at, TINY)
        if found is None or last is None:
            return found is not None
        near = timedelta(seconds=TINY.weather_before_s)
        new = rhythm == "weather" and any(last < one.start - near <= at < one.start for one in games)
        return new or at - last >= timedelta(seconds=found.every_s)

    walked = next((now + step * MINUTE for step in range(3000) if is_due(now + step * MINUTE)), None)
    assert next_due(rhythm, games, last, now, TINY) == walked


@given(starts=st.lists(st.integers(1, 4000), max_size=5), left=st.integers(300, 3000))
def test_a_stretched_month_stays_within_the_quota(starts: list[int], left: int) -> None:
    """A start may bring one request more for each step that it passes: the next answer's figure mends that."""
    games = [game(OFF + start * MINUTE) for start in sorted(starts)]
    now, end = OFF, OFF + 4001 * MINUTE
    quota = Quota(left=left, cost=3, told_at=OFF)
    stretch = stretch_of(quota, [games], now, TINY)
    asked, requests, last = now, 0, None
    while asked is not None and asked < end:
        found = next_due("odds", games, last, asked, TINY, stretch)
        if found is not None:
            requests += 1
            last = found
            asked = found + timedelta(seconds=1)
        else:
            asked = None
    crossings = len(TINY.odds) * len(set(starts)) + 1
    assert requests <= (left - TINY.odds_reserve) / 3 + crossings
