"""The model that stands: asked of MLflow by REST, loaded from the signed bundle it names."""

from __future__ import annotations

from antepost import features
from antepost.engines import mlflow_server
from antepost.errors import ModelError
from antepost.models import Bundle, load_bundle
from antepost.registry import read
from antepost.settings import Settings


def champion(settings: Settings, name: str) -> Bundle:
    """Return the verified bundle behind alias ``champion`` of the registered model ``name``.

    Raises:
        ModelError: there is no such model or alias, or its bundle is not one of its own sport, target and set.
    """
    standing = read.champion(mlflow_server(settings), name)
    bundle = load_bundle(settings.bundles, standing.digest, lock=features.lock_of(name.split(".", maxsplit=1)[0]))
    if bundle.manifest.name != name:
        raise ModelError(
            f"champion of {name} is version {standing.version}, a bundle of {bundle.manifest.name}; "
            "move the alias to a version of its own",
            name=name,
        )
    return bundle
