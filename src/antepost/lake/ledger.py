"""The ledger of sealed predictions: one chain, one appender at a time, nothing taken away."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine, Select, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from antepost.domain.seal import FIRST, Record, canonical, seal, verify_chain
from antepost.errors import DataError
from antepost.lake.star.models import Chain, Key, Prediction
from antepost.telemetry import boundary

type _Identity = tuple[str, str, str, str]

_LOCK = 7_310_240_003
_IDENTITY = ("fixture", "set", "bundle", "facts")
_TEXTS = ("hash", "previous", "fixture", "sport", "target", "set", "bundle", "facts")
_MOMENTS = ("as_of", "sealed_at")


def append(engine: Engine, records: Sequence[Mapping[str, object]]) -> list[Record]:
    """Return each record as it stands in the ledger, in the order given.

    A record whose (fixture, set, bundle, facts) was sealed before is returned as it was sealed then; the
    others follow the chain's head. All are appended or none.

    Raises:
        DataError: a record lacks a field, or a field has the wrong type.
    """
    with Session(engine) as session, session.begin():
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        sequence, head = _head(session)
        sealed, fresh = _seal_all(session, records, sequence, head)
        if fresh:
            session.execute(insert(Prediction), [_row(record) for record in fresh])
            session.add(Chain(length=sequence + len(fresh), head=str(fresh[-1]["hash"])))
    if fresh:
        boundary("seal.appended")
    return sealed


def read(engine: Engine, hash: str) -> Record:  # noqa: A002  # the record's own word
    """Return the sealed record whose hash is ``hash`` or, of all, alone begins with it.

    Raises:
        DataError: the ledger holds no such record, or several.
    """
    with Session(engine) as session:
        begins = Prediction.hash.startswith(hash, autoescape=True)
        found = session.scalars(select(Prediction.record).where(begins).limit(2)).all()
    if not found:
        raise DataError(f"no sealed prediction {hash}; `antepost predict` prints the hashes it seals", hash=hash)
    if len(found) > 1:
        raise DataError(f"several sealed predictions begin with {hash}; give more of the hash", hash=hash)
    return _parsed(found[0])


def find(
    engine: Engine,
    sport: str | None = None,
    set: str | None = None,  # noqa: A002  # the record's own word
    fixture: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[Record]:
    """Return the sealed records of a sport, set and fixture (None: all), the newest seal first."""
    asked = ((Prediction.sport, sport), (Prediction.set, set), (Prediction.fixture, fixture))
    query = select(Prediction.record).order_by(Prediction.sequence.desc()).limit(limit).offset(offset)
    for column, value in asked:
        if value is not None:
            query = query.where(column == value)
    with Session(engine) as session:
        return [_parsed(record) for record in session.scalars(query)]


def chain(engine: Engine) -> list[Record]:
    """Return all sealed records in the order of the chain."""
    with Session(engine) as session:
        return [_parsed(record) for record in session.scalars(_in_order())]


def verify(engine: Engine) -> list[str]:
    """Return every fault of the ledger, as sentences; an empty list is a sound ledger.

    Looked at are each record's content, place and predecessor, the number of records and the last hash
    against the noted heads, and the columns against the records they stand for.
    """
    with Session(engine) as session:
        rows = list(session.scalars(select(Prediction).order_by(Prediction.sequence)))
        noted = session.scalars(select(Chain).order_by(Chain.length)).all()
        session.expunge_all()
    faults: list[str] = []
    records = [_readable(row, faults) for row in rows]
    length, head = (noted[-1].length, noted[-1].head) if noted else (0, None)
    faults += verify_chain(records, length=length, head=head)
    for row, record in zip(rows, records, strict=True):
        faults += _column_faults(row, record)
    hashes = {row.sequence: row.hash for row in rows}
    return faults + [f"the head noted at {at.length} is not there" for at in noted if hashes.get(at.length) != at.head]


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


def _head(session: Session) -> tuple[int, str | None]:
    """Return the number of records and the last one's hash, None where there is none."""
    last = session.execute(
        select(Prediction.sequence, Prediction.hash).order_by(Prediction.sequence.desc()).limit(1)
    ).first()
    return (FIRST - 1, None) if last is None else (last.sequence, last.hash)


def _seal_all(
    session: Session, records: Iterable[Mapping[str, object]], sequence: int, head: str | None
) -> tuple[list[Record], list[Record]]:
    """Return all records as sealed, and those of them that are new."""
    known: dict[_Identity, Record] = {}
    sealed: list[Record] = []
    fresh: list[Record] = []
    for record in records:
        identity = _identity(record)
        found = known.get(identity) or _sealed_before(session, identity)
        if found is None:
            sequence += 1
            found = seal(record, head, sequence)
            head = str(found["hash"])
            fresh.append(found)
        known[identity] = found
        sealed.append(found)
    return sealed, fresh


def _identity(record: Mapping[str, object]) -> _Identity:
    fixture, set_, bundle, facts = (_text(record, name) for name in _IDENTITY)
    return fixture, set_, bundle, facts


def _sealed_before(session: Session, identity: _Identity) -> Record | None:
    fixture, set_, bundle, facts = identity
    found = session.scalar(
        select(Prediction.record).where(
            Prediction.fixture == fixture,
            Prediction.set == set_,
            Prediction.bundle == bundle,
            Prediction.facts == facts,
        )
    )
    return None if found is None else _parsed(found)


def _row(record: Record) -> dict[str, object]:
    """Return the columns that stand for a sealed record."""
    columns: dict[str, object] = {name: _text(record, name) for name in _TEXTS}
    columns |= {name: _moment(record, name) for name in _MOMENTS}
    if not isinstance(record.get("late"), bool):
        raise DataError("a record to seal says neither true nor false under 'late'", field="late")
    plain = {"sequence": record["sequence"], "late": record["late"], "record": canonical(record).decode()}
    return columns | plain


def _text(record: Mapping[str, object], name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not value:
        raise DataError(f"a record to seal has no text under {name!r}: {value!r}", field=name)
    return value


def _moment(record: Mapping[str, object], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(record, name))
    except ValueError as error:
        raise DataError(f"a record's {name!r} is no ISO time: {record[name]!r}", field=name) from error
    if moment.tzinfo is None:
        raise DataError(f"a record's {name!r} has no zone: {record[name]!r}; write UTC", field=name)
    return moment


def _in_order() -> Select[tuple[str]]:
    return select(Prediction.record).order_by(Prediction.sequence)


def _parsed(record: str) -> Record:
    return json.loads(record)


def _readable(row: Prediction, faults: list[str]) -> Record:
    try:
        return _parsed(row.record)
    except ValueError:
        faults.append(f"record {row.sequence}: its text is not JSON")
        return {}


def _column_faults(row: Prediction, record: Record) -> list[str]:
    try:
        expected = _row(record)
    except (DataError, KeyError) as error:
        return [f"record {row.sequence}: {error}"]
    wrong = [name for name, value in expected.items() if getattr(row, name) != value]
    return [f"record {row.sequence}: column {name} differs from the record" for name in wrong]
