from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from antepost.domain.seal import GENESIS, canonical, digest, seal, verify_chain
from antepost.errors import DataError


def chain(length: int) -> list[dict[str, object]]:
    records: list[dict[str, object]] = []
    for sequence in range(1, length + 1):
        previous = str(records[-1]["hash"]) if records else None
        records.append(seal({"fixture": f"g{sequence}", "p": 0.1 * sequence}, previous, sequence))
    return records


def faults(records: list[dict[str, object]], noted: list[dict[str, object]]) -> list[str]:
    return verify_chain(records, length=len(noted), head=str(noted[-1]["hash"]))


def test_canonical_json_has_one_spelling_whatever_the_order_of_keys() -> None:
    assert canonical({"b": [1, 2.5], "a": {"y": None, "x": "Łódź"}}) == (
        b'{"a":{"x":"\\u0141\\u00f3d\\u017a","y":null},"b":[1,2.5]}'
    )


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), {1, 2}, datetime(2023, 1, 1, tzinfo=UTC), {1: "one"}, [{2: "two"}]]
)
def test_what_json_cannot_say_in_one_way_is_refused(value: object) -> None:
    with pytest.raises(DataError, match="canonical JSON"):
        canonical({"value": value})


def test_the_digest_is_the_sha256_of_the_record_without_its_hash() -> None:
    expected = hashlib.sha256(b'{"a":1}').hexdigest()
    assert digest({"a": 1}) == expected
    assert digest({"a": 1, "hash": "anything"}) == expected


def test_a_seal_adds_place_predecessor_and_hash_and_changes_nothing_else() -> None:
    first = seal({"p": 0.6}, None, 1)
    assert first == {"p": 0.6, "sequence": 1, "previous": GENESIS, "hash": digest(first)}
    second = seal({"p": 0.4}, str(first["hash"]), 2)
    assert second["previous"] == first["hash"]


def test_the_first_record_may_name_the_genesis_itself() -> None:
    assert seal({"p": 0.6}, GENESIS, 1) == seal({"p": 0.6}, None, 1)


def test_a_record_is_sealed_once() -> None:
    with pytest.raises(DataError, match="sequence, previous, hash"):
        seal(seal({"p": 0.6}, None, 1), None, 1)


@pytest.mark.parametrize(("previous", "sequence"), [(None, 2), ("ab" * 32, 1), (None, 0)])
def test_place_and_predecessor_have_to_agree(previous: str | None, sequence: int) -> None:
    with pytest.raises(DataError, match="cannot follow"):
        seal({"p": 0.6}, previous, sequence)


def test_a_sound_chain_has_no_fault_and_an_empty_one_neither() -> None:
    sound = chain(4)
    assert faults(sound, sound) == []
    assert verify_chain([], length=0, head=GENESIS) == []


def test_a_changed_field_is_found_at_its_record() -> None:
    noted = chain(3)
    tampered = [noted[0], noted[1] | {"p": 0.99}, noted[2]]
    [fault] = faults(tampered, noted)
    assert fault.startswith("record 2: its content hashes to")


def test_a_forger_who_also_mends_the_hash_breaks_the_next_link() -> None:
    noted = chain(3)
    forged = noted[1] | {"p": 0.99}
    forged |= {"hash": digest(forged)}
    [fault] = faults([noted[0], forged, noted[2]], noted)
    assert fault.startswith("record 3: it does not follow")


def test_a_chain_forged_to_its_end_is_found_by_its_head() -> None:
    noted = chain(3)
    forged = noted[2] | {"p": 0.99}
    forged |= {"hash": digest(forged)}
    [fault] = faults([*noted[:2], forged], noted)
    assert fault.startswith("the chain ends in")


def test_a_chain_cut_short_is_found_by_its_length_and_head() -> None:
    noted = chain(3)
    found = faults(noted[:2], noted)
    assert [fault.split(",")[0] for fault in found] == [
        "the chain holds 2 records",
        f"the chain ends in {str(noted[1]['hash'])[:12]}…",
    ]


def test_records_in_another_order_are_found() -> None:
    noted = chain(3)
    found = faults([noted[1], noted[0], noted[2]], noted)
    assert any("its sequence says 2" in fault for fault in found)
    assert any("does not follow" in fault for fault in found)


def test_a_record_without_a_seal_is_a_fault_and_not_a_crash() -> None:
    assert len(verify_chain([{"p": float("nan")}], length=1, head=None)) == 3
