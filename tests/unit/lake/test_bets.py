from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from antepost.domain.seal import GENESIS, Record, digest
from antepost.errors import DataError
from antepost.lake import bets, heads, ledger
from antepost.settings import Settings
from tests.star_facts import PREDICTION, bet_on


@pytest.fixture
def sealed(database: Engine) -> Record:
    """A prediction that was sealed."""
    return ledger.append(database, [PREDICTION])[0]


def test_a_bets_life_is_a_chain_of_lines_and_its_last_word_stands(database: Engine, sealed: Record) -> None:
    settled = {"event": "settled", "at": "2022-09-08T21:00:00Z", "profit": 0.33}
    bets.append(database, [bet_on(sealed), bet_on(sealed, bet="b2")])
    bets.append(database, [bet_on(sealed, **settled), bet_on(sealed, **{**settled, "at": "2022-09-10T09:00:00Z"})])
    lines = bets.chain(database)
    assert [line["sequence"] for line in lines] == [1, 2, 3, 4]
    assert [line["previous"] for line in lines] == [GENESIS, *(line["hash"] for line in lines[:-1])]
    assert all(line["hash"] == digest(line) for line in lines)
    assert [line["at"] for line in bets.find(database, "nfl", "b1", limit=1)] == ["2022-09-10T09:00:00Z"]
    assert bets.find(database, "mlb") == []
    assert bets.verify(database) == []
    assert ledger.verify(database) == [], "the predictions' chain is another"


def test_a_line_that_is_there_is_not_added_again(database: Engine, sealed: Record) -> None:
    (first,) = bets.append(database, [bet_on(sealed)])
    again = bets.append(database, [bet_on(sealed, odds=9.0), bet_on(sealed, event="voided", profit=0)])
    assert again[0] == first
    assert len(bets.chain(database)) == 2


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"prediction": "f" * 64}, "not present in table"),
        ({"odds": 1.0}, "ck_bet_price"),
        ({"stake": -0.01}, "ck_bet_price"),
        ({"event": "imagined"}, "ck_bet_event"),
        ({"event": "settled"}, "ck_bet_profit"),
        ({"profit": 0.1}, "ck_bet_profit"),
        ({"odds": None}, "no number under 'odds'"),
        ({"odds": True}, "no number under 'odds'"),
        ({"paper": 1}, "neither true nor false under 'paper'"),
        ({"at": "2022-09-08T16:00:02"}, "has no zone"),
    ],
)
def test_a_bet_that_cannot_be_leaves_the_chain_as_it_was(
    database: Engine, sealed: Record, broken: dict[str, object], said: str
) -> None:
    bets.append(database, [bet_on(sealed)])
    before = bets.chain(database)
    with pytest.raises(DataError, match=said):
        bets.append(database, [bet_on(sealed, bet="fine"), bet_on(sealed, bet="b2", **broken)])
    assert bets.chain(database) == before


@pytest.mark.parametrize("change", ["UPDATE star.bet SET profit = 1", "DELETE FROM ledger.bet", "TRUNCATE ledger.bet"])
def test_the_database_refuses_every_change_of_a_bet(database: Engine, sealed: Record, change: str) -> None:
    bets.append(database, [bet_on(sealed)])
    with pytest.raises(DBAPIError, match="append-only"), database.begin() as connection:
        connection.execute(text(change))


def test_a_bet_that_was_tampered_with_or_cut_off_is_found(settings: Settings, database: Engine, sealed: Record) -> None:
    bets.append(database, [bet_on(sealed), bet_on(sealed, bet="b2")])
    heads.note(settings, database)
    with database.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE ledger.bet SET stake = 0.5 WHERE sequence = 1"))
    assert bets.verify(database) == ["record 1: column stake differs from the record"]
    with database.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM ledger.bet"))
        connection.execute(text("DELETE FROM ledger.chain WHERE chain = 'bet'"))
    assert bets.verify(database) == []
    (fault,) = heads.faults(settings, database)
    assert "record 2" in fault
    assert "no such record" in fault


def test_the_view_shows_the_bets(database: Engine, sealed: Record) -> None:
    bets.append(database, [bet_on(sealed)])
    with database.connect() as connection:
        assert connection.execute(text("SELECT bet, stake, profit FROM star.bet")).one() == ("b1", 0.1 + 0.2, None)
