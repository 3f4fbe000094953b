"""What stands for a fixture: the state rows its columns are read from, cut out so that a vector takes microseconds.

The states of a sport are laid out once after each load; whoever keeps a fixture's bytes, in process, in a cache or in
a database, reads all its columns from them, through the kernels that read a million rows, to the same bits.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from antepost.errors import DataError
from antepost.features.catalogue import groups_of
from antepost.features.declaration import Facts, Group
from antepost.features.engine import Known, States, found_rows
from antepost.features.kernels import Flags, Floats, Integers
from antepost.features.spine import AS_OF, NUMBERS, numbers
from antepost.features.state import State
from antepost.sports import Sport

EVER = int(np.iinfo(np.int64).max)
KEYS = ("fixtures", "rosters", "officials", "venues")
"""The tables that say who plays whom, where and when: a revision of them moves a fixture's keys."""
_HEAD = struct.Struct("<3q")
_DIGEST = 16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """The state rows of one fixture as they stand for every ``as_of`` with ``since <= as_of <= until``.

    Both are microseconds UTC: after ``until`` something else is known. ``batch`` is the load whose facts these are;
    ``numbers`` is what read kernels see of the spine, ``there`` says of each role of each group whether its entity has
    a row, and ``rows`` holds those rows one after another, zeros where there is none.
    """

    since: int
    until: int
    batch: int
    numbers: Floats
    there: Flags
    rows: Floats

    def to_bytes(self, fixture: str) -> bytes:
        """Return all of it, little endian, after a digest of it and of the fixture's name."""
        head = _HEAD.pack(self.since, self.until, self.batch)
        told = head + self.there.tobytes() + self.numbers.astype("<f8").tobytes() + self.rows.astype("<f8").tobytes()
        return _digest(fixture, told) + told


class Vectors:
    """Reads the columns of a sport from what stands for a fixture; it has one buffer, so it is one thread's own."""

    def __init__(self, sport: Sport, columns: Sequence[str] | None = None, groups: Iterable[Group] | None = None):
        self._groups = tuple(groups or groups_of(sport))
        self._roles = sum(len(group.roles) for group in self._groups)
        self._rows = np.zeros(sum(len(group.roles) * len(group.row) for group in self._groups))
        self._found = np.zeros(self._roles, np.int64)
        self._places = np.concatenate([np.arange(len(group.roles)) for group in self._groups])
        self._table = np.zeros((1, len(NUMBERS)))
        names = [column.name for group in self._groups for column in group.columns]
        self._out = np.empty(len(names))
        self.columns = tuple(names if columns is None else columns)
        strange = next((name for name in self.columns if name not in names), None)
        if strange is not None:
            raise DataError(f"{sport.name} has no feature {strange!r}; see antepost features list")
        self._order = np.array([names.index(name) for name in self.columns], np.int64)
        self._calls = list(self._laid_out())

    def _laid_out(self) -> Iterator[tuple[Group, tuple[Floats, Integers, Floats, Floats, Floats]]]:
        row = role = column = 0
        for group in self._groups:
            roles, width, height = len(group.roles), len(group.row), len(group.columns)
            rows = self._rows[row : row + roles * width].reshape(roles, width)
            found = self._found[role : role + roles].reshape(1, roles)
            out = self._out[column : column + height].reshape(1, height)
            yield group, (rows, found, self._table, out, group.params)
            row, role, column = row + roles * width, role + roles, column + height

    def read(self, standing: Standing, as_of: int) -> Floats:
        """Return the float64 vector of ``columns``, null as NaN, of a fixture as of ``as_of`` (microseconds UTC).

        Raises:
            DataError: something else stands at that moment.
        """
        if not standing.since <= as_of <= standing.until:
            raise DataError("what was laid out does not stand at the moment asked for; lay out anew, or build a frame")
        self._rows[:] = standing.rows
        self._table[0] = standing.numbers
        self._table[0, AS_OF] = as_of
        self._found[:] = np.where(standing.there, self._places, -1)
        for group, call in self._calls:
            group.read(*call)
        return self._out[self._order]

    def from_bytes(self, fixture: str, stored: bytes) -> Standing:
        """Return what ``Standing.to_bytes`` wrote of ``fixture`` under the same catalogue.

        Raises:
            DataError: it was written under another one, of another fixture, or is not what was written.
        """
        told = stored[_DIGEST:]
        if stored[:_DIGEST] != _digest(fixture, told):
            raise DataError(f"what is kept of {fixture} is not what was laid out for it; lay out anew")
        if len(told) != _HEAD.size + self._roles + 8 * (len(NUMBERS) + self._rows.size):
            raise DataError(f"what stands for {fixture} was laid out under another catalogue; lay out anew")
        since, until, batch = _HEAD.unpack_from(told)
        values = np.frombuffer(told, "<f8", offset=_HEAD.size + self._roles)
        return Standing(
            since=since, until=until, batch=batch,
            numbers=values[: len(NUMBERS)],
            there=np.frombuffer(told, np.bool_, self._roles, _HEAD.size),
            rows=values[len(NUMBERS) :],
        )  # fmt: skip


def _digest(fixture: str, told: bytes) -> bytes:
    return hashlib.blake2b(told, digest_size=_DIGEST, key=fixture.encode()[:64]).digest()


def lay_out(
    sport: Sport, states: States, asked: pl.DataFrame, tables: Facts, batch: int, groups: Iterable[Group] | None = None
) -> list[Standing]:
    """Return what stands for each fixture of ``asked``, a spine, from its ``as_of`` on.

    ``states`` are built from ``tables``, the facts of loads up to ``batch``.
    """
    table = numbers(asked)
    since = asked["as_of"].dt.epoch("us").to_numpy()
    until = _moved(asked, tables)
    there: list[Flags] = []
    rows: list[Floats] = []
    known: Known = {}
    for group in groups or groups_of(sport):
        state = states[group.name]
        entities, found = found_rows(group, state, asked, since, known)
        until = np.minimum(until, _next(state, entities, found).min(axis=1, initial=EVER))
        there.append(found >= 0)
        stands = np.zeros((*found.shape, len(group.row)))
        stands[found >= 0] = state.rows[found[found >= 0]]
        rows.append(stands.reshape(asked.height, len(group.roles) * len(group.row)))
    flags, values = np.hstack(there), np.hstack(rows)
    told = zip(since.tolist(), until.tolist(), table, flags, values, strict=True)
    return [
        Standing(since=at, until=end, batch=batch, numbers=row, there=flag, rows=value)
        for at, end, row, flag, value in told
    ]


def _next(state: State, entities: Integers, found: Integers) -> Integers:
    """Return when the row after each found one becomes known, EVER where none does: until then that one stands."""
    strange = entities < 0
    first = state.bounds[np.where(strange, 0, entities)]
    last = state.bounds[np.where(strange, 0, entities + 1)]
    after = np.where(found >= 0, found + 1, first)
    stays = strange | (after >= last)
    return np.where(stays, EVER, np.append(state.known, EVER)[np.where(stays, -1, after)])


def _moved(asked: pl.DataFrame, tables: Facts) -> Integers:
    """Return the first moment from ``as_of`` on at which anything that names a fixture's keys becomes known."""
    moments = pl.concat(tables[name].select("fixture", "known_at") for name in KEYS if name in tables)
    ahead = moments.join(asked.select("fixture", "as_of"), on="fixture").filter(pl.col("known_at") >= pl.col("as_of"))
    first = ahead.group_by("fixture").agg(pl.col("known_at").min().dt.epoch("us").alias("moved"))
    return asked.join(first, on="fixture", how="left", maintain_order="left")["moved"].fill_null(EVER).to_numpy()
