"""Whether a feed still is as its parser knows it: one request of its newest part, and what of it is missing or new."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import cast

from antepost.domain.clock import Clock
from antepost.errors import DataError, SourceAbsent
from antepost.ingestion.client import Client
from antepost.ingestion.fetch import fetch
from antepost.ingestion.source import Part, Source
from antepost.ingestion.sources import get_source
from antepost.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How an answer differs from what the parser needs.

    ``missing`` are columns or keys that are read and were not there: of a table each is drift; of an API, where a key
    may have nothing to tell, only if the parser refuses the answer (``refused`` says why). ``unread`` are there and not
    read. ``rows`` counts what the parser made of it.
    """

    source: str
    part: str
    origin: str
    size: int
    rows: int
    missing: tuple[str, ...]
    unread: tuple[str, ...]
    tabular: bool
    refused: str | None
    quota: int | None

    @property
    def drifted(self) -> bool:
        """Return whether the source's page and parser have to be looked after."""
        return self.refused is not None or (self.tabular and bool(self.missing))


def check_live(
    settings: Settings, name: str, clock: Clock, *, mirror: str | None = None, client: Client | None = None
) -> Drift:
    """Return how the newest part of the source ``name``, asked for now, differs from what its parser needs.

    Nothing is kept of the answer. ``mirror`` answers for upstream; the settings' own does not, since it is upstream
    that is to be seen.

    Raises:
        SourceUnreachable: there is no route.
        SourceAbsent: there is nothing to ask, no such file, or no key.
        SourceError: the answer is no data.
    """
    feed = get_source(name)
    part = _newest(feed, clock.now().year, mirror)
    came = fetch(feed, part, mirror, client=client or Client(clock=clock), settings=settings)
    found, tabular = _names(came.data)
    rows, refused = 0, None
    try:
        parsed = feed.read(came.data, part)
        rows = sum(frame.height for frame in parsed.tables.values())
    except DataError as error:
        refused = str(error)
    read = set(feed.known_at)
    # A table without a header names nothing; then the parser alone can tell.
    known = found if found & read else set[str]()
    return Drift(
        source=feed.name,
        part=part.name,
        origin=came.origin,
        size=len(came.data),
        rows=rows,
        missing=tuple(sorted(read - known)) if known else (),
        unread=tuple(sorted(known - read)),
        tabular=tabular,
        refused=refused,
        quota=came.quota,
    )


def _newest(feed: Source, year: int, mirror: str | None) -> Part:
    parts = [part for part in feed.parts(year) if mirror or part.url]
    if feed.probe:
        return feed.probe
    if not parts or feed.generate:
        raise SourceAbsent(f"{feed.name} has no upstream that can be asked", source=feed.name)
    dated = [part.season for part in parts if part.season is not None]
    return next(part for part in parts if not dated or part.season == max(dated))


def _names(data: bytes) -> tuple[set[str], bool]:
    """Return the columns or keys in a payload, and whether it is a table."""
    if data[:1] in {b"{", b"["}:
        try:
            return _keys(json.loads(data)), False
        except (ValueError, RecursionError):
            return set(), False
    if data.startswith(b"PAR1"):
        return _parquet_columns(data), True
    first = data[:65536].decode("utf-8-sig", errors="replace").partition("\n")[0]
    header = next(csv.reader(io.StringIO(first.rstrip("\r"))), list[str]())
    return {name.strip() for name in header}, True


def _keys(value: object) -> set[str]:
    found: set[str] = set()
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            held = cast("dict[str, object]", one)
            found |= held.keys()
            left += held.values()
        elif isinstance(one, list):
            left += cast("list[object]", one)
    return found


def _parquet_columns(data: bytes) -> set[str]:
    import pyarrow as pa
    from pyarrow import parquet

    faults = (cast("type[Exception]", pa.ArrowException), OSError, ValueError)
    try:
        return set(cast("list[str]", parquet.read_schema(io.BytesIO(data)).names))
    except faults:
        return set()
