from __future__ import annotations

from datetime import UTC, datetime

import pytest

from antepost.errors import DataError
from antepost.ingestion.polled import Polled
from antepost.ingestion.polling.journal import Journal, Left, Read, Trouble, read_journal, write_journal
from antepost.lake.batches import Payload
from antepost.settings import Settings

AT = datetime(2031, 9, 14, 17, tzinfo=UTC)


def test_a_journal_is_read_as_it_was_written(place: Settings) -> None:
    assert read_journal(place) == Journal()
    polled = Polled(
        poll="a", source="espn_nfl", payloads=(Payload(part="p", raw="0" * 64),), received_at=AT, origin="o"
    )
    journal = Journal(
        asked={"a": AT}, troubles={"h": Trouble(until=AT, failures=2, why="down")}, compacted_at=AT,
        quotas={"h": Left(left=3, cost=None, told_at=AT)}, read={"a": Read(raws=("0",), decided_by=1)},
        waiting=[polled],
    )  # fmt: skip
    write_journal(place, journal)
    assert read_journal(place) == journal


def test_a_damaged_journal_says_what_to_do(place: Settings) -> None:
    write_journal(place, Journal())
    path = place.home / "collect" / "journal.json"
    path.write_text(path.read_text()[:-9])
    with pytest.raises(DataError, match=r"(?s)journal\.json does not parse.* remove it"):
        read_journal(place)
