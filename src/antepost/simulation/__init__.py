"""Invented leagues whose true chances are known, so that the whole path runs without any network.

This room never reads, stores or predicts anything; it is pure and seeded, and what it makes is called
simulated wherever it appears. Below it lie evaluation, sports, domain, engines, settings, telemetry and
errors.
"""

from __future__ import annotations

from antepost.simulation.league import SEASONS, SEED, simulate, true_chance, truth

__all__ = ["SEASONS", "SEED", "simulate", "true_chance", "truth"]
