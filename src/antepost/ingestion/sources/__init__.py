"""The feeds: one file each, one line here.

A source describes a feed and reads its bytes; it never fetches and never stores. It rests on domain, sports
and the lake's schemas.
"""

from __future__ import annotations

from antepost.errors import SourceError
from antepost.ingestion.source import Source
from antepost.ingestion.sources.nflverse import NFLVERSE
from antepost.ingestion.sources.simulated import SIMULATED

__all__ = ["SOURCES", "get_source", "primary"]

SOURCES: dict[str, Source] = {source.name: source for source in (NFLVERSE, SIMULATED)}


def get_source(name: str) -> Source:
    """Return the source called ``name``.

    Raises:
        SourceError: there is no such source; the message lists those there are.
    """
    try:
        return SOURCES[name]
    except KeyError:
        raise SourceError(f"unknown source {name!r}; choose from {', '.join(SOURCES)}", source=name) from None


def primary(sport: str) -> Source:
    """Return the source from which a sport's fixtures come.

    Raises:
        SourceError: no source is primary for the sport.
    """
    found = [source for source in SOURCES.values() if source.sport == sport and source.tier == "primary"]
    if not found:
        raise SourceError(f"no primary source for {sport!r}; add one to ingestion/sources", sport=sport)
    return found[0]
