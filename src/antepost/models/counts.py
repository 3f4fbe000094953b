"""Goals of both sides beyond two Poisson counts: bivariate Poisson, negative binomial, and a Weibull copula.

All start from lambda and mu, of which ``models.goals`` says how they follow from columns.

- ``bivariate``: X = U + W and Y = V + W of independent Poisson counts, W of mean ``shape[0]``; the means stay lambda
  and mu. On who wins and on draws W takes no part, so that they are those of U and V.
- ``negative_binomial``: independent counts of means lambda and mu and size ``shape[0]``, of variance m + m^2 / size.
- ``weibull``: counts of events whose waiting times are Weibull of shape ``shape[0]``, bound together by Frank's copula
  of parameter ``shape[1]``; the rates are exp(``shape[2]``) times lambda and mu, since they are no means. Of shape 1
  and parameter 0 they are two Poisson counts.

Source: Karlis and Ntzoufras, Analysis of sports data by using bivariate Poisson models, The Statistician 52 (2003);
McShane, Adrian, Bradlow and Fader, Count models based on Weibull interarrival times, J. Bus. Econ. Stat. 26 (2008);
Boshnakov, Kharrat and McHale, A bivariate Weibull count model for forecasting association football scores, Int. J.
Forecasting 33 (2017).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from antepost.kernelcache import kernel
from antepost.models.goals import GRID, log_rates_of, shares
from antepost.models.kernels import Floats, Integers

BIVARIATE, NEGATIVE_BINOMIAL, WEIBULL = 0, 1, 2
KINDS = {"bivariate": BIVARIATE, "negative_binomial": NEGATIVE_BINOMIAL, "weibull": WEIBULL}
# The series of a Weibull count alternates: beyond this rate its terms would cancel more digits than there are.
MOST_WEIBULL = math.log(6.0)
TERMS = 80
COUNTS = 32


def weibull_series(c: float) -> Floats:
    """Return the coefficients (terms, counts) of the series of Weibull counts of shape ``c``, by powers of the rate.

    P(n events) is the sum over j of coefficient (j, n) times the j-th power of the rate.
    """
    gamma = np.array([math.lgamma(c * j + 1.0) for j in range(TERMS)])
    step = gamma - np.array([math.lgamma(j + 1.0) for j in range(TERMS)])
    places = np.subtract.outer(np.arange(TERMS), np.arange(TERMS))
    T = np.where(places > 0, np.exp(step[np.maximum(places, 0)]), 0.0)
    alpha = np.exp(step)
    series = np.empty((TERMS, COUNTS))
    for n in range(COUNTS):
        sign = np.where((np.arange(TERMS) + n) % 2 == 0, 1.0, -1.0)
        series[:, n] = np.where(np.arange(TERMS) >= n, sign * alpha * np.exp(-gamma), 0.0)
        alpha = T @ np.where(np.arange(TERMS) >= n, alpha, 0.0)
    return series


@kernel
def frank(u: float, v: float, kappa: float) -> float:
    """Return Frank's copula of ``u`` and ``v``; near parameter 0 they are independent."""
    if abs(kappa) < 1e-7:
        return u * v
    return -math.log1p(math.expm1(-kappa * u) * math.expm1(-kappa * v) / math.expm1(-kappa)) / kappa


@kernel
def marginal(kind: int, log_rate: float, shape: Floats, series: Floats, size: int) -> Floats:
    """Return the chances of 0, 1, … ``size`` - 1 goals of one side."""
    p = np.zeros(size)
    if kind == WEIBULL:
        rate = math.exp(min(log_rate + shape[2], MOST_WEIBULL))
        for n in range(min(size, series.shape[1])):
            total, power = 0.0, rate**n
            for j in range(n, series.shape[0]):
                total += series[j, n] * power
                power *= rate
            p[n] = max(total, 0.0)
        return p
    mean = math.exp(log_rate)
    if kind == NEGATIVE_BINOMIAL:
        r = shape[0]
        p[0] = math.exp(r * math.log(r / (r + mean)))
        for n in range(size - 1):
            p[n + 1] = p[n] * (n + r) / (n + 1.0) * mean / (r + mean)
        return p
    p[0] = math.exp(-mean)
    for n in range(size - 1):
        p[n + 1] = p[n] * mean / (n + 1.0)
    return p


@kernel
def common(log_home: float, log_away: float, shape: Floats) -> float:
    """Return the mean of the goals that both sides of a bivariate Poisson share: never all of the weaker side's."""
    return min(shape[0], 0.9 * math.exp(min(log_home, log_away)))


@kernel
def parts_of_bivariate(log_home: float, log_away: float, shape: Floats, size: int) -> tuple[Floats, Floats, Floats]:
    """Return the chances of 0, 1, … goals of the home side's own, of the away side's own, and of those both share."""
    shared = common(log_home, log_away, shape)
    none = np.zeros((1, 1))
    p = marginal(BIVARIATE, math.log(math.exp(log_home) - shared), shape, none, size)
    q = marginal(BIVARIATE, math.log(math.exp(log_away) - shared), shape, none, size)
    return p, q, marginal(BIVARIATE, math.log(shared), shape, none, size)


@kernel
def chance_of_score(
    kind: int, log_home: float, log_away: float, x: int, y: int, shape: Floats, series: Floats
) -> float:
    """Return the chance of one score."""
    if kind == BIVARIATE:
        own, other, w = parts_of_bivariate(log_home, log_away, shape, max(x, y) + 1)
        chance = 0.0
        for k in range(min(x, y) + 1):
            chance += w[k] * own[x - k] * other[y - k]
        return chance
    p, q = marginal(kind, log_home, shape, series, x + 1), marginal(kind, log_away, shape, series, y + 1)
    if kind == NEGATIVE_BINOMIAL:
        return p[x] * q[y]
    F0, G0 = p[:x].sum(), q[:y].sum()
    F, G, kappa = min(F0 + p[x], 1.0), min(G0 + q[y], 1.0), shape[1]
    return frank(F, G, kappa) - frank(F0, G, kappa) - frank(F, G0, kappa) + frank(F0, G0, kappa)


@kernel
def draw_and_home(kind: int, log_home: float, log_away: float, shape: Floats, series: Floats) -> tuple[float, float]:
    """Return P(draw) and P(home wins)."""
    if kind == BIVARIATE:
        shared = common(log_home, log_away, shape)
        drawn, won, _, _ = shares(math.exp(log_home) - shared, math.exp(log_away) - shared)
        return drawn, won
    size = COUNTS if kind == WEIBULL else GRID
    p, q = marginal(kind, log_home, shape, series, size), marginal(kind, log_away, shape, series, size)
    drawn, won, below = 0.0, 0.0, 0.0
    if kind == NEGATIVE_BINOMIAL:
        for n in range(size):
            drawn += p[n] * q[n]
            won += p[n] * below
            below += q[n]
        return drawn, won
    u0, v0, kappa = 0.0, 0.0, shape[1]
    for n in range(size):
        u, v = min(u0 + p[n], 1.0), min(v0 + q[n], 1.0)
        corner, side = frank(u0, v0, kappa), frank(u, v0, kappa)
        drawn += frank(u, v, kappa) - side - frank(u0, v, kappa) + corner
        won += side - corner
        u0, v0 = u, v
    return drawn, won


@kernel
def score_grid(kind: int, log_home: float, log_away: float, shape: Floats, series: Floats) -> Floats:
    """Return the chance of each score, (goals, goals), see ``models.score_grid``."""
    size = COUNTS if kind == WEIBULL else GRID
    grid = np.zeros((size, size))
    if kind == BIVARIATE:
        p, q, w = parts_of_bivariate(log_home, log_away, shape, size)
        for k in range(size):
            grid[k:, k:] += w[k] * np.outer(p[: size - k], q[: size - k])
        return grid
    p, q = marginal(kind, log_home, shape, series, size), marginal(kind, log_away, shape, series, size)
    if kind == NEGATIVE_BINOMIAL:
        for x in range(size):
            for y in range(size):
                grid[x, y] = p[x] * q[y]
        return grid
    F = np.zeros(size + 1)
    G = np.zeros(size + 1)
    for n in range(size):
        F[n + 1], G[n + 1] = min(F[n] + p[n], 1.0), min(G[n] + q[n], 1.0)
    for x in range(size):
        for y in range(size):
            up = frank(F[x + 1], G[y + 1], shape[1]) - frank(F[x], G[y + 1], shape[1])
            grid[x, y] = max(up - frank(F[x + 1], G[y], shape[1]) + frank(F[x], G[y], shape[1]), 0.0)
    return grid


@kernel
def loss_of_shape(kind: int, log_rates: Floats, scores: Floats, shape: Floats, series: Floats, decided: bool) -> float:
    """Return the negative log-likelihood of ``scores`` (rows, 2) at ``log_rates`` (rows, 2).

    With ``decided`` no row is a draw and the likelihood is that of the score given so much.
    """
    value = 0.0
    for i in range(scores.shape[0]):
        home, away = log_rates[i, 0], log_rates[i, 1]
        x, y = int(min(scores[i, 0], COUNTS - 1)), int(min(scores[i, 1], COUNTS - 1))
        chance = chance_of_score(kind, home, away, x, y, shape, series)
        value -= math.log(max(chance, 1e-12))
        if decided:
            drawn, _ = draw_and_home(kind, home, away, shape, series)
            value += math.log(max(1.0 - drawn, 1e-12))
    return value


@kernel
def score_counts(kind: int, log_rates: Floats, shape: Floats, series: Floats, of_draw: bool) -> Floats:
    """Return P(draw) of each row, or where that is not asked P(home | decided)."""
    said = np.empty(log_rates.shape[0])
    for i in range(log_rates.shape[0]):
        drawn, won = draw_and_home(kind, log_rates[i, 0], log_rates[i, 1], shape, series)
        p = drawn if of_draw else won / (1.0 - drawn)
        said[i] = min(max(p, 1e-9), 1.0 - 1e-9)
    return said


@dataclass(frozen=True, slots=True, kw_only=True)
class CountArrays:
    """``GoalArrays`` with another distribution of scores: its ``kind``, its ``shape`` (3,), and a Weibull's series."""

    form: ClassVar[str] = "counts"

    columns: Integers
    impute: Floats
    center: Floats
    scale: Floats
    total: Floats
    supremacy: Floats
    kind: int
    shape: Floats
    series: Floats
    of_draw: bool

    def log_rates(self, X: Floats) -> Floats:
        """Return the log of lambda and of mu of each row of ``X``, (rows, 2)."""
        return log_rates_of(
            np.ascontiguousarray(X), self.columns, self.impute, self.center, self.scale, self.total, self.supremacy
        )

    def score(self, X: Floats) -> Floats:
        """Return P(draw) of each row of ``X``, or where that is not asked P(home | decided)."""
        return score_counts(int(self.kind), self.log_rates(X), self.shape, self.series, bool(self.of_draw))

    def grid(self, row: Floats) -> Floats:
        """Return the chance of each score of one row (columns,), see ``models.score_grid``."""
        home, away = self.log_rates(row[None, :])[0]
        return score_grid(int(self.kind), float(home), float(away), self.shape, self.series)
