"""Power cuts: at each commit boundary, and at moments drawn over the run's measured length."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from antepost.engines import acquire, release
from antepost.lake import ledger, silver
from antepost.lake.database import connect, disconnect
from antepost.lake.schemas import TABLES
from antepost.settings import Settings, get_settings
from antepost.telemetry import BOUNDARIES
from tests.prepared import environment

WALK = Path(__file__).with_name("walk.py")
KILLS = int(os.environ.get("ANTEPOST_KILLS", "3"))
SEED = int(os.environ.get("ANTEPOST_SEED", "20261121"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a home holds, in a form that two homes can be compared by; nothing in it depends on the hour."""

    silver: dict[str, str]
    star: dict[str, int]
    bundles: tuple[str, ...]
    champion: list[tuple[str, str]]
    sealed: list[tuple[str, str, str]]
    faults: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """The undisturbed run: what it left and how long it took."""

    left: Left
    seconds: float


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Twin:
    home = tmp_path_factory.mktemp("twin") / "home"
    walk(home)  # Compiles the kernels, so that the length measured is that of the later runs.
    again = tmp_path_factory.mktemp("twin") / "home"
    copy_key(home, again)
    began = time.monotonic()
    walk(again)
    seconds = time.monotonic() - began
    return Twin(left=what_is_left(again), seconds=seconds)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_a_kill_just_after_a_commit_leaves_what_an_undisturbed_run_leaves(
    boundary: str, twin: Twin, tmp_path: Path
) -> None:
    killed = start(tmp_path / "home", ANTEPOST_KILL_AT=boundary)
    assert killed.wait(timeout=300) == -signal.SIGKILL, f"the run never came to {boundary}"
    walk(tmp_path / "home")
    assert what_is_left(tmp_path / "home") == twin.left


@pytest.mark.parametrize("number", range(KILLS))
def test_a_kill_at_any_moment_leaves_what_an_undisturbed_run_leaves(number: int, twin: Twin, tmp_path: Path) -> None:
    moment = random.Random(SEED + number).uniform(0.0, twin.seconds)
    print(f"seed {SEED + number}: killed after {moment:.2f} of {twin.seconds:.2f} s")
    killed = start(tmp_path / "home")
    try:
        killed.wait(timeout=moment)
    except subprocess.TimeoutExpired:
        killed.kill()
        killed.wait(timeout=60)
    walk(tmp_path / "home")
    assert what_is_left(tmp_path / "home") == twin.left


def start(home: Path, **more: str) -> subprocess.Popen[bytes]:
    """Return the path's process, just started."""
    root = str(Path(__file__).resolve().parents[2])
    told = environment(home, PYTHONPATH=root, **more)
    return subprocess.Popen([sys.executable, str(WALK)], env=told, cwd=root, stderr=subprocess.DEVNULL)


def walk(home: Path) -> None:
    """Run the path to its end."""
    assert start(home).wait(timeout=300) == 0


def copy_key(source: Path, target: Path) -> None:
    """Let two homes sign with one key."""
    target.mkdir(parents=True)
    (target / "keys").mkdir(mode=0o700)
    (target / "keys" / "signing.pem").write_bytes((source / "keys" / "signing.pem").read_bytes())


def what_is_left(home: Path) -> Left:
    """Return what ``home`` holds."""
    settings = get_settings(home=home, mirror=None, database_url=None, mlflow_url=None)
    with engines(settings):
        engine = connect(settings)
        with engine.connect() as line:
            names = ("fixture", "price", "result", "team", "watermark")
            star = {name: line.execute(text(f"SELECT count(*) FROM star.{name}")).scalar_one() for name in names}
        records = ledger.chain(engine)
        return Left(
            silver={name: content(settings, name) for name in TABLES},
            star=star,
            bundles=tuple(sorted(path.name for path in settings.bundles.iterdir())),
            champion=champions(settings),
            sealed=[(str(r["fixture"]), str(r["bundle"]), repr(r["probability"])) for r in records],
            faults=ledger.verify(engine),
        )


def content(settings: Settings, table: str) -> str:
    """Return a digest of a table's rows, in whatever order they lie."""
    rows = silver.read(settings, table, "nfl").drop("batch")
    return hashlib.sha256(repr(sorted(rows.rows(), key=repr)).encode()).hexdigest()


def champions(settings: Settings) -> list[tuple[str, str]]:
    """Return the registered names and the digest that their champion carries, as MLflow's store has them."""
    engine = create_engine(acquire(settings).url("mlflow"))
    question = (
        "SELECT a.name, t.value FROM registered_model_aliases a JOIN model_version_tags t "
        "ON t.name = a.name AND t.version = a.version WHERE t.key = 'digest' AND a.alias = 'champion'"
    )
    with engine.connect() as line:
        found = [(str(name), str(digest)) for name, digest in line.execute(text(question))]
    engine.dispose()
    return sorted(found)


@contextmanager
def engines(settings: Settings) -> Iterator[None]:
    """Hold a home's engines for a while."""
    try:
        yield
    finally:
        disconnect(settings)
        release(settings)
