"""From tables to a feature matrix: build or extend states, then read them along a spine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl

from antepost.errors import DataError
from antepost.features.catalogue import groups_of
from antepost.features.declaration import Facts, Group
from antepost.features.increment import extend
from antepost.features.kernels import Integers, as_of_rows
from antepost.features.spine import DERIVED, numbers
from antepost.features.state import State, build, codes
from antepost.lake.asof import settled
from antepost.sports import Sport

States = Mapping[str, State]
THREADS = 8
"""How many groups are built at once at most: each holds its facts meanwhile."""
Known = dict[tuple[str, tuple[str, ...]], Integers]


def build_states(sport: Sport, tables: Facts, groups: Iterable[Group] | None = None) -> dict[str, State]:
    """Return the state rows of every group (or of ``groups``) of a sport, folded from the first fact on."""
    (tables,) = _coded(settled(tables))
    return _each(lambda group: build(group, sport, tables), groups or groups_of(sport))


def extend_states(
    sport: Sport, states: States, before: Facts, after: Facts, groups: Iterable[Group] | None = None
) -> dict[str, State]:
    """Return ``states``, built from ``before``, brought up to ``after``; equal to a rebuild to the bit."""
    before, after = _coded(settled(before), settled(after))
    known = [group for group in groups or groups_of(sport) if group.name in states]
    return _each(lambda group: extend(group, sport, states[group.name], before, after), known)


def _each[Made](work: Callable[[Group], Made], groups: Iterable[Group]) -> dict[str, Made]:
    """Return what ``work`` makes of every group, as many at a time as there are processors: none asks for another's."""
    with ThreadPoolExecutor(min(THREADS, os.cpu_count() or 1)) as pool:
        chosen = tuple(groups)
        return dict(zip((group.name for group in chosen), pool.map(work, chosen), strict=True))


def _coded(*read: Facts) -> list[Facts]:
    """Return the tables with the names of fixtures as an Enum: every group joins by them, and text is hashed once."""
    columns = [frame["fixture"] for tables in read for frame in tables.values() if "fixture" in frame.columns]
    names = pl.Enum(pl.concat(columns).drop_nulls().unique().sort())
    return [
        {
            table: frame.with_columns(pl.col("fixture").cast(names)) if "fixture" in frame.columns else frame
            for table, frame in tables.items()
        }
        for tables in read
    ]


def read_states(
    sport: Sport, states: States, spine: pl.DataFrame, columns: tuple[str, ...], groups: Iterable[Group] | None = None
) -> np.ndarray:
    """Return the float64 matrix (fixtures, columns), null as NaN, of ``columns`` along ``spine``.

    Raises:
        DataError: a column that no group of the sport has.
    """
    return _matrix(sport, spine, columns, tuple(groups or groups_of(sport)), lambda group: states[group.name])


def _matrix(
    sport: Sport,
    spine: pl.DataFrame,
    columns: tuple[str, ...],
    groups: tuple[Group, ...],
    state_of: Callable[[Group], State],
) -> np.ndarray:
    """Return what ``read_states`` does; a group's state is asked for just before it is read, and then let go."""
    matrix = np.empty((spine.height, len(columns)), order="F")
    wanted = {name: i for i, name in enumerate(columns)}
    chosen = {
        group.name: [(i, wanted.pop(column.name)) for i, column in enumerate(group.columns) if column.name in wanted]
        for group in groups
    }
    if wanted:
        raise DataError(f"{sport.name} has no feature {next(iter(wanted))!r}; see antepost features list")
    asked = [group for group in groups if chosen[group.name]]
    table = numbers(spine, itself=any(group.itself for group in asked))
    as_of = spine["as_of"].dt.epoch("us").to_numpy()
    known: Known = {}

    def read(group: Group) -> None:
        block = read_group(group, state_of(group), spine, table, as_of, known)
        for source, target in chosen[group.name]:
            matrix[:, target] = block[:, source]

    _each(read, asked)
    return matrix


def read_group(
    group: Group, state: State, spine: pl.DataFrame, table: np.ndarray, as_of: np.ndarray, known: Known | None = None
) -> np.ndarray:
    """Return all columns of one group along the spine; ``known`` keeps the keys that are looked up for several."""
    _, found = found_rows(group, state, spine, as_of, {} if known is None else known)
    block = np.empty((spine.height, len(group.columns)))
    group.read(state.rows, found, table, block, group.params)
    return block


def found_rows(
    group: Group, state: State, spine: pl.DataFrame, as_of: np.ndarray, known: Known
) -> tuple[Integers, Integers]:
    """Return, fixtures by roles, the numbers of the entities and of their rows standing at ``as_of``, -1 for none."""
    entities, found = (np.empty((spine.height, len(group.roles)), np.int64) for _ in range(2))
    for r, role in enumerate(group.roles):
        if (role, state.names) not in known:
            key = spine.select(DERIVED[role]).to_series() if role in DERIVED else spine[role]
            known[role, state.names] = codes(key, state.names)
        entities[:, r] = known[role, state.names]
        found[:, r] = as_of_rows(state.bounds, state.known, known[role, state.names], as_of)
    return entities, found


def feature_frame(sport: Sport, tables: Facts, spine: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Return ``spine`` with the feature ``columns`` beside it, NaN as null."""
    (tables,) = _coded(settled(tables))
    matrix = _matrix(sport, spine, columns, groups_of(sport), lambda group: build(group, sport, tables))
    values = [pl.Series(name, matrix[:, i], nan_to_null=True) for i, name in enumerate(columns)]
    return spine.hstack(values)
