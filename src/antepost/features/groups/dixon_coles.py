"""Dixon and Coles: goals as two Poisson counts of attack, defence and home advantage, with more low draws than those.

The logarithm of the home side's rate is level + its attack - the other's defence + home advantage, and likewise the
away side's without the last. Of the results 0-0, 0-1, 1-0 and 1-1 the chance is multiplied by tau, a line in rho. The
weighted likelihood of the last games is maximised by Newton's method, all parameters at once; attacks, defences and
rho are drawn to 0 by a normal prior, so that who has just come up is rated after a game.

Source: Dixon and Coles, Modelling association football scores and inefficiencies in the football betting market,
J. Royal Statistical Society C 46 (1997), 265-280; the paper has no prior, and asks that the attacks sum to a constant.
"""

from __future__ import annotations

import numpy as np

from antepost.features.declaration import Column, Group, Parity
from antepost.features.fits import (
    AWAY,
    AWAY_SCORE,
    FIELDS,
    HOME,
    HOME_SCORE,
    NEUTRAL,
    VALUES,
    WEIGHT,
    facts,
    fold_fits,
    line_of,
)
from antepost.features.kernels import Floats, Integers, Ops
from antepost.features.spine import HOME_NUMBER
from antepost.features.spine import NEUTRAL as ON_NEUTRAL
from antepost.kernelcache import kernel
from antepost.sports import Sport

PRIOR, RHO_PRIOR = 2, 3
HEAD = ("sides", "level", "home_advantage", "rho")
LINE = ("number", "attack", "defence")
ATTACK, DEFENCE = 1, 2
# Unknowns: the attacks, the defences, and last what the league has.
LEVEL, ADVANTAGE, RHO, LEAGUE = range(4)
# A step below the last is the last: what it leaves over is its square.
MOST_STEPS, LONGEST, CLOSE_ENOUGH = 30, 1.0, 1e-5
# Level and home advantage have a prior of deviation 1, which only a league of a few games notices.
LOOSE = 1.0
# Where a pair of rates leaves tau no chance at all it leaves this much.
LEAST = 1e-9
GOALS = 16


@kernel
def fold_dixon_coles(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Fit goals at every refit. Row: ``HEAD``, then ``LINE`` for each side."""
    return fold_fits(ops, args, bounds, events, values, carry, rows, row_entity, row_known, params, len(HEAD), fit)


@kernel
def fit(games: Floats, count: int, head: Floats, sides: Floats, params: Floats) -> None:
    """Maximise the posterior, beginning with mean scores; no step is longer than ``LONGEST``."""
    n = sides.shape[0]
    size = 2 * n + LEAGUE
    theta, slope, step = np.zeros(size), np.empty(size), np.empty(size)
    curve = np.empty((size, size))
    begin(games, count, n, theta, params)
    for _ in range(MOST_STEPS):
        lay_out(games, count, n, theta, params, slope, curve)
        solve(curve, slope, step)
        longest = LONGEST
        for p in range(size):
            longest = max(longest, abs(step[p]))
        moved = 0.0
        for p in range(size):
            theta[p] += step[p] * LONGEST / longest
            moved = max(moved, abs(step[p]))
        if moved < CLOSE_ENOUGH:
            break
    for p in range(LEAGUE):
        head[1 + p] = theta[2 * n + p]
    for side in range(n):
        sides[side, ATTACK], sides[side, DEFENCE] = theta[side], theta[n + side]


@kernel
def begin(games: Floats, count: int, n: int, theta: Floats, params: Floats) -> None:
    """Write what mean scores say, whoever they were scored against; the prior stands for as many goals of the mean."""
    level, advantage = 2 * n + LEVEL, 2 * n + ADVANTAGE
    scored, kept, played = np.zeros(n), np.zeros(n), np.zeros(n)
    at_home, away, told = 1.0, 1.0, 1.0
    for i in range(count):
        h, a, weight = np.int64(games[i, HOME]), np.int64(games[i, AWAY]), games[i, WEIGHT]
        home_score, away_score = weight * games[i, HOME_SCORE], weight * games[i, AWAY_SCORE]
        scored[h] += home_score
        kept[a] += home_score
        scored[a] += away_score
        kept[h] += away_score
        played[h] += weight
        played[a] += weight
        told += weight
        at_home += (1.0 - games[i, NEUTRAL]) * home_score
        away += (1.0 - games[i, NEUTRAL]) * away_score
    mean = 0.5
    for side in range(n):
        mean += 0.5 * scored[side]
    mean /= told
    theta[level] = np.log(mean) - 0.5 * np.log(at_home / away)
    theta[advantage] = np.log(at_home / away)
    for side in range(n):
        expected = played[side] * mean + params[PRIOR]
        theta[side] = np.log((scored[side] + params[PRIOR]) / expected)
        theta[n + side] = -np.log((kept[side] + params[PRIOR]) / expected)


@kernel
def lay_out(games: Floats, count: int, n: int, theta: Floats, params: Floats, slope: Floats, curve: Floats) -> None:
    """Write the slope of the log posterior and, above the diagonal, how it bends: its negative second derivatives."""
    level, advantage, rho = 2 * n + LEVEL, 2 * n + ADVANTAGE, 2 * n + RHO
    size = slope.size
    factor = np.empty(size)
    for p in range(size):
        factor[p] = np.exp(-theta[p] if n <= p < 2 * n else theta[p])
        slope[p] = 0.0
        for q in range(p, size):
            curve[p, q] = 0.0
    by = np.empty(6)
    for i in range(count):
        h, a, weight, at_home = np.int64(games[i, HOME]), np.int64(games[i, AWAY]), games[i, WEIGHT], 1.0
        if games[i, NEUTRAL] != 0.0:
            at_home = 0.0
        home_score, away_score = games[i, HOME_SCORE], games[i, AWAY_SCORE]
        home_rate = factor[level] * factor[h] * factor[n + a]
        away_rate = factor[level] * factor[a] * factor[n + h]
        if at_home == 1.0:
            home_rate *= factor[advantage]
        home_left, away_left, home_bend, away_bend = (
            home_score - home_rate,
            away_score - away_rate,
            home_rate,
            away_rate,
        )
        if home_score <= 1.0 and away_score <= 1.0:
            low(home_score, away_score, home_rate, away_rate, theta[rho], by)
            home_left += by[0]
            away_left += by[1]
            # By a logarithm of a rate, log tau bends as its slope squared less its slope.
            home_bend += by[0] * by[0] - by[0]
            away_bend += by[1] * by[1] - by[1]
            both = weight * (by[0] * by[1] - by[5])
            curve[min(h, a), max(h, a)] += both
            curve[n + min(h, a), n + max(h, a)] += both
            curve[h, n + h] -= both
            curve[a, n + a] -= both
            curve[a, advantage] += at_home * both
            curve[n + h, advantage] -= at_home * both
            curve[level, advantage] += at_home * both
            home_rho, away_rho = weight * by[3], weight * by[4]
            slope[rho] += weight * by[2]
            curve[rho, rho] += weight * by[2] * by[2]
            curve[level, rho] -= home_rho + away_rho
            curve[advantage, rho] -= at_home * home_rho
            curve[h, rho] -= home_rho
            curve[n + a, rho] += home_rho
            curve[a, rho] -= away_rho
            curve[n + h, rho] += away_rho
        home_left, away_left = weight * home_left, weight * away_left
        home_bend, away_bend = weight * home_bend, weight * away_bend
        slope[h] += home_left
        slope[n + a] -= home_left
        slope[a] += away_left
        slope[n + h] -= away_left
        slope[level] += home_left + away_left
        slope[advantage] += at_home * home_left
        curve[h, n + a] -= home_bend
        curve[a, n + h] -= away_bend
        curve[h, advantage] += at_home * home_bend
        curve[n + a, advantage] -= at_home * home_bend
        curve[advantage, advantage] += at_home * home_bend
    # What follows from the sums above: nobody meets himself, so an attack's own defence stands for the joint part.
    curve[level, advantage] += curve[advantage, advantage]
    for attack in range(n):
        for defence in range(n):
            bend = -curve[attack, n + defence]
            curve[attack, level] += bend
            curve[n + defence, level] -= bend
            curve[level, level] += bend
            if attack != defence:
                curve[attack, attack] += bend
                curve[n + defence, n + defence] += bend
    for p in range(size):
        tight = params[PRIOR] if p < 2 * n else params[RHO_PRIOR] if p == rho else LOOSE
        slope[p] -= tight * theta[p]
        curve[p, p] += tight


@kernel
def low(home_score: float, away_score: float, home_rate: float, away_rate: float, rho: float, by: Floats) -> None:
    """Write how log tau slopes by the log rates x and y and by rho, by x and rho, by y and rho; by x and y (see above).

    Tau is 1 - home rate x away rate x rho of 0-0, 1 + home rate x rho of 0-1, 1 + away rate x rho of 1-0 and 1 - rho
    of 1-1.
    """
    has_home = 1.0 if home_score == 0.0 else 0.0
    has_away = 1.0 if away_score == 0.0 else 0.0
    sign = -1.0 if home_score == away_score else 1.0
    unit = sign * (home_rate if has_home == 1.0 else 1.0) * (away_rate if has_away == 1.0 else 1.0)
    tau = max(1.0 + rho * unit, LEAST)
    inside = 1.0 if tau > LEAST else 0.0
    share = inside * rho * unit / tau
    by[0], by[1], by[2] = has_home * share, has_away * share, inside * unit / tau
    curl = inside * unit / (tau * tau)
    by[3], by[4] = has_home * curl, has_away * curl
    by[5] = has_home * has_away * share


@kernel
def solve(curve: Floats, slope: Floats, step: Floats) -> None:
    """Solve the symmetric system whose upper half is ``curve`` by elimination, row by row."""
    n = slope.size
    for k in range(n):
        step[k] = slope[k]
    for k in range(n):
        upper = curve[k]
        pivot = max(upper[k], LEAST)
        for i in range(k + 1, n):
            share = upper[i] / pivot
            if share != 0.0:
                row = curve[i]
                for p in range(i, n):
                    row[p] -= share * upper[p]
                step[i] -= share * step[k]
    for k in range(n - 1, -1, -1):
        total = step[k]
        for i in range(k + 1, n):
            total -= curve[k, i] * step[i]
        step[k] = total / max(curve[k, k], LEAST)


@kernel
def read_dixon_coles(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read both rates, and the log-odds of a draw, of three goals, and of the home side against the away side."""
    for i in range(out.shape[0]):
        out[i, :] = np.nan
        if found[i, 0] < 0:
            continue
        row = rows[found[i, 0]]
        home = line_of(row, len(HEAD), spine[i, HOME_NUMBER])
        away = line_of(row, len(HEAD), spine[i, HOME_NUMBER + 1])
        if home < 0 or away < 0:
            continue
        home_level = row[1] + row[2] * (1.0 - spine[i, ON_NEUTRAL])
        home_rate = np.exp(home_level + row[home + ATTACK] - row[away + DEFENCE])
        away_rate = np.exp(row[1] + row[away + ATTACK] - row[home + DEFENCE])
        home_wins, away_wins = wins(home_rate, away_rate, row[3]), wins(away_rate, home_rate, row[3])
        out[i, 0], out[i, 1] = home_rate, away_rate
        out[i, 2] = np.log(draws(home_rate, away_rate, row[3])) - np.log(home_wins + away_wins)
        few = below(home_rate, away_rate, row[3])
        out[i, 3] = np.log(1.0 - few) - np.log(few)
        out[i, 4] = np.log(home_wins) - np.log(away_wins)


@kernel
def wins(own_rate: float, other_rate: float, rho: float) -> float:
    """Return the chance that a side of ``own_rate`` scores more, among scores below ``GOALS``."""
    total, own, behind, other = 0.0, np.exp(-own_rate), 0.0, np.exp(-other_rate)
    for goals in range(1, GOALS):
        own *= own_rate / goals
        behind += other
        other *= other_rate / goals
        total += own * behind
    # 1-0 is more or less likely by tau.
    return total + np.exp(-own_rate - other_rate) * own_rate * (max(1.0 + other_rate * rho, 0.0) - 1.0)


@kernel
def draws(home_rate: float, away_rate: float, rho: float) -> float:
    """Return the chance that both sides score as many, fewer than ``GOALS``."""
    both = np.exp(-(home_rate + away_rate))
    total = both * max(1.0 - home_rate * away_rate * rho, 0.0)
    for goals in range(1, GOALS):
        both *= home_rate * away_rate / (goals * goals)
        total += both * (max(1.0 - rho, 0.0) if goals == 1 else 1.0)
    return total


@kernel
def below(home_rate: float, away_rate: float, rho: float) -> float:
    """Return the chance of fewer than three goals; what tau takes from 0-0 and 1-1 it gives to 0-1 and 1-0."""
    rate = home_rate + away_rate
    none = np.exp(-rate)
    total = none * (1.0 + rate + 0.5 * rate * rate)
    zero, one = max(1.0 - home_rate * away_rate * rho, 0.0), max(1.0 - rho, 0.0)
    first, second = max(1.0 + home_rate * rho, 0.0), max(1.0 + away_rate * rho, 0.0)
    lone = away_rate * (first - 1.0) + home_rate * (second - 1.0)
    return total + none * ((zero - 1.0) + lone + home_rate * away_rate * (one - 1.0))


def dixon_coles(sport: Sport) -> Group | None:
    """Return the group, where a sport has the constants."""
    if sport.dixon_coles is None:
        return None
    its = sport.dixon_coles

    def column(name: str, unit: str, parity: Parity, formula: str) -> Column:
        return Column(
            name=f"dixon_coles.{name}", unit=unit, parity=parity, formula=formula,
            null="null until both sides have a game of the league's window that was known by Tuesday noon",
        )  # fmt: skip

    rate = "exp(level + own attack - the other's defence + home advantage unless away or neutral)"
    return Group(
        name="dixon_coles",
        version=1,
        facts=facts,
        values=VALUES,
        row=(*HEAD, *(f"{side}.{name}" for side in range(its.sides) for name in LINE)),
        carry=1 + FIELDS * its.games,
        fold=fold_dixon_coles,
        read=read_dixon_coles,
        roles=("league",),
        columns=(
            column("rate.now.home", sport.score, "swap", rate),
            column("rate.now.away", sport.score, "swap", rate),
            column("draw.now.fixture", "log-odds", "even", "ln(draw / no draw), with rho in the four lowest scores"),
            column(
                "over.now.fixture", "log-odds", "even", "ln(three goals or more / fewer), with rho in the four lowest"
            ),
            column("logit.now.fixture", "log-odds", "odd", "ln(home wins / away wins), with rho in the four lowest"),
        ),
        params=np.array([its.window.days, its.half_life.days, its.prior**-2.0, its.rho_prior**-2.0, its.games]),
    )
