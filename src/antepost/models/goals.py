"""Goals as two Poisson counts that know of each other at low scores, and what follows for draw and winner.

The home side is expected to score lambda = exp(t + s) goals and the away side mu = exp(t - s), where t, half the log of
their product, and s are linear in columns of the catalogue. The four scores up to 1-1 are moved by rho: 0-0 by the
factor 1 - lambda mu rho, 0-1 by 1 + lambda rho, 1-0 by 1 + mu rho, 1-1 by 1 - rho. All that moves has the one size
c = lambda mu exp(-lambda - mu), so P(draw) = sum of p(x) q(x) - 2 rho c, and each side wins rho c more often.

Source: Dixon and Coles, Modelling association football scores and inefficiencies in the football betting market,
Applied Statistics 46 (1997).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from antepost.kernelcache import kernel
from antepost.models.kernels import Floats, Integers

# No side is ever expected to score less than one goal in twenty games or more than twelve in one.
LEAST, MOST = math.log(0.05), math.log(12.0)
# The chance of more goals than this is below 1e-9 even then.
GRID = 48


@kernel
def rates(x: Floats, total: Floats, supremacy: Floats) -> tuple[float, float]:
    """Return the log of lambda and of mu: the last weight of ``total`` and ``supremacy`` stands alone."""
    t, s = total[x.size], supremacy[x.size]
    for j in range(x.size):
        t += total[j] * x[j]
        s += supremacy[j] * x[j]
    return min(max(t + s, LEAST), MOST), min(max(t - s, LEAST), MOST)


@kernel
def shares(home: float, away: float) -> tuple[float, float, float, float]:
    """Return the chances of a draw, a home win, one by one goal and an away win by one, of independent counts."""
    p, q = math.exp(-home), math.exp(-away)
    below_p, below_q = 0.0, 0.0
    drawn, won, by_one, lost_by_one = 0.0, 0.0, 0.0, 0.0
    cumulated = 0.0
    for x in range(GRID):
        drawn += p * q
        won += p * cumulated
        by_one += p * below_q
        lost_by_one += below_p * q
        cumulated += q
        below_p, below_q = p, q
        p *= home / (x + 1)
        q *= away / (x + 1)
    return drawn, won, by_one, lost_by_one


@kernel
def log_rates_of(
    X: Floats, columns: Integers, impute: Floats, center: Floats, scale: Floats, total: Floats, supremacy: Floats
) -> Floats:
    """Return the log of lambda and of mu of each row, (rows, 2)."""
    found = np.empty((X.shape[0], 2))
    x = np.empty(columns.size)
    for i in range(X.shape[0]):
        for j in range(columns.size):
            value = X[i, columns[j]]
            if math.isnan(value):
                value = impute[j]
            x[j] = (value - center[j]) / scale[j]
        found[i] = rates(x, total, supremacy)
    return found


@kernel
def grid_of_goals(log_home: float, log_away: float, rho: float) -> Floats:
    """Return the chance of each score, (goals, goals), see ``models.score_grid``."""
    home, away = math.exp(log_home), math.exp(log_away)
    p, q = np.empty(GRID), np.empty(GRID)
    p[0], q[0] = math.exp(-home), math.exp(-away)
    for n in range(1, GRID):
        p[n], q[n] = p[n - 1] * home / n, q[n - 1] * away / n
    grid = np.outer(p, q)
    moved = rho * home * away * math.exp(-home - away)
    grid[0, 0] -= moved
    grid[1, 1] -= moved
    grid[0, 1] += moved
    grid[1, 0] += moved
    return grid


@kernel
def score_goals(
    X: Floats, columns: Integers, impute: Floats, center: Floats, scale: Floats, total: Floats, supremacy: Floats,
    rho: float, of_draw: bool,
) -> Floats:  # fmt: skip
    """Return P(draw) of each row of ``X``, or where that is not asked P(home | decided)."""
    said = np.empty(X.shape[0])
    x = np.empty(columns.size)
    for i in range(X.shape[0]):
        for j in range(columns.size):
            value = X[i, columns[j]]
            if math.isnan(value):
                value = impute[j]
            x[j] = (value - center[j]) / scale[j]
        log_home, log_away = rates(x, total, supremacy)
        home, away = math.exp(log_home), math.exp(log_away)
        drawn, won, _, _ = shares(home, away)
        moved = rho * home * away * math.exp(-home - away)
        drawn -= 2.0 * moved
        p = drawn if of_draw else (won + moved) / (1.0 - drawn)
        said[i] = min(max(p, 1e-9), 1.0 - 1e-9)
    return said


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalArrays:
    """Which columns are read, how they are standardised, and the weights that make goals of them.

    ``total`` and ``supremacy`` have one weight more than there are columns, the intercept.
    """

    form: ClassVar[str] = "goals"

    columns: Integers
    impute: Floats
    center: Floats
    scale: Floats
    total: Floats
    supremacy: Floats
    rho: float
    of_draw: bool

    def score(self, X: Floats) -> Floats:
        """Return P(draw) of each row of ``X``, or where that is not asked P(home | decided)."""
        return score_goals(
            np.ascontiguousarray(X), self.columns, self.impute, self.center, self.scale, self.total, self.supremacy,
            self.rho, bool(self.of_draw),
        )  # fmt: skip

    def grid(self, row: Floats) -> Floats:
        """Return the chance of each score of one row (columns,), see ``models.score_grid``."""
        home, away = log_rates_of(
            np.ascontiguousarray(row[None, :]), self.columns, self.impute, self.center, self.scale, self.total,
            self.supremacy,
        )[0]  # fmt: skip
        return grid_of_goals(float(home), float(away), self.rho)


@kernel
def loss_of_goals(
    x: Floats, scores: Floats, total: Floats, supremacy: Floats, rho: float, decided: bool
) -> tuple[float, Floats, Floats, float]:
    """Return the negative log-likelihood of ``scores`` (rows, 2), less what rests on them alone, and its gradient.

    ``x`` (rows, columns) is standardised. With ``decided`` no row is a draw and the likelihood is that of the score
    given so much. The gradient is by ``total``, ``supremacy`` and ``rho``.
    """
    value, by_rho = 0.0, 0.0
    by_total, by_supremacy = np.zeros(total.size), np.zeros(supremacy.size)
    for i in range(x.shape[0]):
        log_home, log_away = rates(x[i], total, supremacy)
        home, away = math.exp(log_home), math.exp(log_away)
        goals, conceded = scores[i, 0], scores[i, 1]
        value -= goals * log_home - home + conceded * log_away - away
        by_home, by_away = home - goals, away - conceded
        if goals <= 1.0 and conceded <= 1.0:
            if goals == conceded:
                factor = 1.0 - rho * (home * away if goals == 0.0 else 1.0)
                slope = -(home * away if goals == 0.0 else 1.0)
            else:
                slope = home if goals == 0.0 else away
                factor = 1.0 + rho * slope
            factor = max(factor, 1e-6)
            value -= math.log(factor)
            by_rho -= slope / factor
            if goals == 0.0:
                by_home -= rho * slope / factor
            if conceded == 0.0:
                by_away -= rho * slope / factor
        if decided:
            drawn, _, by_one, lost_by_one = shares(home, away)
            low = home * away * math.exp(-home - away)
            left = 1.0 - drawn + 2.0 * rho * low
            value += math.log(left)
            # A goal more leads to a draw from one behind, and away from one that stands.
            by_home -= (home * (lost_by_one - drawn) - 2.0 * rho * low * (1.0 - home)) / left
            by_away -= (away * (by_one - drawn) - 2.0 * rho * low * (1.0 - away)) / left
            by_rho += 2.0 * low / left
        for j in range(x.shape[1]):
            by_total[j] += (by_home + by_away) * x[i, j]
            by_supremacy[j] += (by_home - by_away) * x[i, j]
        by_total[x.shape[1]] += by_home + by_away
        by_supremacy[x.shape[1]] += by_home - by_away
    return value, by_total, by_supremacy, by_rho
