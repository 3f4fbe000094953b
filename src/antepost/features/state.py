"""State rows: what a group's fold has published, when, and the carry it goes on from."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from antepost.errors import DataError
from antepost.features.declaration import Facts, Group
from antepost.features.kernels import EMIT, FOLD, UNDO, Floats, Integers, Ops, lay_tape
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
    folded = tuple(facts["entity"].unique().sort().to_list())
    numbered = facts.with_columns(entity=pl.Series(codes(facts["entity"], folded)), key=pl.col("key").rank("dense"))
    facts = numbered.sort("entity", "known_at", "event_at", "sequence", "key", "batch")
    entity = facts["entity"].to_numpy()
    bounds = np.searchsorted(entity, np.arange(len(folded) + 1)).astype(np.int64)
    names = _members(group, facts, start) if group.members else folded
    values = _values(group, facts, names)
    events = facts["event_at"].dt.epoch("us").to_numpy()
    ops, args, tape = _tape(group, facts, bounds, events)
    carry = _carries(group, folded, names, start)
    rows, row_entity, row_known = _buffers(group, ops)
    written = group.fold(ops, args, tape, events, values, carry, rows, row_entity, row_known, group.params)
    if written < 0:
        raise DataError(f"group {group.name}: an entity has more facts at once than its fold can hold")
    order = np.argsort(row_entity[:written], kind="stable")
    sorted_entity = row_entity[:written][order]
    state = State(
        names=names,
        bounds=np.searchsorted(sorted_entity, np.arange(len(names) + 1)).astype(np.int64),
        known=row_known[:written][order],
        rows=rows[:written][order],
        folded=folded,
        carry=carry,
        last=_lasts(bounds, facts["known_at"].dt.epoch("us").to_numpy(), events),
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


def codes(column: pl.Series, names: tuple[str, ...]) -> Integers:
    """Return the position of each value in ``names``, -1 for a stranger or null."""
    if not names:
        return np.full(len(column), -1, np.int64)
    coded = column.replace_strict(list(names), list(range(len(names))), default=-1, return_dtype=pl.Int64)
    return coded.fill_null(-1).to_numpy()


def _tape(group: Group, facts: pl.DataFrame, bounds: Integers, events: Integers) -> tuple[Ops, Integers, Integers]:
    known = facts["known_at"].dt.epoch("us").to_numpy()
    sequences = facts["sequence"].to_numpy()
    keys = facts["key"].to_numpy().astype(np.int64)
    pair = pl.col("entity").cast(pl.Int64) * (int(keys.max(initial=0)) + 1) + pl.col("key").cast(pl.Int64)
    slot = facts.select(pair.rank("dense")).to_series().to_numpy().astype(np.int64)
    live = facts["live"].to_numpy()
    empty8, empty64 = np.empty(0, np.int8), np.empty(0, np.int64)
    undo = bool(group.members)
    length = lay_tape(bounds, known, events, sequences, keys, slot, live, undo, False, empty8, empty64, empty64)
    ops, args = np.empty(length, np.int8), np.empty(length, np.int64)
    tape = np.zeros(bounds.size, np.int64)
    lay_tape(bounds, known, events, sequences, keys, slot, live, undo, True, ops, args, tape)
    return ops, args, tape


def _members(group: Group, facts: pl.DataFrame, start: State | None) -> tuple[str, ...]:
    met = pl.concat(facts.select(pl.col(column).alias("name")) for column in group.members)["name"].drop_nulls()
    return tuple(sorted({*met, *(start.names if start else ())}))


def _values(group: Group, facts: pl.DataFrame, names: tuple[str, ...]) -> Floats:
    members = [codes(facts[column], names).astype(np.float64) for column in group.members]
    values = facts.select(group.values).to_numpy().astype(np.float64)
    if (np.abs(values) >= EXACT).any():
        raise DataError(f"group {group.name} holds a value of 2**53 or more; choose a larger unit")
    return np.ascontiguousarray(np.column_stack([*members, values]))


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
    pairs = [(known[a:b].max(), events[a:b].max()) for a, b in pairwise(bounds)]
    return np.array(pairs, np.int64).reshape(-1, 2)
