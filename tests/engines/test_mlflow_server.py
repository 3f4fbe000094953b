"""The embedded MLflow server, started for real once, and what happens when its processes are killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import httpx

from antepost.engines import Postgres, mlflow_server
from antepost.engines.postgres import acquire, cluster
from antepost.engines.process import stands_in, wait_until
from antepost.settings import Settings

_SEARCH = "/api/2.0/mlflow/registered-models/search"


def _asked(url: str) -> int:
    return httpx.get(f"{url}{_SEARCH}", params={"max_results": 5}, trust_env=False, timeout=30.0).status_code


def test_the_server_answers_and_survives_that_its_database_and_then_it_itself_are_killed(
    mlflow_url: str, server_settings: Settings, postgres: Postgres
) -> None:
    assert mlflow_url.startswith("http://127.0.0.1:")
    assert _asked(mlflow_url) == 200
    assert mlflow_server(server_settings) == mlflow_url

    postmaster = cluster(server_settings).postmaster()
    assert postmaster is not None
    os.kill(postmaster, signal.SIGKILL)
    acquire(server_settings)
    assert _asked(mlflow_server(server_settings)) == 200

    folder = server_settings.engines / "mlflow"
    server = int((folder / "server.json").read_text().split('"pid": ')[1].split(",")[0])
    os.killpg(server, signal.SIGKILL)
    assert wait_until(lambda: not stands_in(server, folder), 20.0)
    assert _asked(mlflow_server(server_settings)) == 200
    assert Path(server_settings.mlruns).is_dir()
