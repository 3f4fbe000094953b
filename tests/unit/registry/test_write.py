"""Registering in a real MLflow: its SDK writes to the store, its server is asked over REST."""

from __future__ import annotations

from pathlib import Path

import pytest

from antepost.engines import mlflow_store
from antepost.errors import ModelError
from antepost.models import Manifest
from antepost.registry import read
from antepost.settings import Settings


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """An invented manifest; its target makes the registered name this test's own."""
    return Manifest(
        sport="nfl", target=f"invented{tmp_path.name.replace('_', '')}", set="close", sequence=1, lock="lock-1",
        columns=("a",), families=("elo",), weights=(1.0,), calibrator="none", refits=1, batch=1, simulated=True,
        trained_through="2008-01-01T00:00:00+00:00", seasons=(2001, 2007), rows=10, rows_out_of_fold=5, recipe={},
        libraries=(),
    )  # fmt: skip


def stored(folder: Path, digest: str) -> Path:
    place = folder / digest
    (place / "native").mkdir(parents=True)
    (place / "manifest.json").write_text("{}")
    (place / "native" / "xgboost.json").write_text("{}")
    return place


def test_figures_that_come_later_join_the_version_that_stands(
    mlflow_url: str, server_settings: Settings, manifest: Manifest, tmp_path: Path
) -> None:
    """A bundle that train had registered never got the figures of a demo that came after: they went nowhere."""
    from mlflow import MlflowClient

    from antepost.registry import write

    store, folder = mlflow_store(server_settings), stored(tmp_path, "c" * 64)
    client = MlflowClient(tracking_uri=store, registry_uri=store)
    plot = tmp_path / "skill.png"

    def register(metrics: dict[str, float], judged_on: str = "") -> str:
        plots = [plot] if metrics else []
        return write.register(store, folder, manifest, metrics, plots, server_settings.mlruns, judged_on)

    def stands() -> tuple[dict[str, float], str | None]:
        version = client.get_model_version(manifest.name, "1")
        return client.get_run(str(version.run_id)).data.metrics, version.tags.get("judged_on")

    assert register({}) == "1"
    assert stands() == ({}, None)
    for metrics, seasons in (({"log_loss": 0.61}, "2022"), ({"log_loss": 0.6, "brier": 0.2}, "2021:2022")):
        plot.write_bytes(f"an invented picture of {seasons}".encode())
        assert (register(metrics, seasons), register({})) == ("1", "1")
        assert stands() == (metrics, seasons)
    (kept,) = (server_settings.mlruns / manifest.name).rglob("skill.png")
    assert kept.read_bytes().endswith(b"2021:2022")
    client.delete_run(str(client.get_model_version(manifest.name, "1").run_id))
    with pytest.raises(ModelError, match=r"version 1 of .* was deleted and takes no figures"):
        register({"log_loss": 0.59}, "2023")


def test_what_is_registered_is_found_promoted_and_found_again(
    mlflow_url: str, server_settings: Settings, manifest: Manifest, tmp_path: Path
) -> None:
    from antepost.registry import write

    store, name = mlflow_store(server_settings), manifest.name
    first, second = stored(tmp_path, "a" * 64), stored(tmp_path, "b" * 64)
    plot = tmp_path / "reliability.png"
    plot.write_bytes(b"an invented picture")

    def register(folder: Path) -> str:
        return write.register(store, folder, manifest, {"log_loss": 0.61}, [plot], server_settings.mlruns)

    assert (register(first), register(second)) == ("1", "2")
    assert register(first) == "1"
    with pytest.raises(ModelError, match=f"antepost train nfl --target {manifest.target} --odds close --register"):
        read.champion(mlflow_url, name)
    write.promote(store, name, "1")
    write.promote(store, name, "2")
    standing = read.champion(mlflow_url, name)
    assert (standing.version, standing.digest) == ("2", "b" * 64)
    found = read.versions(mlflow_url, name)
    assert [(s.version, s.digest) for s in found] == [("1", "a" * 64), ("2", "b" * 64)]
    with pytest.raises(ModelError, match="no version 7"):
        write.promote(store, name, "7")
    assert read.champion(mlflow_url, name).version == "2"
    kept = sorted(p.name for p in (server_settings.mlruns / name).rglob("*") if p.is_file())
    assert kept == sorted(["manifest.json", "xgboost.json", "reliability.png"] * 2)
