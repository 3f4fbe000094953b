"""What is due when, over the lake's games, the policy and the journal; nothing is asked for here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from antepost.ingestion.polling.calendar import Calendar
from antepost.ingestion.polling.journal import Journal, Trouble
from antepost.ingestion.polling.policy import CollectPolicy
from antepost.ingestion.polling.polls import Poll
from antepost.ingestion.polling.schedule import Quota, next_due, pace, renewal, stretch_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """When a poll is ``due``, None where it is not in sight; ``why`` it is asked so often now, or not at all.

    ``stretch`` is how many times fewer requests the quota allows than the policy wants.
    """

    poll: Poll
    due: datetime | None
    every_s: float | None
    asked: datetime | None
    why: str
    stretch: float = 1.0


def plan(
    polls: Sequence[Poll], calendar: Calendar, journal: Journal, policy: CollectPolicy, now: datetime
) -> list[Planned]:
    """Return every poll with its next moment, the soonest first, those that are not in sight last."""
    stretches = _stretches(polls, calendar, journal, policy, now)
    found = [_planned(poll, calendar, journal, policy, now, stretches.get(poll.host, 1.0)) for poll in polls]
    return sorted(found, key=lambda one: (one.due is None, one.due or now, one.every_s or math.inf, one.poll.name))


def _planned(
    poll: Poll, calendar: Calendar, journal: Journal, policy: CollectPolicy, now: datetime, stretch: float
) -> Planned:
    asked = journal.asked.get(poll.name)
    if poll.wants:
        return Planned(poll=poll, due=None, every_s=None, asked=asked, why=f"no key: set {poll.wants}")
    if not calendar.holds(poll.source.sport, now):
        sport = poll.source.sport
        return Planned(
            poll=poll, due=None, every_s=None, asked=asked, why=f"no fixtures of {sport} here: antepost ingest {sport}"
        )
    games = calendar.games(poll.source.sport, now, poll.league)
    factor = stretch if poll.rhythm == "odds" else 1.0
    usable = 1.0 if math.isinf(factor) else factor
    current = pace(poll.rhythm, games, now, policy, usable)
    due = next_due(poll.rhythm, games, asked, now, policy, usable)
    why = current.why if current else _idle(poll)
    if current and 1.0 < factor < math.inf:
        why += f", {factor:.1f} times as rarely for the quota"
    told = journal.quotas.get(poll.host)
    if due and told and math.isinf(factor):
        due, why = max(due, renewal(told.told_at, policy)), f"the quota is used up: {told.left} left"
    rest = _rest(poll, journal, now)
    if due and rest and rest.until > due:
        due, why = rest.until, f"left alone: {rest.why}"
    return Planned(
        poll=poll, due=due, every_s=current.every_s if current else None, asked=asked, why=why, stretch=factor
    )


def _idle(poll: Poll) -> str:
    return "no game about to start at a known ground" if poll.rhythm == "weather" else "no game in sight"


def _rest(poll: Poll, journal: Journal, now: datetime) -> Trouble | None:
    found = [journal.troubles[name] for name in (poll.name, poll.host) if name in journal.troubles]
    lasting = [trouble for trouble in found if trouble.until > now]
    return max(lasting, key=lambda trouble: trouble.until, default=None)


def _stretches(
    polls: Sequence[Poll], calendar: Calendar, journal: Journal, policy: CollectPolicy, now: datetime
) -> dict[str, float]:
    """Return by host how many times fewer requests for prices its quota allows than the policy wants."""
    found: dict[str, float] = {}
    for host, told in journal.quotas.items():
        asked = [poll for poll in polls if poll.host == host and poll.rhythm == "odds" and not poll.wants]
        if asked:
            quota = Quota(left=told.left, cost=told.cost, told_at=told.told_at)
            leagues = [calendar.games(poll.source.sport, now, poll.league) for poll in asked]
            found[host] = stretch_of(quota, leagues, now, policy)
    return found
