from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antepost.features.kernels import EMIT, FOLD, RESET, UNDO, as_of_rows, lay_tape

type Told = tuple[int, int, int, int, bool]
"""One row of a tape's facts: known_at, event_at, sequence, key, and whether it stands."""


def tape(facts: list[Told], *, undo: bool = False) -> list[tuple[int, int]]:
    """Return the tape of one entity as pairs (operation, argument); an argument of FOLD numbers the sorted facts."""
    known, events, sequences, keys, live = (np.array(column) for column in zip(*sorted(facts), strict=True))
    columns = [column.astype(np.int64) for column in (known, events, sequences, keys)]
    order, bounds = np.arange(len(facts)), np.array([0, len(facts)])
    no_ops, no_numbers = np.empty(0, np.int8), np.empty(0, np.int64)
    length = lay_tape(order, bounds, *columns, live, undo, False, no_ops, no_numbers, no_numbers)
    ops, args, cuts = np.empty(length, np.int8), np.empty(length, np.int64), np.zeros(2, np.int64)
    assert lay_tape(order, bounds, *columns, live, undo, True, ops, args, cuts) == length
    assert cuts.tolist() == [0, length]
    return list(zip(ops.tolist(), args.tolist(), strict=True))


def test_facts_in_order_are_folded_and_emitted_one_by_one() -> None:
    assert tape([(10, 1, 0, 1, True), (20, 2, 0, 2, True)]) == [(FOLD, 0), (EMIT, 10), (FOLD, 1), (EMIT, 20)]


def test_facts_known_at_one_instant_make_one_row_in_order_of_the_events() -> None:
    told = [(10, 2, 0, 1, True), (10, 1, 0, 2, True)]
    assert tape(told) == [(FOLD, 0), (FOLD, 1), (EMIT, 10)]


def test_one_event_time_is_ordered_by_sequence_and_then_by_key() -> None:
    told = [(10, 1, 1, 1, True), (10, 1, 0, 3, True), (10, 1, 0, 2, True)]
    known_order = sorted(told)
    folded = [known_order[number][2:4] for op, number in tape(told) if op == FOLD]
    assert folded == [(0, 2), (0, 3), (1, 1)]


def test_a_late_fact_is_folded_at_its_place_from_the_start() -> None:
    told = [(10, 1, 0, 1, True), (20, 3, 0, 3, True), (30, 2, 0, 2, True)]
    assert tape(told)[-5:] == [(RESET, 0), (FOLD, 0), (FOLD, 2), (FOLD, 1), (EMIT, 30)]


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    told = [(10, 1, 0, 1, True), (20, 2, 0, 2, True), (30, 1, 0, 1, True)]
    assert tape(told)[-4:] == [(RESET, 0), (FOLD, 2), (FOLD, 1), (EMIT, 30)]


def test_a_tombstone_leaves_what_else_there_was() -> None:
    told = [(10, 1, 0, 1, True), (20, 2, 0, 2, True), (30, 1, 0, 1, False)]
    assert tape(told)[-3:] == [(RESET, 0), (FOLD, 1), (EMIT, 30)]


def test_after_the_last_fact_is_taken_back_an_empty_row_is_emitted() -> None:
    assert tape([(10, 1, 0, 1, True), (20, 1, 0, 1, False)])[-2:] == [(RESET, 0), (EMIT, 20)]


def test_of_two_revisions_at_one_instant_the_last_stands() -> None:
    assert tape([(10, 1, 0, 1, True), (10, 2, 0, 1, True)])[-2:] == [(FOLD, 1), (EMIT, 10)]


def test_where_facts_are_taken_back_a_late_one_takes_back_only_those_after_it() -> None:
    told = [(10, 1, 0, 1, True), (20, 3, 0, 3, True), (30, 2, 0, 2, True)]
    assert tape(told, undo=True)[-4:] == [(UNDO, 0), (FOLD, 2), (FOLD, 1), (EMIT, 30)]


def test_where_facts_are_taken_back_a_tombstone_of_the_last_one_folds_nothing_again() -> None:
    told = [(10, 1, 0, 1, True), (20, 2, 0, 2, True), (30, 2, 0, 2, False)]
    assert tape(told, undo=True)[-2:] == [(UNDO, 0), (EMIT, 30)]


@pytest.mark.parametrize("undo", [False, True], ids=["afresh", "taken back"])
@given(
    facts=st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 2), st.integers(0, 5), st.booleans()),
        min_size=1, max_size=25, unique_by=lambda fact: (fact[0], fact[3]),
    )
)  # fmt: skip
def test_at_every_row_the_facts_folded_are_those_that_stand_in_canonical_order(undo: bool, facts: list[Told]) -> None:
    ordered = sorted(facts)
    folded: list[int] = []
    rows: dict[int, list[int]] = {}
    for op, argument in tape(facts, undo=undo):
        if op == RESET:
            folded = []
        elif op == UNDO:
            folded.pop()
        elif op == FOLD:
            folded.append(argument)
        else:
            rows[argument] = list(folded)
    assert sorted(rows) == sorted({fact[0] for fact in facts})
    for moment, found in rows.items():
        newest = {fact[3]: number for number, fact in enumerate(ordered) if fact[0] <= moment}
        standing = [number for number in newest.values() if ordered[number][4]]
        assert found == sorted(standing, key=lambda number: ordered[number][1:4])


@pytest.mark.parametrize(("as_of", "row"), [(9, -1), (10, -1), (11, 0), (20, 0), (21, 1), (99, 1)])
def test_the_row_as_of_a_moment_is_the_newest_known_before_it(as_of: int, row: int) -> None:
    found = as_of_rows(np.array([0, 2]), np.array([10, 20]), np.array([0]), np.array([as_of]))
    assert found.tolist() == [row]


def test_a_stranger_and_an_entity_without_rows_have_no_row() -> None:
    found = as_of_rows(np.array([0, 1, 1]), np.array([10]), np.array([-1, 1, 0]), np.array([99, 99, 99]))
    assert found.tolist() == [-1, -1, 0]
