"""The only room that names MLflow: training writes through its SDK, serving reads through its REST API.

Never trains, scores or decides which model is better. The rooms models, lake and engines lie below.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from antepost.registry import read, write
    from antepost.registry.read import Standing

__all__ = ["Standing", "read", "write"]


def __getattr__(name: str) -> object:
    # Reading must not load what writing needs: the SDK alone is three seconds and 180 MB.
    if name in ("read", "write"):
        return import_module(f"{__name__}.{name}")
    if name == "Standing":
        return import_module(f"{__name__}.read").Standing
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
