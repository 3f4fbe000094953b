"""A rival that reads final margins alone: a Kalman filter over the strengths of all sides and the home advantage.

The margin of a game is the home side's strength less the away side's, plus the home advantage where somebody is at
home, plus normal noise. Strengths wander within a season and keep the share ``keep`` of themselves from one season to
the next, with as much that is new as leaves their spread as it was. All covariances are kept: who beat whom says
something of everybody whom either has met. Variances are in units of the noise's.

Source: Glickman and Stern, A state-space model for National Football League scores, J. Am. Stat. Assoc. 93 (1998).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from antepost.errors import DataError

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]

WEEK = 7 * 86_400_000_000
"""In microseconds, as all moments here are."""
_START = (math.log(0.6), 1.5, math.log(0.005))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Margins:
    """Games in any order, arrays of one length: who met, when it was asked and told, and by how much home led.

    ``home`` and ``away`` number the sides from 0; ``neutral`` says that nobody was at home. ``as_of`` and ``known_at``
    are microseconds; ``margin`` is NaN where nothing is told, and is never read before ``known_at`` has passed.
    """

    home: Integers
    away: Integers
    neutral: NDArray[np.bool_]
    season: Integers
    as_of: Integers
    known_at: Integers
    margin: Floats

    def where(self, mask: NDArray[np.bool_]) -> Margins:
        """Return the games at which ``mask`` is true, their sides numbered anew."""
        numbers = np.unique(np.concatenate([self.home[mask], self.away[mask]]), return_inverse=True)[1]
        half = numbers.size // 2
        return Margins(
            home=numbers[:half], away=numbers[half:], neutral=self.neutral[mask], season=self.season[mask],
            as_of=self.as_of[mask], known_at=self.known_at[mask], margin=self.margin[mask],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginFilter:
    """The constants: variance of strengths ``spread``, share ``keep``, variance of a week's wandering ``drift``.

    ``sigma`` is the noise's standard deviation in points.
    """

    spread: float
    keep: float
    drift: float
    sigma: float

    def chances(self, games: Margins) -> Floats:
        """Return P(home wins) of each game, (n,), from the margins told before it was asked and from no other."""
        found = _walk(games, self.spread, self.keep, self.drift)
        z = found.mean / (self.sigma * np.sqrt(1.0 + found.variance))
        return np.clip(import_module("scipy.special").ndtr(z), 1e-9, 1.0 - 1e-9)


def fit_margin_filter(games: Margins) -> MarginFilter:
    """Return the constants under which the margins of ``games`` are likeliest, each foretold from those before it.

    Raises:
        DataError: there are fewer than a hundred margins.
    """
    told = int((~np.isnan(games.margin)).sum())
    if told < 100:
        raise DataError(f"a margin filter is fitted to a hundred games at least, not to {told}", games=told)
    minimize = import_module("scipy.optimize").minimize

    def lost(theta: Floats) -> float:
        walked = _walk(games, *_natural(theta))
        return 0.5 * (walked.told * math.log(walked.squares / walked.told) + walked.logs)

    found = minimize(lost, np.array(_START), method="Nelder-Mead", options={"maxfev": 80, "xatol": 0.05, "fatol": 0.05})
    spread, keep, drift = _natural(found.x)
    walked = _walk(games, spread, keep, drift)
    return MarginFilter(spread=spread, keep=keep, drift=drift, sigma=math.sqrt(walked.squares / walked.told))


def _natural(theta: Floats) -> tuple[float, float, float]:
    return math.exp(theta[0]), 1.0 / (1.0 + math.exp(-theta[1])), math.exp(theta[2])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Walked:
    """What was foretold of each game, in points and in units of the noise's variance, and how well margins fitted.

    ``squares`` sums the squared errors over their variances, ``logs`` the logarithms of those, of ``told`` margins.
    """

    mean: Floats
    variance: Floats
    squares: float
    logs: float
    told: int


@dataclass(slots=True, kw_only=True, eq=False)
class _State:
    """What is believed of the sides' strengths and, in the last place, of the home advantage, which does not wander."""

    mean: Floats
    covariance: Floats
    squares: float = 0.0
    logs: float = 0.0

    def begin_season(self, spread: float, keep: float) -> None:
        self.mean[:-1] *= keep
        self.covariance[:-1] *= keep
        self.covariance[:, :-1] *= keep
        self._widen((1.0 - keep**2) * spread)

    def wander(self, variance: float) -> None:
        self._widen(variance)

    def _widen(self, variance: float) -> None:
        sides = np.arange(self.mean.size - 1)
        self.covariance[sides, sides] += variance

    def foretell(self, games: Margins, rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
        home, away, at_home = games.home[rows], games.away[rows], (~games.neutral[rows]).astype(np.float64)
        P = self.covariance
        variance = P[home, home] + P[away, away] - 2.0 * P[home, away]
        variance += at_home * (P[-1, -1] + 2.0 * (P[home, -1] - P[away, -1]))
        return self.mean[home] - self.mean[away] + at_home * self.mean[-1], variance

    def learn(self, games: Margins, rows: NDArray[np.intp]) -> None:
        home, away, at_home = games.home[rows], games.away[rows], (~games.neutral[rows]).astype(np.float64)
        seen = self.covariance[:, home] - self.covariance[:, away] + self.covariance[:, -1:] * at_home
        S = seen[home] - seen[away] + seen[-1] * at_home[:, None] + np.eye(rows.size)
        error = games.margin[rows] - (self.mean[home] - self.mean[away] + at_home * self.mean[-1])
        root = np.linalg.cholesky(S)
        whitened = np.linalg.solve(root, np.column_stack([seen.T, error]))
        self.mean += whitened[:, :-1].T @ whitened[:, -1]
        self.covariance -= whitened[:, :-1].T @ whitened[:, :-1]
        self.squares += float(whitened[:, -1] @ whitened[:, -1])
        self.logs += 2.0 * float(np.log(np.diag(root)).sum())


def _walk(games: Margins, spread: float, keep: float, drift: float) -> _Walked:
    sides = int(max(games.home.max(initial=-1), games.away.max(initial=-1))) + 1
    state = _State(mean=np.zeros(sides + 1), covariance=np.diag(np.full(sides + 1, spread)))
    mean, variance = np.zeros(games.home.size), np.zeros(games.home.size)
    told = np.flatnonzero(~np.isnan(games.margin))
    told = told[np.argsort(games.known_at[told], kind="stable")]
    known_at = games.known_at[told]
    asked = np.argsort(games.as_of, kind="stable")
    learnt, season = 0, int(games.season.min(initial=np.iinfo(np.int64).max))
    last = int(games.as_of.min(initial=np.iinfo(np.int64).max))
    for block in _instants(asked, games.as_of[asked]):
        now, year = int(games.as_of[block[0]]), int(games.season[block].max())
        until = int(np.searchsorted(known_at, now, side="left"))
        if until > learnt:
            state.learn(games, told[learnt:until])
        for _ in range(year - season):
            state.begin_season(spread, keep)
        if year <= season:
            state.wander(drift * (now - last) / WEEK)
        learnt, season, last = until, max(season, year), now
        mean[block], variance[block] = state.foretell(games, block)
    return _Walked(mean=mean, variance=variance, squares=state.squares, logs=state.logs, told=max(learnt, 1))


def _instants(rows: NDArray[np.intp], moments: Integers) -> list[NDArray[np.intp]]:
    """Return ``rows``, which ``moments`` put in order, in parts of one moment each."""
    return np.split(rows, np.flatnonzero(np.diff(moments)) + 1) if rows.size else []
