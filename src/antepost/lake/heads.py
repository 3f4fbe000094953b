"""The chains' heads, noted in the home too: whoever owns the database cannot cut its ledger short unseen.

One small file a database and chain, a line an append: the number of records and the last one's hash. Lines are only
added. A run that was killed between the seal and its line leaves the line to the next one.
"""

from __future__ import annotations

import fcntl
import hashlib
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from antepost.lake.files import write_whole
from antepost.lake.star.records import Bet, Chain, Prediction
from antepost.settings import Settings

_CHAINS = (("prediction", Prediction), ("bet", Bet))


def note(settings: Settings, engine: Engine) -> None:
    """Note the newest head of each chain behind ``engine``, unless it was noted already."""
    for chain, _ in _CHAINS:
        with Session(engine) as session:
            heads = select(Chain).where(Chain.chain == chain).order_by(Chain.length.desc())
            newest = session.scalar(heads.limit(1))
        if newest is None:
            continue
        path = _path(settings, engine, chain)
        path.parent.mkdir(parents=True, exist_ok=True)
        with (path.parent / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            lines, line = _lines(path), f"{newest.length} {newest.head}"
            if line not in lines:
                write_whole(path, "".join(f"{each}\n" for each in [*lines, line]).encode())


def faults(settings: Settings, engine: Engine) -> list[str]:
    """Return every head noted in the home that the ledger behind ``engine`` has no longer, as sentences."""
    return [fault for chain, table in _CHAINS for fault in _faults(_path(settings, engine, chain), engine, table)]


def _faults(path: Path, engine: Engine, table: type[Prediction | Bet]) -> list[str]:
    noted = [line.partition(" ") for line in _lines(path)]
    with Session(engine) as session:
        held = {str(sequence): head for sequence, head in session.execute(select(table.sequence, table.hash))}
    return [
        f"{path.name} in {path.parent} says that record {length} was {head[:12]}…; "
        + (f"the ledger has {held[length][:12]}…" if length in held else "the ledger has no such record")
        for length, _, head in noted
        if held.get(length) != head
    ]


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _path(settings: Settings, engine: Engine, chain: str) -> Path:
    # The embedded server listens somewhere else after each start; a named one is another ledger than its neighbour.
    url = engine.url
    where = "embedded" if settings.database_url is None else f"{url.host}:{url.port}/{url.database}"
    # Predictions came first, and what was noted of them keeps its name.
    suffix = "" if chain == "prediction" else f"-{chain}"
    return settings.home / "heads" / f"{hashlib.sha256(where.encode()).hexdigest()[:16]}{suffix}.txt"
