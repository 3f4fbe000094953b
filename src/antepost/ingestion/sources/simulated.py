"""The invented league as a feed: it has nflverse's layout, so the same parser reads it."""

from __future__ import annotations

from antepost.ingestion.source import Source
from antepost.ingestion.sources import nflverse
from antepost.simulation import SEASONS, SEED, simulate
from antepost.sports import NFL


def generate() -> bytes:
    """Return the bytes of the built-in league, always the same."""
    return simulate(SEED, SEASONS)


SIMULATED = Source(
    name="simulated",
    sport=NFL.name,
    tier="simulated",
    upstream=None,
    mirror=None,
    terms="invented; no terms",
    parser=nflverse.NFLVERSE.parser,
    parse=nflverse.parse,
    known_at=nflverse.KNOWN_AT,
    generate=generate,
)
