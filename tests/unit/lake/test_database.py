from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from antepost.engines import Postgres
from antepost.lake.database import connect, disconnect
from antepost.lake.star.revisions import HEAD, revision
from antepost.settings import Settings, get_settings


def _fresh(postgres: Postgres, settings: Settings, suffix: str) -> Settings:
    """Settings that name a database nobody has made yet."""
    url = postgres.server.set(database=f"{connect(settings).url.database}_{suffix}")
    return get_settings(home=settings.home, database_url=url.render_as_string(hide_password=False))


def test_connecting_creates_and_migrates_the_database_once(settings: Settings, postgres: Postgres) -> None:
    fresh = _fresh(postgres, settings, "new")
    engine = connect(fresh)
    assert revision(engine) == HEAD
    assert connect(fresh) is engine
    disconnect(fresh)


def test_many_may_connect_at_once(settings: Settings, postgres: Postgres) -> None:
    fresh = _fresh(postgres, settings, "many")
    with ThreadPoolExecutor(4) as pool:
        engines = set(pool.map(connect, [fresh] * 8))
    assert len(engines) == 1
    disconnect(fresh)


def test_a_connection_the_server_closed_costs_nothing(settings: Settings) -> None:
    engine = connect(settings)
    with engine.connect() as killer:
        with engine.connect() as victim:
            backend = victim.execute(text("SELECT pg_backend_pid()")).scalar()
        assert killer.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": backend}).scalar()
        with engine.connect() as connection:
            assert connection.execute(text("SELECT pg_backend_pid()")).scalar() != backend


def test_disconnecting_twice_is_no_error(settings: Settings) -> None:
    connect(settings)
    disconnect(settings)
    disconnect(settings)
