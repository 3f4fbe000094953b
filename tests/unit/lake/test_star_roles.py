"""What each role can and cannot do, tried by a login of its own on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Protocol

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from antepost.errors import EngineError
from antepost.lake import bets, ledger
from antepost.lake.star import Held, downgrade, migrate, project, rebuild, roles
from antepost.lake.star.revisions import HEAD, revision
from tests.star_facts import PREDICTION, bet_on, facts

REFUSED = "permission denied|must be owner|append-only"


class Login(Protocol):
    def __call__(self, role: str | None, **options: bool) -> Engine: ...


@pytest.fixture
def login(database: Engine) -> Iterator[Login]:
    """Make a login that is a member of a role, and connect as it."""
    made: list[tuple[str, Engine]] = []

    def make(role: str | None, **options: bool) -> Engine:
        name = f"{database.url.database}_{len(made)}"
        words = " ".join(word.upper() for word, on in options.items() if on)
        with database.begin() as connection:
            connection.execute(text(f"CREATE ROLE {name} LOGIN {words}"))
            if role:
                connection.execute(text(f"GRANT {role} TO {name}"))
        engine = create_engine(database.url.set(username=name))
        made.append((name, engine))
        return engine

    yield make
    for name, engine in made:
        engine.dispose()
        with database.begin() as connection:
            connection.execute(text(f"DROP OWNED BY {name} CASCADE"))
            connection.execute(text(f"DROP ROLE {name}"))


@pytest.fixture
def filled(database: Engine) -> Engine:
    """A database with a sport in its star, and a prediction and a bet in its ledger."""
    with database.begin() as connection:
        assert roles.arrange(connection) is None
    project(database, "nfl", facts(), batch=1)
    (sealed,) = ledger.append(database, [PREDICTION])
    bets.append(database, [bet_on(sealed)])
    return database


def refused(engine: Engine, statement: str) -> bool:
    with pytest.raises(DBAPIError, match=REFUSED), engine.begin() as connection:
        connection.execute(text(statement))
    return True


def test_a_reader_reads_everything_and_changes_nothing(filled: Engine, login: Login) -> None:
    reader = login(roles.READER)
    tables = ("fixture", "result", "price", "team", "player", "venue", "date", "book", "prediction", "bet")
    with reader.connect() as connection:
        for table in tables:
            assert connection.execute(text(f"SELECT count(*) FROM star.{table}")).scalar()
    assert revision(reader) == HEAD
    migrate(reader)
    assert len(ledger.chain(reader)) == len(bets.chain(reader)) == 1
    for statement in (
        "UPDATE star.fixture SET week = 2",
        "DELETE FROM star.price",
        "INSERT INTO star.sport VALUES ('x')",
        "INSERT INTO ledger.key VALUES ('k', 'pem', now())",
        "UPDATE star.prediction SET late = true",
        "CREATE TABLE star.mine (a int)",
        "SET ROLE antepost_writer",
    ):
        assert refused(reader, statement)
    with pytest.raises(DBAPIError, match="permission denied"):
        ledger.append(reader, [{**PREDICTION, "fixture": "another"}])


def test_a_writer_adds_a_load_and_seals_and_takes_nothing_away(filled: Engine, login: Login) -> None:
    writer = login(roles.WRITER)
    project(writer, "nfl", facts(2), batch=2, since=1)
    (sealed,) = ledger.append(writer, [{**PREDICTION, "fixture": "another"}])
    bets.append(writer, [bet_on(sealed, bet="b2")])
    ledger.note_key(writer, "k1", "pem", datetime(2022, 9, 8, tzinfo=UTC))
    assert ledger.verify(writer) == bets.verify(writer) == []
    for statement in (
        "UPDATE ledger.prediction SET late = true",
        "DELETE FROM ledger.bet",
        "TRUNCATE ledger.chain",
        "ALTER TABLE ledger.bet DISABLE TRIGGER ALL",
        "INSERT INTO star.prediction SELECT * FROM star.prediction",
        "UPDATE star.bet SET profit = 1",
        "TRUNCATE star.price",
        "DROP TABLE star.price",
        "CREATE TABLE star.mine (a int)",
        "UPDATE public.alembic_version SET version_num = '0001'",
        "SET ROLE antepost_owner",
    ):
        assert refused(writer, statement)
    with pytest.raises(EngineError, match="connect as a member of antepost_owner"):
        rebuild(writer, [lambda: Held(sport="nfl", batch=2, facts=facts(2))])


def test_an_owner_migrates_and_rebuilds_and_cannot_change_the_ledger_either(filled: Engine, login: Login) -> None:
    owner = login(roles.OWNER)
    rebuild(owner, [lambda: Held(sport="nfl", batch=2, facts=facts(2))])
    # What one member of the role made, another may take away.
    rebuild(login(roles.OWNER), [lambda: Held(sport="nfl", batch=3, facts=facts(3))])
    for statement in ("UPDATE ledger.prediction SET late = true", "DELETE FROM ledger.bet", "CREATE ROLE somebody"):
        assert refused(owner, statement)
    with pytest.raises(EngineError, match="never dropped"):
        downgrade(owner, "0001")


def test_a_writer_that_would_migrate_is_told_whom_to_ask(database: Engine, login: Login) -> None:
    with database.begin() as connection:
        roles.arrange(connection)
    writer = login(roles.WRITER)
    with pytest.raises(EngineError, match="connect as a member of antepost_owner"):
        downgrade(writer, "0004")
    downgrade(database, "0004")
    with pytest.raises(EngineError, match="connect as a member of antepost_owner"):
        migrate(writer)


def test_an_owner_takes_an_empty_ledger_back_and_forth(database: Engine, login: Login) -> None:
    with database.begin() as connection:
        roles.arrange(connection)
    owner = login(roles.OWNER)
    project(owner, "nfl", facts(), batch=1)
    downgrade(owner, "0002")
    migrate(owner)
    project(owner, "nfl", facts(), batch=1)
    assert revision(login(roles.READER)) == HEAD


def test_new_partitions_are_the_owners_and_readable_by_name(filled: Engine, login: Login) -> None:
    asked = "SELECT tableowner::text FROM pg_tables WHERE schemaname IN ('star', 'ledger') GROUP BY 1"
    with filled.connect() as connection:
        assert connection.execute(text(asked)).scalars().all() == [roles.OWNER]
    with login(roles.READER).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM star.price_nfl")).scalar() == 3


def test_a_user_who_may_make_no_roles_works_without_and_is_told_what_to_ask_for(
    database: Engine, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hosted server gives one user and one database; nothing else is needed."""
    monkeypatch.setattr(roles, "OWNER", "nobody_made_this")
    monkeypatch.setattr(roles, "ABOUT", {"nobody_made_this": "an owner"})
    alone = login(None, createdb=True)
    with alone.connect() as connection:
        said = roles.arrange(connection)
    assert said == (
        f"{alone.url.username} may not make roles; somebody who may runs: "
        f"CREATE ROLE nobody_made_this NOLOGIN; GRANT nobody_made_this TO {alone.url.username};"
    )
    own = f"{database.url.database}_own"
    with alone.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {own}"))
    engine = create_engine(alone.url.set(database=own))
    migrate(engine)
    project(engine, "nfl", facts(), batch=1)
    rebuild(engine, [lambda: Held(sport="nfl", batch=2, facts=facts(2))])
    (sealed,) = ledger.append(engine, [PREDICTION])
    bets.append(engine, [bet_on(sealed)])
    engine.dispose()
    with alone.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE {own}"))


def test_a_user_who_is_no_member_or_owns_no_database_is_told_what_to_ask_for(database: Engine, login: Login) -> None:
    """The roles are there already, for another database of the same server."""
    stranger = login(None, createrole=True)
    with stranger.connect() as connection:
        said = roles.arrange(connection)
    assert said == (
        f"{stranger.url.username} is no member of antepost_owner; somebody who may runs: "
        f"GRANT antepost_owner TO {stranger.url.username};"
    )
    member = login(roles.OWNER)
    with member.connect() as connection:
        assert str(roles.arrange(connection)).endswith(
            f"its owner runs: GRANT CREATE ON DATABASE {database.url.database} TO antepost_owner;"
        )
