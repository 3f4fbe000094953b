"""The feeds: one file each, one line here.

A source describes a feed and reads its bytes; it never fetches and never stores. It rests on domain, sports
and the lake's schemas.
"""

from __future__ import annotations

from antepost.errors import SourceError
from antepost.ingestion.source import Source
from antepost.ingestion.sources.fivethirtyeight_soccer import FIVETHIRTYEIGHT_SOCCER
from antepost.ingestion.sources.football_data_co_uk import FOOTBALL_DATA_CO_UK
from antepost.ingestion.sources.footystats import FOOTYSTATS
from antepost.ingestion.sources.international_results import INTERNATIONAL_RESULTS
from antepost.ingestion.sources.jokecamp import JOKECAMP
from antepost.ingestion.sources.kaggle_cfb import KAGGLE_CFB
from antepost.ingestion.sources.kaggle_nba import KAGGLE_NBA
from antepost.ingestion.sources.nflverse import NFLVERSE
from antepost.ingestion.sources.oddsportal_archive import ODDSPORTAL_NBA
from antepost.ingestion.sources.oddsportal_soccer import ODDSPORTAL_SOCCER
from antepost.ingestion.sources.sackmann import SACKMANN_ATP, SACKMANN_WTA
from antepost.ingestion.sources.simulated import SIMULATED
from antepost.ingestion.sources.stats_nba import STATS_NBA
from antepost.ingestion.sources.statsbomb import STATSBOMB
from antepost.ingestion.sources.tennis_data_co_uk import TENNIS_DATA_ATP, TENNIS_DATA_WTA

__all__ = ["SOURCES", "get_source", "primary", "sources_of"]

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        NFLVERSE,
        KAGGLE_CFB,
        KAGGLE_NBA,
        STATS_NBA,
        ODDSPORTAL_NBA,
        FOOTBALL_DATA_CO_UK,
        INTERNATIONAL_RESULTS,
        ODDSPORTAL_SOCCER,
        FOOTYSTATS,
        FIVETHIRTYEIGHT_SOCCER,
        STATSBOMB,
        JOKECAMP,
        SACKMANN_ATP,
        TENNIS_DATA_ATP,
        SACKMANN_WTA,
        TENNIS_DATA_WTA,
        SIMULATED,
    )
}


def sources_of(sport: str) -> tuple[Source, ...]:
    """Return the real sources of a sport, the one that decides its fixtures first."""
    found = [source for source in SOURCES.values() if source.sport == sport and not source.simulated]
    return tuple(sorted(found, key=lambda source: not source.primary))


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
    """Return the source from which a sport's fixtures come, the first where other leagues have one of their own.

    Raises:
        SourceError: no source is primary for the sport.
    """
    found = [source for source in SOURCES.values() if source.sport == sport and source.primary and not source.simulated]
    if not found:
        raise SourceError(f"no primary source for {sport!r}; add one to ingestion/sources", sport=sport)
    return found[0]
