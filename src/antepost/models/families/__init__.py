"""The model families, one file each, found by name in ``FAMILIES``.

A family fits rows it is handed and returns flat arrays; it never reads, splits, blends or stores.
Its library is imported inside ``fit``, so that naming a family costs nothing; arrays and errors lie below.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, cast

from antepost.domain import PRICED_SETS, SETS
from antepost.errors import ModelError

if TYPE_CHECKING:
    from antepost.models.families.family import Family

__all__ = ["FAMILIES", "check_families", "families_for", "get_family"]

FAMILIES: dict[str, str] = {
    "market": "antepost.models.families.market",
    "elo": "antepost.models.families.elo",
    "logistic": "antepost.models.families.logistic",
    "xgboost": "antepost.models.families.xgboost",
    "lightgbm": "antepost.models.families.lightgbm",
}


def families_for(information_set: str) -> tuple[str, ...]:
    """Return the families that may learn in an information set: without prices there is no market.

    >>> families_for("none")
    ('elo', 'logistic', 'xgboost', 'lightgbm')

    Raises:
        ModelError: there is no such set.
    """
    if information_set not in SETS:
        raise ModelError(
            f"unknown information set {information_set!r}; choose from {', '.join(SETS)}", set=information_set
        )
    return tuple(name for name in FAMILIES if name != "market" or information_set in PRICED_SETS)


def check_families(names: str | Iterable[str] | None, information_set: str) -> tuple[str, ...]:
    """Return ``names`` in the table's order, once each; None stands for all that may learn in the set.

    Raises:
        ModelError: one of them does not exist or may not learn in ``information_set``, or none is named.
    """
    allowed = families_for(information_set)
    if names is None:
        return allowed
    names = [names] if isinstance(names, str) else list(names)
    for name in names:
        if name not in allowed:
            raise ModelError(
                f"family {name!r} is not in set {information_set!r}; choose from {', '.join(allowed)}",
                family=name,
            )
    if not names:
        raise ModelError(f"no family was named; choose from {', '.join(allowed)}")
    return tuple(name for name in allowed if name in names)


def get_family(name: str) -> Family:
    """Return the family called ``name``.

    Raises:
        ModelError: there is none.
    """
    if name not in FAMILIES:
        raise ModelError(f"unknown family {name!r}; choose from {', '.join(FAMILIES)}", family=name)
    return cast("Family", import_module(FAMILIES[name]).FAMILY)
