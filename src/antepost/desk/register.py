"""Hand a signed bundle to MLflow, with the figures and pictures it is judged by."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from antepost import features
from antepost.domain.clock import Clock
from antepost.engines import mlflow_store
from antepost.lake import connect, ledger
from antepost.models import load_bundle
from antepost.models.signing import key_id, trusted_signer
from antepost.models.store import signer
from antepost.registry import write
from antepost.settings import Settings

if TYPE_CHECKING:
    from antepost.desk.evaluate import Evaluation


def register(
    settings: Settings, sport: str, digest: str, evaluation: Evaluation | None, alias: str | None, clock: Clock
) -> str:
    """Return the version under which the bundle was registered; ``alias`` is moved to it.

    The same bundle again keeps its version, and the figures of ``evaluation`` join it: of each the newest stands.
    The public key that the bundle is signed with is kept in the ledger, for whoever asks one day who signed it.

    Raises:
        ModelError: the bundle is missing, altered, signed by somebody else, or of another lock.
    """
    trusted = trusted_signer(settings.keys)
    bundle = load_bundle(settings.bundles, digest, lock=features.lock_of(sport), public_key=trusted)
    pem = signer(settings.bundles, digest)
    ledger.note_key(connect(settings), key_id(pem), pem, clock.now())
    metrics: dict[str, float] = {}
    judged_on, plots = "", []
    if evaluation is not None:
        judged_on = evaluation.span
        metrics = {name: v for name, v in evaluation.figures().items() if isinstance(v, float) and math.isfinite(v)}
        plots = evaluation.save_plots(settings.reports)
    store = mlflow_store(settings)
    version = write.register(
        store, settings.bundles / digest, bundle.manifest, metrics, plots, settings.mlruns, judged_on
    )
    if alias:
        write.promote(store, bundle.manifest.name, version, alias)
    return version
