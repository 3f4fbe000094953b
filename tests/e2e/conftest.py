"""One prepared home for all tests of this folder, and the command line over it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.prepared import Prepared, prepared_home

type Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def prepared(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """The home; its engines run until the session ends, so that programs over it join them."""
    with prepared_home(run_folder, tmp_path_factory.mktemp("e2e") / "home") as found:
        yield found


@pytest.fixture(scope="session")
def antepost(prepared: Prepared) -> Run:
    """Run the command line over the prepared home; keywords are environment variables."""

    def run(*words: object, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "antepost", *map(str, words)]
        environment = prepared.environment(**variables)
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)

    return run
