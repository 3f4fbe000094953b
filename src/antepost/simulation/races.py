"""Laws of games that are won unit by unit (sets, rounds), and of games that one lead decides."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from antepost.simulation.laws import AWAY, HOME, NOT_PLAYED, Flags, Floats, Played, Whole

BLOCK, NEEDED = 6, 4
"""Overtime goes in blocks of six units, which four of them win; level ones are played anew."""

_BLOCKS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """The first to ``target`` units wins; the home side wins each by the logistic function of the edge.

    Where ``overtime`` is played, target - 1 each goes on in blocks. ``points``, where not 0, is how many points win a
    unit: then periods are the units, in points; else there are none. The level means nothing.
    """

    target: int
    overtime: bool = False
    points: int = 0
    reach: float = 3.0

    @property
    def longest(self) -> int:
        """Return how many units a game has at most."""
        return 2 * self.target - 2 + _BLOCKS * BLOCK if self.overtime else 2 * self.target - 1

    def outcomes(self, edge: Floats, level: Floats) -> Floats:
        """Return the chances (n, 3) of home, draw and away."""
        margins = self.margins(edge, level)
        k = self.target
        return np.column_stack([margins[:, k + 1 :].sum(axis=1), margins[:, k], margins[:, :k].sum(axis=1)])

    def margins(self, edge: Floats, level: Floats) -> Floats:  # noqa: ARG002  # a race has no level
        """Return the chances (n, 2 target + 1) of each margin."""
        margins = np.zeros((len(edge), 2 * self.target + 1))
        for home, away, chance in self._endings(edge):
            margins[:, self.target + home - away] += chance
        return margins

    def totals(self, edge: Floats, level: Floats) -> Floats:  # noqa: ARG002  # a race has no level
        """Return the chances (n, longest + 1) of each number of units."""
        totals = np.zeros((len(edge), self.longest + 1))
        for home, away, chance in self._endings(edge):
            totals[:, home + away] += chance
        return totals

    def play(self, dice: np.random.Generator, edge: Floats, level: Floats) -> Played:  # noqa: ARG002  # as above
        """Return how the games end; ``course`` has who won each unit."""
        won = dice.random((len(edge), self.longest)) < logistic(edge)[:, None]
        if self.overtime:
            # Nobody plays for ever: the last unit of the last block goes to whoever leads in it.
            won[:, -1] = won[:, -BLOCK:-1].sum(axis=1) > BLOCK // 2 - 1
        played = self._played(won)
        home, away = (won & played).sum(axis=1), (~won & played).sum(axis=1)
        outcome = np.where(home > away, HOME, AWAY)
        periods = self._points(dice, won, played) if self.points else np.empty((len(edge), 2, 0), dtype=np.int64)
        return Played(
            home=home, away=away, outcome=outcome, overtime=home + away > 2 * self.target - 1, periods=periods,
            course=np.where(played, won, NOT_PLAYED).astype(np.float64),
        )  # fmt: skip

    def ahead(self, edge: Floats) -> Floats:
        """Return the home side's chance to win (n, target + 1, target + 1) from each score of regulation."""
        p = logistic(edge)
        chances = np.zeros((len(edge), self.target + 1, self.target + 1))
        chances[:, self.target, :] = 1.0
        level = self.target - 1
        for total in range(2 * level, -1, -1):
            for home in range(max(0, total - level), min(level, total) + 1):
                away = total - home
                on = p * chances[:, home + 1, away] + (1.0 - p) * chances[:, home, away + 1]
                chances[:, home, away] = _block(p) if self.overtime and home == away == level else on
        return chances

    def _endings(self, edge: Floats) -> list[tuple[int, int, Floats]]:
        p = logistic(edge)
        last = self.target - 2 if self.overtime else self.target - 1
        ends = [
            (*score, math.comb(self.target - 1 + lost, lost) * one**self.target * other**lost)
            for lost in range(last + 1)
            for one, other, score in ((p, 1.0 - p, (self.target, lost)), (1.0 - p, p, (lost, self.target)))
        ]
        if not self.overtime:
            return ends
        each = self.target - 1
        level = math.comb(2 * each, each) * (p * (1.0 - p)) ** each
        again = math.comb(BLOCK, BLOCK // 2) * (p * (1.0 - p)) ** (BLOCK // 2)
        for block in range(_BLOCKS):
            # What the last block leaves open goes to it too, by the same shares.
            reached = level * again**block / ((1.0 - again) if block == _BLOCKS - 1 else 1.0)
            before = each + block * BLOCK // 2
            for lost in range(NEEDED - 1):
                ways = math.comb(NEEDED - 1 + lost, lost)
                ends.append((before + NEEDED, before + lost, reached * ways * p**NEEDED * (1.0 - p) ** lost))
                ends.append((before + lost, before + NEEDED, reached * ways * (1.0 - p) ** NEEDED * p**lost))
        return ends

    def _played(self, won: Flags) -> Flags:
        """Return which units are played: those before which nobody had won."""
        home, away = np.cumsum(won, axis=1), np.cumsum(~won, axis=1)
        over = np.maximum(home, away) >= self.target
        if self.overtime:
            each = self.target - 1
            units = np.arange(1, self.longest + 1)
            level = (home[:, 2 * each - 1] == each)[:, None] & (units > 2 * each)
            lead = np.abs(home - away)
            block = (units - 2 * each - 1) // BLOCK
            mine = home - each - block * (BLOCK // 2)
            theirs = away - each - block * (BLOCK // 2)
            over = np.where(level, (lead > 0) & (np.maximum(mine, theirs) >= NEEDED), over)
        before = np.zeros_like(over)
        before[:, 1:] = np.logical_or.accumulate(over, axis=1)[:, :-1]
        return ~before

    def _points(self, dice: np.random.Generator, won: Flags, played: Flags) -> Whole:
        lost = dice.integers(0, self.points - 1, won.shape)
        points = np.stack([np.where(won, self.points, lost), np.where(won, lost, self.points)], axis=1)
        return np.where(played[:, None, :], points, NOT_PLAYED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duel:
    """One lead, a Brownian path, decides by its sign at the end; the scores go with who wins, and decide nothing.

    The final lead is normal with the edge as its mean and unit spread. The winner is worth (level + gap) / 2 points,
    the loser (level - gap) / 2; ``most`` is more than anybody scores.
    """

    most: int
    gap: float
    reach: float = 3.0

    def outcomes(self, edge: Floats, level: Floats) -> Floats:  # noqa: ARG002  # the lead alone decides
        """Return the chances (n, 3) of home, draw and away."""
        home = normal(edge)
        return np.column_stack([home, np.zeros_like(home), 1.0 - home])

    def margins(self, edge: Floats, level: Floats) -> Floats:
        """Return the chances (n, 2 most + 1) of each margin of the scores."""
        home = normal(edge)[:, None]
        ahead, behind = self._scores(level)
        around = np.fft.irfft(home * ahead * behind.conj() + (1.0 - home) * behind * ahead.conj(), axis=1)
        return np.concatenate([around[:, -self.most :], around[:, : self.most + 1]], axis=1).clip(min=0.0)

    def totals(self, edge: Floats, level: Floats) -> Floats:  # noqa: ARG002  # whoever wins, the sum is the same
        """Return the chances (n, 2 most) of each total."""
        ahead, behind = self._scores(level)
        return np.fft.irfft(ahead * behind, axis=1).clip(min=0.0)

    def play(self, dice: np.random.Generator, edge: Floats, level: Floats) -> Played:
        """Return how the games end; ``course`` has the final lead."""
        lead = edge + dice.standard_normal(len(edge))
        ahead, behind = dice.poisson((level + self.gap) / 2.0), dice.poisson((level - self.gap) / 2.0)
        won = lead > 0.0
        return Played(
            home=np.where(won, ahead, behind), away=np.where(won, behind, ahead), outcome=np.where(won, HOME, AWAY),
            overtime=np.zeros(len(edge), dtype=np.bool_), periods=np.empty((len(edge), 2, 0), dtype=np.int64),
            course=lead[:, None],
        )  # fmt: skip

    def _scores(self, level: Floats) -> tuple[Floats, Floats]:
        turn = np.exp(2j * np.pi * np.arange(self.most + 1) / (2 * self.most)) - 1.0
        one, other = (np.exp(((level + sign * self.gap) / 2.0)[:, None] * turn).conj() for sign in (1.0, -1.0))
        return one, other


def logistic(x: Floats) -> Floats:
    """Return the logistic function."""
    return 1.0 / (1.0 + np.exp(-x))


def normal(x: Floats) -> Floats:
    """Return the standard normal distribution function."""
    flat = [0.5 * math.erfc(-value / math.sqrt(2.0)) for value in np.ravel(x).tolist()]
    return np.array(flat).reshape(np.shape(x))


def _block(p: Floats) -> Floats:
    """Return the chance to win an overtime of blocks."""
    mine, theirs = np.zeros_like(p), np.zeros_like(p)
    for lost in range(NEEDED - 1):
        ways = math.comb(NEEDED - 1 + lost, lost)
        mine += ways * p**NEEDED * (1.0 - p) ** lost
        theirs += ways * (1.0 - p) ** NEEDED * p**lost
    return mine / (mine + theirs)
