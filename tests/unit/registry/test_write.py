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
    with pytest.raises(ModelError, match="antepost train nfl --odds close"):
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
