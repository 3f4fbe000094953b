from __future__ import annotations

import itertools
import os
import socket

import pytest
from sqlalchemy import create_engine, make_url, text

from antepost.engines import Postgres, acquire, release
from antepost.engines.postgres import _external
from antepost.errors import EngineError, SettingsError
from antepost.settings import Settings, get_settings

_numbers = itertools.count()


def test_the_embedded_server_has_its_three_databases(postgres: Postgres) -> None:
    assert postgres.embedded
    for name in ("antepost", "mlflow", "dagster"):
        engine = create_engine(postgres.url(name))
        with engine.connect() as connection:
            assert connection.execute(text("SELECT current_database()")).scalar() == name
        engine.dispose()


def test_the_embedded_server_keeps_what_it_promised_and_listens_nowhere(postgres: Postgres) -> None:
    engine = create_engine(postgres.url())
    with engine.connect() as connection:
        said = {
            name: connection.execute(text(f"SHOW {name}")).scalar()
            for name in ("fsync", "synchronous_commit", "listen_addresses", "timezone", "server_encoding")
        }
    engine.dispose()
    expected = {"fsync": "on", "synchronous_commit": "on", "listen_addresses": "", "timezone": "UTC"}
    assert said == {**expected, "server_encoding": "UTF8"}


def test_asking_again_in_one_process_gives_the_same_server(server_settings: Settings, postgres: Postgres) -> None:
    assert acquire(server_settings) is postgres


def test_a_database_nobody_knows_is_refused(postgres: Postgres) -> None:
    with pytest.raises(EngineError, match="no database 'bets'"):
        postgres.url("bets")


def test_a_configured_server_is_used_and_its_databases_created(postgres: Postgres) -> None:
    name = f"own{os.getpid()}_{next(_numbers)}"
    url = postgres.server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    settings = get_settings(database_url=url)
    server = acquire(settings)
    assert not server.embedded
    assert server.url().drivername == "postgresql+psycopg2"
    assert [server.url(it).database for it in ("antepost", "mlflow", "dagster")] == [
        name,
        f"{name}_mlflow",
        f"{name}_dagster",
    ]
    engine = create_engine(server.url("dagster"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()
    release(settings)


@pytest.mark.parametrize("database", ["", "postgres", "antepost"])
def test_a_configured_server_without_a_name_of_its_own_gets_the_usual_three(postgres: Postgres, database: str) -> None:
    url = postgres.server.set(database=database or None).render_as_string(hide_password=False)
    settings = get_settings(database_url=url)
    assert acquire(settings).url("mlflow").database == "mlflow"
    release(settings)


def test_a_user_who_may_create_no_database_is_told_so(postgres: Postgres) -> None:
    engine = create_engine(postgres.url(), isolation_level="AUTOCOMMIT")
    role = f"reader{os.getpid()}_{next(_numbers)}"
    with engine.connect() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
    url = postgres.server.set(username=role, database=f"{role}_db").render_as_string(hide_password=False)
    with pytest.raises(EngineError, match="grant CREATEDB"):
        acquire(get_settings(database_url=url))
    with engine.connect() as connection:
        connection.execute(text(f"DROP ROLE {role}"))
    engine.dispose()


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    settings = get_settings(database_url="postgresql://quant:secret@127.0.0.1:1/antepost")
    with pytest.raises(EngineError, match=r"quant:\*\*\*@127\.0\.0\.1:1") as caught:
        acquire(settings)
    assert "secret" not in str(caught.value)


def test_a_server_that_takes_the_connection_and_says_nothing_is_given_up() -> None:
    """Every command hung for good, the doctor too, and did not hear SIGTERM."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://quant:secret@127.0.0.1:{silent.getsockname()[1]}/antepost"
        with pytest.raises(EngineError, match=r"quant:\*\*\*@127\.0\.0\.1.*does not answer.*timeout expired"):
            _external(url, within_s=2)


def test_patience_with_a_server_is_ten_seconds_unless_its_url_says_otherwise(postgres: Postgres) -> None:
    server = postgres.server.set(database="antepost")
    for url, patience in ((server, "10"), (server.update_query_dict({"connect_timeout": "7"}), "7")):
        settings = get_settings(database_url=url.render_as_string(hide_password=False))
        assert acquire(settings).url("mlflow").query["connect_timeout"] == patience
        release(settings)


@pytest.mark.parametrize(
    "url",
    ["no url at all", "sqlite:///antepost.db", "postgresql://u:p@h:notaport/x", "postgresql://127.0.0.1/?kind=warm"],
)
def test_only_a_postgres_url_is_taken(url: str) -> None:
    with pytest.raises(SettingsError, match="ANTEPOST_DATABASE_URL"):
        acquire(get_settings(database_url=url))


def test_the_url_survives_being_written_down(postgres: Postgres) -> None:
    url = postgres.url("mlflow")
    assert make_url(url.render_as_string(hide_password=False)) == url
