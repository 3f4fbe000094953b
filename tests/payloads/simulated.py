"""A few games of each invented sport, in the layout in which the simulated sources write them."""

from __future__ import annotations

from antepost.ingestion.bundle import bundle
from antepost.simulation import WORLDS, openings, tables_of, world, written

GAMES = 90
"""How many games a payload has; the first of a season."""


def few(sport: str) -> bytes:
    """Return the first games of an invented season."""
    shown = world(sport, 3, range(2021, 2022)).tables
    first = shown["games"].head(GAMES).select("fixture")
    return bundle(
        list(written({name: shown[name].join(first, on="fixture", how="semi") for name in tables_of(sport)}).values())
    )


PAYLOADS = {
    "simulated_openings": ("openings", openings(11, range(2020, 2022))),
    **{f"simulated_{sport}": ("world", few(sport)) for sport in WORLDS},
}
