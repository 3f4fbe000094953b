"""How what a live feed sent is kept: a line of JSON for each body, between a heading and an end.

A recording is UTF-8 text, compressed as one or more zstd frames, a line each:

1. the heading: ``{"format": "antepost-gsi", "schema_version": 1, "stream": "hall-2", "opened_at": "2026-05-01T18Z"}``
2. a line for each body, in the order of receipt: ``{"sequence": 0, "received_at": "2026-05-01T18:00:00.123456Z",
   "body": "{…}"}``
3. the end: ``{"bodies": 1}``, without which a recording was cut off, or is still being written

``stream`` names the listener's run, within which ``sequence`` counts up from any number and may leave some out.
``body`` is text, so that ids beyond 2^53 and the body's hash stay as they were; its ``auth`` block, the listener's
secret, is taken out before it is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from antepost.domain.clock import from_micros, micros
from antepost.errors import DataError

FORMAT = "antepost-gsi"
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One body as it came: its place in the stream, the moment of receipt (UTC), and its text."""

    sequence: int
    received_at: datetime
    body: str


def heading(stream: str, opened_at: datetime) -> str:
    """Return a recording's first line."""
    told = {"format": FORMAT, "schema_version": SCHEMA_VERSION, "stream": stream, "opened_at": _text(opened_at)}
    return _line(told)


def entry(received: Received) -> str:
    """Return the line of one body."""
    at = _text(received.received_at)
    return _line({"sequence": received.sequence, "received_at": at, "body": received.body})


def end(bodies: int) -> str:
    """Return a recording's last line."""
    return _line({"bodies": bodies})


def opened(lines: Iterable[bytes], where: str) -> tuple[str, Iterator[Received]]:
    """Return the stream's name, and its bodies as they are asked for.

    Raises:
        DataError: the first line is no heading of a version that this release reads. The bodies raise it where a line
            is none, the sequence does not count up, or the end is missing or counts otherwise.
    """
    rest = iter(lines)
    first = _told(next(rest, b""), where, 1)
    if first.get("format") != FORMAT or not isinstance(first.get("stream"), str):
        raise DataError(f"{where} does not begin with a heading of {FORMAT}; it is no recording", where=where)
    if first.get("schema_version") != SCHEMA_VERSION:
        raise DataError(
            f"{where} is of version {first.get('schema_version')}, this release reads {SCHEMA_VERSION}", where=where
        )
    return str(first["stream"]), _bodies(rest, where)


def _bodies(lines: Iterator[bytes], where: str) -> Iterator[Received]:
    last: int | None = None
    count = 0
    for number, line in enumerate(lines, start=2):
        told = _told(line, where, number)
        if "bodies" in told:
            if told["bodies"] != count or next(lines, None) is not None:
                raise DataError(f"line {number} of {where} ends it after {count} bodies wrongly", row=number)
            return
        received = _received(told, where, number)
        # A clock that is set right may step back, so that the order of receipt is the sequence's alone.
        if last is not None and received.sequence <= last:
            raise DataError(f"line {number} of {where} comes before the line above it", row=number)
        last, count = received.sequence, count + 1
        yield received
    raise DataError(f"{where} has no end: it was cut off after {count} bodies, or is still being written", rows=count)


def _received(told: dict[str, object], where: str, number: int) -> Received:
    sequence, at, body = told.get("sequence"), told.get("received_at"), told.get("body")
    try:
        moment = datetime.fromisoformat(at) if isinstance(at, str) else None
    except ValueError:
        moment = None
    if not isinstance(sequence, int) or moment is None or moment.tzinfo is None or not isinstance(body, str):
        raise DataError(f"line {number} of {where} tells no sequence, receipt or body", row=number)
    return Received(sequence=sequence, received_at=moment, body=body)


def _told(line: bytes, where: str, number: int) -> dict[str, object]:
    try:
        told: object = json.loads(line)
    except ValueError as error:
        raise DataError(f"line {number} of {where} is no JSON ({error}); it is cut off or no recording") from error
    if not isinstance(told, dict):
        raise DataError(f"line {number} of {where} is no JSON object; it is no recording", row=number)
    return cast("dict[str, object]", told)


def _line(told: Mapping[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False) + "\n"


def _text(moment: datetime) -> str:
    return from_micros(micros(moment)).isoformat(timespec="microseconds").replace("+00:00", "Z")
