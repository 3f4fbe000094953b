"""The tables in Postgres: the star schema, a projection of silver, and the ledger, which is true here.

This folder never reads silver itself and never decides what is sealed. It holds models, migrations, roles and the
projection, and rests on the rest of the lake, telemetry and errors.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from antepost.lake.star.projection import Held, Projected, project, rebuild, shown
    from antepost.lake.star.revisions import downgrade, migrate

__all__ = ["Held", "Projected", "downgrade", "migrate", "project", "rebuild", "shown"]

_HOMES = {
    "Held": "projection",
    "Projected": "projection",
    "downgrade": "revisions",
    "migrate": "revisions",
    "project": "projection",
    "rebuild": "projection",
    "shown": "projection",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
