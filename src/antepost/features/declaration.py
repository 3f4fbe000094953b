"""The vocabulary in which a feature group is declared: a fold in three parts, its facts and its columns."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from antepost.features.kernels import Floats, Integers, Ops
from antepost.sports import Sport

Facts = Mapping[str, pl.DataFrame]
Parity = Literal["even", "odd", "swap"]
Moment = Literal["open", "T-24h", "T-1h", "close"]
Fold = Callable[[Ops, Integers, Integers, Integers, Floats, Floats, Floats, Integers, Integers, Floats], int]
Read = Callable[[Floats, Integers, Floats, Floats, Floats], None]

MOMENTS: tuple[Moment, ...] = ("open", "T-24h", "T-1h", "close")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One feature column.

    ``moment`` is the earliest named moment at which a model may ask for it; asked earlier it is refused, not
    null. ``parity`` says what happens when the sides are mirrored at a neutral site: even stays, odd changes
    sign, swap trades places with the other side's column. ``price`` marks a value that holds a price of any
    kind.
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
    are the spine's key columns whose entities are looked up. With ``members`` the tape runs once a league and a
    row belongs to one team of it.
    """

    name: str
    version: int
    sports: frozenset[str]
    facts: Callable[[Facts, Sport], pl.DataFrame]
    values: tuple[str, ...]
    row: tuple[str, ...]
    carry: Callable[[Sport], int]
    fold: Fold
    read: Read
    roles: tuple[str, ...]
    columns: tuple[Column, ...]
    params: Callable[[Sport], Floats]
    members: bool = False

    @property
    def docs(self) -> str:
        """What the group is about, in the words of the module that declares it."""
        return inspect.cleandoc(sys.modules[self.facts.__module__].__doc__ or "")


def no_params(_: Sport) -> Floats:
    """Return an empty parameter vector, for groups whose kernels need none of the sport's constants."""
    return np.empty(0)
