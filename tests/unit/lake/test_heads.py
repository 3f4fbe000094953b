from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from antepost.domain.seal import digest
from antepost.lake import heads, ledger
from antepost.settings import Settings


def _record(fixture: str) -> dict[str, object]:
    """An invented prediction that is not sealed yet."""
    return {
        "fixture": fixture, "sport": "nfl", "target": "winner", "set": "close", "bundle": "b" * 64, "facts": "f" * 64,
        "as_of": "2031-09-07T17:00:00+00:00", "sealed_at": "2031-09-07T16:00:00+00:00", "late": False,
    }  # fmt: skip


def _as_owner(engine: Engine, *statements: str) -> None:
    """Do what only the owner of the server can."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))


@pytest.fixture
def noted(settings: Settings, database: Engine) -> list[dict[str, object]]:
    """Two appends, each noted in the home."""
    sealed: list[dict[str, object]] = []
    for fixtures in ("ab", "c"):
        sealed += ledger.append(database, [_record(fixture) for fixture in fixtures])
        heads.note(settings, database)
    return sealed


def test_a_ledger_left_alone_has_every_head_that_the_home_noted(
    noted: list[dict[str, object]], settings: Settings, database: Engine
) -> None:
    assert heads.faults(settings, database) == []
    (file,) = (settings.home / "heads").glob("*.txt")
    assert file.read_text().splitlines() == [f"2 {noted[1]['hash']}", f"3 {noted[2]['hash']}"]


def test_the_newest_append_cut_off_with_its_row_is_missed(
    noted: list[dict[str, object]], settings: Settings, database: Engine
) -> None:
    """Its head was once noted in the same schema only, and whoever cut the one cut the other."""
    _as_owner(database, "DELETE FROM ledger.prediction WHERE sequence = 3", "DELETE FROM ledger.chain WHERE length = 3")
    assert ledger.verify(database) == []
    (fault,) = heads.faults(settings, database)
    assert "record 3" in fault
    assert "no such record" in fault


def test_a_ledger_emptied_and_filled_anew_is_missed_too(
    noted: list[dict[str, object]], settings: Settings, database: Engine
) -> None:
    _as_owner(database, "TRUNCATE ledger.prediction CASCADE", "TRUNCATE ledger.chain")
    assert len(heads.faults(settings, database)) == 2
    again = ledger.append(database, [_record(fixture) for fixture in "xyz"])
    heads.note(settings, database)
    assert all(record["hash"] == digest(record) for record in again)
    assert ledger.verify(database) == []
    assert len(heads.faults(settings, database)) == 2, "the heads of what was taken away stay noted"


def test_the_same_head_is_noted_once_and_no_head_not_at_all(settings: Settings, database: Engine) -> None:
    heads.note(settings, database)
    assert not (settings.home / "heads").exists()
    ledger.append(database, [_record("a")])
    heads.note(settings, database)
    heads.note(settings, database)
    (file,) = (settings.home / "heads").glob("*.txt")
    assert len(file.read_text().splitlines()) == 1


def test_another_database_of_the_same_home_has_heads_of_its_own(
    noted: list[dict[str, object]], settings: Settings, database: Engine
) -> None:
    moved = settings.model_copy(update={"database_url": None})
    assert heads.faults(moved, database) == []
