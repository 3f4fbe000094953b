"""How old what a source told may be: its cadence, and the season and pauses of its sport.

A source is judged by the newest moment at which anything it told became known, not by when it was asked: a mirror
that stands still answers every day. Days outside the season do not count.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from antepost.errors import DataError
from antepost.ingestion.source import Source
from antepost.sports import Sport, get_sport

_NOTHING = timedelta(0)
_DAY = timedelta(days=1)
_YEAR = timedelta(days=400)
_WINDOW = timedelta(days=125)
"""From the international matches of November to those of March."""

CADENCES: tuple[tuple[str, timedelta | None], ...] = (
    ("never", None),
    ("finished", None),
    ("now and then", None),
    ("while a match is watched", None),
    ("when a ground is new", None),
    ("with every patch", None),
    ("every half minute", _DAY),
    ("every minute", _DAY),
    ("every few minutes", _DAY),
    ("within minutes", _DAY),
    ("every hour", _DAY),
    ("every night", _DAY),
    ("daily", _DAY),
    ("after every game day", _DAY),
    ("twice a week", timedelta(days=4)),
    ("weekly", timedelta(days=7)),
    ("after every international week", _WINDOW),
    ("once before a season", _YEAR),
    ("after each season", _YEAR),
    ("yearly", _YEAR),
)
"""With what a source's cadence may begin, and how long it is then silent at most; None where upstream owes nothing."""


def owed_within(source: Source) -> timedelta | None:
    """Return how long the source may be silent between two days of games, None for an archive.

    Raises:
        DataError: its cadence begins with none of ``CADENCES``; the contract of sources asks for every one.
    """
    for words, span in CADENCES:
        if source.cadence.startswith(words):
            return span
    known = ", ".join(words for words, _ in CADENCES)
    raise DataError(f"{source.name}'s cadence {source.cadence!r} begins with none of: {known}", source=source.name)


def season_time(sport: Sport, since: datetime, until: datetime) -> timedelta:
    """Return how much of the time from ``since`` to ``until`` lies on days on which the sport is played."""
    first, last = sport.played
    longer = int(last < first)
    seasons = (
        (datetime(year, *first, tzinfo=UTC), datetime(year + longer, *last, tzinfo=UTC) + _DAY)
        for year in range(since.year - longer, until.year + 1)
    )
    return sum((max(min(end, until) - max(start, since), _NOTHING) for start, end in seasons), _NOTHING)


def overdue(source: Source, newest: datetime | None, now: datetime, grace: timedelta) -> str | None:
    """Return in what way the source is stale, None where it is fresh, or where upstream owes nothing.

    Args:
        source: the feed.
        newest: when the newest thing that it told became known, None where it told nothing that has.
        now: the present moment.
        grace: what is added to the feed's cadence and the sport's pause.
    """
    within = owed_within(source)
    if within is None or newest is None:
        return None
    sport = get_sport(source.sport)
    yearly = within >= _YEAR
    gone = now - newest if yearly else season_time(sport, newest, now)
    owed = within + grace if yearly else within + sport.pause + grace
    if gone <= owed:
        return None
    what = "days" if yearly else "days of season"
    return f"nothing new since {newest:%Y-%m-%d}: {gone.days} {what} ago, due within {owed.days}"
