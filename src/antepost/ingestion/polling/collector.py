"""The collector: asks for what is due, keeps the bytes at once, and reads them into silver together."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from antepost.domain.clock import Clock
from antepost.errors import DataError, SourceAbsent, SourceError
from antepost.ingestion.client import Client
from antepost.ingestion.pace import Policy
from antepost.ingestion.polled import Entered, Polled, decided_by, enter
from antepost.ingestion.polling.asking import Answered, ask
from antepost.ingestion.polling.calendar import Calendar
from antepost.ingestion.polling.journal import Journal, Read, Trouble, alone, read_journal, write_journal
from antepost.ingestion.polling.plan import Planned, plan
from antepost.ingestion.polling.policy import CollectPolicy
from antepost.ingestion.polling.polls import Poll
from antepost.ingestion.polling.schedule import renewal
from antepost.ingestion.source import Rhythm
from antepost.ingestion.sources import get_source
from antepost.lake.upkeep import compact
from antepost.settings import Settings
from antepost.telemetry import boundary

PATIENCE = Policy(tries=2, most_patience_s=5.0, connect_s=5.0, silence_s=10.0, longest_s=60.0)
"""How long one poll may keep the others waiting; a host in trouble is asked again later, not at once."""

_GLANCE_S = 30.0
"""So often the plan is made anew though nothing is due: another process may have loaded fixtures."""
_LOOK_S = 0.2
_BUSY = 429
_FIRST: tuple[Rhythm, ...] = ("odds", "scores", "weather", "injuries", "weekly")
"""What is asked for first of what is due at one pace: a price of a minute ago is gone."""
_TOLD_ANEW = 1.5


class Bell(Protocol):
    """What ends a collector once it is set, see ``threading.Event``."""

    def is_set(self) -> bool:
        """Return whether to end."""
        ...

    def wait(self, timeout: float) -> bool:
        """Return whether to end, at once when it is set, else after ``timeout`` seconds."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something to tell: ``kind`` is asked, failed, read, slowed or left out; ``figures`` are for programs."""

    at: datetime
    kind: str
    subject: str
    text: str
    figures: Mapping[str, object] = field(default_factory=dict[str, object])


class Collector:
    """Asks for what is due until its bell is set.

    Args:
        settings: the home.
        polls: what there is to ask for; those that want a key are left out, and said to be.
        policy: how often.
        clock: what time it is.
        bell: ends it, after the poll in hand.
        tell: is told what happens.
        mirror: a folder or URL that answers for upstream.
        client: asks the hosts; without one, a new one asks the network.
    """

    def __init__(
        self,
        settings: Settings,
        polls: Sequence[Poll],
        policy: CollectPolicy,
        clock: Clock,
        bell: Bell,
        tell: Callable[[Event], None],
        *,
        mirror: str | None = None,
        client: Client | None = None,
    ) -> None:
        self._settings = settings
        self._polls = polls
        self._policy = policy
        self._clock = clock
        self._bell = bell
        self._tell = tell
        self._mirror = mirror
        self._client = client or Client(settings, policy=PATIENCE, clock=clock)
        self._calendar = Calendar(settings)
        self._journal = Journal()
        self._reading: Future[list[Entered]] | None = None
        self._slowed = 1.0

    def run(self, *, once: bool = False) -> None:
        """Ask for what is due, again and again, or ``once`` for each poll; what was received is in silver at the end.

        Raises:
            SettingsError: this home has a collector already.
            DataError: the journal, the batch log or a table is damaged.
        """
        with alone(self._settings):
            self._journal = read_journal(self._settings)
            self._say_what_is_left_out()
            # Silver is read and written beside the polls: another load may hold its lock for minutes.
            with ThreadPoolExecutor(max_workers=1, thread_name_prefix="silver") as reader:
                done: set[str] = set()
                while not self._bell.is_set():
                    coming = [one for one in self._plan() if one.due and one.poll.name not in done]
                    due = [one for one in coming if one.due and one.due <= self._clock.now()]
                    self._read(reader)
                    if due:
                        chosen = min(due, key=lambda one: (one.every_s or math.inf, _FIRST.index(one.poll.rhythm)))
                        self._poll(chosen)
                        if once:
                            done.add(chosen.poll.name)
                    elif once:
                        break
                    else:
                        self._bell.wait(self._idle_s(coming))
                self._read_the_rest(reader)

    def _plan(self) -> list[Planned]:
        now = self._clock.now()
        planned = plan(self._polls, self._calendar, self._journal, self._policy, now)
        self._say_how_slow(planned)
        return planned

    def _idle_s(self, coming: Sequence[Planned]) -> float:
        now = self._clock.now()
        moments = [one.due for one in coming if one.due]
        moments += [polled.received_at + timedelta(seconds=self._policy.silver_s) for polled in self._journal.waiting]
        soonest = min(((moment - now).total_seconds() for moment in moments), default=_GLANCE_S)
        return max(_LOOK_S, min(soonest, _LOOK_S if self._reading else _GLANCE_S))

    def _poll(self, planned: Planned) -> None:
        poll, journal = planned.poll, self._journal
        games = self._calendar.games(poll.source.sport, self._clock.now(), poll.league)
        before = timedelta(seconds=self._policy.weather_before_s)
        answered = ask(self._settings, self._client, poll, games, self._mirror, self._clock, before)
        if answered.payloads and not self._has(poll, answered):
            journal.waiting.append(
                Polled(
                    poll=poll.name,
                    source=poll.source.name,
                    payloads=answered.payloads,
                    received_at=answered.received_at,
                    origin=answered.origin,
                )
            )
        if answered.quota:
            journal.quotas[poll.host] = answered.quota
        if answered.fault is None:
            journal.asked[poll.name] = answered.received_at
        if answered.payloads:
            journal.troubles.pop(poll.host, None)
        if answered.fault is None:
            journal.troubles.pop(poll.name, None)
        else:
            self._note(poll, answered.fault)
        write_journal(self._settings, journal)
        boundary("bronze.stored")
        self._say_what_came(poll, answered)

    def _has(self, poll: Poll, answered: Answered) -> bool:
        """Return whether silver has these bytes already, or gets them from an earlier answer that still waits."""
        waiting = [one.payloads for one in self._journal.waiting if one.poll == poll.name]
        if waiting:
            return waiting[-1] == answered.payloads
        raws = tuple(payload.raw for payload in answered.payloads)
        settled = Read(raws=raws, decided_by=decided_by(self._settings, poll.source.sport))
        return self._journal.read.get(poll.name) == settled

    def _note(self, poll: Poll, fault: SourceError | DataError) -> None:
        """Leave a host alone that does not answer or asks for patience; the poll, where it answers that in vain."""
        told = fault.evidence
        busy = told.get("status") == _BUSY or told.get("wait_s") is not None
        own = not busy and (isinstance(fault, SourceAbsent | DataError) or told.get("status") is not None)
        name = poll.name if own else poll.host
        before = self._journal.troubles.get(name)
        failures = before.failures + 1 if before else 1
        asked_for = told.get("wait_s")
        grown = min(self._policy.retry_s * 2.0 ** min(failures - 1, 20), self._policy.most_retry_s)
        wait_s = max(grown, asked_for if isinstance(asked_for, float) else 0.0)
        until = self._clock.now() + timedelta(seconds=wait_s)
        self._journal.troubles[name] = Trouble(until=until, failures=failures, why=str(fault))

    def _read(self, reader: ThreadPoolExecutor, *, now_or_never: bool = False) -> None:
        """Note what was read into silver, and have what waits for long enough read."""
        if self._reading:
            if not self._reading.done():
                return
            self._note_what_was_read(self._reading.result())
            self._reading = None
        now = self._clock.now()
        oldest = min((polled.received_at for polled in self._journal.waiting), default=None)
        if oldest and (now_or_never or oldest + timedelta(seconds=self._policy.silver_s) <= now):
            compacted = self._journal.compacted_at or now
            tidy = now - compacted >= timedelta(seconds=self._policy.compact_s)
            self._journal.compacted_at = now if tidy else compacted
            self._reading = reader.submit(_enter_all, self._settings, tuple(self._journal.waiting), tidy=tidy)

    def _read_the_rest(self, reader: ThreadPoolExecutor) -> None:
        while self._reading or self._journal.waiting:
            if self._reading:
                self._reading.exception()
            self._read(reader, now_or_never=True)

    def _note_what_was_read(self, entered: Sequence[Entered]) -> None:
        journal = self._journal
        gone = {(done.polled.poll, done.polled.received_at) for done in entered}
        journal.waiting = [one for one in journal.waiting if (one.poll, one.received_at) not in gone]
        for done in entered:
            journal.read[done.polled.poll] = Read(
                raws=tuple(payload.raw for payload in done.polled.payloads),
                decided_by=decided_by(self._settings, _sport(done.polled)),
            )
            self._say_what_was_read(done)
        write_journal(self._settings, journal)

    def _say_what_is_left_out(self) -> None:
        lacking = [poll for poll in self._polls if poll.wants]
        for wants in dict.fromkeys(poll.wants for poll in lacking):
            named = list(dict.fromkeys(poll.source.name for poll in lacking if poll.wants == wants))
            text = f"left out for want of a key: set {wants} to have {', '.join(named)}"
            self._say("left out", named[0], text, sources=named)

    def _say_how_slow(self, planned: Sequence[Planned]) -> None:
        stretched = [one for one in planned if one.stretch > 1.0]
        stretch = max((one.stretch for one in stretched), default=1.0)
        same = stretch == self._slowed or 1 / _TOLD_ANEW < stretch / self._slowed < _TOLD_ANEW
        if math.isinf(stretch) and math.isinf(self._slowed):
            same = True
        if same:
            return
        self._slowed = stretch
        host = stretched[0].poll.host if stretched else ""
        left = self._journal.quotas.get(host)
        if left is None:
            self._say("slowed", "odds", "the quota allows what the policy asks for again", stretch=1.0)
            return
        until = renewal(left.told_at, self._policy)
        told = f"{left.left} requests are left at {host} until {until:%Y-%m-%d}"
        often = (
            "prices are not asked for until then" if math.isinf(stretch) else f"prices {stretch:.1f} times as rarely"
        )
        self._say("slowed", "odds", f"{told}: {often}", stretch=stretch, left=left.left)

    def _say_what_came(self, poll: Poll, answered: Answered) -> None:
        again = next((one.due for one in self._plan() if one.poll is poll), None)
        then = f"next {_clock(again, answered.received_at)}" if again else "not due again in sight"
        left = self._journal.quotas[poll.host].left if answered.quota else None
        if answered.fault is not None:
            self._say("failed", poll.name, f"{answered.fault} · {then}", next=again, fault=str(answered.fault))
            return
        what = "as before" if answered.unchanged else f"{answered.size:,} bytes"
        files = f"{len(answered.payloads)} files, " if len(answered.payloads) > 1 else ""
        told = [files + what, *([f"{left:,} requests left"] if left is not None else []), then]
        self._say(
            "asked", poll.name, " · ".join(told),
            size=answered.size, unchanged=answered.unchanged, absent=answered.absent, left=left, next=again,
            raw=[payload.raw for payload in answered.payloads],
        )  # fmt: skip

    def _say_what_was_read(self, done: Entered) -> None:
        if not (done.added or done.refused or done.fault):
            return
        rows = ", ".join(f"{name} {count:,}" for name, count in done.added.items())
        told = [f"batch {done.batch}: {rows or 'no rows'}" if done.batch else "not read"]
        told += [f"refused {done.refused:,}"] if done.refused else []
        told += [done.fault] if done.fault else []
        self._say(
            "read", done.polled.poll, " · ".join(told),
            batch=done.batch, added=dict(done.added), refused=done.refused, fault=done.fault,
            received_at=done.polled.received_at,
        )  # fmt: skip

    def _say(self, kind: str, subject: str, text: str, **figures: object) -> None:
        self._tell(Event(at=self._clock.now(), kind=kind, subject=subject, text=text, figures=figures))


def _enter_all(settings: Settings, waiting: Sequence[Polled], *, tidy: bool) -> list[Entered]:
    entered = enter(settings, waiting)
    if tidy:
        compact(settings)
    return entered


def _sport(polled: Polled) -> str:
    return get_source(polled.source).sport


def _clock(moment: datetime, now: datetime) -> str:
    return f"{moment:%H:%M:%SZ}" if moment.date() == now.date() else f"{moment:%Y-%m-%d %H:%MZ}"
