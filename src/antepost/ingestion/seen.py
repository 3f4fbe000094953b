"""What was read of each file of a source, as of which load, and of which days and seasons it told.

The batch log says what a load added. A file of which nothing was new stands here alone, and so does what saves reading
all files of all sources again whenever one fixture changed. It is a hint below ``batches/``: without it, more is read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import polars as pl
from pydantic import BaseModel, TypeAdapter, ValidationError

from antepost.ingestion import stamps
from antepost.ingestion.identity import candidates, read_names
from antepost.ingestion.load import Reading
from antepost.ingestion.matching import TOURNAMENT_DAYS
from antepost.ingestion.source import Parsed, Source
from antepost.ingestion.sources import get_source
from antepost.lake import silver
from antepost.lake.batches import Batch, batches, watermark
from antepost.lake.store import store_of
from antepost.settings import Settings

_NEAR = timedelta(days=TOURNAMENT_DAYS + 2)
"""How far from a fixture's start a row may lie that could be about it: the widest window of ``matching``, and a day's
zones on both sides."""


class Way(BaseModel, frozen=True):
    """How a file was read: these bytes, by this parser, with these names, for these seasons."""

    raw: str
    parser: str
    names: str | None
    seasons: tuple[int, int] | None


class Told(BaseModel, frozen=True):
    """Of which days and, where rows tell no day, seasons a file speaks; ``anything`` where rows tell neither."""

    first: datetime | None = None
    last: datetime | None = None
    seasons: tuple[int, ...] = ()
    anything: bool = False


class Seen(BaseModel, frozen=True):
    """A file was read in this way when ``load`` was the newest; ``told`` is None where only the log remembers it."""

    way: Way
    load: int
    told: Told | None = None


_ALL = TypeAdapter(dict[str, Seen])


def way(batch: Batch, sha: str) -> Way:
    """Return how the load ``batch`` reads, or read, the bytes called ``sha``."""
    return Way(raw=sha, parser=batch.parser, names=batch.names, seasons=batch.seasons)


def seen(settings: Settings, source: Source) -> dict[str, Seen]:
    """Return, by part of ``source``, how it was last read."""
    found: dict[str, Seen] = {}
    for batch in batches(settings, source.sport):
        if batch.source == source.name and not batch.refused:
            found |= {each.part: Seen(way=way(batch, each.raw), load=batch.number) for each in batch.payloads}
    newest = watermark(settings)
    for part, hint in _hints(settings, source).items():
        if (part not in found or found[part].load <= hint.load) and hint.load <= newest:
            found[part] = hint
    return found


def note(settings: Settings, source: Source, parts: Iterable[tuple[str, Way]], readings: Mapping[str, Reading]) -> None:
    """Note that all ``parts`` of ``source`` are read as of the newest load, those in ``readings`` just now."""
    load, before = watermark(settings), seen(settings, source)
    told = {name: _told(reading.parsed) for name, reading in readings.items()}
    fresh = {
        name: Seen(way=way, load=load, told=told[name] if name in told else before[name].told) for name, way in parts
    }
    hints = _hints(settings, source)
    if not fresh.items() <= hints.items():
        store_of(settings).write(_name(source), _ALL.dump_json({**hints, **fresh}))


class Moved:
    """What the deciding sources of a sport told anew, asked for ``source`` as of several loads."""

    def __init__(self, settings: Settings, source: Source) -> None:
        self._settings = settings
        self._source = source
        log = [] if source.primary else batches(settings, source.sport)
        self._deciding = [batch.number for batch in log if get_source(batch.source).primary]
        self._fixtures: dict[int, tuple[list[datetime], set[int]]] = {}
        self._named: dict[int, bool] = {}

    def concerns(self, one: Seen) -> bool:
        """Return whether a file could say something else now than when it was last read."""
        if max(self._deciding, default=0) <= one.load:
            return False
        if one.told is None or one.told.anything or self._names_somebody(one.load):
            return True
        starts, seasons = self._after(one.load)
        if not seasons.isdisjoint(one.told.seasons):
            return True
        if one.told.first is None or one.told.last is None:
            return False
        at = bisect_left(starts, one.told.first - _NEAR)
        return at < len(starts) and starts[at] <= one.told.last + _NEAR

    def _after(self, load: int) -> tuple[list[datetime], set[int]]:
        """Return the starts, in order, and seasons, old and new, of every fixture that was told anew after ``load``."""
        if load not in self._fixtures:
            columns = ("fixture", "event_at", "season", "batch")
            told = pl.concat(self._read(name).select(columns) for name in ("fixtures", "results"))
            which = told.filter(self._news(load)).select("fixture").unique()
            moved = told.join(which, on="fixture", how="semi")
            self._fixtures[load] = (moved["event_at"].unique().sort().to_list(), set(moved["season"].drop_nulls()))
        return self._fixtures[load]

    def _names_somebody(self, load: int) -> bool:
        """Return whether a name that this source used for nobody is one of those that came after ``load``."""
        if load not in self._named:
            whom = self._read("entities").filter(self._news(load)).select("entity", "name")
            refused = self._read("quarantine").filter(pl.col("source") == self._source.name)["reason"]
            strange = refused.str.extract(r"""^unmapped name ['"](.+)['"], likest""").drop_nulls().unique()
            nameless = (refused == "unmapped name").any() | refused.str.contains("uses for nobody we know").any()
            found = candidates(self._source, strange, read_names(b""), whom)
            self._named[load] = bool(whom.height and (nameless or found.height))
        return self._named[load]

    def _news(self, load: int) -> pl.Expr:
        return pl.col("batch").is_in([number for number in self._deciding if number > load])

    def _read(self, table: str) -> pl.DataFrame:
        return silver.read(self._settings, table, self._source.sport)


def _told(parsed: Parsed) -> Told:
    rows = [frame.select("event_at", "season") for frame in parsed.tables.values()]
    every = pl.concat(rows) if rows else pl.DataFrame()
    if every.is_empty():
        return Told()
    undated = every.filter(pl.col("event_at") == stamps.UNDATED)
    dated = every.filter(pl.col("event_at") != stamps.UNDATED)["event_at"]
    days = (dated.min(), dated.max())
    return Told(
        first=days[0] if isinstance(days[0], datetime) else None,
        last=days[1] if isinstance(days[1], datetime) else None,
        seasons=tuple(undated["season"].drop_nulls().unique().sort()),
        anything=undated["season"].null_count() > 0,
    )


def _hints(settings: Settings, source: Source) -> dict[str, Seen]:
    try:
        return _ALL.validate_json(store_of(settings).read(_name(source)))
    except (FileNotFoundError, ValidationError):
        # Gone or damaged, it costs one reading.
        return {}


def _name(source: Source) -> str:
    return f"batches/seen/{source.name}.json"
