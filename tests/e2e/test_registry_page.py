"""What MLflow's own page shows a person, in a real browser."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from antepost.engines import mlflow_server
from antepost.registry import read
from tests.prepared import Prepared

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _page(url: str, folder: Path) -> str:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert browser is not None, "no browser here; sudo apt-get install chromium"
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server")
    command = [browser, *options, f"--user-data-dir={folder}", "--virtual-time-budget=20000", "--dump-dom", url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    return done.stdout


def test_the_page_lists_both_models_and_what_each_version_was_trained_through(
    prepared: Prepared, tmp_path: Path
) -> None:
    url = mlflow_server(prepared.desk.settings)
    listed = _page(f"{url}/#/models", tmp_path)
    assert "nfl.winner.none" in listed
    assert "nfl.winner.close" in listed
    version = _page(f"{url}/#/models/nfl.winner.close/versions/1", tmp_path)
    assert "champion" in version
    assert prepared.trained["close"].digest in version
    assert prepared.trained["close"].manifest.trained_through in version


def test_the_registry_read_by_rest_names_the_same_bundles(prepared: Prepared) -> None:
    url = mlflow_server(prepared.desk.settings)
    for name, trained in prepared.trained.items():
        standing = read.champion(url, f"nfl.winner.{name}")
        assert standing.digest == trained.digest
        assert [version.digest for version in read.versions(url, standing.name)] == [trained.digest]
