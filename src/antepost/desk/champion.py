"""The model that stands: asked of MLflow by REST, loaded from the signed bundle it names."""

from __future__ import annotations

from antepost import features
from antepost.engines import mlflow_server
from antepost.models import load_bundle
from antepost.models.signing import trusted_signer
from antepost.models.store import AnyBundle
from antepost.registry import read
from antepost.settings import Settings


def champion(settings: Settings, name: str) -> AnyBundle:
    """Return the verified bundle behind alias ``champion`` of the registered model ``name``.

    Raises:
        ModelError: there is no such model or alias, or its bundle is missing, altered, signed by somebody else, of
            another lock, or not one of this sport, target and set.
    """
    standing = read.champion(mlflow_server(settings), name)
    return load_bundle(
        settings.bundles,
        standing.digest,
        lock=features.lock_of(name.split(".", maxsplit=1)[0]),
        name=name,
        public_key=trusted_signer(settings.keys),
    )
