"""The feeds: one file each, one line here.

A source describes a feed and reads its bytes; it never fetches and never stores. It rests on domain, sports
and the lake's schemas.
"""

from __future__ import annotations

from antepost.errors import SourceError
from antepost.ingestion.source import Source
from antepost.ingestion.sources.baseballdatabank import BASEBALLDATABANK
from antepost.ingestion.sources.cfl_hockeytech import CFL_HOCKEYTECH
from antepost.ingestion.sources.csgo_games import CSGO_GAMES
from antepost.ingestion.sources.csgo_round_snapshots import CSGO_ROUND_SNAPSHOTS
from antepost.ingestion.sources.csgo_server_logs import CSGO_SERVER_LOGS
from antepost.ingestion.sources.dota_drafts import DOTA_DRAFTS
from antepost.ingestion.sources.dotaconstants import DOTACONSTANTS
from antepost.ingestion.sources.espn import ESPN
from antepost.ingestion.sources.fivethirtyeight_nba import FIVETHIRTYEIGHT_NBA
from antepost.ingestion.sources.fivethirtyeight_nfl import FIVETHIRTYEIGHT_NFL
from antepost.ingestion.sources.fivethirtyeight_raptor import FIVETHIRTYEIGHT_RAPTOR
from antepost.ingestion.sources.fivethirtyeight_soccer import FIVETHIRTYEIGHT_SOCCER
from antepost.ingestion.sources.fixturedownload_nba import FIXTUREDOWNLOAD_NBA
from antepost.ingestion.sources.football_data_co_uk import FOOTBALL_DATA_CO_UK
from antepost.ingestion.sources.footystats import FOOTYSTATS
from antepost.ingestion.sources.gsi_recordings import GSI_RECORDINGS
from antepost.ingestion.sources.international_results import INTERNATIONAL_RESULTS
from antepost.ingestion.sources.jokecamp import JOKECAMP
from antepost.ingestion.sources.kaggle_cfb import KAGGLE_CFB
from antepost.ingestion.sources.kaggle_nba import KAGGLE_NBA
from antepost.ingestion.sources.kaggle_nhl import KAGGLE_NHL
from antepost.ingestion.sources.mlb_venues import MLB_PARKS, MLB_STADIUMS
from antepost.ingestion.sources.neil_paine_wnba import NEIL_PAINE_WNBA
from antepost.ingestion.sources.nfelo_lines import NFELO_LINES
from antepost.ingestion.sources.nfl_venues import NFL_VENUES
from antepost.ingestion.sources.nfl_weather import NFL_WEATHER
from antepost.ingestion.sources.nflverse import NFLVERSE
from antepost.ingestion.sources.nflverse_injuries import NFLVERSE_INJURIES
from antepost.ingestion.sources.nflverse_player_stats import NFLVERSE_PLAYER_STATS
from antepost.ingestion.sources.nflverse_rosters import NFLVERSE_ROSTERS
from antepost.ingestion.sources.nflverse_team_stats import NFLVERSE_TEAM_STATS
from antepost.ingestion.sources.nuel_rounds import NUEL_ROUNDS
from antepost.ingestion.sources.odds_tracker_soccer import ODDS_TRACKER_SOCCER
from antepost.ingestion.sources.oddsportal_archive import ODDSPORTAL_NBA, ODDSPORTAL_NFL, ODDSPORTAL_NHL
from antepost.ingestion.sources.oddsportal_nhl_seasons import ODDSPORTAL_NHL_SEASONS
from antepost.ingestion.sources.oddsportal_soccer import ODDSPORTAL_SOCCER
from antepost.ingestion.sources.open_meteo import OPEN_METEO_MLB, OPEN_METEO_NFL
from antepost.ingestion.sources.opendota import OPENDOTA
from antepost.ingestion.sources.opendota_newest import OPENDOTA_NEWEST
from antepost.ingestion.sources.opendota_pro_2025 import OPENDOTA_PRO_2025
from antepost.ingestion.sources.opendota_team_matches import OPENDOTA_TEAM_MATCHES
from antepost.ingestion.sources.opendota_xp15 import OPENDOTA_XP15
from antepost.ingestion.sources.prosportstransactions_nba import PROSPORTSTRANSACTIONS_NBA
from antepost.ingestion.sources.retrosheet import RETROSHEET
from antepost.ingestion.sources.sackmann import SACKMANN_ATP, SACKMANN_WTA
from antepost.ingestion.sources.sbr_archive_nfl import SBR_ARCHIVE_NFL
from antepost.ingestion.sources.sbr_mlb import SBR_MLB
from antepost.ingestion.sources.sbr_nba import SBR_NBA
from antepost.ingestion.sources.simulated import SIMULATED, SIMULATED_OPENINGS
from antepost.ingestion.sources.simulated_worlds import SIMULATED_WORLDS
from antepost.ingestion.sources.sportsdataverse_ncaab import NCAAB_BOXES, NCAAB_GAMES
from antepost.ingestion.sources.sportsdataverse_nhl import SPORTSDATAVERSE_NHL
from antepost.ingestion.sources.sportsdataverse_nhl_boxes import SPORTSDATAVERSE_NHL_PLAYERS, SPORTSDATAVERSE_NHL_TEAMS
from antepost.ingestion.sources.sportsdataverse_nhl_lists import (
    SPORTSDATAVERSE_NHL_ROSTERS,
    SPORTSDATAVERSE_NHL_SCRATCHES,
)
from antepost.ingestion.sources.stats_nba import STATS_NBA
from antepost.ingestion.sources.statsbomb import STATSBOMB
from antepost.ingestion.sources.tennis_data_co_uk import TENNIS_DATA_ATP, TENNIS_DATA_WTA
from antepost.ingestion.sources.the_odds_api import THE_ODDS_API
from antepost.ingestion.sources.the_odds_archive import THE_ODDS_API_NHL_ARCHIVE, THE_ODDS_API_WNBA_ARCHIVE
from antepost.ingestion.sources.wnba_props import WNBA_PROPS, WNBA_PROPS_OUTCOMES

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
        SBR_NBA,
        FIVETHIRTYEIGHT_NBA,
        FIVETHIRTYEIGHT_RAPTOR,
        FIXTUREDOWNLOAD_NBA,
        PROSPORTSTRANSACTIONS_NBA,
        NCAAB_GAMES,
        NCAAB_BOXES,
        NEIL_PAINE_WNBA,
        WNBA_PROPS,
        WNBA_PROPS_OUTCOMES,
        THE_ODDS_API_WNBA_ARCHIVE,
        CFL_HOCKEYTECH,
        RETROSHEET,
        SBR_MLB,
        BASEBALLDATABANK,
        MLB_STADIUMS,
        MLB_PARKS,
        SPORTSDATAVERSE_NHL,
        ODDSPORTAL_NHL_SEASONS,
        SPORTSDATAVERSE_NHL_PLAYERS,
        SPORTSDATAVERSE_NHL_TEAMS,
        SPORTSDATAVERSE_NHL_SCRATCHES,
        SPORTSDATAVERSE_NHL_ROSTERS,
        KAGGLE_NHL,
        ODDSPORTAL_NHL,
        THE_ODDS_API_NHL_ARCHIVE,
        FOOTBALL_DATA_CO_UK,
        INTERNATIONAL_RESULTS,
        ODDSPORTAL_SOCCER,
        FOOTYSTATS,
        FIVETHIRTYEIGHT_SOCCER,
        ODDS_TRACKER_SOCCER,
        STATSBOMB,
        JOKECAMP,
        SACKMANN_ATP,
        TENNIS_DATA_ATP,
        SACKMANN_WTA,
        TENNIS_DATA_WTA,
        OPENDOTA_TEAM_MATCHES,
        # It names teams of which the next tells ids only.
        OPENDOTA_PRO_2025,
        OPENDOTA_XP15,
        OPENDOTA_NEWEST,
        OPENDOTA,
        GSI_RECORDINGS,
        DOTA_DRAFTS,
        DOTACONSTANTS,
        CSGO_GAMES,
        NUEL_ROUNDS,
        CSGO_SERVER_LOGS,
        CSGO_ROUND_SNAPSHOTS,
        *ESPN,
        OPEN_METEO_NFL,
        OPEN_METEO_MLB,
        *THE_ODDS_API,
        SIMULATED,
        SIMULATED_OPENINGS,
        *SIMULATED_WORLDS,
    )
}


def sources_of(sport: str, *, simulated: bool = False) -> tuple[Source, ...]:
    """Return the real sources of a sport, or the ``simulated`` ones, the one that decides its fixtures first."""
    found = [source for source in SOURCES.values() if source.sport == sport and source.simulated == simulated]
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


def primary(sport: str, *, simulated: bool = False) -> Source:
    """Return the source from which a sport's fixtures come, the first where other leagues have one of their own.

    Raises:
        SourceError: no source is primary for the sport.
    """
    found = [source for source in sources_of(sport, simulated=simulated) if source.primary]
    if not found and simulated:
        raise SourceError(f"no invented {sport}; describe one in simulation/descriptions.py", sport=sport)
    if not found:
        raise SourceError(f"no primary source for {sport!r}; add one to ingestion/sources", sport=sport)
    return found[0]
