"""antepost: sport, priced before it happens.

>>> import antepost as ap
>>> ap.__version__
'0.1.0'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from antepost.desk import Desk
    from antepost.desk import open_desk as open  # noqa: A004  # ap.open() reads as what it does

__version__ = "0.1.0"
__all__ = ["Desk", "__version__", "open"]

_HOMES = {"Desk": ("antepost.desk", "Desk"), "open": ("antepost.desk", "open_desk")}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
