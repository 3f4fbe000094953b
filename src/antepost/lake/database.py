"""The connection to the platform's database: its server started, its tables migrated."""

from __future__ import annotations

import os
import threading

import psycopg2
from sqlalchemy import Engine, ExceptionContext, create_engine, event, text

from antepost.engines import acquire
from antepost.errors import EngineError
from antepost.lake.star.revisions import migrate
from antepost.settings import Settings

_engines: dict[str, Engine] = {}
_guard = threading.Lock()


def connect(settings: Settings) -> Engine:
    """Return the engine of these settings' database, migrated once a process.

    Connections are tried before use, so a server that was killed and started again in between costs nothing.

    Raises:
        EngineError: the server does not start or answer, or a newer antepost migrated its database.
    """
    url = acquire(settings).url()
    key = _key(settings)
    with _guard:
        if key not in _engines:
            engine = create_engine(url, pool_pre_ping=True, pool_size=4, max_overflow=8)
            event.listen(engine, "handle_error", _name_full_disk)
            migrate(engine)
            _engines[key] = engine
        return _engines[key]


def url_of_schema(settings: Settings, schema: str) -> str:
    """Return the URL of the platform's database in which a table without a schema is one of ``schema``.

    It is for a library that keeps tables of its own; the schema is made where there is none.
    """
    with connect(settings).begin() as connection:
        # Two who both find none would both make it.
        connection.execute(text("SELECT pg_advisory_xact_lock(7310240006)"))
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
    url = acquire(settings).url().update_query_dict({"options": f"-csearch_path={schema}"})
    return url.render_as_string(hide_password=False)


def disconnect(settings: Settings) -> None:
    """Close this process's connections to the database of these settings."""
    with _guard:
        engine = _engines.pop(_key(settings), None)
    if engine is not None:
        engine.dispose()


def _key(settings: Settings) -> str:
    return settings.database_url or str(settings.home)


def _name_full_disk(context: ExceptionContext) -> None:
    """Turn the server's "disk full" into an error that says what to do."""
    error = context.original_exception
    if isinstance(error, psycopg2.errors.DiskFull):
        said = str(error).partition("\n")[0]
        raise EngineError(
            f"Postgres's disk is full: free some room, then run this again; nothing committed is lost ({said})"
        ) from error


def _forget_parents_connections() -> None:
    # A forked child that used its parent's sockets would mix two conversations.
    for engine in _engines.values():
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_forget_parents_connections)
