"""The embedded MLflow server, started for real, and what happens when its processes are killed."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from antepost.engines import acquire, mlflow_server, release
from antepost.engines.mlflow import release_mlflow
from antepost.engines.postgres import cluster
from antepost.engines.process import stands_in, wait_until
from antepost.settings import Settings, get_settings

_SEARCH = "/api/2.0/mlflow/registered-models/search"


@pytest.fixture
def own(home: Path) -> Iterator[Settings]:
    """A home whose servers may be killed: nobody else uses them."""
    settings = get_settings(home=home, database_url=None, mlflow_url=None)
    yield settings
    release_mlflow(settings)
    release(settings)


def _asked(url: str) -> int:
    return httpx.get(f"{url}{_SEARCH}", params={"max_results": 5}, trust_env=False, timeout=30.0).status_code


def test_the_server_survives_that_its_database_and_then_it_itself_are_killed(own: Settings) -> None:
    url = mlflow_server(own)
    assert url.startswith("http://127.0.0.1:")
    assert _asked(url) == 200
    assert mlflow_server(own) == url

    postmaster = cluster(own).postmaster()
    assert postmaster is not None
    os.kill(postmaster, signal.SIGKILL)
    acquire(own)
    assert _asked(mlflow_server(own)) == 200

    folder = own.engines / "mlflow"
    server = json.loads((folder / "server.json").read_text())["pid"]
    os.killpg(server, signal.SIGKILL)
    assert wait_until(lambda: not stands_in(server, folder), 20.0)
    assert _asked(mlflow_server(own)) == 200

    last = json.loads((folder / "server.json").read_text())["pid"]
    release_mlflow(own)
    assert not stands_in(last, folder)
    assert cluster(own).healthy()
