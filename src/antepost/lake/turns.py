"""Who works on what, told among processes and machines by locks that the database drops with whoever held them."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from zlib import crc32

from sqlalchemy import Connection, Engine, text

_ALONE = 7_310_240_007


class Turns:
    """The numbered pieces of the work called ``name``, each taken by one worker at a time; made by ``turns``.

    No piece is left behind by a worker that died: Postgres notices that its connection is gone, and the next one takes
    what it held.
    """

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        # A key of Postgres is two signed numbers of 32 bits: of the work, and of the piece.
        self._work = crc32(name.encode()) - 2**31

    @contextmanager
    def alone(self) -> Generator[None]:
        """Wait until no other worker of any work is inside, then be inside."""
        self._ask("SELECT pg_advisory_lock(:key)", key=_ALONE)
        try:
            yield
        finally:
            self._ask("SELECT pg_advisory_unlock(:key)", key=_ALONE)

    def take(self, number: int) -> bool:
        """Take a piece unless a living worker has it; return whether it is ours."""
        return self._ask("SELECT pg_try_advisory_lock(:work, :number)", work=self._work, number=number)

    def give(self, number: int) -> None:
        """Give a piece back."""
        self._ask("SELECT pg_advisory_unlock(:work, :number)", work=self._work, number=number)

    def _ask(self, question: str, **keys: int) -> bool:
        return bool(self._connection.execute(text(question), keys).scalar())


@contextmanager
def turns(engine: Engine, name: str) -> Generator[Turns]:
    """Yield the turns of the work called ``name``, over a connection of their own; what is still held is given back."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Were it to go back to its pool, it would take the locks with it.
        connection.detach()
        yield Turns(connection, name)
