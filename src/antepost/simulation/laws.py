"""What may come of a game, by how much better one side is: exact chances, and games played by them.

A law knows two quantities of a game. ``edge`` is how much better the home side is, ``level`` how much is scored; both
are in the law's own unit. Chances are exact, so that whoever prices by a law can be judged by the same law.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Whole = NDArray[np.int64]
type Flags = NDArray[np.bool_]

HOME, DRAW, AWAY = 0, 1, 2
NOT_PLAYED = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """How n games ended.

    ``home`` and ``away`` are final scores (n,); ``outcome`` is 0 home, 1 draw, 2 away; ``periods`` (n, 2, p) are each
    side's points in a period, -1 where it was not played. ``course`` (n, k) is what a law keeps for whoever tells the
    game as it went: a race's units won by the home side (1), the away side (0) or not played (-1); a duel's final lead.
    """

    home: Whole
    away: Whole
    outcome: Whole
    overtime: Flags
    periods: Whole
    course: Floats


class Law(Protocol):
    """Chances of a kind of game, for arrays of ``edge`` and ``level`` of one shape (n,)."""

    @property
    def reach(self) -> float:
        """The largest edge either side can have."""
        ...

    def outcomes(self, edge: Floats, level: Floats) -> Floats:
        """Return the chances (n, 3) that the home side wins, nobody does, the away side does."""
        ...

    def margins(self, edge: Floats, level: Floats) -> Floats:
        """Return the chances (n, 2k + 1) of each margin of the home side, from -k to k."""
        ...

    def totals(self, edge: Floats, level: Floats) -> Floats:
        """Return the chances (n, k) of each sum of both scores, from 0 on."""
        ...

    def play(self, dice: np.random.Generator, edge: Floats, level: Floats) -> Played:
        """Return how the games end when they are played."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """Both sides score now and then, independently, at rates of their own; edge and level are points.

    The home side is worth (level + edge) / 2 points, the away side (level - edge) / 2. A score brings ``values`` points
    by the share of all points that comes that way. A game that is level at the end goes on until the next score, which
    is worth ``extra`` and is the home side's by its share of the points; of such games ``ties`` stay level. ``most``
    is more than any side ever scores, a power of two; ``periods`` is how many there are in regulation.
    """

    most: int
    periods: int
    extra: int
    ties: float = 0.0
    values: tuple[tuple[int, float], ...] = ((1, 1.0),)
    reach: float = math.inf

    def outcomes(self, edge: Floats, level: Floats) -> Floats:
        """Return the chances (n, 3) of home, draw and away."""
        margins = self.margins(edge, level)
        k = self.most
        return np.column_stack([margins[:, k + 1 :].sum(axis=1), margins[:, k], margins[:, :k].sum(axis=1)])

    def margins(self, edge: Floats, level: Floats) -> Floats:
        """Return the chances (n, 2 most + 1) of each margin."""
        home, away = self._transforms(edge, level)
        around = np.fft.irfft(home * away.conj(), axis=1)
        margins = np.concatenate([around[:, -self.most :], around[:, : self.most + 1]], axis=1).clip(min=0.0)
        decided = margins[:, self.most] * (1.0 - self.ties)
        if self.extra:
            margins[:, self.most] -= decided
            margins[:, self.most + self.extra] += decided * _share(edge, level)
            margins[:, self.most - self.extra] += decided * (1.0 - _share(edge, level))
        return margins

    def totals(self, edge: Floats, level: Floats) -> Floats:
        """Return the chances (n, 2 most) of each total."""
        home, away = self._transforms(edge, level)
        totals = np.fft.irfft(home * away, axis=1)
        if self.extra:
            each = [np.fft.irfft(side, axis=1)[:, : self.most - self.extra] for side in (home, away)]
            decided = each[0] * each[1] * (1.0 - self.ties)
            reached = 2 * decided.shape[1]
            totals[:, 0:reached:2] -= decided
            totals[:, self.extra : reached + self.extra : 2] += decided
        return totals.clip(min=0.0)

    def play(self, dice: np.random.Generator, edge: Floats, level: Floats) -> Played:
        """Return how the games end; a last period holds what came after regulation."""
        n = len(edge)
        points = np.zeros((n, 2, self.periods + 1), dtype=np.int64)
        worth = np.column_stack([(level + edge) / 2.0, (level - edge) / 2.0])
        for value, share in self.values:
            rate = worth * share / value / self.periods
            points[:, :, : self.periods] += value * dice.poisson(rate[:, :, None], (n, 2, self.periods))
        home, away = points.sum(axis=2).T
        goes_on = (home == away) & (dice.random(n) >= self.ties) & bool(self.extra)
        first = dice.random(n) < _share(edge, level)
        points[goes_on & first, 0, -1] = self.extra
        points[goes_on & ~first, 1, -1] = self.extra
        home, away = points.sum(axis=2).T
        points[~goes_on, :, -1] = NOT_PLAYED
        outcome = np.where(home > away, HOME, np.where(home < away, AWAY, DRAW))
        return Played(
            home=home, away=away, outcome=outcome, overtime=goes_on, periods=points, course=np.empty((n, 0))
        )  # fmt: skip

    def _transforms(self, edge: Floats, level: Floats) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
        # A sum of Poisson scores has a closed characteristic function, so any score's chance is one Fourier transform.
        turn = np.exp(2j * np.pi * np.arange(self.most + 1) / (2 * self.most))
        log = sum((share / value * (turn**value - 1.0) for value, share in self.values), start=0.0 * turn)
        home, away = (np.exp(((level + sign * edge) / 2.0)[:, None] * log[None, :]).conj() for sign in (1.0, -1.0))
        return home, away


def _share(edge: Floats, level: Floats) -> Floats:
    return (1.0 + edge / level) / 2.0
