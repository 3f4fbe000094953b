"""Invented sports whose true chances are known, so that the whole path runs without any network, and can be judged.

This room never reads, stores or predicts anything; it is pure and seeded, and what it makes is called
simulated wherever it appears. Below it lie evaluation, sports, domain, engines, settings, telemetry and
errors.
"""

from __future__ import annotations

from antepost.simulation.descriptions import DESCRIPTIONS as WORLDS
from antepost.simulation.league import SEASONS, SEED, openings, simulate, true_chance, truth
from antepost.simulation.shown import tables_of
from antepost.simulation.world import YEARS, World, files, world, written

__all__ = [
    "SEASONS",
    "SEED",
    "WORLDS",
    "YEARS",
    "World",
    "files",
    "openings",
    "simulate",
    "tables_of",
    "true_chance",
    "truth",
    "world",
    "written",
]
