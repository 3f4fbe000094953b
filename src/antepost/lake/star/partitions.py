"""The prices of a sport: a partition that is built aside, then takes the old one's place.

Built so, its index is made once over sorted rows and each foreign key is checked by one join; row by row both take
longer than the copy. The old partition stays readable until the swap, which takes a moment and waits for its moment.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence

import polars as pl
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from antepost.errors import DataError, EngineError
from antepost.lake.star.copying import copy
from antepost.lake.star.frames import PRICE

_REFERRED = ("fixture", "book", "player")
# All that a swap locks: whoever reads prices may have begun with any of them.
_LOCKED = ", ".join(f"star.{name}" for name in ("price", *_REFERRED))
_PATIENCE_S = 60.0
_READERS = """
SELECT DISTINCT format('%s (pid %s)', coalesce(nullif(a.application_name, ''), a.usename), a.pid)
FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_stat_activity a ON a.pid = l.pid
WHERE c.relnamespace = 'star'::regnamespace AND l.pid <> pg_backend_pid() AND l.granted
"""


def build(connection: Connection, sport: str, prices: pl.DataFrame, told: Callable[[int], None]) -> None:
    """Make the partition of ``sport`` with its rows, index and foreign keys; nobody sees it before ``swap``.

    Raises:
        DataError: a price names a fixture, book or player that is not there, or is there twice.
    """
    name = f"{_partition(sport)}_next"
    # Sorting in memory, and no write-ahead log of a sort that is spilt.
    connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
    # The check spares the swap a look at every row, and goes with it.
    connection.execute(text(f"CREATE TABLE star.{name} (LIKE star.price, CONSTRAINT own CHECK (sport = '{sport}'))"))
    copy(connection, ("star", name), prices, told, frozen=True)
    key = ", ".join(PRICE.key)
    connection.execute(text(f"ALTER TABLE star.{name} ADD CONSTRAINT pk_{name} PRIMARY KEY ({key})"))
    connection.execute(text(f"ANALYZE star.{name}"))
    for table in _REFERRED:
        connection.execute(
            text(
                f"ALTER TABLE star.{name} ADD CONSTRAINT fk_price_{table}_sport "
                f"FOREIGN KEY (sport, {table}) REFERENCES star.{table}"
            )
        )


def swap(connection: Connection, sports: Sequence[str]) -> None:
    """Put the partitions that were built in the places of the old ones, once nobody reads those.

    Raises:
        EngineError: somebody goes on reading for a minute; nothing is changed then.
    """
    old = [sport for sport in sports if _there(connection, _partition(sport))]
    if old:
        _hold(connection)
    for sport in sports:
        name = _partition(sport)
        if sport in old:
            connection.execute(text(f"DROP TABLE star.{name}"))
        connection.execute(text(f"ALTER TABLE star.{name}_next RENAME TO {name}"))
        connection.execute(text(f"ALTER TABLE star.{name} RENAME CONSTRAINT pk_{name}_next TO pk_{name}"))
        connection.execute(text(f"ALTER TABLE star.price ATTACH PARTITION star.{name} FOR VALUES IN ('{sport}')"))
        connection.execute(text(f"ALTER TABLE star.{name} DROP CONSTRAINT own"))


def _hold(connection: Connection) -> None:
    """Lock what the swap changes, never waiting in the queue: who comes after us would wait behind us."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            with connection.begin_nested():
                connection.execute(text(f"LOCK TABLE {_LOCKED} IN ACCESS EXCLUSIVE MODE NOWAIT"))
        except OperationalError as error:
            # Anything but a lock that somebody holds.
            if getattr(error.orig, "pgcode", None) != "55P03":
                raise
            if time.monotonic() > deadline:
                readers = ", ".join(connection.execute(text(_READERS)).scalars())
                raise EngineError(
                    f"the star is being read by {readers} for {_PATIENCE_S:.0f} s; it stays as it was: "
                    "end those transactions, then run it again",
                    readers=readers,
                ) from error
            time.sleep(0.05)
        else:
            return


def _there(connection: Connection, name: str) -> bool:
    return connection.execute(text("SELECT to_regclass(:name)"), {"name": f"star.{name}"}).scalar() is not None


def _partition(sport: str) -> str:
    if not re.fullmatch("[a-z][a-z0-9_]*", sport):
        raise DataError(f"{sport!r} is no name of a sport; write small letters, digits and underscores", sport=sport)
    return f"price_{sport}"
