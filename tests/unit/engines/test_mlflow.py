from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from antepost.engines import mlflow_server, mlflow_store
from antepost.engines.mlflow import MlflowServer
from antepost.errors import EngineError
from antepost.settings import Settings, get_settings


def _server(folder: Path) -> MlflowServer:
    return MlflowServer(folder=folder, store="postgresql+psycopg2://nobody@/mlflow", artifacts=folder / "mlruns")


def test_a_configured_server_is_used_as_it_stands() -> None:
    settings = get_settings(mlflow_url="http://mlflow.invalid:5000/")
    assert mlflow_server(settings) == "http://mlflow.invalid:5000"
    assert mlflow_store(settings) == "http://mlflow.invalid:5000"


def test_the_embedded_store_is_a_database_of_our_postgres(settings: Settings) -> None:
    assert mlflow_store(settings).startswith("postgresql+psycopg2://antepost@/")
    assert "_mlflow" in mlflow_store(settings)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}'])
def test_a_torn_record_of_the_server_means_that_none_runs(tmp_path: Path, text: str) -> None:
    (tmp_path / "server.json").write_text(text)
    assert not _server(tmp_path).healthy()
    with pytest.raises(EngineError, match="no MLflow server is known"):
        _server(tmp_path).url()


def test_a_record_that_names_a_stranger_is_not_believed_and_the_stranger_lives(tmp_path: Path) -> None:
    record = {"pid": os.getpid(), "url": "http://127.0.0.1:1"}
    (tmp_path / "server.json").write_text(json.dumps(record))
    assert not _server(tmp_path).healthy()
    _server(tmp_path).stop()
    assert not (tmp_path / "server.json").exists()
