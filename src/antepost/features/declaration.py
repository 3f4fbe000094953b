"""The vocabulary in which a feature group is declared: a fold in three parts, its facts and its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl

from antepost.errors import DataError
from antepost.features.kernels import Floats, Integers, Ops
from antepost.sports import Sport

Facts = Mapping[str, pl.DataFrame]
Parity = Literal["even", "odd", "swap"]
Moment = Literal["open", "T-24h", "T-1h", "close"]
Fold = Callable[[Ops, Integers, Integers, Integers, Floats, Floats, Floats, Integers, Integers, Floats], int]
Read = Callable[[Floats, Integers, Floats, Floats, Floats], None]
Declare = Callable[[Sport], "Group | None"]

MOMENTS: tuple[Moment, ...] = ("open", "T-24h", "T-1h", "close")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One feature column.

    ``moment`` is the earliest named moment at which a model may ask for it; asked earlier it is refused, not
    null. ``parity`` says what happens when the sides are mirrored at a neutral site: even stays, odd changes
    sign, swap trades places with the other side's column. ``price`` marks a value that holds a price of any
    kind: it waits for the close where no source tells what the market opened at (``moment_of``).
    """

    name: str
    unit: str
    parity: Parity
    null: str
    formula: str
    moment: Moment = "open"
    price: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A family of columns that share facts, an entity and two kernels.

    ``facts(tables, sport)`` moves rows into one frame with ``entity, key, event_at, sequence, known_at, batch,
    live`` and the ``values``; it computes nothing. ``fold`` runs an entity's tape of facts and writes one state
    row per instant (fields ``row``); ``read`` turns the state rows standing at ``as_of`` into columns. ``roles``
    are the spine's key columns whose entities are looked up. ``params`` are the sport's constants for the kernels.

    ``carry`` is how many numbers the fold goes on from; with none an entity that meets a new fact is folded from its
    first one, which is right for an entity as short-lived as a fixture.

    ``members`` names columns of the facts that hold who takes part. Then one entity is a whole sport: the kernel
    finds each member's number before the ``values``, keeps ``carry`` numbers for each of them, takes the last facts
    back (UNDO) where a late one comes before them, and a row belongs to one member.

    ``itself`` says that ``read`` asks which fixture it is (``spine.FIXTURE_NUMBER``), which takes its time to number.
    """

    name: str
    version: int
    facts: Callable[[Facts, Sport], pl.DataFrame]
    values: tuple[str, ...]
    row: tuple[str, ...]
    fold: Fold
    read: Read
    roles: tuple[str, ...]
    columns: tuple[Column, ...]
    carry: int = 0
    params: Floats = field(default_factory=lambda: np.empty(0))
    members: tuple[str, ...] = ()
    itself: bool = False


def moments_of(sport: Sport) -> tuple[Moment, ...]:
    """Return the named moments that ``sport`` has: there is no ``open`` without opening prices on who wins."""
    return MOMENTS if sport.opens else MOMENTS[1:]


def require_moment(sport: Sport, moment: str) -> None:
    """Check that ``moment`` is one of ``MOMENTS`` and to be had for ``sport``.

    Raises:
        DataError: it is neither.
    """
    offered = moments_of(sport)
    if moment not in MOMENTS:
        raise DataError(f"unknown moment {moment!r}; choose from {', '.join(offered)}, or give a timestamp")
    if moment not in offered:
        raise DataError(
            f"no source of {sport.name} has opening moneylines, so there is neither a set nor a moment 'open'; "
            f"choose from {', '.join(offered)}",
            sport=sport.name,
        )


def moment_of(column: Column, sport: Sport) -> Moment:
    """Return the earliest named moment at which ``column`` may be asked for in ``sport``."""
    return "close" if column.price and not sport.opens else column.moment
