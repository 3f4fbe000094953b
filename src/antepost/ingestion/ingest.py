"""One load: fetch, keep the bytes, parse, compare with what is known, append, commit.

The batch log's new entry is the commit. Whatever dies before it leaves rows that nobody reads and that the
next load removes; whatever dies after it has done everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import httpx
import polars as pl

from antepost.domain.clock import Clock
from antepost.errors import DataError, NamesError, SourceAbsent, SourceError, SourceUnreachable
from antepost.ingestion.client import Client
from antepost.ingestion.fetch import fetch, parts_at
from antepost.ingestion.identity import names_of
from antepost.ingestion.load import Reading, Tables, new_rows
from antepost.ingestion.newcomers import newcomers
from antepost.ingestion.restore import restore
from antepost.ingestion.seen import Moved, note, seen, way
from antepost.ingestion.source import Part, Source
from antepost.ingestion.sources import get_source, primary, sources_of
from antepost.lake import raw, silver
from antepost.lake.batches import OWN, Batch, Payload, batches, commit, loading, watermark
from antepost.settings import Settings
from antepost.telemetry import boundary

type Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What a load did; ``batch`` is None where nothing was new.

    ``payloads`` are the files that were read anew (part and SHA-256), ``unchanged`` counts those that were as the
    last load left them, ``absent`` those that there might be and are not. ``offered`` and ``added`` count rows by
    table, ``games`` the payloads' rows, ``refused`` those that were quarantined now. ``known_how`` gives the share of
    each kind of ``known_at`` over the rows offered, ``quota`` how many requests the host still allows, where it tells.
    ``newcomers`` are sides that were not known before, see ``ingestion.newcomers``.
    """

    sport: str
    source: str
    simulated: bool
    origin: str
    payloads: tuple[tuple[str, str], ...]
    unchanged: int
    absent: int
    batch: int | None
    games: int
    offered: Mapping[str, int]
    added: Mapping[str, int]
    refused: int
    known_how: Mapping[str, float]
    quota: int | None = None
    newcomers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """What all sources of a sport brought.

    ``left_out`` says of some others why they are not to be had, ``refused`` why what they gave was not taken.
    """

    reports: tuple[IngestReport, ...]
    left_out: Mapping[str, str]
    refused: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fetched:
    """The bytes of a source's parts, kept by content hash, and the parts that are not there."""

    payloads: tuple[tuple[Part, str], ...]
    origin: str
    absent: int
    quota: int | None


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
    client: Client | None = None,
    simulated: bool = False,
) -> IngestReport:
    """Return what was loaded of ``sport`` from ``source``, by default the sport's primary one, real or ``simulated``.

    ``seasons`` are the first and last to take. ``mirror`` overrides the settings' own. ``client``
    knows its hosts from earlier loads; without one, a new one asks over ``transport``.

    Raises:
        SourceUnreachable: there is no mirror and no route to upstream.
        SourceAbsent: the mirror, or upstream, has none of the source's files.
        SourceError: the source gave nothing usable, or real and simulated facts would mix.
        NamesError: too many names stand for nobody we know; the refused rows are kept in the quarantine.
        DataError: a payload breaks its contract; its bytes are kept, no row is.
    """
    tell = progress or _silent
    feed = get_source(source) if source else primary(sport, simulated=simulated)
    if feed.sport != sport:
        raise SourceError(f"source {feed.name} is of {feed.sport}, not of {sport}", source=feed.name)
    with loading(settings):
        _refuse_mixture(settings, feed)
        tell(f"fetch {feed.name}")
        asker = client or Client(settings, transport=transport, clock=clock)
        fetched = _fetch_parts(settings, feed, clock, mirror or settings.mirror, seasons, asker)
        received_at = clock.now()
        boundary("bronze.stored")
        silver.recover(settings)
        restore(settings, sport)
        names = names_of(settings, feed)
        draft = Batch(
            number=watermark(settings) + 1,
            sport=sport,
            source=feed.name,
            payloads=(),
            names=raw.store(settings, names) if names else None,
            received_at=received_at,
            parser=feed.parser,
            seasons=seasons,
            origin=fetched.origin,
            simulated=feed.simulated,
        )
        changed = unread(settings, draft, fetched.payloads, feed)
        draft = draft.model_copy(update={"payloads": tuple(Payload(part=p.name, raw=sha) for p, sha in changed)})
        readings = [_read(settings, feed, part, sha, seasons, tell) for part, sha in changed]
        draft = draft.model_copy(update={"games": sum(reading.parsed.games for reading in readings)})
        if seasons and readings and not any(frame.height for r in readings for frame in r.parsed.tables.values()):
            raise SourceAbsent(f"{feed.name} holds nothing of seasons {seasons[0]} to {seasons[1]}", source=feed.name)
        added = _new_rows(settings, draft, feed, readings, names, tell) if readings else {}
        told = newcomers(added, _sides_before(settings, sport), feed) if added else ()
        if added:
            tell(f"append batch {draft.number}")
        _append(settings, draft, added)
        parts = [(part.name, way(draft, sha)) for part, sha in fetched.payloads]
        note(settings, feed, parts, {part.name: one for (part, _), one in zip(changed, readings, strict=True)})
    return _report(draft, fetched, readings, added, told)


def ingest_all(
    settings: Settings,
    sport: str,
    clock: Clock,
    *,
    mirror: str | None = None,
    seasons: tuple[int, int] | None = None,
    progress: Progress | None = None,
    transport: httpx.BaseTransport | None = None,
    simulated: bool = False,
) -> Loads:
    """Return what every source of ``sport``, or every ``simulated`` one, brought, the primary first.

    A source that fails does not stop the others.

    Raises:
        SourceError: the primary source is not to be had.
        DataError: a payload of the primary source breaks its contract; what was loaded before stays.
    """
    reports: list[IngestReport] = []
    left_out: dict[str, str] = {}
    refused: dict[str, str] = {}
    client = Client(settings, transport=transport, clock=clock)
    for feed in sources_of(sport, simulated=simulated):
        try:
            reports.append(
                ingest(
                    settings, sport, clock, mirror=mirror, seasons=seasons, source=feed.name, progress=progress,
                    client=client,
                )
            )  # fmt: skip
        except (SourceError, DataError) as error:
            if feed is primary(sport, simulated=simulated):
                raise
            absent = isinstance(error, SourceAbsent | SourceUnreachable)
            (left_out if absent else refused)[feed.name] = str(error)
    return Loads(reports=tuple(reports), left_out=left_out, refused=refused)


def add(settings: Settings, draft: Batch, feed: Source, readings: Sequence[Reading], names: bytes) -> Tables:
    """Return by table the rows that ``readings`` add, appended and logged as the load ``draft``, where they add any.

    Whoever is new is logged too. Call it under ``batches.loading`` only, and after what an earlier load left half done
    was mended.

    Raises:
        SourceError: real and simulated facts would mix.
        NamesError: too many names stand for nobody we know; the refused rows are kept in the quarantine.
        DataError: a primary source lost games that it had.
    """
    _refuse_mixture(settings, feed)
    added = _new_rows(settings, draft, feed, readings, names, _silent)
    if added:
        newcomers(added, _sides_before(settings, feed.sport), feed)
    _append(settings, draft, added)
    return added


def _fetch_parts(
    settings: Settings,
    feed: Source,
    clock: Clock,
    mirror: str | None,
    seasons: tuple[int, int] | None,
    client: Client,
) -> _Fetched:
    held: list[tuple[Part, str]] = []
    origins: list[str] = []
    missing: SourceAbsent | None = None
    absent, quota = 0, None
    for part, where in parts_at(feed, clock.now().year, mirror, settings.recordings):
        if seasons and part.season is not None and not seasons[0] <= part.season <= seasons[1]:
            continue
        try:
            came = fetch(feed, part, where, client=client, settings=settings)
        except SourceAbsent as error:
            missing, absent = missing or error, absent + 1
            continue
        held.append((part, raw.store(settings, came.data)))
        origins.append(came.origin)
        quota = quota if came.quota is None else came.quota
    if not held:
        raise _nothing(feed, seasons, missing)
    return _Fetched(payloads=tuple(held), origin=origins[0], absent=absent, quota=quota)


def _nothing(feed: Source, seasons: tuple[int, int] | None, missing: SourceAbsent | None) -> SourceError:
    if seasons is None and missing is not None:
        return missing
    first, last = seasons or (None, None)
    return SourceAbsent(f"{feed.name} has no file of seasons {first} to {last} here: {missing}", source=feed.name)


def unread(
    settings: Settings, draft: Batch, payloads: Iterable[tuple[Part, str]], feed: Source
) -> list[tuple[Part, str]]:
    """Return the payloads that no load has read this way: this parser, these names, these seasons.

    One of a secondary source is also read again once our fixtures changed near the days of which it tells, since its
    rows may find theirs now.
    """
    last = seen(settings, feed)
    moved = Moved(settings, feed)

    def read(part: Part, sha: str) -> bool:
        before = last.get(part.name)
        return before is not None and before.way == way(draft, sha) and not moved.concerns(before)

    return [(part, sha) for part, sha in payloads if not read(part, sha)]


def _read(
    settings: Settings, feed: Source, part: Part, sha: str, seasons: tuple[int, int] | None, tell: Progress
) -> Reading:
    tell(f"parse {feed.name} {part.name}")
    return Reading(parsed=feed.read(raw.read(settings, sha), part).within(seasons), raw=sha)


def _new_rows(
    settings: Settings, draft: Batch, feed: Source, readings: Sequence[Reading], names: bytes, tell: Progress
) -> Tables:
    tell(f"compare {feed.name}")
    known = _Held(settings, draft.sport)
    mine = [batch.number for batch in batches(settings, draft.sport) if batch.source == feed.name]
    try:
        rows = new_rows(known, readings, feed, draft, names, mine)
    except NamesError:
        if known["fixtures"].is_empty():
            raise
        # What was refused is the evidence from which somebody can name the sides; facts there are none.
        whole = draft.model_copy(update={"refused": True})
        _append(settings, whole, _filled(new_rows(known, readings, feed, whole, names, mine)))
        raise
    return _filled(rows)


class _Held(dict[str, pl.DataFrame]):
    """Every table of a sport, read when it is first asked for: a load of prices needs no box scores."""

    def __init__(self, settings: Settings, sport: str) -> None:
        super().__init__()
        self._settings = settings
        self._sport = sport

    def __missing__(self, table: str) -> pl.DataFrame:
        self[table] = silver.read(self._settings, table, self._sport)
        return self[table]


def _filled(rows: Tables) -> Tables:
    return {name: frame for name, frame in rows.items() if frame.height}


def _sides_before(settings: Settings, sport: str) -> Tables:
    return {name: silver.read(settings, name, sport) for name in ("fixtures", "entities")}


def _append(settings: Settings, draft: Batch, added: Tables) -> None:
    if not added:
        return
    rows = {name: silver.append(settings, name, frame, draft.number) for name, frame in added.items()}
    commit(settings, draft.model_copy(update={"rows": rows}))


def _refuse_mixture(settings: Settings, feed: Source) -> None:
    log = [batch for batch in batches(settings) if batch.sport != OWN]
    others = [batch for batch in log if batch.simulated != feed.simulated]
    if others:
        held, came = ("simulated", "real") if others[0].simulated else ("real", "simulated")
        raise SourceError(
            f"{settings.lake} holds {held} facts and {feed.name} is {came}; set another ANTEPOST_HOME for it",
            home=settings.lake,
        )


def _report(
    draft: Batch, fetched: _Fetched, readings: Sequence[Reading], added: Tables, newcomers: tuple[str, ...]
) -> IngestReport:
    rows = {name: frame.height for name, frame in added.items()}
    refused = rows.pop("quarantine", 0)
    offered: dict[str, int] = {}
    hows: list[pl.Series] = [pl.Series("known_how", [], pl.String)]
    for reading in readings:
        for name, frame in reading.parsed.tables.items():
            offered[name] = offered.get(name, 0) + frame.height
            hows.append(frame["known_how"])
    shares = pl.concat(hows).value_counts(normalize=True, name="share").sort("known_how")
    return IngestReport(
        sport=draft.sport,
        source=draft.source,
        simulated=draft.simulated,
        origin=fetched.origin,
        payloads=tuple((payload.part, payload.raw) for payload in draft.payloads),
        unchanged=len(fetched.payloads) - len(draft.payloads),
        absent=fetched.absent,
        batch=draft.number if added else None,
        games=draft.games,
        offered=offered,
        added=rows,
        refused=refused,
        known_how=dict(shares.iter_rows()),
        quota=fetched.quota,
        newcomers=newcomers,
    )


def _silent(_: str) -> None:
    return
