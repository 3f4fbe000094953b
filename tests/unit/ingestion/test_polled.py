"""Answers that were kept first and are read later: known from their receipt, each once, none out of turn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import polars as pl

from antepost.domain import FixedClock
from antepost.ingestion import ingest, replay
from antepost.ingestion.polled import Entered, Polled, enter
from antepost.lake import facts, raw
from antepost.lake.batches import Payload, batches
from antepost.settings import Settings
from tests.collecting import know, odds

START = datetime(2031, 9, 14, 17, tzinfo=UTC)
HOUR = timedelta(hours=1)

type Row = dict[str, str]


def poll(settings: Settings, source: str, part: str, data: bytes, at: datetime) -> Polled:
    payload = Payload(part=part, raw=raw.store(settings, data))
    return Polled(poll=source, source=source, payloads=(payload,), received_at=at, origin="invented")


def quoted(settings: Settings, price: float, at: datetime) -> Polled:
    return poll(settings, "the_odds_api_nfl", "americanfootball_nfl", odds(START, price, at - HOUR), at)


def home_prices(settings: Settings) -> list[tuple[object, ...]]:
    rows = facts(settings, "nfl")["prices"].filter((pl.col("outcome") == "home") & (pl.col("book") == "ants"))
    return rows.sort("known_at").select("known_at", "odds").rows()


def test_polls_are_read_in_the_order_of_their_receipts(place: Settings) -> None:
    know(place, START, place.home.parent / "mirror")
    first, second = START - 5 * HOUR, START - 3 * HOUR
    entered = enter(place, [quoted(place, 1.8, second), quoted(place, 1.9, first)])
    assert [one.polled.received_at for one in entered] == [first, second]
    assert home_prices(place) == [(first, 1.9), (second, 1.8)]
    again = replay(batches(place, "nfl"), lambda sha: raw.read(place, sha))
    assert again["prices"].equals(facts(place, "nfl")["prices"])
    # What a kill left to be read again, and what is older than what was read, says nothing.
    for done in enter(place, [quoted(place, 1.9, first), quoted(place, 1.7, START - 4 * HOUR)]):
        assert done == Entered(polled=done.polled)
    assert home_prices(place) == [(first, 1.9), (second, 1.8)]


def test_what_an_archive_gains_while_it_is_polled_is_known_from_its_receipt(
    place: Settings,
    game: Callable[..., Row],
    file: Callable[..., bytes],
    mirror: Callable[[bytes], str],
) -> None:
    """A first load of an archive keeps the moments of its rules; a row that a poll adds was not ours before."""
    receipt = datetime(2031, 9, 20, tzinfo=UTC)
    ingest(place, "nfl", FixedClock(receipt), mirror=mirror(file(game())))
    [part] = (payload.part for payload in batches(place)[0].payloads)
    grown = poll(place, "nflverse", part, file(game(), game("MIA", "NYJ")), receipt + HOUR)
    [done] = enter(place, [grown])
    assert done.added["results"] == 1
    known = facts(place, "nfl")["results"].sort("known_at").select("home", "known_at", "known_how").rows()
    assert known == [
        ("BUF", datetime(2031, 9, 7, 20, 45, tzinfo=UTC), "assumed"),
        ("NYJ", receipt + HOUR, "recorded"),
    ]


def test_bytes_that_cannot_be_read_are_a_fault_of_theirs_alone(place: Settings) -> None:
    know(place, START, place.home.parent / "mirror")
    broken = poll(place, "espn_nfl", "scoreboard", b"{", START - 2 * HOUR)
    first, second = enter(place, [quoted(place, 1.9, START - HOUR), broken])
    assert first.fault
    assert "cut off" in first.fault
    assert second.added == {"prices": 2}


def test_strange_names_are_a_fault_and_lie_in_the_quarantine(place: Settings) -> None:
    know(place, START, place.home.parent / "mirror")
    at = START - 2 * HOUR
    strange = odds(START, 1.9, at - HOUR).replace(b"Buffalo Bills", b"Ants of Nowhere")
    polls = [
        poll(place, "the_odds_api_nfl", "americanfootball_nfl", strange, at),
        quoted(place, 1.8, at + HOUR),
    ]
    first, second = enter(place, polls)
    assert first.fault
    assert "a side nobody knows" in first.fault
    assert batches(place)[-2].refused
    assert (first.batch, second.batch) == (batches(place)[-2].number, batches(place)[-1].number)
    assert home_prices(place) == [(at + HOUR, 1.8)]
