"""What the tests stand on: homes of their own, and one Postgres for the whole run, shared by its workers."""

from __future__ import annotations

import fcntl
import itertools
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import psycopg2
import pytest
from sqlalchemy import Engine, create_engine

from antepost.engines import Postgres, acquire, mlflow_server, release
from antepost.engines.mlflow import release_mlflow
from antepost.engines.valkey import release_valkey
from antepost.lake.database import disconnect
from antepost.lake.star.revisions import migrate
from antepost.settings import Settings, get_settings

# The first example pays for compiling a kernel; how long anything takes is a matter for bench/.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

# Tests of a file of these folders share what is dear to make, and of the pipelines those of the whole folder.
_BY_FILE, _BY_FOLDER = ("kill", "trained", "engines", "e2e"), ("pipelines",)
# What takes longest goes first; and one worker kills while the other makes the home that trained and e2e copy.
_FIRST = ("contract", "kill", "trained", "pipelines", "engines", "e2e")
_TEMPLATE = "template_antepost"
_names = (f"t{os.getpid()}_{number}" for number in itertools.count())


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "mirror: holds of real seasons only; ANTEPOST_MIRROR names where they lie")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Name the groups that stay with one worker where tests are dealt out by group; then put the folders in order.

    Within a folder the order stays what it was drawn to be.
    """
    for item in items:
        path = _place(item)
        if path.parts[0] in _BY_FILE:
            item.add_marker(pytest.mark.xdist_group(str(path)))
        elif path.parts[0] in _BY_FOLDER:
            item.add_marker(pytest.mark.xdist_group(path.parts[0]))
    yield
    rank = {folder: number for number, folder in enumerate(_FIRST)}
    items.sort(key=lambda item: rank.get(_place(item).parts[0], len(rank)))


def _place(item: pytest.Item) -> Path:
    here = Path(__file__).parent
    return item.path.relative_to(here) if item.path.is_relative_to(here) else item.path


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("mirror") and not os.environ.get("ANTEPOST_MIRROR"):
        pytest.skip("ANTEPOST_MIRROR is not set")


@pytest.fixture(autouse=True)
def _nothing_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own home, servers and proxies do not reach the tests; the mirror may."""
    kept_out = ("HOME", "LAKE_URL", "DATABASE_URL", "VALKEY_URL", "MLFLOW_URL", "KILL_AT", "ODDS_API_KEY")
    for name in (f"ANTEPOST_{name}" for name in kept_out):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home nobody has written to."""
    return tmp_path / "home"


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run's one folder; every worker of a parallel run gets the same."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def server_settings(run_folder: Path) -> Settings:
    """The settings of the run's one server."""
    return get_settings(home=run_folder / "server", mirror=None, database_url=None, mlflow_url=None)


@pytest.fixture(scope="session")
def postgres(server_settings: Settings) -> Iterator[Postgres]:
    """The run's one embedded Postgres, with a migrated template database in it."""
    server = acquire(server_settings)
    _make_template(server, server_settings.home / "template.lock")
    yield server
    release(server_settings)


@pytest.fixture(scope="session")
def mlflow_url(postgres: Postgres, server_settings: Settings) -> Iterator[str]:
    """The run's one MLflow server; it takes some fifteen seconds, so few tests ask for it."""
    yield mlflow_server(server_settings)
    release_mlflow(server_settings)


@pytest.fixture
def settings(home: Path, postgres: Postgres) -> Iterator[Settings]:
    """A home of its own with migrated, empty databases of its own on the run's server."""
    name = next(_names)
    _ask(postgres, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    url = postgres.server.set(database=name).render_as_string(hide_password=False)
    own = get_settings(home=home, mirror=None, database_url=url, mlflow_url=None)
    yield own
    disconnect(own)
    release(own)
    release_valkey(own)
    for database in (name, f"{name}_mlflow", f"{name}_dagster"):
        _ask(postgres, f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


@pytest.fixture
def database(settings: Settings) -> Iterator[Engine]:
    """An engine on a migrated, empty database."""
    engine = create_engine(str(settings.database_url))
    yield engine
    engine.dispose()


def _make_template(server: Postgres, lock: Path) -> None:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if _ask(server, f"SELECT 1 FROM pg_database WHERE datname = '{_TEMPLATE}'"):  # our own name
            return
        _ask(server, f"CREATE DATABASE {_TEMPLATE}_new")
        engine = create_engine(server.server.set(database=f"{_TEMPLATE}_new"))
        migrate(engine)
        engine.dispose()
        _ask(server, f"ALTER DATABASE {_TEMPLATE}_new RENAME TO {_TEMPLATE}")


def _ask(server: Postgres, question: str) -> list[tuple[object, ...]]:
    url = server.server.set(drivername="postgresql", database="postgres")
    connection = psycopg2.connect(url.render_as_string(hide_password=False))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()
