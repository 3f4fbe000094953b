"""The tables in Postgres: the star schema, a projection of silver, and the ledger, which is true here.

This folder never reads silver itself and never decides what is sealed. It holds models, migrations and the
projection, and rests on the rest of the lake, telemetry and errors.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from antepost.lake.star.migrate import downgrade, migrate
    from antepost.lake.star.project import Projected, project

__all__ = ["Projected", "downgrade", "migrate", "project"]

_HOMES = {"Projected": "projection", "downgrade": "migrations", "migrate": "migrations", "project": "projection"}
