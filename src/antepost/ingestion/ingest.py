"""One load: fetch, keep the bytes, parse, compare with what is known, append, commit.

The batch log's new entry is the commit. Whatever dies before it leaves rows that nobody reads and that the
next load removes; whatever dies after it has done everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx
import polars as pl

from antepost.domain.clock import Clock
from antepost.errors import SourceError
from antepost.ingestion.fetch import Fetched, fetch
from antepost.ingestion.load import Tables, new_rows, refuse_shrunk
from antepost.ingestion.restore import restore
from antepost.ingestion.source import Parsed, Source
from antepost.ingestion.sources import get_source, primary
from antepost.lake import raw, silver
from antepost.lake.batches import Batch, batches, commit, loading, newest, watermark
from antepost.settings import Settings
from antepost.telemetry import boundary

type Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What a load did; ``batch`` is None where nothing was new.

    ``offered`` and ``added`` count rows by table, ``games`` the payload's rows, ``refused`` those that were
    quarantined now. ``known_how`` gives the share of each kind of ``known_at`` over the rows offered.
    """

    sport: str
    source: str
    simulated: bool
    origin: str
    raw: str
    batch: int | None
    games: int
    offered: Mapping[str, int]
    added: Mapping[str, int]
    refused: int
    known_how: Mapping[str, float]


def ingest(
    settings: Settings,
    sport: str,
    clock: Clock,
    *,
    mirror: str | None = None,
    seasons: tuple[int, int] | None = None,
    source: str | None = None,
    progress: Progress | None = None,
    transport: httpx.BaseTransport | None = None,
) -> IngestReport:
    """Return what was loaded of ``sport`` from ``source``, by default the sport's primary one.

    ``seasons`` are the first and last to take. ``mirror`` overrides the settings' own.

    Raises:
        SourceUnreachable: there is no mirror and no route to upstream.
        SourceError: the source gave nothing usable, or real and simulated facts would mix.
        DataError: the payload breaks its contract; its bytes are kept, no row is.
    """
    tell = progress or _silent
    feed = get_source(source) if source else primary(sport)
    if feed.sport != sport:
        raise SourceError(f"source {feed.name} is of {feed.sport}, not of {sport}", source=feed.name)
    tell(f"fetch {feed.name}")
    fetched = fetch(feed, mirror or settings.mirror, transport)
    received_at = clock.now()
    with loading(settings):
        _refuse_mixture(settings, feed)
        sha = raw.store(settings, fetched.data)
        boundary("bronze.stored")
        silver.recover(settings)
        restore(settings)
        tell(f"parse {feed.name}")
        parsed = feed.parse(fetched.data).within(seasons)
        draft = Batch(
            number=watermark(settings) + 1,
            sport=sport,
            source=feed.name,
            raw=sha,
            received_at=received_at,
            parser=feed.parser,
            seasons=seasons,
            origin=fetched.origin,
            simulated=feed.simulated,
        )
        added = _new_rows(settings, draft, parsed)
        if added:
            tell(f"append batch {draft.number}")
            _append(settings, draft, added)
    return _report(draft, fetched, parsed, added)


def _new_rows(settings: Settings, draft: Batch, parsed: Parsed) -> Tables:
    """Return the rows by table that are new; empty where the newest load read the same bytes the same way."""
    last = newest(settings, draft.sport)
    if last is not None and _same_reading(last, draft):
        return {}
    known = {name: silver.read(settings, name, draft.sport) for name in silver.NAMES}
    refuse_shrunk(known["fixtures"], parsed)
    return {name: frame for name, frame in new_rows(known, parsed, draft).items() if frame.height}


def _same_reading(last: Batch, draft: Batch) -> bool:
    read = ("source", "raw", "parser", "seasons")
    return all(getattr(last, name) == getattr(draft, name) for name in read)


def _append(settings: Settings, draft: Batch, added: Tables) -> None:
    rows = {name: silver.append(settings, name, frame, draft.number) for name, frame in added.items()}
    commit(settings, draft.model_copy(update={"rows": rows}))


def _refuse_mixture(settings: Settings, feed: Source) -> None:
    others = [batch for batch in batches(settings) if batch.simulated != feed.simulated]
    if others:
        held, came = ("simulated", "real") if others[0].simulated else ("real", "simulated")
        raise SourceError(
            f"{settings.home} holds {held} facts and {feed.name} is {came}; set another ANTEPOST_HOME for it",
            home=str(settings.home),
        )


def _report(draft: Batch, fetched: Fetched, parsed: Parsed, added: Tables) -> IngestReport:
    rows = {name: frame.height for name, frame in added.items()}
    refused = rows.pop("quarantine", 0)
    hows = pl.concat([frame["known_how"] for frame in parsed.tables.values()])
    shares = hows.value_counts(normalize=True, name="share").sort("known_how")
    return IngestReport(
        sport=draft.sport,
        source=draft.source,
        simulated=draft.simulated,
        origin=fetched.origin,
        raw=draft.raw,
        batch=draft.number if added else None,
        games=parsed.games,
        offered={name: frame.height for name, frame in parsed.tables.items()},
        added=rows,
        refused=refused,
        known_how=dict(zip(shares["known_how"].to_list(), shares["share"].to_list(), strict=True)),
    )


def _silent(_: str) -> None:
    return
