"""The invented league as a feed: it has nflverse's layout, so the same parser reads it."""

from __future__ import annotations

from antepost.ingestion.source import Source, single
from antepost.ingestion.sources import nflverse
from antepost.simulation import SEASONS, SEED, simulate
from antepost.sports.nfl import NFL


def generate() -> bytes:
    """Return the bytes of the built-in league, always the same."""
    return simulate(SEED, SEASONS)


SIMULATED = Source(
    name="simulated",
    sport=NFL.name,
    tier="C",
    primary=True,
    parts=single("league", ""),
    terms="invented; no terms",
    cadence="never: the league is built in",
    parser=nflverse.NFLVERSE.parser,
    parse=nflverse.NFLVERSE.parse,
    known_at=nflverse.KNOWN_AT,
    named=False,
    generate=generate,
)
