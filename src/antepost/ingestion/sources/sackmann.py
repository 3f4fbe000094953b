"""Jeff Sackmann's tennis archive: matches, players and rankings of both tours. Non-commercial use only.

Source: https://github.com/JeffSackmann/tennis_atp, https://github.com/JeffSackmann/tennis_wta
"""

from __future__ import annotations

from collections.abc import Callable

from antepost.ingestion.source import Parsed, Part, Source
from antepost.ingestion.sources.sackmann_lists import (
    ALWAYS,
    PLAYER_COLUMNS,
    RANKED,
    RANKING_COLUMNS,
    read_players,
    read_rankings,
)
from antepost.ingestion.sources.sackmann_matches import MATCH_KNOWN_AT, read_matches
from antepost.sports import Sport
from antepost.sports.atp import ATP
from antepost.sports.wta import WTA


def parser(sport: Sport) -> Callable[[bytes, Part], Parsed]:
    """Return the function that reads the files of one tour."""

    def parse(data: bytes, part: Part) -> Parsed:
        if part.name == "players":
            return read_players(data, sport)
        if part.name.startswith("rankings"):
            return read_rankings(data, sport, part)
        return read_matches(data, sport, part)

    return parse


def _source(sport: Sport, first: int, decades: tuple[str, ...], lower: int | None) -> Source:
    folder, upstream = (
        f"tennis/JeffSackmann/tennis_{sport.name}",
        f"https://raw.githubusercontent.com/JeffSackmann/tennis_{sport.name}/HEAD",
    )

    def part(name: str, file: str, season: int | None = None) -> Part:
        url = f"{upstream}/{file}"
        return Part(name=name, path=f"{folder}/{file}", url=url, season=season, rhythm="weekly")

    def parts(year: int) -> tuple[Part, ...]:
        tour = sport.name
        found = [part("players", f"{tour}_players.csv")]
        found += [
            part(f"matches-{season}", f"{tour}_matches_{season}.csv", season) for season in range(first, year + 1)
        ]
        if lower:
            found += [
                part(f"qual_chall-{season}", f"{tour}_matches_qual_chall_{season}.csv", season)
                for season in range(lower, year + 1)
            ]
        return (*found, *(part(f"rankings-{decade}", f"{tour}_rankings_{decade}.csv") for decade in decades))

    return Source(
        name=f"sackmann_{sport.name}",
        sport=sport.name,
        tier="C",
        primary=True,
        parts=parts,
        terms="CC BY-NC-SA 4.0, Jeff Sackmann: NON-COMMERCIAL use only, with his name",
        cadence="weekly",
        parser="sackmann-2",
        parse=parser(sport),
        known_at={
            **MATCH_KNOWN_AT,
            **dict.fromkeys(RANKING_COLUMNS, RANKED),
            **dict.fromkeys(PLAYER_COLUMNS, ALWAYS),
        },
        named=False,
    )


SACKMANN_ATP = _source(ATP, 1968, ("70s", "80s", "90s", "00s", "10s", "20s"), 2005)
SACKMANN_WTA = _source(WTA, 1968, ("80s", "90s", "00s", "10s", "20s"), None)
