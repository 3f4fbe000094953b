"""The compiled kernels every group shares: laying facts out as tapes, window folds, as-of look-ups.

A *tape* is what one entity's history comes to: FOLD this fact, EMIT a row for this instant, and, where a late
or corrected fact changed the past, RESET (or UNDO the last facts one by one) and fold what is now visible again.
Kernels that run tapes never see a fact before its turn, so a group has nothing to leak.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from antepost.kernelcache import kernel

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Ops = NDArray[np.int8]

FOLD, EMIT, RESET, UNDO = 0, 1, 2, 3
WINDOWS = (3, 5, 10, 20)
LONGEST = 20
ROW_SEASON, ROW_COUNT, ROW_SEASON_COUNT = 0, 1, 2


@kernel
def before(events: Integers, sequences: Integers, keys: Integers, a: int, b: int) -> bool:
    """Return whether fact ``a`` comes before fact ``b`` in canonical order (event_at, sequence, key)."""
    if events[a] != events[b]:
        return events[a] < events[b]
    if sequences[a] != sequences[b]:
        return sequences[a] < sequences[b]
    return keys[a] < keys[b]


@kernel
def lay_tape(
    bounds: Integers, known: Integers, events: Integers, sequences: Integers, keys: Integers, slots: Integers,
    live: Flags, undo: bool, fill: bool, ops: Ops, args: Integers, tape_bounds: Integers,
) -> int:  # fmt: skip
    """Write each entity's tape and return its total length; with ``fill`` false only measure.

    Facts are sorted by (entity, known_at, event_at, sequence, key); ``bounds`` cuts them by entity; ``slots``
    numbers the pairs (entity, key), so that a revision finds the fact it replaces in one step. Where the past
    changed, the tape takes back as many facts as came after the change (``undo``), or starts afresh.
    """
    current = np.full(slots.max() + 1 if slots.size else 0, -1, np.int64)
    order = np.empty(known.size, np.int64)
    t = 0
    for e in range(bounds.size - 1):
        m = 0
        i = bounds[e]
        while i < bounds[e + 1]:
            j = i
            folded = m
            same = m
            while j < bounds[e + 1] and known[j] == known[i]:
                old = int(current[slots[j]])
                if old >= 0:
                    same = min(same, remove(order, m, old))
                    m -= 1
                    current[slots[j]] = -1
                if live[j]:
                    same = min(same, insert(order, m, j, events, sequences, keys))
                    m += 1
                    current[slots[j]] = j
                j += 1
            if same < folded and not undo:
                if fill:
                    ops[t] = RESET
                    args[t] = 0
                t += 1
                same = 0
            for _ in range(same, folded if undo else 0):
                if fill:
                    ops[t] = UNDO
                    args[t] = 0
                t += 1
            for p in range(same, m):
                if fill:
                    ops[t] = FOLD
                    args[t] = order[p]
                t += 1
            if fill:
                ops[t] = EMIT
                args[t] = known[i]
            t += 1
            i = j
        if fill:
            tape_bounds[e + 1] = t
    return t


@kernel
def remove(order: Integers, m: int, fact: int) -> int:
    """Take ``fact`` out of the first ``m`` of ``order`` and return where it stood."""
    p = m - 1
    while order[p] != fact:
        p -= 1
    for q in range(p, m - 1):
        order[q] = order[q + 1]
    return p


@kernel
def insert(order: Integers, m: int, fact: int, events: Integers, sequences: Integers, keys: Integers) -> int:
    """Put ``fact`` at its canonical place among the first ``m`` of ``order`` and return where that is."""
    p = m
    while p > 0 and not before(events, sequences, keys, order[p - 1], fact):
        order[p] = order[p - 1]
        p -= 1
    order[p] = fact
    return p


@kernel
def as_of_rows(row_bounds: Integers, row_known: Integers, entities: Integers, as_of: Integers) -> Integers:
    """Return for each (entity, as_of) the newest row with known_at < as_of, or -1."""
    found = np.empty(entities.size, np.int64)
    for i in range(entities.size):
        found[i] = -1
        e = entities[i]
        if e < 0:
            continue
        low, high = row_bounds[e], row_bounds[e + 1]
        while low < high:
            middle = (low + high) // 2
            if row_known[middle] < as_of[i]:
                low = middle + 1
            else:
                high = middle
        if low > row_bounds[e]:
            found[i] = low - 1
    return found


@kernel
def fold_windows(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Fold additive statistics into windows of 3, 5, 10, 20 facts and the running season; return the row count.

    ``values``: season, then k integer statistics. Carry: count, season, season count, k season sums, then a
    ring of the last 20 facts (k each). Row: season, count, season count, k season sums, then for each window its
    count and k sums (``window_at``). Integers below 2**53 add exactly in float64 in any order.
    """
    k = values.shape[1] - 1
    ring = 3 + k
    n_rows = 0
    for e in range(bounds.size - 1):
        state = carry[e]
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == RESET:
                state[:] = 0.0
            elif ops[t] == FOLD:
                fact = values[args[t]]
                if state[1] != fact[0]:
                    state[1] = fact[0]
                    state[2:ring] = 0.0
                slot = ring + (np.int64(state[0]) % LONGEST) * k
                for c in range(k):
                    state[3 + c] += fact[1 + c]
                    state[slot + c] = fact[1 + c]
                state[0] += 1.0
                state[2] += 1.0
            else:
                row = rows[n_rows]
                row[ROW_SEASON] = state[1]
                row[ROW_COUNT] = state[0]
                row[ROW_SEASON_COUNT:ring] = state[2:ring]
                emit_windows(state, row, k, ring)
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
    return n_rows


@kernel
def emit_windows(state: Floats, row: Floats, k: int, ring: int) -> None:
    """Write count and sums of each window, newest to oldest; the shorter windows are prefixes of the longest."""
    count = np.int64(state[0])
    at = ring
    w = 0
    sums = np.zeros(k)
    for back in range(1, LONGEST + 1):
        if back <= count:
            slot = ring + ((count - back) % LONGEST) * k
            for c in range(k):
                sums[c] += state[slot + c]
        if back == WINDOWS[w]:
            row[at] = min(count, back)
            for c in range(k):
                row[at + 1 + c] = sums[c]
            at += 1 + k
            w += 1


@kernel
def fold_latest(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Keep each entity's newest fact; return the row count.

    The row is the fact's values, NaN where there is none.
    """
    n_rows = 0
    for e in range(bounds.size - 1):
        state = carry[e]
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == RESET:
                state[:] = np.nan
            elif ops[t] == FOLD:
                state[:] = values[args[t]]
            else:
                rows[n_rows] = state
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
    return n_rows


def window_row(statistics: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the row that ``fold_windows`` writes for ``statistics``."""
    fields = ["season", "count", "season.n", *(f"season.{name}" for name in statistics)]
    for window in WINDOWS:
        fields += [f"{window}.n", *(f"{window}.{name}" for name in statistics)]
    return tuple(fields)


def window_at(window: int, statistics: int) -> int:
    """Return where in the row of ``fold_windows`` a window's count stands; its sums follow."""
    return 3 + statistics + WINDOWS.index(window) * (1 + statistics)


def window_carry(statistics: int) -> int:
    """Return the width of the carry that ``fold_windows`` needs for so many statistics."""
    return 3 + statistics + LONGEST * statistics
