"""The embedded MLflow server, started for real, and what happens when its processes are killed."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from antepost.engines import acquire, mlflow_server, mlflow_store, release
from antepost.engines.mlflow import release_mlflow
from antepost.engines.postgres import cluster
from antepost.engines.process import stands_in, wait_until
from antepost.models import Manifest
from antepost.settings import Settings, get_settings

_API = "/api/2.0/mlflow"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A deep home whose servers may be killed: nobody else uses them."""
    home = tmp_path_factory.mktemp("own") / ("h" * 120) / ("o" * 120)
    settings = get_settings(home=home, database_url=None, mlflow_url=None)
    yield settings
    release_mlflow(settings)
    release(settings)


def _asked(url: str) -> int:
    return httpx.get(
        f"{url}{_API}/registered-models/search", params={"max_results": 5}, trust_env=False, timeout=30.0
    ).status_code


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


def test_what_is_registered_from_a_home_of_more_than_200_characters_is_shown_with_its_files(
    own: Settings, tmp_path: Path
) -> None:
    """MLflow keeps 200 characters of where a run's files lie; with the home in them, the demo broke off at step 6."""
    from antepost.registry import read, write

    manifest = Manifest(
        sport="nfl", target="winner", set="close", sequence=1, lock="lock-1", columns=("a",), families=("elo",),
        weights=(1.0,), calibrator="none", refits=1, batch=1, simulated=True, seasons=(2001, 2007), rows=10,
        trained_through="2008-01-01T00:00:00+00:00", rows_out_of_fold=5, recipe={}, libraries=(),
    )  # fmt: skip
    bundle, plot = tmp_path / ("a" * 64), tmp_path / "reliability.png"
    bundle.mkdir()
    (bundle / "manifest.json").write_text("an invented manifest")
    plot.write_bytes(b"an invented picture")
    assert len(str(own.home)) > 200

    write.register(mlflow_store(own), bundle, manifest, {"log_loss": 0.61}, [plot], own.mlruns)
    url = mlflow_server(own)
    assert [version.digest for version in read.versions(url, manifest.name)] == ["a" * 64]
    (plots,) = own.mlruns.rglob("plots")
    run = plots.parents[1].name
    with httpx.Client(base_url=url, trust_env=False, timeout=30.0) as client:
        listed = client.get(f"{_API}/artifacts/list", params={"run_id": run}).json()["files"]
        assert [file["path"] for file in listed] == ["bundle", "plots"]
        served = client.get("/get-artifact", params={"run_id": run, "path": "bundle/manifest.json"})
    assert served.text == "an invented manifest"
