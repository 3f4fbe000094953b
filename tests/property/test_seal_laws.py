from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from antepost.domain.seal import canonical, digest, seal, verify_chain

leaves = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    leaves | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
names = st.text(min_size=1, max_size=6).filter(lambda name: name not in {"sequence", "previous", "hash"})
bodies = st.dictionaries(names, values, min_size=1, max_size=4)

type Records = list[dict[str, object]]


def chained(contents: Records) -> Records:
    records: Records = []
    for sequence, body in enumerate(contents, start=1):
        records.append(seal(body, str(records[-1]["hash"]) if records else None, sequence))
    return records


def faults(records: Records, noted: Records) -> list[str]:
    return verify_chain(records, length=len(noted), head=str(noted[-1]["hash"]))


@given(bodies)
def test_canonical_json_read_back_has_the_same_bytes(body: dict[str, object]) -> None:
    spelling = canonical(body)
    assert canonical(json.loads(spelling)) == spelling
    assert canonical(dict(reversed(body.items()))) == spelling


@given(st.lists(bodies, min_size=1, max_size=6))
def test_a_sound_chain_is_sound_also_after_a_journey_through_text(contents: Records) -> None:
    records = chained(contents)
    assert faults([json.loads(canonical(record)) for record in records], records) == []


@given(st.lists(bodies, min_size=1, max_size=6), st.data())
def test_any_changed_or_lost_field_of_any_record_is_found(contents: Records, data: st.DataObject) -> None:
    records = chained(contents)
    at = data.draw(st.integers(0, len(records) - 1))
    field = data.draw(st.sampled_from(sorted(records[at])))
    tampered = dict(records[at])
    if data.draw(st.booleans()):
        del tampered[field]
    else:
        tampered[field] = data.draw(values.filter(lambda new: canonical({"": new}) != canonical({"": tampered[field]})))
    assert faults([*records[:at], tampered, *records[at + 1 :]], records)
    if "hash" in tampered:
        mended = tampered | {"hash": digest(tampered)}
        if mended != records[at]:
            assert faults([*records[:at], mended, *records[at + 1 :]], records)


@given(st.lists(bodies, min_size=2, max_size=6), st.data())
def test_any_lost_doubled_or_moved_record_is_found(contents: Records, data: st.DataObject) -> None:
    records = chained(contents)
    at = data.draw(st.integers(0, len(records) - 1))
    to = data.draw(st.integers(0, len(records) - 1).filter(lambda place: place != at))
    rest = records[:at] + records[at + 1 :]
    assert faults(rest, records)
    assert faults([*records[: at + 1], *records[at:]], records)
    assert faults([*rest[:to], records[at], *rest[to:]], records)
