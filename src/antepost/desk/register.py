"""Hand a signed bundle to MLflow, with the figures and pictures it is judged by."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from antepost import features
from antepost.domain.clock import Clock
from antepost.engines import mlflow_store
from antepost.errors import ModelError
from antepost.lake import connect, ledger
from antepost.models import load_bundle
from antepost.models.signing import key_id, trusted_signer
from antepost.models.store import signer
from antepost.registry import write
from antepost.settings import Settings

if TYPE_CHECKING:
    from antepost.desk.evaluate import Evaluation
    from antepost.desk.three_way import ThreeWay


def register(
    settings: Settings,
    sport: str,
    digest: str,
    evaluation: Evaluation | ThreeWay | None,
    alias: str | None,
    clock: Clock,
) -> str:
    """Return the version under which the bundle was registered; ``alias`` is moved to it.

    The same bundle again keeps its version, and the figures of ``evaluation`` join it: of each the newest stands.
    The public key that the bundle is signed with is kept in the ledger, for whoever asks one day who signed it.

    Raises:
        ModelError: the bundle is missing, altered, signed by somebody else, or of another lock, or the figures are of
            an estimator on trial.
    """
    if evaluation is not None and evaluation.model is not None:
        raise ModelError(
            f"{evaluation.model.name} was judged on trial and is not served; these figures are not of bundle {digest}: "
            "make a family of it, train that and register its bundle",
            estimator=evaluation.model.name,
        )
    trusted = trusted_signer(settings.keys)
    bundle = load_bundle(settings.bundles, digest, lock=features.lock_of(sport), public_key=trusted)
    pem = signer(settings.bundles, digest)
    ledger.note_key(connect(settings), key_id(pem), pem, clock.now())
    metrics: dict[str, float] = {}
    judged_on, plots = "", []
    if evaluation is not None:
        judged_on = evaluation.span
        metrics = _metrics(evaluation)
        plots = evaluation.save_plots(settings.reports)
    store = mlflow_store(settings)
    version = write.register(
        store, settings.bundles / digest, bundle.manifest, metrics, plots, settings.mlruns, judged_on
    )
    if alias:
        write.promote(store, bundle.manifest.name, version, alias)
    return version


def note_trial(settings: Settings, found: Evaluation) -> Evaluation:
    """Return the evaluation of an estimator on trial with the run in which MLflow now holds its figures and plots.

    The run stands among those of the registered model it would compete with, tagged as a trial.

    Raises:
        ModelError: no estimator was judged.
    """
    if found.model is None:
        raise ModelError("a trial is of an estimator; evaluate(model=...) judges one")
    run = write.note_trial(
        mlflow_store(settings), f"{found.sport}.{found.target}.{found.set}", found.model.name,
        {key: str(value) for key, value in found.model.estimator.get_params().items()},
        _metrics(found), found.save_plots(settings.reports), settings.mlruns, found.span,
    )  # fmt: skip
    return replace(found, run=run)


def _metrics(evaluation: Evaluation | ThreeWay) -> dict[str, float]:
    return {name: v for name, v in evaluation.figures().items() if isinstance(v, float) and math.isfinite(v)}
