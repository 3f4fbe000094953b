"""Writes bundles, figures and pictures into MLflow through its SDK, and moves aliases."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException

from antepost.errors import ModelError
from antepost.models import Manifest
from antepost.telemetry import boundary

# Its first contact with a new database prints every migration; what matters of that ends up in an exception.
for _name in ("mlflow", "alembic"):
    logging.getLogger(_name).setLevel(logging.WARNING)

# MLflow keeps at most 200 characters of where a run's files lie, and a home's path may be longer. Its server reads this
# root as the folder it was started over, which is ``artifacts`` below.
_ROOT = "mlflow-artifacts:/"
JUDGED_ON = "judged_on"
# MLflow keeps no more characters of a parameter; a pipeline tells of all its steps in one.
_LONGEST_PARAM = 6000


def register(
    store: str,
    folder: Path,
    manifest: Manifest,
    metrics: Mapping[str, float],
    plots: Iterable[Path],
    artifacts: Path,
    judged_on: str = "",
) -> str:
    """Return the version under which the bundle in ``folder`` stands; the same bundle again is the same version.

    A run holds figures, plots and the bundle's files; the version carries its digest, lock, what it was trained
    through and ``judged_on`` as tags. Figures and plots that come later join the run of the version that stands, which
    shows the newest of each; without any, it stays as it is.

    Args:
        store: MLflow's store, a database URL or a server's URL.
        folder: the stored bundle; its name is its digest.
        manifest: the bundle's manifest.
        metrics: figures by name.
        plots: picture files.
        artifacts: folder for MLflow's files where ``store`` is a database; the embedded server serves it.
        judged_on: the seasons that the figures are of.

    Raises:
        ModelError: the version stands, but its run was deleted and can hold no figures.
    """
    client = MlflowClient(tracking_uri=store, registry_uri=store)
    _ensure_model(client, manifest.name)
    pictures = {plot: f"plots/{plot.name}" for plot in plots}
    for version in client.search_model_versions(f"name='{manifest.name}'"):
        if version.tags.get("digest") == folder.name:
            _complete(client, version, metrics, judged_on, pictures, store, artifacts)
            return str(version.version)
    run = client.create_run(_experiment(client, manifest.name, store), run_name=folder.name[:12])
    for name, value in metrics.items():
        client.log_metric(run.info.run_id, name, value)
    _keep(client, run, {**pictures, folder: "bundle"}, store, artifacts)
    client.set_terminated(run.info.run_id)
    tags = {
        "digest": folder.name,
        "lock": manifest.lock,
        "trained_through": manifest.trained_through,
        "simulated": str(manifest.simulated).lower(),
        **({JUDGED_ON: judged_on} if judged_on else {}),
    }
    source = f"{run.info.artifact_uri}/bundle"
    version = client.create_model_version(manifest.name, source, run.info.run_id, tags=tags)
    boundary("bundle.registered")
    return str(version.version)


def note_trial(
    store: str,
    name: str,
    estimator: str,
    params: Mapping[str, str],
    metrics: Mapping[str, float],
    plots: Iterable[Path],
    artifacts: Path,
    judged_on: str,
) -> str:
    """Return the run that holds the figures of an estimator on trial, among those of the registered model ``name``.

    No version comes of it, so that no alias can ever stand on it. ``params`` are what it was made with.
    """
    client = MlflowClient(tracking_uri=store, registry_uri=store)
    tags = {"trial": "true", "estimator": estimator, JUDGED_ON: judged_on}
    run = client.create_run(_experiment(client, name, store), run_name=estimator, tags=tags)
    for key, value in params.items():
        client.log_param(run.info.run_id, key, value[:_LONGEST_PARAM])
    for key, value in metrics.items():
        client.log_metric(run.info.run_id, key, value)
    _keep(client, run, {plot: f"plots/{plot.name}" for plot in plots}, store, artifacts)
    client.set_terminated(run.info.run_id)
    return str(run.info.run_id)


def promote(store: str, name: str, version: str, alias: str = "champion") -> None:
    """Move ``alias`` of the registered model ``name`` to ``version``.

    Raises:
        ModelError: there is no such version.
    """
    client = MlflowClient(tracking_uri=store, registry_uri=store)
    try:
        client.set_registered_model_alias(name, alias, version)
    except MlflowException as error:
        raise ModelError(f"{name} has no version {version} to call {alias}: {error}", name=name) from error
    boundary("alias.moved")


def _complete(
    client: MlflowClient, version: ModelVersion, metrics: Mapping[str, float], judged_on: str,
    pictures: Mapping[Path, str], store: str, artifacts: Path,
) -> None:  # fmt: skip
    """Let figures and plots join the run of a version that stands; what it shows already is not written again."""
    if not metrics:
        return
    run = client.get_run(str(version.run_id))
    if run.info.lifecycle_stage != "active":
        raise ModelError(
            f"version {version.version} of {version.name} stands, but its run {version.run_id} was deleted and takes "
            "no figures; restore the run in MLflow, then register again",
            name=version.name,
        )
    for name, value in metrics.items():
        if run.data.metrics.get(name) != value:
            client.log_metric(run.info.run_id, name, value)
    _keep(client, run, pictures, store, artifacts)
    if judged_on and version.tags.get(JUDGED_ON) != judged_on:
        client.set_model_version_tag(version.name, str(version.version), JUDGED_ON, judged_on)


def _ensure_model(client: MlflowClient, name: str) -> None:
    try:
        client.create_registered_model(name)
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise ModelError(f"MLflow refused to make the registered model {name}: {error}", name=name) from error


def _experiment(client: MlflowClient, name: str, store: str) -> str:
    found = client.get_experiment_by_name(name)
    if found is not None:
        return found.experiment_id
    if _is_server(store):
        return client.create_experiment(name)
    return client.create_experiment(name, artifact_location=f"{_ROOT}{name}")


def _keep(client: MlflowClient, run: Run, places: Mapping[Path, str], store: str, artifacts: Path) -> None:
    """Copy each file or folder of ``places`` to its place among the run's artefacts."""
    root = str(run.info.artifact_uri)
    for path, place in places.items():
        if root.startswith(_ROOT) and not _is_server(store):
            # The SDK writes below this root through a server only; we know the folder and need none.
            target = artifacts / root.removeprefix(_ROOT) / place
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if path.is_dir() else shutil.copyfile)(path, target)
        elif path.is_dir():
            client.log_artifacts(run.info.run_id, str(path), place)
        else:
            client.log_artifact(run.info.run_id, str(path), str(Path(place).parent))


def _is_server(store: str) -> bool:
    return store.startswith("http")
