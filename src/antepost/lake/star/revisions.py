"""Migrations, forward and back; each runs whole or not at all."""

from __future__ import annotations

from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from antepost.lake.star import roles
from antepost.lake.star.copying import refusals
from antepost.telemetry import log

# The newest file in ``migrations/versions``; a test holds the two together.
HEAD = "0006"

_LOCK = text("SELECT pg_advisory_xact_lock(7310240001)")


def migrate(engine: Engine) -> None:
    """Bring the database to this version's tables; nothing happens where it is there already.

    Two processes may ask at once: the second waits and finds it done.

    Raises:
        EngineError: the database was migrated by a newer antepost, or this database user may not migrate it.
    """
    if revision(engine) == HEAD:
        return
    # Alembic takes a third of a second to import, and most processes find nothing to migrate.
    from antepost.lake.star import steps

    with engine.begin() as connection, refusals():
        connection.execute(_LOCK)
        steps.upgrade(connection)
        hindered = roles.arrange(connection)
    if hindered:
        log.info("no roles in the database: %s", hindered)


def downgrade(engine: Engine, to: str = "base") -> None:
    """Take the database back to revision ``to``; a ledger that holds anything stays, and this fails.

    Raises:
        EngineError: there is no such revision, or it would drop a ledger that is not empty.
    """
    from antepost.lake.star import steps  # as above

    with engine.begin() as connection, refusals():
        connection.execute(_LOCK)
        steps.downgrade(connection, to)


def revision(engine: Engine) -> str | None:
    """Return the revision of the database, None before the first migration."""
    with engine.connect() as connection:
        try:
            found = connection.execute(text("SELECT version_num FROM public.alembic_version")).scalar()
        except ProgrammingError:
            return None
    return None if found is None else str(found)
