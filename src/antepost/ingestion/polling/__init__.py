"""Feeds that are asked again and again: what is due when, the asking, and what is remembered between runs.

Never parses and never decides what a fact is: bytes go to bronze, and from there by ``ingestion.polled`` into silver.
Below it lie the other modules of ingestion and the rooms below those.
"""

from __future__ import annotations

from antepost.ingestion.polling.calendar import Calendar
from antepost.ingestion.polling.collector import Bell, Collector, Event
from antepost.ingestion.polling.journal import read_journal
from antepost.ingestion.polling.plan import Planned, plan
from antepost.ingestion.polling.policy import CollectPolicy
from antepost.ingestion.polling.polls import Poll, polls

__all__ = [
    "Bell",
    "Calendar",
    "CollectPolicy",
    "Collector",
    "Event",
    "Planned",
    "Poll",
    "plan",
    "polls",
    "read_journal",
]
