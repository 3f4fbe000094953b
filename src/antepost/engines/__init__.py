"""Embedded Postgres, Valkey and MLflow as processes, or the servers that the settings name instead.

This room never decides what is stored in an engine, never trusts a pid without looking at the process behind
it, and never stops an engine that somebody else still uses. Below it lie settings, telemetry and errors.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from antepost.engines.mlflow import mlflow_server, mlflow_store
    from antepost.engines.postgres import Postgres, acquire, pin, release, unpin
    from antepost.engines.valkey import pin_valkey, valkey_client

__all__ = [
    "Postgres",
    "acquire",
    "mlflow_server",
    "mlflow_store",
    "pin",
    "pin_valkey",
    "release",
    "unpin",
    "valkey_client",
]

_HOMES = {
    "Postgres": "antepost.engines.postgres",
    "acquire": "antepost.engines.postgres",
    "pin": "antepost.engines.postgres",
    "pin_valkey": "antepost.engines.valkey",
    "release": "antepost.engines.postgres",
    "unpin": "antepost.engines.postgres",
    "valkey_client": "antepost.engines.valkey",
    "mlflow_server": "antepost.engines.mlflow",
    "mlflow_store": "antepost.engines.mlflow",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
