"""The compiled kernels every group shares: laying facts out as tapes, keeping the newest, as-of look-ups.

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


@kernel
def before(events: Integers, sequences: Integers, keys: Integers, a: int, b: int) -> bool:
    """Return whether fact ``a`` comes before fact ``b`` in canonical order (event_at, sequence, key)."""
    if events[a] != events[b]:
        return events[a] < events[b]
    if sequences[a] != sequences[b]:
        return sequences[a] < sequences[b]
    return keys[a] < keys[b]


@kernel
def by_entity(entities: Integers, bounds: Integers) -> Integers:
    """Return the positions of the facts entity after entity, each one's as they came, and write where each begins."""
    bounds[:] = 0
    for entity in entities:
        bounds[entity + 1] += 1
    for e in range(bounds.size - 1):
        bounds[e + 1] += bounds[e]
    free = bounds.copy()
    order = np.empty(entities.size, np.int64)
    for i in range(entities.size):
        order[free[entities[i]]] = i
        free[entities[i]] += 1
    return order


@kernel
def earlier(
    known: Integers, events: Integers, sequences: Integers, keys: Integers, batches: Integers, a: int, b: int
) -> bool:
    """Return whether fact ``a`` belongs before fact ``b`` of its entity by (known_at, canonical order, batch)."""
    if known[a] != known[b]:
        return known[a] < known[b]
    if before(events, sequences, keys, a, b):
        return True
    return not before(events, sequences, keys, b, a) and batches[a] < batches[b]


@kernel
def put_in_order(
    order: Integers, bounds: Integers, known: Integers, events: Integers, sequences: Integers, keys: Integers,
    batches: Integers,
) -> None:  # fmt: skip
    """Sort each entity's part of ``order``: stretches that are in order are found and merged two by two.

    Facts mostly come that way, a side's games at home and then those away, and need one merge or none.
    """
    held = np.empty(order.size, np.int64)
    for e in range(bounds.size - 1):
        merged = True
        while merged:
            merged = False
            start = bounds[e]
            while start < bounds[e + 1]:
                middle = stretch(order, start, bounds[e + 1], known, events, sequences, keys, batches)
                if middle == bounds[e + 1]:
                    break
                end = stretch(order, middle, bounds[e + 1], known, events, sequences, keys, batches)
                merged = True
                held[: middle - start] = order[start:middle]
                a, b, to = 0, middle, start
                while a < middle - start and b < end:
                    if earlier(known, events, sequences, keys, batches, order[b], held[a]):
                        order[to] = order[b]
                        b += 1
                    else:
                        order[to] = held[a]
                        a += 1
                    to += 1
                order[to : to + middle - start - a] = held[a : middle - start]
                start = end


@kernel
def stretch(
    order: Integers, start: int, end: int, known: Integers, events: Integers, sequences: Integers, keys: Integers,
    batches: Integers,
) -> int:  # fmt: skip
    """Return where the facts of ``order`` from ``start`` on cease to be in order."""
    at = start + 1
    while at < end and not earlier(known, events, sequences, keys, batches, order[at], order[at - 1]):
        at += 1
    return at


@kernel
def lay_tape(
    order: Integers, bounds: Integers, known: Integers, events: Integers, sequences: Integers, keys: Integers,
    live: Flags, undo: bool, fill: bool, ops: Ops, args: Integers, tape_bounds: Integers,
) -> int:  # fmt: skip
    """Write each entity's tape and return its total length; with ``fill`` false only measure.

    ``order`` has the facts by (entity, known_at, event_at, sequence, key); ``bounds`` cuts it by entity. Keys are
    numbered in their order, so that a revision finds the fact it replaces in one step. Where the past changed, the
    tape takes back as many facts as came after the change (``undo``), or starts afresh.
    """
    current = np.full(keys.max() + 1 if keys.size else 0, -1, np.int64)
    held = np.empty(order.size, np.int64)
    t = 0
    for e in range(bounds.size - 1):
        m = 0
        i = bounds[e]
        while i < bounds[e + 1]:
            moment = known[order[i]]
            folded = m
            same = m
            while i < bounds[e + 1] and known[order[i]] == moment:
                fact = int(order[i])
                old = int(current[keys[fact]])
                if old >= 0:
                    same = min(same, remove(held, m, old))
                    m -= 1
                    current[keys[fact]] = -1
                if live[fact]:
                    same = min(same, insert(held, m, fact, events, sequences, keys))
                    m += 1
                    current[keys[fact]] = fact
                i += 1
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
                    args[t] = held[p]
                t += 1
            if fill:
                ops[t] = EMIT
                args[t] = moment
            t += 1
        for p in range(m):
            current[keys[held[p]]] = -1
        if fill:
            tape_bounds[e + 1] = t
    return t


@kernel
def reaches(values: Floats, limit: float) -> bool:
    """Return whether any of ``values`` is as far from 0 as ``limit``."""
    for i in range(values.shape[0]):
        for c in range(values.shape[1]):
            if abs(values[i, c]) >= limit:
                return True
    return False


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
