"""The ledger's owner takes the triggers off and touches it; whoever verifies it next says where."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from antepost.domain.seal import SEAL_FIELDS, canonical, digest
from antepost.lake import ledger
from antepost.settings import Settings
from tests.prepared import Prepared

type Touch = Callable[[Connection], None]


@pytest.fixture
def sealed(prepared: Prepared, database: Engine) -> list[dict[str, Any]]:
    """Nine real predictions, sealed into a ledger of their own in three appends."""
    bodies = [{k: v for k, v in record.items() if k not in SEAL_FIELDS} for record in prepared.sealed[:9]]
    return [record for i in range(0, 9, 3) for record in ledger.append(database, bodies[i : i + 3])]


def _as_owner(database: Engine, touch: Touch) -> list[str]:
    """Return the faults found after ``touch``, whose work is then undone."""
    with database.connect() as connection, connection.begin() as work:
        for table in ("prediction", "chain"):
            connection.execute(text(f"ALTER TABLE ledger.{table} DISABLE TRIGGER append_only"))
        touch(connection)
        for table in ("prediction", "chain"):
            connection.execute(text(f"ALTER TABLE ledger.{table} ENABLE TRIGGER append_only"))
        faults = ledger.verify(connection)  # type: ignore[arg-type]  # a session binds to either
        work.rollback()
    return faults


def _rewrite(sequence: int, record: dict[str, Any]) -> Touch:
    def touch(connection: Connection) -> None:
        values = {
            "n": sequence,
            "hash": record["hash"],
            "previous": record["previous"],
            "record": canonical(record).decode(),
        }
        connection.execute(
            text(
                "UPDATE ledger.prediction SET record = :record, hash = :hash, previous = :previous WHERE sequence = :n"
            ),
            values,
        )

    return touch


def _run(statements: str) -> Touch:
    def touch(connection: Connection) -> None:
        for statement in statements.split(";"):
            connection.execute(text(statement))

    return touch


def _other(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return f"{value}x"
        case dict():
            return {**value, "home": value.get("home", 0.0) + 1e-12}
        case _:
            return 2.0


def test_an_untouched_ledger_has_no_fault(sealed: list[dict[str, Any]], database: Engine) -> None:
    assert _as_owner(database, _run("SELECT 1")) == []
    assert ledger.verify(database) == []


def test_each_field_of_a_record_is_held(sealed: list[dict[str, Any]], database: Engine) -> None:
    for name, value in sealed[4].items():
        touched = {**sealed[4], name: _other(value)}
        assert any(fault.startswith("record 5:") for fault in _as_owner(database, _rewrite(5, touched))), name


@pytest.mark.parametrize("sequence", [1, 5, 9])
def test_a_record_hashed_anew_breaks_the_chain_behind_it(
    sequence: int, sealed: list[dict[str, Any]], database: Engine
) -> None:
    forged = {**sealed[sequence - 1], "stake": 0.019}
    forged["hash"] = digest(forged)
    faults = _as_owner(database, _rewrite(sequence, forged))
    assert any("follow" in fault or "head" in fault for fault in faults), faults


def test_a_whole_tail_sealed_anew_misses_the_heads_that_were_noted(
    sealed: list[dict[str, Any]], database: Engine
) -> None:
    tail = [{**sealed[5], "stake": 0.019}, *sealed[6:]]
    previous = str(sealed[4]["hash"])
    for i, record in enumerate(tail):
        tail[i] = {**record, "previous": previous}
        previous = tail[i]["hash"] = digest(tail[i])

    def touch(connection: Connection) -> None:
        for record in tail:
            _rewrite(record["sequence"], record)(connection)

    faults = _as_owner(database, touch)
    assert any("head" in fault for fault in faults), faults


REWRITES = {
    "the last record is gone": "DELETE FROM ledger.prediction WHERE sequence = 9",
    "the first record is gone": "DELETE FROM ledger.prediction WHERE sequence = 1",
    "one between is gone": "DELETE FROM ledger.prediction WHERE sequence = 5",
    "the last record and its noted head are gone": (
        "DELETE FROM ledger.prediction WHERE sequence = 9; DELETE FROM ledger.chain WHERE length = 9"
    ),
    "all records are gone": "DELETE FROM ledger.prediction",
    "two records changed places": (
        "UPDATE ledger.prediction SET sequence = -1 WHERE sequence = 3; "
        "UPDATE ledger.prediction SET sequence = 3 WHERE sequence = 4; "
        "UPDATE ledger.prediction SET sequence = 4 WHERE sequence = -1"
    ),
    "a record was added": (
        "INSERT INTO ledger.prediction SELECT 10, reverse(hash), hash, fixture || 'x', sport, target, set, bundle, "
        "facts, as_of, sealed_at, late, record FROM ledger.prediction WHERE sequence = 9"
    ),
    "late says otherwise": "UPDATE ledger.prediction SET late = NOT late WHERE sequence = 2",
    "fixture says otherwise": "UPDATE ledger.prediction SET fixture = 'another' WHERE sequence = 2",
    "sealed a day earlier": (
        "UPDATE ledger.prediction SET sealed_at = sealed_at - interval '1 day' WHERE sequence = 2"
    ),
    "the text is no record": "UPDATE ledger.prediction SET record = 'gone' WHERE sequence = 2",
    "a noted head says otherwise": "UPDATE ledger.chain SET head = repeat('0', 64) WHERE length = 3",
}


@pytest.mark.parametrize("what", REWRITES)
def test_order_length_and_columns_are_held(what: str, sealed: list[dict[str, Any]], database: Engine) -> None:
    assert _as_owner(database, _run(REWRITES[what])) != []


def test_the_command_says_so_even_of_a_record_that_is_sound_itself(
    sealed: list[dict[str, Any]], database: Engine, settings: Settings, prepared: Prepared
) -> None:
    with database.begin() as connection:
        connection.execute(text("ALTER TABLE ledger.prediction DISABLE TRIGGER append_only"))
        connection.execute(text("DELETE FROM ledger.prediction WHERE sequence = 9"))
    command = [sys.executable, "-m", "antepost", "rebuild", str(sealed[0]["hash"]), "--json"]
    env = prepared.environment(ANTEPOST_DATABASE_URL=str(settings.database_url))
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 1, done.stderr
    shown = json.loads(done.stdout)
    assert (shown["equal"], shown["to_the_bit"]) == (False, True)
    assert any("9 were sealed" in line for line in shown["differences"])
