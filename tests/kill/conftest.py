"""Homes on the run's own servers, and the small main job that is killed in them."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import polars as pl
import psycopg2
import pytest
from sqlalchemy import text

from antepost.domain.seal import SEAL_FIELDS
from antepost.engines import Postgres, release
from antepost.lake import connect, ledger, silver
from antepost.lake.database import disconnect
from antepost.registry import read
from antepost.settings import Settings, get_settings
from tests.prepared import environment

MODELS = ("nfl.winner.none", "nfl.winner.close")
STAR = (
    "sport", "watermark", "date", "league", "book", "player", "team", "venue", "fixture", "result", "price",
)  # fmt: skip
# The main job on five simulated seasons with the quickest family: every commit boundary, in a few seconds.
MAIN_JOB = """
import antepost as ap

desk = ap.open()
desk.ingest("nfl", simulate=True, seasons=(2014, 2018))
desk.build("nfl")
for name in ("none", "close"):
    trained = desk.train("nfl", name, before=2018, families=("elo",))
    desk.register("nfl", trained.digest)
asked = desk.at_kickoff("nfl", season=2018)
for name in ("none", "close"):
    desk.predict("nfl", asked.tail(20), name)
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Holds:
    """Everything a home says, without when it was said."""

    silver: dict[str, pl.DataFrame]
    written: dict[str, dict[int, int]]
    star: dict[str, list[tuple[Any, ...]]]
    sealed: list[dict[str, object]]
    faults: list[str]
    champions: dict[str, str]
    versions: dict[str, list[str]]
    bundles: set[str]

    def differs_from(self, other: Holds) -> list[str]:
        """Return the names of what is not the same in both."""
        plain = ("written", "star", "sealed", "faults", "champions", "versions", "bundles")
        found = [name for name in plain if getattr(self, name) != getattr(other, name)]
        return found + [f"silver {name}" for name, frame in self.silver.items() if not frame.equals(other.silver[name])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One home, in which the main job is started and killed."""

    settings: Settings

    def start(self, **variables: str) -> subprocess.Popen[str]:
        """Start the main job."""
        own = {
            "ANTEPOST_DATABASE_URL": str(self.settings.database_url),
            "ANTEPOST_MLFLOW_URL": str(self.settings.mlflow_url),
        }
        command = [sys.executable, "-c", MAIN_JOB]
        given = environment(self.settings.home, **own, **variables)
        return subprocess.Popen(command, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish(self) -> Holds:
        """Run the main job to its end and return what the home holds then."""
        job = self.start()
        _, said = job.communicate(timeout=300)
        assert job.returncode == 0, said
        return self.holds()

    def killed_at(self, boundary: str) -> None:
        """Run the main job until it dies at ``boundary``."""
        job = self.start(ANTEPOST_KILL_AT=boundary)
        _, said = job.communicate(timeout=300)
        assert job.returncode == -signal.SIGKILL, said

    def killed_after(self, seconds: float) -> bool:
        """Return whether the main job was still running ``seconds`` after its start; it is killed then."""
        job = self.start()
        try:
            _, said = job.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            job.kill()
            job.communicate()
            return True
        assert job.returncode == 0, said
        return False

    def holds(self) -> Holds:
        """Return what the home holds now."""
        url, engine = str(self.settings.mlflow_url), connect(self.settings)
        frames = {name: silver.read(self.settings, name, "nfl") for name in silver.NAMES}
        with engine.connect() as connection:
            star = {
                name: sorted(map(tuple, connection.execute(text(f"SELECT * FROM star.{name}"))), key=repr)
                for name in STAR
            }
        told = {*SEAL_FIELDS, "sealed_at"}
        return Holds(
            silver={name: frame.sort(frame.columns) for name, frame in frames.items()},
            written={name: silver.counts(self.settings, name, "nfl") for name in silver.NAMES},
            star=star,
            sealed=[{k: v for k, v in record.items() if k not in told} for record in ledger.chain(engine)],
            faults=ledger.verify(engine),
            champions={name: read.champion(url, name).digest for name in MODELS},
            versions={name: [version.digest for version in read.versions(url, name)] for name in MODELS},
            bundles={path.name for path in self.settings.bundles.iterdir() if not path.name.startswith(".")},
        )


@pytest.fixture(scope="session")
def new_trial(
    postgres: Postgres, mlflow_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Iterator[Trial]]:
    """Give homes with databases of their own on the run's server; its MLflow is emptied for each."""
    numbers = itertools.count()

    def give() -> Iterator[Trial]:
        name = f"killed_{os.getpid()}_{next(numbers)}"
        url = postgres.server.set(database=name).render_as_string(hide_password=False)
        home = tmp_path_factory.mktemp("killed") / "home"
        settings = get_settings(home=home, mirror=None, database_url=url, mlflow_url=mlflow_url)
        _forget_models(mlflow_url)
        yield Trial(settings=settings)
        disconnect(settings)
        release(settings)
        _drop(postgres, name, f"{name}_mlflow", f"{name}_dagster")

    return give


@pytest.fixture
def trial(new_trial: Callable[[], Iterator[Trial]], twin: Twin) -> Iterator[Trial]:
    """A home to be killed in, once its undisturbed twin stands."""
    yield from new_trial()


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """What an undisturbed run leaves, and how long it took."""

    holds: Holds
    seconds: float


@pytest.fixture(scope="session")
def twin(new_trial: Callable[[], Iterator[Trial]]) -> Twin:
    """The main job run once from beginning to end, with nobody in its way."""
    lent = new_trial()
    trial = next(lent)
    began = time.monotonic()
    holds = trial.finish()
    seconds = time.monotonic() - began
    next(lent, None)
    assert holds.faults == []
    assert len(holds.sealed) == 40
    return Twin(holds=holds, seconds=seconds)


@pytest.fixture(scope="session")
def draw(request: pytest.FixtureRequest, twin: Twin) -> random.Random:
    """The source of moments, its seed printed; ``ANTEPOST_KILL_SEED`` repeats a run."""
    seed = int(os.environ.get("ANTEPOST_KILL_SEED") or random.SystemRandom().randrange(2**32))
    reporter = request.config.pluginmanager.getplugin("terminalreporter")
    reporter.write_line(f"kills drawn over {twin.seconds:.1f} s with ANTEPOST_KILL_SEED={seed}")
    return random.Random(seed)


def _forget_models(url: str) -> None:
    with httpx.Client(base_url=f"{url}/api/2.0/mlflow/registered-models", trust_env=False, timeout=60) as client:
        for name in MODELS:
            answer = client.request("DELETE", "/delete", json={"name": name})
            assert answer.status_code in (200, 404), answer.text


def _drop(server: Postgres, *names: str) -> None:
    url = server.server.set(drivername="postgresql", database="postgres")
    connection = psycopg2.connect(url.render_as_string(hide_password=False))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    finally:
        connection.close()
