"""A group that stands in no catalogue yet: held to what every group is held to, its facts found, its columns read.

Somebody wrote it a minute ago, so each fault is told by its name before the engine meets it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import polars as pl

from antepost.errors import DataError, LeakageError
from antepost.features.catalogue import groups_of, require_groups, usable_in
from antepost.features.declaration import Declare, Facts, Group
from antepost.features.engine import read_group
from antepost.features.facts import STAMPS
from antepost.features.kernels import Floats
from antepost.features.sources import sources
from antepost.features.spine import DERIVED, REFEREE, STARTERS, numbers
from antepost.features.state import build
from antepost.lake.asof import settled
from antepost.lake.schemas import TABLES
from antepost.sports import Sport

# What the spine itself is made of; the proofs need a whole world, whatever the group reads.
OF_THE_SPINE = ("fixtures", "results", "prices", "rosters", "officials", "venues")
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+){3}")
_ROLES = {
    "fixture", "league", "season", "home", "away", "venue", "surface", "pair", *STARTERS, REFEREE, *DERIVED,
}  # fmt: skip


def declared(declare: Declare | Group, sport: Sport) -> Group:
    """Return the group that ``declare`` gives for ``sport``, once its declaration keeps the rules.

    Raises:
        DataError: the sport has no features or not this group, its name or a column's is taken or ill-formed, it has
            no columns, or a column lacks the twin that its parity asks for.
    """
    require_groups(sport)
    if not isinstance(declare, Group) and not callable(declare):
        raise DataError(f"a trial takes a Group or a function (Sport) -> Group, and this is a {type(declare).__name__}")
    group = declare if isinstance(declare, Group) else declare(sport)
    if group is None:
        raise DataError(f"the group says that {sport.name} does not have it; try it on a sport that does")
    if not isinstance(group, Group):  # pyright: ignore[reportUnnecessaryIsInstance]  # a notebook has no checker
        raise DataError(
            f"a trial takes a Group or a function (Sport) -> Group, and this one gives a {type(group).__name__}"
        )
    faults = [*_faults(group, sport)]
    if faults:
        raise DataError(f"group {group.name}: {'; '.join(faults)}", group=group.name, faults=faults)
    return group


def _faults(group: Group, sport: Sport) -> Iterator[str]:
    taken = {other.name: {column.name for column in other.columns} for other in groups_of(sport)}
    if group.name in taken:
        yield f"{sport.name} has a group of this name already; call yours otherwise, or change features/groups/"
    names = [column.name for column in group.columns]
    if not names:
        yield "it declares no columns; give it at least one"
    for name in names:
        if not _NAME.fullmatch(name) or not name.startswith(f"{group.name}."):
            yield f"column {name!r} is not called {group.name}.statistic.window.side in small letters"
        if names.count(name) > 1:
            yield f"column {name!r} is declared twice"
    for column in group.columns:
        stem, _, side = column.name.rpartition(".")
        twin = f"{stem}.{'away' if side == 'home' else 'home'}"
        if column.parity == "swap" and (side not in ("home", "away") or twin not in names):
            yield f"column {column.name!r} trades places with the other side's, and there is no {twin!r}"
    strange = [role for role in group.roles if role not in _ROLES]
    if strange:
        yield f"no key of the spine is called {', '.join(strange)}; choose from {', '.join(sorted(_ROLES))}"


def sources_of(group: Group, sport: Sport) -> tuple[str, ...]:
    """Return the names of the tables that ``group`` takes its facts from.

    Raises:
        DataError: it asks for a table or a column that there is not.
    """
    try:
        return sources(group, sport)
    except KeyError as error:
        raise DataError(
            f"group {group.name} reads a table {error} and there is none of that name; there are {', '.join(TABLES)}"
        ) from error
    except pl.exceptions.ColumnNotFoundError as error:
        column = str(error).splitlines()[0]
        raise DataError(f"group {group.name}: its facts ask for a column that is not there: {column}") from error


def require_facts(group: Group, sport: Sport, tables: Facts) -> None:
    """Check that ``group`` finds facts in ``tables``, and that they are what a fold needs.

    Raises:
        DataError: there are none, a column is missing, or it asks for what there is not.
    """
    read = sources_of(group, sport)
    facts = group.facts(settled(tables), sport)
    missing = [name for name in (*STAMPS, *group.members, *group.values) if name not in facts.columns]
    if missing:
        raise DataError(
            f"group {group.name}: its facts lack {', '.join(missing)}; end them with features.facts.finish",
            missing=missing,
        )
    if facts.is_empty():
        raise DataError(
            f"group {group.name} finds no facts in {', '.join(read) or 'any table'} of {sport.name}; "
            "load the source that has them, or look at what its filters leave"
        )


def world(sport: Sport, tables: Facts, read: tuple[str, ...]) -> Facts:
    """Return what the proofs of one group need of ``tables``: what it ``read`` whole, and what the spine is made of.

    Of line-ups, officials and prices that it does not read only those stay of which the spine takes keys: announced
    starters and referees. The rest is the bulk of most sports' rows.
    """
    starters = [f"{side}_{sport.starter}" for side in ("home", "away")]
    keys = {
        "rosters": pl.col("role").is_in(starters), "officials": pl.col("role") == REFEREE, "prices": pl.lit(value=False)
    }  # fmt: skip
    kept = {name: frame for name, frame in tables.items() if name in {*OF_THE_SPINE, *read}}
    return {
        name: frame.filter(keys[name]) if name in keys and name not in read else frame for name, frame in kept.items()
    }


def usable(group: Group, sport: Sport, *, prices: bool, moment: str) -> tuple[str, ...]:
    """Return the columns of ``group`` that an information set may use at ``moment``.

    Raises:
        LeakageError: none is; the message says from when on, or with which set.
    """
    names = usable_in(group, sport, prices=prices, moment=moment)
    if not names:
        why = "they hold prices, so ask for set 'close'" if not prices else f"they are not known at {moment}"
        raise LeakageError(f"group {group.name}: no column may be used in this set: {why}", group=group.name)
    return names


def values(group: Group, sport: Sport, tables: Facts, spine: pl.DataFrame, columns: tuple[str, ...]) -> Floats:
    """Return the matrix (fixtures, columns) of a group along ``spine``, null as NaN."""
    state = build(group, sport, settled(tables))
    block = read_group(group, state, spine, numbers(spine), spine["as_of"].dt.epoch("us").to_numpy())
    names = [column.name for column in group.columns]
    return np.ascontiguousarray(block[:, [names.index(name) for name in columns]])
