"""Moments: the clock that is passed in, and the integers that stand for instants.

Nothing else in the package may ask the machine what time it is, so that every run can be repeated at a chosen
moment. Kernels and arrays carry instants as int64 microseconds since 1970, UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from antepost.errors import DataError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """Something that knows what time it is."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC, to the microsecond."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the machine's present moment in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that always shows ``at``; for rebuilding what was done at a known moment."""

    at: datetime

    def __post_init__(self) -> None:
        _require_zone(self.at)

    def now(self) -> datetime:
        """Return the chosen moment in UTC."""
        return self.at.astimezone(UTC)


def micros(moment: datetime) -> int:
    """Return the microseconds from 1970 to ``moment``, exactly: no float is involved.

    >>> micros(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000

    Raises:
        DataError: the moment names no time zone.
    """
    _require_zone(moment)
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    """Return the UTC moment that lies ``value`` microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=int(value))


def _require_zone(moment: datetime) -> None:
    if moment.utcoffset() is None:
        raise DataError(f"{moment.isoformat()} names no time zone; give an aware datetime", moment=moment)
