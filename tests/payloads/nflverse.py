"""Invented games in nflverse's layout: the simulated league's."""

from __future__ import annotations

from antepost.simulation import simulate

_BYTES = simulate(11, range(2020, 2022))
PAYLOADS = {"nflverse": ("games", _BYTES), "simulated": ("league", _BYTES)}
