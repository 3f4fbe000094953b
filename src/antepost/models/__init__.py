"""Families, walk-forward training, blend and calibration, and the signed bundle that all of it becomes.

Never reads facts, computes a feature or talks to a registry; training libraries are imported inside fits.
Below it lie features, lake, betting, evaluation, sports and domain.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from antepost.models.blend import Blend, fit_blend
    from antepost.models.bundle import Bundle
    from antepost.models.families import FAMILIES, check_families, get_family
    from antepost.models.frame import Frame, OutOfFold
    from antepost.models.manifest import Manifest
    from antepost.models.recipes import Recipe, read_recipe
    from antepost.models.store import load_bundle, save_bundle
    from antepost.models.training import fit_bundle, walk_forward

__all__ = [
    "FAMILIES",
    "Blend",
    "Bundle",
    "Frame",
    "Manifest",
    "OutOfFold",
    "Recipe",
    "check_families",
    "fit_blend",
    "fit_bundle",
    "get_family",
    "load_bundle",
    "read_recipe",
    "save_bundle",
    "walk_forward",
]

_HOMES = {
    "FAMILIES": "families",
    "Blend": "blend",
    "Bundle": "bundle",
    "Frame": "frame",
    "Manifest": "manifest",
    "OutOfFold": "frame",
    "Recipe": "recipes",
    "check_families": "families",
    "fit_blend": "blend",
    "fit_bundle": "training",
    "get_family": "families",
    "load_bundle": "store",
    "read_recipe": "recipes",
    "save_bundle": "store",
    "walk_forward": "training",
}


def __getattr__(name: str) -> object:
    # Kernels load numba, which is too heavy for whoever only asks which families there are.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"antepost.models.{_HOMES[name]}"), name)
