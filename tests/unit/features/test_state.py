from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from antepost.errors import DataError
from antepost.features import build_states, extend_states
from antepost.features.groups.form import form
from antepost.features.state import State, check, codes, fold
from tests.worlds import TINY, Game, at, tables_of, tiny_games, tiny_tables


def state(names: tuple[str, ...], bounds: list[int], known: list[int]) -> State:
    """Return a state of rows without fields."""
    return State(
        names=names, bounds=np.array(bounds), known=np.array(known), rows=np.empty((len(known), 0)),
        folded=names, carry=np.empty((len(names), 0)), last=np.zeros((len(names), 2), np.int64),
    )  # fmt: skip


def test_rows_in_order_pass_and_a_new_entity_may_begin_earlier() -> None:
    check(form(TINY), state(("a", "b", "c"), [0, 2, 2, 4], [10, 20, 5, 6]))


@pytest.mark.parametrize("known", [[10, 10, 5], [20, 10, 5]], ids=["one instant twice", "backwards"])
def test_rows_that_repeat_an_instant_or_run_backwards_are_refused(known: list[int]) -> None:
    with pytest.raises(DataError, match="not sorted and unique"):
        check(form(TINY), state(("a", "b"), [0, 2, 3], known))


def test_a_value_too_large_for_exact_sums_is_refused() -> None:
    game = Game(fixture="g", season=2001, start=at("2001-09-02T17:00"), home="ANT", away="BEE", home_score=2**54)
    with pytest.raises(DataError, match="larger unit"):
        build_states(TINY, tables_of([game]), [form(TINY)])


def test_strangers_and_nulls_have_no_code() -> None:
    assert codes(pl.Series(["b", "x", None, "a"]), ("a", "b")).tolist() == [1, -1, -1, 0]
    assert codes(pl.Series(["b"]), ()).tolist() == [-1]


def test_the_carry_of_one_run_goes_on_to_the_bit() -> None:
    group = form(TINY)
    facts = group.facts(tables_of(tiny_games()), TINY)
    middle = facts["known_at"].sort()[facts.height // 2]
    start = fold(group, facts.filter(pl.col("known_at") <= middle))
    rest = fold(group, facts.filter(pl.col("known_at") > middle), start)
    whole = fold(group, facts)
    assert rest.carry.tobytes() == whole.carry.tobytes()
    assert rest.rows[-1].tobytes() == whole.rows[-1].tobytes()


def test_an_update_without_news_returns_the_same_states() -> None:
    tables = tiny_tables()
    states = build_states(TINY, tables)
    again = extend_states(TINY, states, tables, tables)
    assert all(again[name] is states[name] for name in states)


def test_states_of_no_facts_are_empty_and_can_be_extended() -> None:
    tables = tiny_tables()
    nothing = {name: frame.clear() for name, frame in tables.items()}
    empty = build_states(TINY, nothing)
    assert all(part.rows.shape[0] == 0 for part in empty.values())
    same(extend_states(TINY, empty, nothing, tables), build_states(TINY, tables))


def test_facts_that_overtake_each_other_in_one_update_equal_a_rebuild() -> None:
    games = tiny_games()
    slow = games[12].fixture
    tables = tables_of(games)
    wait = pl.when(pl.col("fixture") == slow).then(timedelta(days=9)).otherwise(timedelta())
    after = {**tables, "results": tables["results"].with_columns(pl.col("known_at") + wait)}
    before = {name: frame.filter(pl.col("known_at") < games[12].start) for name, frame in after.items()}
    same(extend_states(TINY, build_states(TINY, before), before, after), build_states(TINY, after))


def test_a_result_waits_for_its_schedule_entry_and_does_not_spoil_the_ratings() -> None:
    games = tiny_games()
    tables = tables_of(games)
    listed = tables["fixtures"].filter(pl.col("fixture") != games[5].fixture)
    states = build_states(TINY, {**tables, "fixtures": listed})
    assert np.isfinite(states["elo"].rows).all()


def test_a_fixture_with_more_neighbours_than_its_fold_has_room_for_is_refused() -> None:
    first = Game(fixture="f", season=2001, start=at("2001-09-02T17:00"), home="ANT", away="BEE")
    games = [replace(first, fixture=f"f{n:03}", start=first.start + timedelta(hours=n)) for n in range(125)]
    with pytest.raises(DataError, match="schedule"):
        build_states(TINY, tables_of(games))


def same(found: dict[str, State], wanted: dict[str, State]) -> None:
    """Demand equal rows to the bit."""
    for name, state in wanted.items():
        held = {entity for entity, size in zip(state.names, np.diff(state.bounds), strict=True) if size}
        for entity in held:
            ours, theirs = (part.names.index(entity) for part in (found[name], state))
            a, b = (slice(*part.bounds[i : i + 2]) for part, i in ((found[name], ours), (state, theirs)))
            assert found[name].known[a].tolist() == state.known[b].tolist()
            assert found[name].rows[a].tobytes() == state.rows[b].tobytes()
