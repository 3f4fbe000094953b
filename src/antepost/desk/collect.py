"""The use case of polling: which feeds, at what pace, until somebody ends it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from antepost.domain.clock import Clock
from antepost.ingestion.polling import (
    Bell,
    Calendar,
    Collector,
    CollectPolicy,
    Event,
    Planned,
    plan,
    polls,
    read_journal,
)
from antepost.settings import Settings


def collect(
    settings: Settings,
    policy: CollectPolicy,
    clock: Clock,
    bell: Bell,
    tell: Callable[[Event], None],
    *,
    once: bool,
    sports: Collection[str],
    sources: Collection[str],
    mirror: str | None,
) -> None:
    """Ask for what is due until ``bell`` is set, or ``once``; see ``Desk.collect``."""
    asked = mirror or settings.mirror
    chosen = polls(settings, clock.now(), asked, sports, sources)
    Collector(settings, chosen, policy, clock, bell, tell, mirror=asked).run(once=once)


def planned(
    settings: Settings,
    policy: CollectPolicy,
    clock: Clock,
    *,
    sports: Collection[str],
    sources: Collection[str],
    mirror: str | None,
) -> list[Planned]:
    """Return what is due when; see ``Desk.collect_plan``."""
    now = clock.now()
    chosen = polls(settings, now, mirror or settings.mirror, sports, sources)
    return plan(chosen, Calendar(settings), read_journal(settings), policy, now)
