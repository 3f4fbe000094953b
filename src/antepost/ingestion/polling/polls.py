"""Which polls there are: what is asked for together, of every source that says at which rhythm."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import httpx

from antepost.errors import SourceError
from antepost.ingestion.source import Part, Rhythm, Source
from antepost.ingestion.sources import SOURCES, get_source
from antepost.ingestion.sources.open_meteo import HOST as WEATHER_HOST
from antepost.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What is asked for together: parts of one source at one host and one rhythm, of one ``league`` where it has one.

    ``wants`` is the variable of the environment that would hold the key which is missing, None where none is.
    """

    name: str
    source: Source
    parts: tuple[Part, ...]
    rhythm: Rhythm
    league: str | None
    host: str
    wants: str | None = None


def polls(
    settings: Settings,
    now: datetime,
    mirror: str | None,
    sports: Collection[str] = (),
    sources: Collection[str] = (),
) -> list[Poll]:
    """Return every poll, or those of ``sports`` and ``sources`` only.

    Raises:
        SourceError: a source does not exist, is not polled, or is of none of the sports.
    """
    found = [poll for source in SOURCES.values() for poll in _polls_of(source, settings, now.year, mirror)]
    for name in sources:
        source = get_source(name)
        if not any(poll.source is source for poll in found):
            told = ", ".join(dict.fromkeys(poll.source.name for poll in found))
            raise SourceError(f"{name} is not polled; choose from {told}", source=name)
        if sports and source.sport not in sports:
            raise SourceError(f"source {name} is of {source.sport}, not of {', '.join(sports)}", source=name)
    return [
        poll
        for poll in found
        if (not sports or poll.source.sport in sports) and (not sources or poll.source.name in sources)
    ]


def _polls_of(source: Source, settings: Settings, year: int, mirror: str | None) -> list[Poll]:
    asked = [part for part in source.parts(year) if part.rhythm]
    # An archive has a file a season, of which those of the present grow.
    weekly = tuple(
        part for part in asked if part.rhythm == "weekly" and (part.season is None or part.season >= year - 1)
    )
    groups = [(part,) for part in asked if part.rhythm != "weekly"]
    return [
        Poll(
            name=source.name if len(groups) + bool(weekly) == 1 else f"{source.name} {parts[0].name}",
            source=source,
            parts=parts,
            rhythm=parts[0].rhythm or "weekly",
            league=parts[0].league,
            host=mirror or _host(parts[0]),
            wants=_wants(parts[0], settings, mirror),
        )
        for parts in (*groups, *((weekly,) if weekly else ()))
    ]


def _host(part: Part) -> str:
    return httpx.URL(part.url).host if part.url else WEATHER_HOST


def _wants(part: Part, settings: Settings, mirror: str | None) -> str | None:
    if part.key is None or mirror is not None or settings.key(part.key.setting):
        return None
    return f"ANTEPOST_{part.key.setting.upper()}"
