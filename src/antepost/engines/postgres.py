"""The Postgres this process uses: the server the settings name, else the embedded one of this home."""

from __future__ import annotations

import atexit
import threading
from dataclasses import dataclass
from typing import LiteralString

import psycopg2
from psycopg2 import errors, sql
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from antepost.engines.cluster import PORT, SUPERUSER, Cluster
from antepost.engines.lease import Lease, set_pin
from antepost.errors import EngineError, SettingsError
from antepost.settings import Settings

DATABASES = ("antepost", "mlflow", "dagster")

_DRIVER = "postgresql+psycopg2"
_SCHEMES = ("postgresql", "postgres", _DRIVER)
# A server that takes a connection and then says nothing would hold us for good, deaf to SIGTERM inside the driver.
_CONNECT_WITHIN_S = 10
_EXISTS: LiteralString = "SELECT 1 FROM pg_database WHERE datname = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A server that answers, with the databases antepost, mlflow and dagster."""

    server: URL
    lease: Lease | None

    @property
    def embedded(self) -> bool:
        """Whether the server is ours to start and stop."""
        return self.lease is not None

    def url(self, database: str = "antepost") -> URL:
        """Return the SQLAlchemy URL of one of our databases.

        A configured URL that names a database of its own takes that one, and ``<it>_mlflow`` and
        ``<it>_dagster`` beside it, so that two platforms share a server.
        """
        if database not in DATABASES:
            raise EngineError(f"no database {database!r}; there are {', '.join(DATABASES)}", database=database)
        return self.server.set(database=_database_name(self.server.database, database))


_held: dict[str, Postgres] = {}
_guard = threading.RLock()


def acquire(settings: Settings) -> Postgres:
    """Return the Postgres of these settings, started, with its databases; this process keeps it.

    Raises:
        EngineError: the server does not start, does not answer, or lets us create no database.
        SettingsError: ANTEPOST_DATABASE_URL is no Postgres URL.
    """
    key = settings.database_url or str(settings.home)
    with _guard:
        found = _held.get(key)
        if found is None:
            found = _external(settings.database_url) if settings.database_url else _embedded(settings)
            _held[key] = found
        elif found.lease is not None and not cluster(settings).healthy():
            # Somebody killed the server under us, or deleted its home.
            _held[key] = _embedded(settings)
            found.lease.drop()
        return _held[key]


def release(settings: Settings) -> None:
    """Give the server of these settings back before this process ends."""
    with _guard:
        found = _held.pop(settings.database_url or str(settings.home), None)
        if found is not None and found.lease is not None:
            found.lease.release()


def pin(settings: Settings) -> Postgres:
    """Return the embedded Postgres, started, which now outlives its users until ``unpin``.

    Raises:
        SettingsError: ANTEPOST_DATABASE_URL names the server; the embedded one would run for nobody.
    """
    _refuse_external(settings)
    server = acquire(settings)
    set_pin(cluster(settings).folder, on=True)
    return server


def unpin(settings: Settings) -> bool:
    """Let the embedded Postgres end with its last user again; return whether there is one running.

    Raises:
        SettingsError: ANTEPOST_DATABASE_URL names the server.
    """
    _refuse_external(settings)
    set_pin(cluster(settings).folder, on=False)
    return cluster(settings).postmaster() is not None


def _refuse_external(settings: Settings) -> None:
    if settings.database_url:
        raise SettingsError(
            "ANTEPOST_DATABASE_URL names the Postgres to use, and whoever runs that server starts and stops it; "
            "unset the variable to use the embedded one"
        )


def cluster(settings: Settings) -> Cluster:
    """Return the embedded server that belongs to this home."""
    return Cluster(folder=settings.engines / "postgres")


def _embedded(settings: Settings) -> Postgres:
    server = cluster(settings)
    lease = Lease(server)
    lease.take()
    url = URL.create(_DRIVER, username=SUPERUSER, query={"host": str(server.socket), "port": PORT})
    try:
        _create_missing(url.set(database="postgres"), DATABASES)
    except EngineError:
        lease.release()
        raise
    return Postgres(server=url, lease=lease)


def _external(given: str, within_s: int = _CONNECT_WITHIN_S) -> Postgres:
    try:
        url = make_url(given)
    except (ArgumentError, ValueError) as error:
        # A port that is no number is a ValueError.
        raise SettingsError("ANTEPOST_DATABASE_URL is no URL; write postgresql://user:password@host/") from error
    if url.drivername not in _SCHEMES:
        raise SettingsError(
            f"ANTEPOST_DATABASE_URL names {url.drivername}; antepost speaks to Postgres: postgresql://user@host/",
            drivername=url.drivername,
        )
    patient = {"connect_timeout": str(within_s), **url.query}
    found = Postgres(server=url.set(drivername=_DRIVER, query=patient), lease=None)
    names = [_database_name(url.database, database) for database in DATABASES]
    _create_missing(_reachable(found.server), names)
    return found


def _database_name(given: str | None, database: str) -> str:
    """Return what ``database`` is called on a server whose URL names the database ``given``."""
    if given in (None, "", "postgres", *DATABASES):
        return database
    return str(given) if database == "antepost" else f"{given}_{database}"


def _reachable(server: URL) -> URL:
    """Return the URL of a database that is there: the one the URL names, else the server's own."""
    if server.database:
        try:
            _connect(server).close()
        except EngineError as error:
            if "does not exist" not in str(error):
                raise
        else:
            return server
    return server.set(database="postgres")


def _connect(url: URL) -> psycopg2.extensions.connection:
    try:
        return psycopg2.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
    except psycopg2.ProgrammingError as error:
        raise SettingsError(f"ANTEPOST_DATABASE_URL cannot be used: {str(error).strip()}") from error
    except psycopg2.OperationalError as error:
        raise EngineError(
            f"Postgres at {url.render_as_string(hide_password=True)} does not answer: {str(error).strip()}",
            database=url.database,
        ) from error


def _create_missing(url: URL, names: tuple[str, ...] | list[str]) -> None:
    """Create each database of ``names`` that is not there; two processes may do so at once."""
    connection = _connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for name in names:
                _create(cursor, name)
    finally:
        connection.close()


def _create(cursor: psycopg2.extensions.cursor, name: str) -> None:
    cursor.execute(_EXISTS, (name,))
    if cursor.fetchone() is not None:
        return
    try:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except (errors.DuplicateDatabase, errors.UniqueViolation):
        return
    except errors.InsufficientPrivilege as error:
        raise EngineError(f"we may not create the database {name}; create it, or grant CREATEDB", name=name) from error
    except psycopg2.Error as error:
        raise EngineError(f"the database {name} cannot be created: {str(error).strip()}", name=name) from error


def _release_all() -> None:
    with _guard:
        for found in _held.values():
            if found.lease is not None:
                found.lease.release()
        _held.clear()


atexit.register(_release_all)
