"""What files of Counter-Strike rounds have in common: how weapons are counted, and when a round can be known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from antepost.ingestion.source import claim
from antepost.sports.cs2 import CS2

CLASSES: Mapping[str, tuple[str, ...]] = {
    "pistols": (
        "glock", "hkp2000", "p2000", "usps", "usp_silencer", "p250", "elite", "fiveseven", "tec9", "cz75a", "cz75auto",
        "deagle", "revolver", "r8revolver",
    ),
    "smgs": ("mac10", "mp9", "mp7", "mp5sd", "ump45", "p90", "bizon"),
    "rifles": ("ak47", "m4a1", "m4a4", "m4a1s", "m4a1_silencer", "galilar", "famas", "sg553", "sg556", "aug"),
    "snipers": ("awp", "ssg08", "g3sg1", "scar20"),
    "heavies": ("nova", "xm1014", "mag7", "sawedoff", "m249", "negev"),
    "grenades": (
        "hegrenade", "flashbang", "smokegrenade", "incgrenade", "incendiarygrenade", "molotov", "molotovgrenade",
        "decoy", "decoygrenade",
    ),
}  # fmt: skip
"""A weapon's class by its name, as snapshots and servers spell it."""

BROADCAST = timedelta(minutes=2)
"""How long after a round the public sees it: the usual delay of a broadcast, ours to assume."""


def round_rows(rows: pl.DataFrame, known_at: pl.Expr, how: str) -> pl.DataFrame:
    """Return ``rows`` as claims about rounds."""
    return claim(rows, "round_states", CS2.name, known_at, how)
