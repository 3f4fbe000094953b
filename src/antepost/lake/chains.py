"""A chain of sealed records in the ledger: one appender at a time, nothing taken away.

Predictions and bets are a chain each. A record is kept as the text that was hashed; its columns only find it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, Select, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from antepost.domain.seal import FIRST, SEAL_FIELDS, Record, canonical, seal, verify_chain
from antepost.errors import DataError
from antepost.lake.star.records import Bet, Chain, Prediction
from antepost.telemetry import boundary

type _Identity = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedTable[Row: (Prediction, Bet)]:
    """A chain and its table.

    Attributes:
        table: the table's class.
        name: what the noted heads of this chain are called.
        lock: the number of the lock that its one appender holds.
        identity: the fields that make a record the same one.
        texts, moments, flags, numbers: the fields of a record that are columns too, by what they must be.
        untold: numbers that a record may leave out.
    """

    table: type[Row]
    name: str
    lock: int
    identity: tuple[str, ...]
    texts: tuple[str, ...]
    moments: tuple[str, ...]
    flags: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()

    def append(self, engine: Engine, records: Sequence[Mapping[str, object]]) -> list[Record]:
        """Return each record as it stands in the ledger, in the order given.

        One whose identity was sealed before is returned as it was sealed then; the others follow the chain's head.
        All are appended or none.

        Raises:
            DataError: a record lacks a field, a field has the wrong type, or breaks a rule of the table.
        """
        try:
            with Session(engine) as session, session.begin():
                session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": self.lock})
                sequence, head = self._head(session)
                sealed, fresh = self._seal_all(session, records, sequence, head)
                if fresh:
                    session.execute(insert(self.table), [self._row(record) for record in fresh])
                    newest = str(fresh[-1]["hash"])
                    session.add(Chain(chain=self.name, length=sequence + len(fresh), head=newest))
        except IntegrityError as error:
            raise DataError(f"the ledger refuses a {self.name}: {str(error.orig).strip()}") from error
        if fresh:
            boundary("seal.appended")
        return sealed

    def records(self, engine: Engine, query: Select[tuple[str]]) -> list[Record]:
        """Return the records whose texts ``query`` selects."""
        with Session(engine) as session:
            return [_parsed(record) for record in session.scalars(query)]

    def chain(self, engine: Engine) -> list[Record]:
        """Return all records in the order of the chain."""
        return self.records(engine, select(self.table.record).order_by(self.table.sequence))

    def verify(self, engine: Engine) -> list[str]:
        """Return every fault of the chain, as sentences; an empty list is a sound one.

        Looked at are each record's content, place and predecessor, the number of records and the last hash
        against the noted heads, and the columns against the records they stand for.
        """
        with Session(engine) as session:
            rows = list(session.scalars(select(self.table).order_by(self.table.sequence)))
            heads = select(Chain).where(Chain.chain == self.name).order_by(Chain.length)
            noted = session.scalars(heads).all()
            session.expunge_all()
        faults: list[str] = []
        records = [_readable(row, faults) for row in rows]
        length, head = (noted[-1].length, noted[-1].head) if noted else (0, None)
        faults += verify_chain(records, length=length, head=head)
        for row, record in zip(rows, records, strict=True):
            faults += self._column_faults(row, record)
        hashes = {row.sequence: row.hash for row in rows}
        gone = [at.length for at in noted if hashes.get(at.length) != at.head]
        return faults + [f"the head noted at {length} is not there" for length in gone]

    def _head(self, session: Session) -> tuple[int, str | None]:
        """Return the number of records and the last one's hash, None where there is none."""
        newest = select(self.table.sequence, self.table.hash).order_by(self.table.sequence.desc()).limit(1)
        last = session.execute(newest).first()
        return (FIRST - 1, None) if last is None else (last.sequence, last.hash)

    def _seal_all(
        self, session: Session, records: Iterable[Mapping[str, object]], sequence: int, head: str | None
    ) -> tuple[list[Record], list[Record]]:
        """Return all records as sealed, and those of them that are new."""
        known: dict[_Identity, Record] = {}
        sealed: list[Record] = []
        fresh: list[Record] = []
        for record in records:
            identity = tuple(self._value(record, name) for name in self.identity)
            found = known.get(identity) or self._sealed_before(session, identity)
            if found is None:
                sequence += 1
                found = seal(record, head, sequence)
                head = str(found["hash"])
                fresh.append(found)
            known[identity] = found
            sealed.append(found)
        return sealed, fresh

    def _sealed_before(self, session: Session, identity: _Identity) -> Record | None:
        same = [getattr(self.table, name) == value for name, value in zip(self.identity, identity, strict=True)]
        found = session.scalar(select(self.table.record).where(*same))
        return None if found is None else _parsed(found)

    def _row(self, record: Record) -> dict[str, object]:
        """Return the columns that stand for a sealed record."""
        named = (*SEAL_FIELDS[1:], *self.texts, *self.moments, *self.flags, *self.numbers)
        columns = {name: self._value(record, name) for name in named}
        return {**columns, "sequence": record["sequence"], "record": canonical(record).decode()}

    def _value(self, record: Mapping[str, object], name: str) -> object:
        if name in self.moments:
            return _moment(record, name)
        if name in self.flags:
            return _flag(record, name)
        if name in self.numbers:
            return _number(record, name, may_miss=name in self.untold)
        return _text(record, name)

    def _column_faults(self, row: Row, record: Record) -> list[str]:
        try:
            expected = self._row(record)
        except (DataError, KeyError) as error:
            return [f"record {row.sequence}: {error}"]
        wrong = [name for name, value in expected.items() if getattr(row, name) != value]
        return [f"record {row.sequence}: column {name} differs from the record" for name in wrong]


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


def _flag(record: Mapping[str, object], name: str) -> bool:
    value = record.get(name)
    if not isinstance(value, bool):
        raise DataError(f"a record to seal says neither true nor false under {name!r}", field=name)
    return value


def _number(record: Mapping[str, object], name: str, *, may_miss: bool) -> float | None:
    value = record.get(name)
    if value is None and may_miss:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DataError(f"a record to seal has no number under {name!r}: {value!r}", field=name)
    return float(value)


def _parsed(record: str) -> Record:
    return json.loads(record)


def _readable(row: Prediction | Bet, faults: list[str]) -> Record:
    try:
        return _parsed(row.record)
    except ValueError:
        faults.append(f"record {row.sequence}: its text is not JSON")
        return {}
