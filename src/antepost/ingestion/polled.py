"""Answers that were polled and kept, read into silver in the order of their receipts: each poll is a load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import AwareDatetime, BaseModel, ConfigDict

from antepost.errors import DataError, NamesError, SourceError
from antepost.ingestion.identity import names_of
from antepost.ingestion.ingest import add, unread
from antepost.ingestion.load import Reading
from antepost.ingestion.restore import restore
from antepost.ingestion.source import Part, Source
from antepost.ingestion.sources import get_source
from antepost.lake import raw, silver
from antepost.lake.batches import Batch, Payload, batches, loading, watermark
from antepost.settings import Settings


class Polled(BaseModel):
    """The answers of one poll, all of which we had at ``received_at``: by part, the SHA-256 of bytes in bronze."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    poll: str
    source: str
    payloads: tuple[Payload, ...]
    received_at: AwareDatetime
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What one poll added to silver: ``batch`` is None where nothing was new, ``fault`` says what was not read."""

    polled: Polled
    batch: int | None = None
    added: Mapping[str, int] = field(default_factory=dict[str, int])
    refused: int = 0
    fault: str | None = None


def enter(settings: Settings, polls: Sequence[Polled]) -> list[Entered]:
    """Return what ``polls`` added to silver, in the order in which they were received.

    Each is a load of its own, and nothing of it is known before its receipt. One that is older than what was read of
    its source adds nothing: it was read before a kill, or an ingest came between. A fault of one leaves the others be.

    Raises:
        DataError: the batch log or a table is damaged.
    """
    with loading(settings):
        return [_entered(settings, polled) for polled in sorted(polls, key=lambda one: one.received_at)]


def decided_by(settings: Settings, sport: str) -> int:
    """Return the number of the last load that decided fixtures: since then a payload may find others than before."""
    return max((batch.number for batch in batches(settings, sport) if get_source(batch.source).primary), default=0)


def _entered(settings: Settings, polled: Polled) -> Entered:
    feed = get_source(polled.source)
    before = watermark(settings)
    names = names_of(settings, feed)
    draft = Batch(
        number=before + 1,
        sport=feed.sport,
        source=feed.name,
        payloads=(),
        names=raw.store(settings, names) if names else None,
        received_at=polled.received_at,
        parser=feed.parser,
        origin=polled.origin,
        polled=True,
    )
    try:
        readings, faults = _readings(settings, feed, unread(settings, draft, _newer(settings, feed, polled), feed))
        if not readings:
            return Entered(polled=polled, fault="; ".join(faults) or None)
        told = tuple(Payload(part=part.name, raw=reading.raw) for part, reading in readings)
        games = sum(reading.parsed.games for _, reading in readings)
        whole = draft.model_copy(update={"payloads": told, "games": games})
        silver.recover(settings)
        restore(settings, feed.sport)
        added = add(settings, whole, feed, [reading for _, reading in readings], names)
    except (NamesError, SourceError, DataError) as error:
        # Where too many names are strange, what was refused is a load of its own, in the quarantine.
        logged = watermark(settings)
        return Entered(polled=polled, fault=str(error), batch=logged if logged > before else None)
    rows = {name: frame.height for name, frame in added.items()}
    return Entered(
        polled=polled,
        batch=draft.number if added else None,
        refused=rows.pop("quarantine", 0),
        added=rows,
        fault="; ".join(faults) or None,
    )


def _newer(settings: Settings, feed: Source, polled: Polled) -> list[tuple[Part, str]]:
    """Return the payloads of parts of which nothing as new was read yet.

    Raises:
        DataError: this release has no such part any more.
    """
    parts = {part.name: part for part in feed.parts(polled.received_at.year)}
    gone = [payload.part for payload in polled.payloads if payload.part not in parts]
    if gone:
        raise DataError(f"{feed.name} has no part {gone[0]!r} any more; its bytes lie in bronze", part=gone[0])
    read = {
        payload.part: batch.received_at
        for batch in batches(settings, feed.sport)
        if batch.source == feed.name and not batch.refused
        for payload in batch.payloads
    }
    return [
        (parts[payload.part], payload.raw)
        for payload in polled.payloads
        if payload.part not in read or read[payload.part] < polled.received_at
    ]


def _readings(
    settings: Settings, feed: Source, payloads: Sequence[tuple[Part, str]]
) -> tuple[list[tuple[Part, Reading]], list[str]]:
    found: list[tuple[Part, Reading]] = []
    faults: list[str] = []
    for part, sha in payloads:
        try:
            found.append((part, Reading(parsed=feed.read(raw.read(settings, sha), part), raw=sha)))
        except DataError as error:
            faults.append(str(error))
    return found, faults
