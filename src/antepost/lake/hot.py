"""The hot state: what stands for a fixture, as bytes, where a process that has nothing in memory finds it at once.

In Valkey to be asked within a millisecond, in Postgres for when that is empty. Both are caches of what the lake holds:
whoever finds nothing computes it anew. A sport's fixtures are replaced all together, so nobody meets two loads at once.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from sqlalchemy import Engine, delete, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from antepost.errors import EngineError
from antepost.lake.star.models import Standing

if TYPE_CHECKING:
    from valkey import Valkey


_ALONE = text("SELECT pg_advisory_xact_lock(7310240005)")


@contextmanager
def _named(engine: str) -> Generator[None]:
    """Turn what an engine's own library raises into an error of ours."""
    from valkey.exceptions import ValkeyError

    try:
        yield
    except (ValkeyError, SQLAlchemyError) as error:
        said = str(error).partition("\n")[0]
        raise EngineError(f"{engine} does not give or take what stands for fixtures: {said}") from error


class HotStore(Protocol):
    """Where bytes are kept by sport, catalogue and fixture."""

    def put(self, sport: str, lock: str, standings: Mapping[str, bytes]) -> None:
        """Replace all that is kept of ``sport``, under whatever catalogue, by ``standings``."""
        ...

    def get(self, sport: str, lock: str, fixture: str) -> bytes | None:
        """Return what is kept of a fixture under the catalogue ``lock``, None where nothing is."""
        ...


@dataclass(frozen=True, slots=True)
class InValkey:
    """One hash a sport, a field for each catalogue and fixture."""

    client: Valkey

    def put(self, sport: str, lock: str, standings: Mapping[str, bytes]) -> None:
        """Delete and write in one step."""
        name = f"standing:{sport}"
        with _named("Valkey"), self.client.pipeline(transaction=True) as pipe:
            pipe.delete(name)
            if standings:
                pipe.hset(name, mapping={f"{lock}:{fixture}": body for fixture, body in standings.items()})
            pipe.execute()

    def get(self, sport: str, lock: str, fixture: str) -> bytes | None:
        """Ask for one field."""
        with _named("Valkey"):
            return cast("bytes | None", self.client.hget(f"standing:{sport}", f"{lock}:{fixture}"))


@dataclass(frozen=True, slots=True)
class InPostgres:
    """The table ``star.standing``."""

    engine: Engine

    def put(self, sport: str, lock: str, standings: Mapping[str, bytes]) -> None:
        """Delete and write in one transaction."""
        rows = [{"sport": sport, "lock": lock, "fixture": name, "body": body} for name, body in standings.items()]
        with _named("Postgres"), self.engine.begin() as connection:
            # Of two that write at once the second waits, and its rows stand.
            connection.execute(_ALONE)
            connection.execute(delete(Standing).where(Standing.sport == sport))
            if rows:
                connection.execute(insert(Standing), rows)

    def get(self, sport: str, lock: str, fixture: str) -> bytes | None:
        """Ask for one row by its key."""
        found = select(Standing.body).where(
            Standing.sport == sport, Standing.lock == lock, Standing.fixture == fixture
        )  # fmt: skip
        with _named("Postgres"), self.engine.connect() as connection:
            body = connection.execute(found).scalar()
        return None if body is None else bytes(body)
