"""A law's chances as a table to look up, for whoever is not sure of edge and level; bilinear between its points."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from antepost.simulation.laws import Floats, Law, Whole

EDGES, LEVELS = 61, 11
# Gauss-Hermite with three nodes: exact for what is a polynomial of the fifth degree over the doubt.
_NODES = ((-math.sqrt(3.0), 1 / 6), (0.0, 2 / 3), (math.sqrt(3.0), 1 / 6))


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What somebody holds of n games: the mean and the doubt (a standard deviation) of edge and level."""

    edge: Floats
    edge_doubt: Floats
    level: Floats
    level_doubt: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Tables over edges (e) and levels (l): outcomes (e, l, 3), margin of at least (e, l, m), total of at least."""

    edges: Floats
    levels: Floats
    outcome: Floats
    margin: Floats
    total: Floats

    def outcomes(self, belief: Belief) -> Floats:
        """Return the chances (n, 3) of home, draw and away."""
        return _expected(lambda edge, level: self._at(self.outcome, edge, level), belief)

    def covers(self, belief: Belief, line: Floats) -> Floats:
        """Return the chance that the home side wins by more than ``line``, a number of points and a half."""
        place = (np.floor(line) + 1 + self.margin.shape[2] // 2).astype(np.int64).clip(0, self.margin.shape[2] - 1)
        return _expected(lambda edge, level: self._at(self.margin, edge, level, place), belief)

    def over(self, belief: Belief, line: Floats) -> Floats:
        """Return the chance that both together score more than ``line``, a number of points and a half."""
        place = (np.floor(line) + 1).astype(np.int64).clip(0, self.total.shape[2] - 1)
        return _expected(lambda edge, level: self._at(self.total, edge, level, place), belief)

    def _at(self, table: Floats, edge: Floats, level: Floats, column: Whole | None = None) -> Floats:
        low_e, part_e = _place(self.edges, edge)
        low_l, part_l = _place(self.levels, level)
        found: list[Floats] = []
        for e, weight_e in ((low_e, 1.0 - part_e), (low_e + 1, part_e)):
            for l, weight_l in ((low_l, 1.0 - part_l), (low_l + 1, part_l)):  # noqa: E741
                weight = weight_e * weight_l
                cell = table[e, l] if column is None else table[e, l, column]
                found.append(cell * (weight[:, None] if column is None else weight))
        return sum(found[1:], start=found[0])


@cache
def lines_of(law: Law, level: float, spread: float) -> Lines:
    """Return a law's table for levels about ``level``, which differ by about ``spread``."""
    edges = np.linspace(-law.reach, law.reach, EDGES)
    levels = level + max(spread, 1e-6) * np.linspace(-4.0, 4.0, LEVELS)
    each, scored = (axis.ravel() for axis in np.meshgrid(edges, levels, indexing="ij"))
    scored = np.maximum(scored, np.abs(each) * (1.0 + 1e-9))
    shape = (EDGES, LEVELS, -1)

    def at_least(chances: Floats) -> Floats:
        return np.cumsum(chances[:, ::-1], axis=1)[:, ::-1].reshape(shape)

    return Lines(
        edges=edges,
        levels=levels,
        outcome=law.outcomes(each, scored).reshape(shape),
        margin=at_least(law.margins(each, scored)),
        total=at_least(law.totals(each, scored)),
    )


def _place(axis: Floats, value: Floats) -> tuple[Whole, Floats]:
    step = axis[1] - axis[0]
    along = ((value - axis[0]) / step).clip(0.0, len(axis) - 1 - 1e-9)
    low = np.floor(along).astype(np.int64)
    return low, along - low


def _expected(at: Callable[[Floats, Floats], Floats], belief: Belief) -> Floats:
    # Edge and level are in doubt independently: a cross of nodes instead of a grid of them.
    middle = at(belief.edge, belief.level)
    told = middle.copy()
    for node, weight in _NODES:
        if node:
            told += weight * (at(belief.edge + node * belief.edge_doubt, belief.level) - middle)
            told += weight * (at(belief.edge, belief.level + node * belief.level_doubt) - middle)
    return told
