"""What is due when: pure functions of the games there are, the policy, and when a feed was asked last.

The pace of a feed changes at certain moments only (a game comes near, starts, ends), so the next request is found by
going from one such moment to the next.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from antepost.ingestion.polling.policy import CollectPolicy
from antepost.ingestion.source import Rhythm

_DAY = timedelta(days=1)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where a game is played, in degrees."""

    venue: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """A fixture as far as its hours matter; ``ends`` is its usual end, ``over`` whether its result is known."""

    league: str
    start: datetime
    ends: datetime
    over: bool = False
    ground: Ground | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A request every ``every_s`` seconds, and why so often."""

    every_s: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What a host said at ``told_at``: how many requests are ``left``, and how many each one counts for."""

    left: int
    cost: int | None
    told_at: datetime


def pace(
    rhythm: Rhythm, games: Sequence[Game], at: datetime, policy: CollectPolicy, stretch: float = 1.0
) -> Pace | None:
    """Return at which pace a feed is asked at the moment ``at``, None where it is not.

    Args:
        rhythm: the feed's.
        games: those that it tells of, by start.
        at: the moment.
        policy: how often.
        stretch: how many times fewer requests for prices the quota allows than the policy wants, see ``stretch_of``.
    """
    found = _PACES[rhythm](games, at, policy)
    if found is None or rhythm != "odds":
        return found
    return Pace(every_s=found.every_s * stretch, why=found.why)


def next_due(
    rhythm: Rhythm,
    games: Sequence[Game],
    asked: datetime | None,
    now: datetime,
    policy: CollectPolicy,
    stretch: float = 1.0,
) -> datetime | None:
    """Return the first moment from ``now`` on at which a feed is due, None where none is in sight.

    It is due once it was not asked for as long as its pace then says; one that was never asked is due as soon as it has
    a pace. Forecasts are due besides when a game comes near of which none was asked for yet.
    """
    moments = sorted({now, *(moment for moment in _turns(rhythm, games, policy) if moment > now)})
    for begin, end in pairwise([*moments, _NEVER]):
        found = pace(rhythm, games, begin, policy, stretch)
        if found is None:
            continue
        if asked is None or _come_near(rhythm, games, asked, begin, policy):
            return begin
        at = max(begin, asked + timedelta(seconds=found.every_s))
        if at < end:
            return at
    return None


def stretch_of(quota: Quota | None, leagues: Iterable[Sequence[Game]], now: datetime, policy: CollectPolicy) -> float:
    """Return how many times fewer requests for prices the quota allows than the policy wants until it is renewed.

    1 where it allows all, or nothing is known of it since it was renewed; infinite where it allows none.
    """
    if quota is None or now >= (renewed := renewal(quota.told_at, policy)):
        return 1.0
    allowed = (quota.left - policy.odds_reserve) // (quota.cost or policy.odds_cost)
    if allowed < 1:
        return math.inf
    return max(1.0, sum(wanted(games, now, renewed, policy) for games in leagues) / allowed)


def wanted(games: Sequence[Game], since: datetime, until: datetime, policy: CollectPolicy) -> float:
    """Return how many requests for a league's prices the policy wants from ``since`` to ``until``."""
    requests, before = 0.0, since
    for start in sorted({game.start for game in games if game.start > since}):
        if before >= until:
            break
        far, near = (start - before).total_seconds(), max((start - until).total_seconds(), 0.0)
        inner = 0.0
        for step in policy.odds:
            requests += max(0.0, min(far, step.within_s) - max(near, inner)) / step.every_s
            inner = step.within_s
        before = start
    return requests


def renewal(since: datetime, policy: CollectPolicy) -> datetime:
    """Return when the quota is renewed next after ``since``."""
    first = since.astimezone(UTC).replace(day=policy.odds_renewed_on, hour=0, minute=0, second=0, microsecond=0)
    if first > since:
        return first
    return (first.replace(day=1) + timedelta(days=32)).replace(day=policy.odds_renewed_on)


def _odds(games: Sequence[Game], at: datetime, policy: CollectPolicy) -> Pace | None:
    after = bisect_right(games, at, key=lambda game: game.start)
    if after == len(games):
        return None
    left = games[after].start - at
    step = next((step for step in policy.odds if left <= timedelta(seconds=step.within_s)), None)
    return step and Pace(every_s=step.every_s, why=f"{_span(left)} to the off")


def _scores(games: Sequence[Game], at: datetime, policy: CollectPolicy) -> Pace:
    overrun = timedelta(seconds=policy.overrun_s)
    if any(game.start <= at < game.ends + overrun and not game.over for game in games):
        return Pace(every_s=policy.in_play_s, why="in play")
    if any(game.start - _DAY <= at < game.start for game in games):
        return Pace(every_s=policy.match_day_s, why="a game within a day")
    return Pace(every_s=policy.scores_s, why="no game within a day")


def _weather(games: Sequence[Game], at: datetime, policy: CollectPolicy) -> Pace | None:
    soon = sum(_near(game, policy) <= at < game.start for game in _outdoors(games))
    return Pace(every_s=policy.weather_s, why=f"{soon} about to start") if soon else None


def _injuries(_: Sequence[Game], __: datetime, policy: CollectPolicy) -> Pace:
    return Pace(every_s=policy.injuries_s, why="a list")


def _weekly(_: Sequence[Game], __: datetime, policy: CollectPolicy) -> Pace:
    return Pace(every_s=policy.weekly_s, why="an archive that grows")


_PACES: Mapping[Rhythm, Callable[[Sequence[Game], datetime, CollectPolicy], Pace | None]] = {
    "odds": _odds,
    "scores": _scores,
    "injuries": _injuries,
    "weather": _weather,
    "weekly": _weekly,
}


def _turns(rhythm: Rhythm, games: Sequence[Game], policy: CollectPolicy) -> set[datetime]:
    """Return the moments at which the pace may change."""
    if rhythm == "odds":
        spans = [timedelta(0), *(timedelta(seconds=step.within_s) for step in policy.odds)]
        return {game.start - span for game in games for span in spans}
    if rhythm == "scores":
        overrun = timedelta(seconds=policy.overrun_s)
        return {turn for game in games for turn in (game.start - _DAY, game.start, game.ends + overrun)}
    if rhythm == "weather":
        return {turn for game in _outdoors(games) for turn in (_near(game, policy), game.start)}
    return set()


def _come_near(rhythm: Rhythm, games: Sequence[Game], asked: datetime, at: datetime, policy: CollectPolicy) -> bool:
    return rhythm == "weather" and any(asked < _near(game, policy) <= at < game.start for game in _outdoors(games))


def _near(game: Game, policy: CollectPolicy) -> datetime:
    return game.start - timedelta(seconds=policy.weather_before_s)


def _outdoors(games: Iterable[Game]) -> list[Game]:
    return [game for game in games if game.ground]


def _span(left: timedelta) -> str:
    minutes = int(left.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 72 * 60 else f"{minutes // 1440} days"
