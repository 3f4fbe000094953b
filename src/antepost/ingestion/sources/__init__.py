"""The feeds: one file each, one line here.

A source describes a feed and reads its bytes; it never fetches and never stores. It rests on domain, sports
and the lake's schemas.
"""

from __future__ import annotations

from antepost.errors import SourceError
from antepost.ingestion.source import Source
from antepost.ingestion.sources.fivethirtyeight_nfl import FIVETHIRTYEIGHT_NFL
from antepost.ingestion.sources.football_data_co_uk import FOOTBALL_DATA_CO_UK
from antepost.ingestion.sources.kaggle_cfb import KAGGLE_CFB
from antepost.ingestion.sources.kaggle_nba import KAGGLE_NBA
from antepost.ingestion.sources.nfelo_lines import NFELO_LINES
from antepost.ingestion.sources.nfl_venues import NFL_VENUES
from antepost.ingestion.sources.nfl_weather import NFL_WEATHER
from antepost.ingestion.sources.nflverse import NFLVERSE
from antepost.ingestion.sources.nflverse_injuries import NFLVERSE_INJURIES
from antepost.ingestion.sources.nflverse_player_stats import NFLVERSE_PLAYER_STATS
from antepost.ingestion.sources.nflverse_rosters import NFLVERSE_ROSTERS
from antepost.ingestion.sources.nflverse_team_stats import NFLVERSE_TEAM_STATS
from antepost.ingestion.sources.oddsportal_archive import ODDSPORTAL_NBA, ODDSPORTAL_NFL
from antepost.ingestion.sources.sackmann import SACKMANN_ATP, SACKMANN_WTA
from antepost.ingestion.sources.sbr_archive_nfl import SBR_ARCHIVE_NFL
from antepost.ingestion.sources.simulated import SIMULATED
from antepost.ingestion.sources.stats_nba import STATS_NBA
from antepost.ingestion.sources.tennis_data_co_uk import TENNIS_DATA_ATP, TENNIS_DATA_WTA

__all__ = ["SOURCES", "get_source", "primary", "sources_of"]

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        NFLVERSE,
        NFLVERSE_TEAM_STATS,
        NFLVERSE_PLAYER_STATS,
        NFLVERSE_INJURIES,
        NFLVERSE_ROSTERS,
        NFELO_LINES,
        SBR_ARCHIVE_NFL,
        ODDSPORTAL_NFL,
        NFL_VENUES,
        NFL_WEATHER,
        FIVETHIRTYEIGHT_NFL,
        KAGGLE_CFB,
        KAGGLE_NBA,
        STATS_NBA,
        ODDSPORTAL_NBA,
        FOOTBALL_DATA_CO_UK,
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
    """Return the source from which a sport's fixtures come.

    Raises:
        SourceError: no source is primary for the sport.
    """
    found = [source for source in SOURCES.values() if source.sport == sport and source.primary and not source.simulated]
    if not found:
        raise SourceError(f"no primary source for {sport!r}; add one to ingestion/sources", sport=sport)
    return found[0]
