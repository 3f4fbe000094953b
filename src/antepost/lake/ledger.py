"""The ledger of sealed predictions and the public keys that signed what made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from antepost.domain.seal import Record
from antepost.errors import DataError
from antepost.lake.chains import SealedTable
from antepost.lake.star.records import Key, Prediction

PREDICTIONS = SealedTable(
    table=Prediction,
    name="prediction",
    lock=7_310_240_003,
    identity=("fixture", "set", "bundle", "facts"),
    texts=("fixture", "sport", "target", "set", "bundle", "facts"),
    moments=("as_of", "sealed_at"),
    flags=("late",),
)


def append(engine: Engine, records: Sequence[Mapping[str, object]]) -> list[Record]:
    """Return each prediction as it stands in the ledger, in the order given, see ``SealedTable.append``.

    A record whose (fixture, set, bundle, facts) was sealed before is returned as it was sealed then.

    Raises:
        DataError: a record lacks a field, or a field has the wrong type.
    """
    return PREDICTIONS.append(engine, records)


def read(engine: Engine, hash: str) -> Record:  # noqa: A002  # the record's own word
    """Return the sealed record whose hash is ``hash`` or, of all, alone begins with it.

    Raises:
        DataError: the ledger holds no such record, or several.
    """
    begins = Prediction.hash.startswith(hash, autoescape=True)
    found = PREDICTIONS.records(engine, select(Prediction.record).where(begins).limit(2))
    if not found:
        raise DataError(f"no sealed prediction {hash}; `antepost predict` prints the hashes it seals", hash=hash)
    if len(found) > 1:
        raise DataError(f"several sealed predictions begin with {hash}; give more of the hash", hash=hash)
    return found[0]


def find(
    engine: Engine,
    sport: str | None = None,
    set: str | None = None,  # noqa: A002  # the record's own word
    fixture: str | None = None,
    limit: int = 100,
    offset: int = 0,
    target: str | None = None,
) -> list[Record]:
    """Return the sealed records of a sport, set, fixture and target (None: all), the newest seal first."""
    asked = (
        (Prediction.sport, sport), (Prediction.set, set), (Prediction.fixture, fixture), (Prediction.target, target),
    )  # fmt: skip
    query = select(Prediction.record).order_by(Prediction.sequence.desc()).limit(limit).offset(offset)
    for column, value in asked:
        if value is not None:
            query = query.where(column == value)
    return PREDICTIONS.records(engine, query)


def chain(engine: Engine) -> list[Record]:
    """Return all sealed records in the order of the chain."""
    return PREDICTIONS.chain(engine)


def verify(engine: Engine) -> list[str]:
    """Return every fault of the predictions' chain, as sentences; an empty list is a sound ledger."""
    return PREDICTIONS.verify(engine)


def note_key(engine: Engine, key: str, pem: str, created_at: datetime) -> None:
    """Keep a public key; one that is kept already stays as it is.

    Raises:
        DataError: another key is kept under this id.
    """
    with Session(engine) as session, session.begin():
        session.execute(upsert(Key).values(id=key, pem=pem, created_at=created_at).on_conflict_do_nothing())
        kept = session.scalar(select(Key.pem).where(Key.id == key))
    if kept != pem:
        raise DataError(f"the ledger keeps another public key under {key}; a key's id is never used again", id=key)


def keys(engine: Engine) -> dict[str, str]:
    """Return the public keys by id, as PEM, the oldest first."""
    with Session(engine) as session:
        return {key.id: key.pem for key in session.scalars(select(Key).order_by(Key.created_at, Key.id))}
