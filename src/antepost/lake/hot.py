"""The hot state: what stands for a fixture, as bytes, where a process that has nothing in memory finds it at once.

In Valkey to be asked within a millisecond, in Postgres for when that is empty. Both are caches of what the lake holds:
whoever finds nothing computes it anew. A sport's fixtures are replaced all together, so nobody meets two loads at once.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from sqlalchemy import Engine, delete, insert, select

from antepost.lake.star.models import Standing

if TYPE_CHECKING:
    from valkey import Valkey


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
        """Write beside, then put it in the old one's place in one step."""
        name = f"standing:{sport}"
        scratch = f"{name}:{os.getpid()}"
        with self.client.pipeline(transaction=True) as pipe:
            pipe.delete(scratch, name)
            if standings:
                pipe.hset(scratch, mapping={f"{lock}:{fixture}": body for fixture, body in standings.items()})
                pipe.rename(scratch, name)
            pipe.execute()

    def get(self, sport: str, lock: str, fixture: str) -> bytes | None:
        """Ask for one field."""
        return cast("bytes | None", self.client.hget(f"standing:{sport}", f"{lock}:{fixture}"))


@dataclass(frozen=True, slots=True)
class InPostgres:
    """The table ``star.standing``."""

    engine: Engine

    def put(self, sport: str, lock: str, standings: Mapping[str, bytes]) -> None:
        """Delete and write in one transaction."""
        rows = [{"sport": sport, "lock": lock, "fixture": name, "body": body} for name, body in standings.items()]
        with self.engine.begin() as connection:
            connection.execute(delete(Standing).where(Standing.sport == sport))
            if rows:
                connection.execute(insert(Standing), rows)

    def get(self, sport: str, lock: str, fixture: str) -> bytes | None:
        """Ask for one row by its key."""
        found = select(Standing.body).where(
            Standing.sport == sport, Standing.lock == lock, Standing.fixture == fixture
        )  # fmt: skip
        with self.engine.connect() as connection:
            body = connection.execute(found).scalar()
        return None if body is None else bytes(body)
