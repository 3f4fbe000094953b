"""State rows: what a group's fold has published, when, and the carry it goes on from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from antepost.errors import DataError
from antepost.features.declaration import Facts, Group
from antepost.features.facts import codes, numbered, ranks
from antepost.features.kernels import (
    EMIT,
    FOLD,
    UNDO,
    Flags,
    Floats,
    Integers,
    Ops,
    by_entity,
    lay_tape,
    put_in_order,
    reaches,
)  # fmt: skip
from antepost.sports import Sport

EXACT = 2.0**53


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One group's state rows, sorted and unique by (entity, known_at).

    ``names`` are the entities of the rows, ``bounds`` cuts the rows by entity; ``known`` in microseconds UTC;
    ``rows`` is (rows, fields). ``carry`` and ``last`` belong to the *folded* entities ``folded``: what the fold
    goes on from, and the newest (known_at, event_at) folded into it. Of a group with members, ``names`` are the
    members and a carry holds as many numbers for each of them, in their order.
    """

    names: tuple[str, ...]
    bounds: Integers
    known: Integers
    rows: Floats
    folded: tuple[str, ...]
    carry: Floats
    last: Integers


def build(group: Group, sport: Sport, tables: Facts) -> State:
    """Return the state rows of ``group`` from the first fact on."""
    return fold(group, group.facts(tables, sport))


def fold(group: Group, facts: pl.DataFrame, start: State | None = None) -> State:
    """Run the fold of ``group`` over ``facts``; ``start`` gives the carries to go on from, by entity."""
    if facts["entity"].has_nulls():
        facts = facts.drop_nulls("entity")
    folded, entity = numbered(facts["entity"])
    bounds = np.empty(len(folded) + 1, np.int64)
    order = by_entity(entity, bounds)
    known, events = (facts[name].dt.epoch("us").to_numpy(writable=True) for name in ("known_at", "event_at"))
    sequences, batches = (facts[name].cast(pl.Int64).to_numpy(writable=True) for name in ("sequence", "batch"))
    keys = ranks(facts["key"])
    put_in_order(order, bounds, known, events, sequences, keys, batches)
    laid = (order, bounds, known, events, sequences, keys, facts["live"].to_numpy())
    names = _members(group, facts, start) if group.members else folded
    values = _values(group, facts, names)
    ops, args, tape = _tape(group, laid)
    carry = _carries(group, folded, names, start)
    rows, row_entity, row_known = _buffers(group, ops)
    written = group.fold(ops, args, tape, events, values, carry, rows, row_entity, row_known, group.params)
    if written < 0:
        raise DataError(f"group {group.name}: an entity has more facts at once than its fold can hold")
    rows, row_entity, row_known = rows[:written], row_entity[:written], row_known[:written]
    cuts = np.empty(len(names) + 1, np.int64)
    by_name = by_entity(row_entity, cuts)
    # Of a group without members the rows are written entity after entity.
    state = State(
        names=names,
        bounds=cuts,
        known=row_known[by_name] if group.members else row_known,
        rows=rows[by_name] if group.members else rows,
        folded=folded,
        carry=carry,
        last=_lasts(bounds, known[order], events[order]),
    )
    check(group, state)
    return state


def check(group: Group, state: State) -> None:
    """Demand that rows are sorted and unique by (entity, known_at): one instant, one state.

    Raises:
        DataError: they are not.
    """
    steps = np.diff(state.known)
    inside = np.ones(steps.size, bool)
    cuts = state.bounds[1:-1]
    inside[cuts[(cuts > 0) & (cuts < state.known.size)] - 1] = False
    if (steps[inside] <= 0).any():
        raise DataError(f"group {group.name}: state rows are not sorted and unique by (entity, known_at)")


def _tape(
    group: Group, laid: tuple[Integers, Integers, Integers, Integers, Integers, Integers, Flags]
) -> tuple[Ops, Integers, Integers]:
    bounds, undo = laid[1], bool(group.members)
    length = lay_tape(*laid, undo, False, np.empty(0, np.int8), np.empty(0, np.int64), np.empty(0, np.int64))
    ops, args = np.empty(length, np.int8), np.empty(length, np.int64)
    tape = np.zeros(bounds.size, np.int64)
    lay_tape(*laid, undo, True, ops, args, tape)
    return ops, args, tape


def _members(group: Group, facts: pl.DataFrame, start: State | None) -> tuple[str, ...]:
    met = pl.concat(facts[column].alias("name").unique() for column in group.members).drop_nulls()
    return tuple(sorted({*met, *(start.names if start else ())}))


def _values(group: Group, facts: pl.DataFrame, names: tuple[str, ...]) -> Floats:
    """Return members and values, a row a fact."""
    told = facts.select(*group.members, *group.values)
    members = [pl.Series(column, codes(told[column], names)) for column in group.members]
    values = told.with_columns(members).cast(pl.Float64).to_numpy(order="c", writable=True)
    if reaches(values, EXACT):
        raise DataError(f"group {group.name} holds a value of 2**53 or more; choose a larger unit")
    return values


def _carries(group: Group, folded: tuple[str, ...], names: tuple[str, ...], start: State | None) -> Floats:
    width = group.carry * len(names) if group.members else group.carry
    carry = np.zeros((len(folded), width))
    if start is None or not start.folded:
        return carry
    known = widened(group, start, names) if group.members else start.carry
    here = codes(pl.Series(folded, dtype=pl.String), start.folded)
    carry[here >= 0] = known[here[here >= 0]]
    return carry


def widened(group: Group, state: State, names: tuple[str, ...]) -> Floats:
    """Return the carries of ``state``, a group with members, laid out for ``names``: those it has and new ones."""
    carry = np.zeros((len(state.folded), len(names), group.carry))
    at = codes(pl.Series(state.names, dtype=pl.String), names)
    carry[:, at] = state.carry.reshape(len(state.folded), len(state.names), group.carry)
    return carry.reshape(len(state.folded), len(names) * group.carry)


def _buffers(group: Group, ops: Ops) -> tuple[Floats, Integers, Integers]:
    # A fact moves its members and no one else, forwards or back.
    moved = len(group.members) * int(((ops == FOLD) | (ops == UNDO)).sum())
    capacity = moved if group.members else int((ops == EMIT).sum())
    return np.empty((capacity, len(group.row))), np.empty(capacity, np.int64), np.empty(capacity, np.int64)


def _lasts(bounds: Integers, known: Integers, events: Integers) -> Integers:
    if bounds.size == 1:
        return np.empty((0, 2), np.int64)
    return np.column_stack([np.maximum.reduceat(told, bounds[:-1]) for told in (known, events)])
