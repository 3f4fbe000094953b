"""Means over windows, declared in a line each: what an entity has done per game, per shot or per play, and how lately.

A mean is a sum of integers over another one, both written in SQL over the facts' columns; a fact in which either is
null counts for neither. One fold and one read serve every group that is made of means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group, Moment, Parity
from antepost.features.facts import finish
from antepost.features.kernels import EMIT, FOLD, Floats, Integers, Ops
from antepost.features.spine import HOME_FIRST, NEUTRAL, SEASON
from antepost.kernelcache import kernel
from antepost.sports import Sport

ALL, THIS_SEASON, NOW = "all", "season", "now"

# How params lie: the numbers of windows and of decays, then they themselves, shortest first; then one line a column.
ROLE, LESS, BLOCK, OF, PER, SIGNED, GROUNDED, STRANGER, LINE = range(9)


@dataclass(frozen=True, slots=True, order=True)
class Decay:
    """Every fact before, each counting half as much as the one that came ``half_life`` facts after it.

    It is folded as sum = fact + sum * 0.5 ** (1 / half_life): Horner's form of the sum over all facts. No fact ever
    leaves it, so nothing is subtracted, and a fold resumed from its carry gives the same bits.
    """

    half_life: int

    def __str__(self) -> str:
        """Return the window as names of features write it."""
        return f"h{self.half_life}"


Window = int | str | Decay


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Of whom a mean is asked: the spine's key column and what the name of the feature ends in.

    With ``less``, another key, it is the one's mean less the other's, null where either is. ``signed`` turns the value
    towards the home side, for an entity that both sides make together. ``grounded`` says that there is no answer where
    nobody is at home. Of a stranger every sum is zero, or null where ``strangers`` is false.
    """

    key: str
    suffix: str
    parity: Parity = "swap"
    less: str = ""
    signed: bool = False
    grounded: bool = False
    strangers: bool = True


SIDES = (Role(key="home", suffix="home"), Role(key="away", suffix="away"))
BETWEEN = (Role(key="home", less="away", suffix="fixture", parity="odd"),)
"""What the home side has over the away side: one column where the level of both says no more about who wins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """One statistic and the windows over which it is asked for.

    ``of`` and ``per`` are integers in SQL. Without ``per`` it is a sum, zero where there was no fact. ``windows``
    are numbers of facts, ``"season"`` (this one's), ``"all"`` and decays; ``"now"`` is all of them too, where they
    are no games but what stands. ``listed`` is as of a column.
    """

    name: str
    unit: str
    of: str
    windows: tuple[Window, ...]
    per: str | None = "1"
    roles: tuple[Role, ...] = SIDES
    listed: bool = False


def means(
    name: str,
    declared: Sequence[Mean],
    facts: Callable[[Facts, Sport], pl.DataFrame],
    *,
    version: int,
    null: str,
    moment: Moment = "open",
    price: bool = False,
) -> Group:
    """Return the group of the means ``declared``.

    ``facts(tables, sport)`` gives stamps, ``source``, ``season`` and the columns that the means name; it computes
    nothing. ``null`` says when a column is null; ``moment`` and ``price`` are those of all columns.
    """
    sums = tuple(dict.fromkeys(chain.from_iterable(_sums(mean) for mean in declared)))
    windows = tuple(sorted({w for mean in declared for w in mean.windows if isinstance(w, int)}))
    decays = tuple(sorted({w for mean in declared for w in mean.windows if isinstance(w, Decay)}))
    blocks: tuple[Window, ...] = (ALL, THIS_SEASON, *decays, *windows)
    values = ("season", *sums)

    def summed(tables: Facts, sport: Sport) -> pl.DataFrame:
        return finish(facts(tables, sport).with_columns(_expression(text) for text in sums), values)

    keys = tuple(dict.fromkeys(key for mean in declared for role in mean.roles for key in (role.key, role.less) if key))
    asked = [(mean, window, role) for mean in declared for role in mean.roles for window in mean.windows]
    lines = [
        _line(mean, blocks.index(ALL if window == NOW else window), role, keys, sums) for mean, window, role in asked
    ]
    lengths = (len(windows), len(decays), *windows, *(decay.half_life for decay in decays))
    return Group(
        name=name,
        version=version,
        facts=summed,
        values=values,
        row=("season", "count", *(f"{block}.{text}" for block in blocks for text in sums)),
        carry=2 + (2 + len(decays) + max(windows, default=0)) * len(sums),
        fold=fold_means,
        read=read_means,
        roles=keys,
        columns=tuple(replace(_column(name, *one, null), moment=moment, price=price) for one in asked),
        params=np.array([*map(float, lengths), *chain.from_iterable(lines)]),
    )


def _sums(mean: Mean) -> Iterable[str]:
    """Return the two sums of a mean as they are stored; each is 0 where the other is null."""
    if mean.per is None:
        return (mean.of,)
    return (f"{mean.of} unless {mean.per} is null", f"{mean.per} unless {mean.of} is null")


def _expression(text: str) -> pl.Expr:
    value, _, other = text.partition(" unless ")
    here = pl.sql_expr(value)
    there = pl.sql_expr(other.removesuffix(" is null")) if other else here
    known = here.is_not_null() & there.is_not_null()
    return pl.when(known).then(here).otherwise(0).cast(pl.Int64).alias(text)


def _line(mean: Mean, block: int, role: Role, keys: Sequence[str], sums: Sequence[str]) -> tuple[float, ...]:
    numerator, *denominator = (sums.index(text) for text in _sums(mean))
    per = denominator[0] if denominator else -1
    flags = (float(role.signed), float(role.grounded), float(role.strangers))
    less = keys.index(role.less) if role.less else -1
    return (float(keys.index(role.key)), float(less), float(block), float(numerator), float(per), *flags)


def _column(group: str, mean: Mean, window: Window, role: Role, null: str) -> Column:
    over = {ALL: "all games before", THIS_SEASON: "this season's games", NOW: "what stands"}.get(
        str(window), f"the last {window} or fewer"
    )
    if isinstance(window, Decay):
        over = f"all games before, each counting half as much as the one {window.half_life} games later"
    formula = f"sum of {mean.of}" if mean.per in (None, "1") else f"sum of {mean.of} / sum of {mean.per}"
    formula = f"mean of {mean.of}" if mean.per == "1" else formula
    return Column(
        name=f"{group}.{mean.name}.{window}.{role.suffix}",
        unit=mean.unit,
        parity=role.parity,
        listed=mean.listed,
        null="never" if mean.per is None else null,
        formula=f"{formula}, over {over}{f': {role.key} less {role.less}' if role.less else ''}",
    )


@kernel
def fold_means(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Fold sums over all facts, the running season, the decays and the windows in ``params``; return the row count.

    ``values``: season, then k integers. Carry: count, season, k sums of all, k of the season, k for each decay, then
    a ring of the last facts, k each, as long as the longest window. Row: season, count, then k sums for all, for the
    season, for each decay and for each window.
    Integers below 2**53 add exactly in float64 in any order; decayed sums are folded in canonical order only.
    """
    k = values.shape[1] - 1
    windows, decays = np.int64(params[0]), np.int64(params[1])
    longest = np.int64(params[1 + windows]) if windows > 0 else 0
    keep = np.exp2(-1.0 / params[2 + windows : 2 + windows + decays])
    season = 2 + k
    decayed = 2 + 2 * k
    ring = decayed + decays * k
    n_rows = 0
    for e in range(bounds.size - 1):
        state = carry[e]
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == FOLD:
                fact = values[args[t]]
                if state[1] != fact[0]:
                    state[1] = fact[0]
                    state[season:decayed] = 0.0
                slot = ring + (np.int64(state[0]) % longest) * k if longest > 0 else ring
                for c in range(k):
                    state[2 + c] += fact[1 + c]
                    state[season + c] += fact[1 + c]
                    for d in range(decays):
                        state[decayed + d * k + c] = fact[1 + c] + state[decayed + d * k + c] * keep[d]
                    if longest > 0:
                        state[slot + c] = fact[1 + c]
                state[0] += 1.0
            elif ops[t] == EMIT:
                row = rows[n_rows]
                row[0] = state[1]
                row[1] = state[0]
                row[2:ring] = state[2:ring]
                emit_means(state, row, ring, k, params)
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
            else:
                state[:] = 0.0
    return n_rows


@kernel
def emit_means(state: Floats, row: Floats, ring: int, k: int, params: Floats) -> None:
    """Write the sums of each window, newest to oldest; the shorter windows are prefixes of the longest."""
    windows = np.int64(params[0])
    longest = np.int64(params[1 + windows]) if windows > 0 else 0
    count = np.int64(state[0])
    sums = np.zeros(k)
    at = ring
    w = 2
    for back in range(1, longest + 1):
        if back <= count:
            slot = ring + ((count - back) % longest) * k
            for c in range(k):
                sums[c] += state[slot + c]
        if back == params[w]:
            row[at : at + k] = sums
            at += k
            w += 1


@kernel
def read_means(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Divide each column's two sums; last season's running sums are not this season's."""
    first = blocks = 2 + np.int64(params[0]) + np.int64(params[1])
    k = (rows.shape[1] - 2) // blocks
    for i in range(out.shape[0]):
        for c in range(out.shape[1]):
            line = params[first + c * LINE : first + (c + 1) * LINE]
            value = mean_of(rows, found[i, np.int64(line[ROLE])], spine[i, SEASON], k, line)
            if line[LESS] >= 0.0:
                value -= mean_of(rows, found[i, np.int64(line[LESS])], spine[i, SEASON], k, line)
            if line[SIGNED] == 1.0 and spine[i, HOME_FIRST] == 0.0:
                value = -value
            if line[GROUNDED] == 1.0 and spine[i, NEUTRAL] == 1.0:
                value = np.nan
            out[i, c] = value


@kernel
def mean_of(rows: Floats, row: int, season: float, k: int, line: Floats) -> float:
    """Return what the state row ``row`` says under ``line``, NaN where it says nothing."""
    block, per = np.int64(line[BLOCK]), np.int64(line[PER])
    known = row >= 0 and rows[row, 1] > 0.0
    stands = known and (block != 1 or rows[row, 0] == season)
    top = rows[row, 2 + block * k + np.int64(line[OF])] if stands else 0.0
    if per < 0:
        return top if known or line[STRANGER] == 1.0 else np.nan
    under = rows[row, 2 + block * k + per] if stands else 0.0
    return top / under if under > 0.0 else np.nan
