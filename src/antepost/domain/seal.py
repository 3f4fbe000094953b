"""Seals: records as canonical JSON, hashed, each naming the hash of the one before.

Whoever changes a field, the order or the number of records breaks the chain at a place that ``verify_chain``
names, as long as the length and the head were noted elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import cast

from antepost.errors import DataError

type Record = dict[str, object]

GENESIS = "0" * 64
FIRST = 1
SEAL_FIELDS = ("sequence", "previous", "hash")


def canonical(record: Mapping[str, object]) -> bytes:
    r"""Return the one JSON spelling of ``record``: sorted keys, no spaces, ASCII only, no NaN.

    >>> canonical({"b": 0.1, "a": "é"})
    b'{"a":"\\u00e9","b":0.1}'

    Raises:
        DataError: a value JSON does not have (NaN, infinity, a set, a datetime), or a key that is not text.
    """
    _require_text_keys(record)
    try:
        text = json.dumps(dict(record), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise DataError(f"the record has no canonical JSON: {error}; turn values into text or numbers") from error
    return text.encode("ascii")


def digest(record: Mapping[str, object]) -> str:
    """Return the SHA-256, in hex, of the record's canonical JSON without its own ``hash``."""
    body = {key: value for key, value in record.items() if key != "hash"}
    return hashlib.sha256(canonical(body)).hexdigest()


def seal(record: Mapping[str, object], previous: str | None, sequence: int) -> dict[str, object]:
    """Return ``record`` with its place in the chain and its hash.

    ``previous`` is the hash of the record before, None (or GENESIS) for the first, whose sequence is 1.

    Raises:
        DataError: the record is sealed already, or place and predecessor contradict each other.
    """
    taken = [field for field in SEAL_FIELDS if field in record]
    if taken:
        raise DataError(f"the record already holds {', '.join(taken)}; seal a record once", fields=taken)
    link = GENESIS if previous is None else previous
    if (link == GENESIS) != (sequence == FIRST):
        raise DataError(
            f"sequence {sequence} cannot follow {link[:12]}…; the first record is {FIRST}", sequence=sequence
        )
    sealed: dict[str, object] = {**record, "sequence": sequence, "previous": link}
    return {**sealed, "hash": digest(sealed)}


def verify_chain(records: Iterable[Mapping[str, object]], length: int | None, head: str | None) -> list[str]:
    """Return every fault of a chain given in order, as sentences; an empty list is a sound chain.

    ``length`` and ``head`` are what was noted elsewhere of the number of records and the last hash; None asks
    nothing of them, and then a chain cut short at its end cannot be told from a shorter one.
    """
    faults: list[str] = []
    count, link = 0, GENESIS
    for count, record in enumerate(records, start=1):
        faults += _faults(record, sequence=FIRST + count - 1, previous=link)
        # Going on from what the record claims reports one break once, not at every record after it.
        link = str(record.get("hash"))
    if length is not None and count != length:
        faults.append(f"the chain holds {count} records, {length} were sealed")
    if head is not None and link != head:
        faults.append(f"the chain ends in {link[:12]}…, its head was {head[:12]}…")
    return faults


def _faults(record: Mapping[str, object], sequence: int, previous: str) -> list[str]:
    faults: list[str] = []
    found = record.get("sequence")
    if type(found) is not int or found != sequence:
        faults.append(f"record {sequence}: its sequence says {found!r}")
    if record.get("previous") != previous:
        faults.append(f"record {sequence}: it does not follow {previous[:12]}…")
    try:
        true_hash = digest(record)
    except DataError as error:
        return [*faults, f"record {sequence}: {error}"]
    if record.get("hash") != true_hash:
        faults.append(f"record {sequence}: its content hashes to {true_hash[:12]}…, not to the hash it carries")
    return faults


def _require_text_keys(value: object) -> None:
    # json.dumps would turn 1 and "1" into one key, so that two records could share a spelling.
    if isinstance(value, Mapping):
        for key, inner in cast("Mapping[object, object]", value).items():
            if not isinstance(key, str):
                raise DataError(f"key {key!r} is not text; canonical JSON has text keys only", key=key)
            _require_text_keys(inner)
    elif isinstance(value, list | tuple):
        for inner in cast("Iterable[object]", value):
            _require_text_keys(inner)
