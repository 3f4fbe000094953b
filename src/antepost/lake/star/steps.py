"""Alembic, told to run our migrations on a connection that is open already."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from antepost.errors import EngineError

_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> None:
    """Run every migration the database has not seen.

    Raises:
        EngineError: the database's revision is unknown here.
    """
    _run(connection, lambda config: command.upgrade(config, "head"))


def downgrade(connection: Connection, to: str) -> None:
    """Undo migrations down to revision ``to``.

    Raises:
        EngineError: a revision is unknown here, or a migration refuses to be undone.
    """
    _run(connection, lambda config: command.downgrade(config, to))


def _run(connection: Connection, step: Callable[[Config], None]) -> None:
    try:
        step(_config(connection))
    except CommandError as error:
        database = connection.engine.url.database
        raise EngineError(
            f"the database {database} stays as it is: {error}; if a newer antepost migrated it, use that one",
            database=database,
        ) from error


def _config(connection: Connection) -> Config:
    """Return Alembic's configuration; ours needs no file, as the connection comes with it."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
