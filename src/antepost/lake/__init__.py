"""What is stored and how it is read back: bronze bytes, silver tables, batch log, star schema and ledger.

This room never parses a vendor's payload, never fetches, and never changes a fact: a correction is a new row.
Below it lie betting, simulation, evaluation, sports, domain, engines, settings, telemetry and errors.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from antepost.lake import asof, batches, heads, ledger, raw, silver
    from antepost.lake.asof import facts, visible
    from antepost.lake.batches import Batch, watermark
    from antepost.lake.database import connect
    from antepost.lake.schemas import TABLES, Table
    from antepost.lake.star import project

__all__ = [
    "TABLES",
    "Batch",
    "Table",
    "asof",
    "batches",
    "connect",
    "facts",
    "heads",
    "ledger",
    "project",
    "raw",
    "silver",
    "visible",
    "watermark",
]

_HOMES = {
    "TABLES": "schemas",
    "Batch": "batches",
    "Table": "schemas",
    "connect": "database",
    "facts": "asof",
    "project": "star",
    "visible": "asof",
    "watermark": "batches",
}
_MODULES = {"asof", "batches", "heads", "ledger", "raw", "silver"}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
