"""From tables to a feature matrix: build or extend states, then read them along a spine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from antepost.errors import DataError
from antepost.features.catalogue import groups_of
from antepost.features.declaration import Facts, Group
from antepost.features.increment import extend
from antepost.features.kernels import as_of_rows
from antepost.features.spine import DERIVED, numbers
from antepost.features.state import State, build, codes
from antepost.lake.asof import settled
from antepost.sports import Sport

States = Mapping[str, State]


def build_states(sport: Sport, tables: Facts, groups: Iterable[Group] | None = None) -> dict[str, State]:
    """Return the state rows of every group (or of ``groups``) of a sport, folded from the first fact on."""
    tables = settled(tables)
    return {group.name: build(group, sport, tables) for group in groups or groups_of(sport)}


def extend_states(
    sport: Sport, states: States, before: Facts, after: Facts, groups: Iterable[Group] | None = None
) -> dict[str, State]:
    """Return ``states``, built from ``before``, brought up to ``after``; equal to a rebuild to the bit."""
    before, after = settled(before), settled(after)
    return {
        group.name: extend(group, sport, states[group.name], before, after)
        for group in groups or groups_of(sport)
        if group.name in states
    }


def read_states(
    sport: Sport, states: States, spine: pl.DataFrame, columns: tuple[str, ...], groups: Iterable[Group] | None = None
) -> np.ndarray:
    """Return the float64 matrix (fixtures, columns), null as NaN, of ``columns`` along ``spine``.

    Raises:
        DataError: a column that no group of the sport has.
    """
    matrix = np.empty((spine.height, len(columns)))
    table = numbers(spine)
    as_of = spine["as_of"].dt.epoch("us").to_numpy()
    wanted = {name: i for i, name in enumerate(columns)}
    for group in groups or groups_of(sport):
        chosen = [(i, wanted.pop(column.name)) for i, column in enumerate(group.columns) if column.name in wanted]
        if not chosen:
            continue
        block = read_group(group, states[group.name], spine, table, as_of)
        source, target = zip(*chosen, strict=True)
        matrix[:, target] = block[:, source]
    if wanted:
        raise DataError(f"{sport.name} has no feature {next(iter(wanted))!r}; see antepost features list")
    return matrix


def read_group(group: Group, state: State, spine: pl.DataFrame, table: np.ndarray, as_of: np.ndarray) -> np.ndarray:
    """Return all columns of one group along the spine."""
    found = np.empty((spine.height, len(group.roles)), np.int64)
    for r, role in enumerate(group.roles):
        key = spine.select(DERIVED[role]).to_series() if role in DERIVED else spine[role]
        found[:, r] = as_of_rows(state.bounds, state.known, codes(key, state.names), as_of)
    block = np.empty((spine.height, len(group.columns)))
    group.read(state.rows, found, table, block, group.params)
    return block


def feature_frame(sport: Sport, tables: Facts, spine: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Return ``spine`` with the feature ``columns`` beside it, NaN as null."""
    wanted = [g for g in groups_of(sport) if any(c.name in columns for c in g.columns)]
    matrix = read_states(sport, build_states(sport, tables, wanted), spine, columns)
    values = pl.DataFrame(matrix, schema=list(columns), orient="row").fill_nan(None)
    return pl.concat([spine, values], how="horizontal")
