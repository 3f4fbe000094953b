"""The batch log: one JSON file a load, and its appearance is the moment at which the load happened.

Rows of a batch without such a file were written by a process that died; nobody reads them, and the next load
drops them.
"""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from functools import lru_cache

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from antepost.errors import DataError
from antepost.lake.store import Store, store_of
from antepost.settings import Settings
from antepost.telemetry import boundary

_LOG = "batches"
_PENDING = f"{_LOG}/pending"
OWN = "own"
"""What stands for the sport in loads of a quant's own facts, and for its folder below silver."""


class Payload(BaseModel):
    """One file of a load: which part of its source, and the SHA-256 of the bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    part: str
    raw: str


class Batch(BaseModel):
    """One load: which bytes of which source, when we had them, who parsed them, and what they added.

    ``payloads`` are the parts that were read, in the order in which their rows count; ``names`` is the SHA-256 of
    the map from the source's names to ours. ``seasons`` are the first and last season taken, or None for all;
    ``games`` counts the rows of the payloads, ``rows`` what each table gained. A load that was ``refused`` as a whole
    brought no fact: its rows lie in the quarantine, for whoever mends its names. A ``polled`` one was asked for again
    and again: nothing that it adds to earlier loads of its source was known before we had it. ``key`` is told of a
    quant's own facts only: the columns that name one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    sport: str
    source: str
    payloads: tuple[Payload, ...]
    received_at: AwareDatetime
    names: str | None = None
    parser: str
    seasons: tuple[int, int] | None = None
    origin: str = ""
    simulated: bool = False
    refused: bool = False
    polled: bool = False
    key: tuple[str, ...] = ()
    games: int = 0
    rows: dict[str, int] = {}


def batches(settings: Settings, sport: str | None = None) -> list[Batch]:
    """Return the committed loads in order, of one sport or of all.

    Raises:
        DataError: a file of the log does not parse or a number is missing.
    """
    store = store_of(settings)
    found = [_entry(store, name, mark) for name, mark in store.files(_LOG) if re.fullmatch(r"\d+\.json", name)]
    if [batch.number for batch in found] != list(range(1, len(found) + 1)):
        told = [batch.number for batch in found]
        raise DataError(f"the batch log {store.where(_LOG)} has a gap: {told}; restore it")
    return [batch for batch in found if sport in (None, batch.sport)]


def loaded_sports(settings: Settings) -> list[str]:
    """Return the sports of which something was loaded here."""
    return sorted({batch.sport for batch in batches(settings)} - {OWN})


def newest(settings: Settings, sport: str | None = None) -> Batch | None:
    """Return the last committed load, of one sport or of any, or None before the first."""
    found = batches(settings, sport)
    return found[-1] if found else None


def watermark(settings: Settings, sport: str | None = None) -> int:
    """Return the number of the last committed load, 0 before the first."""
    last = newest(settings, sport)
    return last.number if last else 0


def begin(settings: Settings, sport: str) -> None:
    """Note that rows of a load of ``sport`` are about to be written, so that what a kill leaves is looked for there."""
    store_of(settings).write(_PENDING, sport.encode())


def pending(settings: Settings) -> str | None:
    """Return the sport of a load that began and never reached the log, None where there is none."""
    try:
        return store_of(settings).read(_PENDING).decode()
    except FileNotFoundError:
        return None


def settle(settings: Settings) -> None:
    """Note that no rows are left of a load that never reached the log."""
    store_of(settings).remove(_PENDING)


def commit(settings: Settings, batch: Batch) -> None:
    """Write ``batch`` into the log: from this moment its rows are facts.

    Raises:
        DataError: the log does not end just before this number.
        EngineError: another writer took the lock.
    """
    if batch.number != watermark(settings) + 1:
        raise DataError(f"batch {batch.number} does not follow {watermark(settings)}", number=batch.number)
    text = batch.model_dump_json(indent=2) + "\n"
    try:
        store_of(settings).create(f"{_LOG}/{batch.number:08d}.json", text.encode())
    except FileExistsError as error:
        raise DataError(f"batch {batch.number} is another load's by now; run it again", number=batch.number) from error
    settle(settings)
    boundary("batch.committed")


def loading(settings: Settings) -> AbstractContextManager[None]:
    """Hold the one lock under which loads are written; a holder that dies holds it no longer."""
    return store_of(settings).writing()


@lru_cache(maxsize=100_000)
def _entry(store: Store, name: str, _mark: str) -> Batch:
    try:
        return Batch.model_validate_json(store.read(f"{_LOG}/{name}"))
    except ValidationError as error:
        raise DataError(f"batch log entry {name} does not parse: {error}; restore the file") from error
