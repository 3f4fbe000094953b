"""A recording gives back what was received, to the byte, or says where it is broken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antepost.domain import recording
from antepost.domain.recording import Received
from antepost.errors import DataError

AT = datetime(2026, 5, 1, 18, tzinfo=UTC)


def _lines(*bodies: Received, end: int | None = None) -> list[bytes]:
    told = [recording.heading("hall-1", AT), *(recording.entry(body) for body in bodies)]
    return [line.encode() for line in (*told, recording.end(len(bodies) if end is None else end))]


def _body(sequence: int, text: str = "{}") -> Received:
    return Received(sequence=sequence, received_at=AT + timedelta(microseconds=sequence), body=text)


@given(st.lists(st.text(st.characters(codec="utf-8")), max_size=5))
def test_bodies_come_back_as_they_were(texts: list[str]) -> None:
    bodies = [_body(number, text) for number, text in enumerate(texts)]
    stream, read = recording.opened(_lines(*bodies), "a recording")
    assert stream == "hall-1"
    assert list(read) == bodies


def test_an_id_beyond_two_to_the_53_keeps_its_digits() -> None:
    """A parser that takes numbers for doubles once turned …195581 into …195580."""
    text = '{"owner": 76561198045195581}'
    assert next(recording.opened(_lines(_body(0, text)), "a recording")[1]).body == text


def test_a_receipt_of_another_zone_is_the_same_moment() -> None:
    east = _body(0).received_at.astimezone(timezone(timedelta(hours=3)))
    line = recording.entry(Received(sequence=0, received_at=east, body="{}"))
    assert '"received_at": "2026-05-01T18:00:00.000000Z"' in line


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [b"{}\n"],
        [b'{"format": "antepost-gsi", "schema_version": 2, "stream": "x"}\n'],
        _lines(_body(0))[:-1],
        _lines(_body(0), end=2),
        [*_lines(_body(0)), b"{}\n"],
        _lines(_body(1), _body(1)),
        [_lines()[0], b'{"sequence": 0, "received_at": "2026-05-01T18:00:00", "body": "{}"}\n', _lines(end=1)[1]],
        [_lines()[0], b'{"sequence": 0, "rec'],
        [_lines()[0], b"[]\n"],
    ],
    ids=[
        "empty",
        "no heading",
        "newer",
        "no end",
        "miscounted",
        "more after the end",
        "twice",
        "no zone",
        "torn",
        "list",
    ],
)
def test_what_is_no_whole_recording_is_refused(lines: list[bytes]) -> None:
    with pytest.raises(DataError):
        list(recording.opened(lines, "a recording")[1])
