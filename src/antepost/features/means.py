"""Means over windows, declared in a line each: what an entity has done per game, per shot or per play, and how lately.

A mean is a sum of integers over another one, both written in SQL over the facts' columns; a fact in which either is
null counts for neither. One fold and one read serve every group that is made of means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group, Moment, Parity
from antepost.features.facts import finish
from antepost.features.formula import operand
from antepost.features.kernels import EMIT, FOLD, Floats, Integers, Ops
from antepost.features.spine import HOME_FIRST, NEUTRAL, SEASON
from antepost.kernelcache import kernel
from antepost.sports import Sport

ALL, THIS_SEASON, NOW = "all", "season", "now"

# How params lie: how many windows, decays and cells there are; then the windows and the decays, shortest first; then a
# line for each cell, a mean over one window, which a row holds; then a line for each column.
BLOCK, OF, PER, CELL = range(4)
ROLE, LESS, HELD, SEASONAL, COUNTED, SIGNED, GROUNDED, STRANGER, LINE = range(9)


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
    are no games but what stands.
    """

    name: str
    unit: str
    of: str
    windows: tuple[Window, ...]
    per: str | None = "1"
    roles: tuple[Role, ...] = SIDES


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
    told = [(*_sums(mean), ALL if window == NOW else window) for mean, window, _ in asked]
    cells = tuple(dict.fromkeys(told))
    held = [(blocks.index(window), *_numbers(total, sums)) for *total, window in cells]
    lines = [
        _line(mean, role, cells.index(cell), window, keys)
        for (mean, window, role), cell in zip(asked, told, strict=True)
    ]
    lengths = (len(windows), len(decays), len(cells), *windows, *(decay.half_life for decay in decays))
    return Group(
        name=name,
        version=version,
        facts=summed,
        values=values,
        row=("season", "count", *(f"{window}.{' / '.join(total)}" for *total, window in cells)),
        carry=2 + (2 + len(decays) + max(windows, default=0)) * len(sums),
        fold=fold_means,
        read=read_means,
        roles=keys,
        columns=tuple(replace(_column(name, *one, null), moment=moment, price=price) for one in asked),
        params=np.array([*lengths, *chain.from_iterable(held), *chain.from_iterable(lines)], np.float64),
    )


def _sums(mean: Mean) -> tuple[str, ...]:
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


def _numbers(total: Sequence[str], sums: Sequence[str]) -> tuple[int, int]:
    """Return the places of a mean's two sums, -1 for the second of a mere sum."""
    numerator, *denominator = (sums.index(text) for text in total)
    return numerator, denominator[0] if denominator else -1


def _line(mean: Mean, role: Role, cell: int, window: Window, keys: Sequence[str]) -> tuple[int, ...]:
    flags = (window == THIS_SEASON, mean.per is None, role.signed, role.grounded, role.strangers)
    return (keys.index(role.key), keys.index(role.less) if role.less else -1, cell, *map(int, flags))


def _column(group: str, mean: Mean, window: Window, role: Role, null: str) -> Column:
    over = {ALL: "all games before", THIS_SEASON: "this season's games", NOW: "what stands"}.get(
        str(window), f"the last {window} or fewer"
    )
    if isinstance(window, Decay):
        over = f"all games before, each counting half as much as the one {window.half_life} games later"
    of = operand(mean.of)
    formula = f"sum of {of}" if mean.per is None else f"sum of {of} / sum of {operand(mean.per)}"
    formula = f"mean of {of}" if mean.per == "1" else formula
    return Column(
        name=f"{group}.{mean.name}.{window}.{role.suffix}",
        unit=mean.unit,
        parity=role.parity,
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
    a ring of the last facts, k each, as long as the longest window. Row: season, count, then every cell: a mean over
    a window, NaN where it divides by nothing, or a sum.
    Integers below 2**53 add exactly in float64 in any order; decayed sums are folded in canonical order only.
    """
    k = values.shape[1] - 1
    windows, decays = np.int64(params[0]), np.int64(params[1])
    longest = np.int64(params[2 + windows]) if windows > 0 else 0
    keep = np.exp2(-1.0 / params[3 + windows : 3 + windows + decays])
    first = 3 + windows + decays
    cells = params[first : first + CELL * np.int64(params[2])].astype(np.int64).reshape(-1, CELL)
    season = 2 + k
    decayed = 2 + 2 * k
    ring = decayed + decays * k
    held = np.empty(ring + windows * k)
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
                held[:ring] = state[:ring]
                sum_windows(state, held[ring:], ring, k, params)
                row = rows[n_rows]
                row[0] = state[1]
                row[1] = state[0]
                for c in range(cells.shape[0]):
                    top = held[2 + cells[c, BLOCK] * k + cells[c, OF]]
                    if cells[c, PER] >= 0:
                        under = held[2 + cells[c, BLOCK] * k + cells[c, PER]]
                        top = top / under if under > 0.0 else np.nan
                    row[2 + c] = top
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
            else:
                state[:] = 0.0
    return n_rows


@kernel
def sum_windows(state: Floats, sums: Floats, ring: int, k: int, params: Floats) -> None:
    """Write the k sums of each window, newest to oldest; the shorter windows are prefixes of the longest."""
    windows = np.int64(params[0])
    longest = np.int64(params[2 + windows]) if windows > 0 else 0
    count = np.int64(state[0])
    last = sums[:k]
    last[:] = 0.0
    w = 0
    for back in range(1, longest + 1):
        if back <= count:
            slot = ring + ((count - back) % longest) * k
            for c in range(k):
                last[c] += state[slot + c]
        if back == params[3 + w]:
            w += 1
            if w < windows:
                sums[w * k : (w + 1) * k] = last
                last = sums[w * k : (w + 1) * k]


@kernel
def read_means(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read each column's cell; what was so last season is not so in this one."""
    first = 3 + np.int64(params[0]) + np.int64(params[1]) + CELL * np.int64(params[2])
    lines = params[first:].astype(np.int64).reshape(-1, LINE)
    for i in range(out.shape[0]):
        for c in range(out.shape[1]):
            line = lines[c]
            value = held_of(rows, found[i, line[ROLE]], spine[i, SEASON], line)
            if line[LESS] >= 0:
                value -= held_of(rows, found[i, line[LESS]], spine[i, SEASON], line)
            if line[SIGNED] == 1 and spine[i, HOME_FIRST] == 0.0:
                value = -value
            if line[GROUNDED] == 1 and spine[i, NEUTRAL] == 1.0:
                value = np.nan
            out[i, c] = value


@kernel
def held_of(rows: Floats, row: int, season: float, line: Integers) -> float:
    """Return what the state row ``row`` says under ``line``, NaN where it says nothing."""
    known = row >= 0 and rows[row, 1] > 0.0
    stands = known and (line[SEASONAL] == 0 or rows[row, 0] == season)
    if stands:
        return rows[row, 2 + line[HELD]]
    return 0.0 if line[COUNTED] == 1 and (known or line[STRANGER] == 1) else np.nan
