from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from antepost.domain.seal import GENESIS, digest
from antepost.errors import DataError
from antepost.lake.ledger import append, chain, find, keys, note_key, read, verify

NOON = datetime(2022, 9, 8, 12, tzinfo=UTC)


def _record(fixture: str, **changes: object) -> dict[str, object]:
    """An invented prediction, as a desk would hand it over before it is sealed."""
    return {
        "fixture": fixture,
        "sport": "nfl",
        "target": "winner",
        "set": "close",
        "bundle": "b" * 64,
        "facts": "f" * 64,
        "as_of": "2022-09-08T17:00:00+00:00",
        "sealed_at": "2023-01-01T00:00:00.000001+00:00",
        "late": True,
        "probability": {"home": 0.1 + 0.2, "away": 0.7},
        **changes,
    }


def _force(engine: Engine, change: str) -> None:
    """Change the ledger as somebody could who owns the server."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(change))


@pytest.fixture
def three(database: Engine) -> Engine:
    append(database, [_record("a"), _record("b")])
    append(database, [_record("c", set="none")])
    return database


def test_each_record_follows_the_one_before(three: Engine) -> None:
    records = chain(three)
    assert [record["fixture"] for record in records] == ["a", "b", "c"]
    assert [record["sequence"] for record in records] == [1, 2, 3]
    assert [record["previous"] for record in records] == [GENESIS, records[0]["hash"], records[1]["hash"]]
    assert all(record["hash"] == digest(record) for record in records)
    assert verify(three) == []


def test_what_is_read_is_what_was_sealed_to_the_bit(database: Engine) -> None:
    (sealed,) = append(database, [_record("a")])
    assert read(database, str(sealed["hash"])) == sealed
    assert sealed["probability"] == {"home": 0.30000000000000004, "away": 0.7}


def test_one_prediction_is_sealed_once(three: Engine) -> None:
    before = chain(three)
    again = append(three, [_record("b", sealed_at="2024-01-01T00:00:00+00:00"), _record("d"), _record("d")])
    assert again[0] == before[1]
    assert again[1] == again[2]
    assert [record["fixture"] for record in chain(three)] == ["a", "b", "c", "d"]


def test_other_facts_or_another_bundle_are_another_prediction(database: Engine) -> None:
    append(database, [_record("a"), _record("a", facts="0" * 64), _record("a", bundle="0" * 64)])
    assert len(chain(database)) == 3


def test_nothing_to_append_appends_nothing(database: Engine) -> None:
    assert append(database, []) == []
    assert verify(database) == []


def test_many_appenders_at_once_make_one_chain(database: Engine) -> None:
    batches = [[_record(f"{worker}-{number}") for number in range(5)] for worker in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda batch: append(database, batch), batches))
    assert len(chain(database)) == 30
    assert verify(database) == []


def test_many_appenders_of_the_same_records_seal_each_once(database: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: append(database, [_record("a"), _record("b")]), range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert len(chain(database)) == 2


@pytest.mark.parametrize(
    "broken",
    [
        {"late": "yes"},
        {"as_of": "noon"},
        {"as_of": "2022-09-08T17:00:00"},
        {"sport": None},
        {"probability": {"home": float("nan")}},
        {"bundle": ""},
    ],
)
def test_a_record_that_cannot_be_sealed_leaves_the_chain_as_it_was(three: Engine, broken: dict[str, object]) -> None:
    before = chain(three)
    with pytest.raises(DataError):
        append(three, [_record("fine"), _record("x", **broken)])
    assert chain(three) == before
    assert verify(three) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger.prediction SET late = false",
        "DELETE FROM ledger.prediction",
        "TRUNCATE ledger.prediction CASCADE",
        "UPDATE ledger.chain SET length = 0",
        "DELETE FROM ledger.key",
        "UPDATE star.prediction SET late = false",
    ],
)
def test_the_database_refuses_every_change(three: Engine, change: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), three.begin() as connection:
        connection.execute(text(change))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            "UPDATE ledger.prediction SET record = replace(record, '0.7', '0.8') WHERE sequence = 2",
            "hashes to",
        ),
        ("UPDATE ledger.prediction SET record = 'torn' WHERE sequence = 2", "not JSON"),
        ("UPDATE ledger.prediction SET sport = 'mlb' WHERE sequence = 1", "column sport differs"),
        ("UPDATE ledger.prediction SET late = false WHERE sequence = 1", "column late differs"),
        (
            "UPDATE ledger.prediction SET as_of = as_of + interval '1 s' WHERE sequence = 3",
            "column as_of differs",
        ),
        ("UPDATE ledger.prediction SET hash = repeat('0', 64) WHERE sequence = 3", "column hash differs"),
        ("UPDATE ledger.prediction SET sequence = 9 WHERE sequence = 1", "its sequence says"),
        ("DELETE FROM ledger.prediction WHERE sequence = 1", "its sequence says 2"),
        ("DELETE FROM ledger.prediction WHERE sequence = 2", "does not follow"),
        ("DELETE FROM ledger.prediction WHERE sequence = 3", "holds 2 records, 3 were sealed"),
        ("DELETE FROM ledger.chain", "holds 3 records, 0 were sealed"),
        ("UPDATE ledger.chain SET head = repeat('0', 64) WHERE length = 2", "the head noted at 2"),
    ],
)
def test_every_tampering_is_found(three: Engine, change: str, fault: str) -> None:
    _force(three, change)
    assert any(fault in found for found in verify(three)), verify(three)


def test_records_are_found_by_sport_set_and_fixture_the_newest_first(three: Engine) -> None:
    assert [record["fixture"] for record in find(three)] == ["c", "b", "a"]
    assert [record["fixture"] for record in find(three, sport="nfl", set="close")] == ["b", "a"]
    assert [record["fixture"] for record in find(three, fixture="a")] == ["a"]
    assert [record["fixture"] for record in find(three, limit=1, offset=1)] == ["b"]
    assert find(three, sport="mlb") == []


def test_the_view_shows_the_ledger(three: Engine) -> None:
    with three.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM star.prediction")).scalar() == 3


def test_an_unknown_hash_is_an_error_that_names_it(database: Engine) -> None:
    with pytest.raises(DataError, match="no sealed prediction nowhere"):
        read(database, "nowhere")


def test_a_public_key_is_kept_once_and_never_replaced(database: Engine) -> None:
    note_key(database, "k1", "pem one", NOON)
    note_key(database, "k1", "pem one", NOON)
    note_key(database, "k2", "pem two", NOON)
    assert keys(database) == {"k1": "pem one", "k2": "pem two"}
    with pytest.raises(DataError, match="another public key under k1") as caught:
        note_key(database, "k1", "pem three", NOON)
    assert caught.value.evidence == {"id": "k1"}


def test_the_first_characters_of_a_hash_are_enough_where_no_other_begins_so(three: Engine) -> None:
    records = chain(three)
    assert read(three, str(records[1]["hash"])[:10]) == records[1]
    with pytest.raises(DataError, match="several sealed predictions begin with"):
        read(three, "")
    with pytest.raises(DataError, match="no sealed prediction %"):
        read(three, "%")
