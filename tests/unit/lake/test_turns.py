from __future__ import annotations

from sqlalchemy import Engine, text

from antepost.lake.database import connect, url_of_schema
from antepost.lake.turns import turns
from antepost.settings import Settings


def test_a_piece_has_one_worker_until_it_is_given_back_or_its_worker_is_gone(database: Engine) -> None:
    with turns(database, "digging") as ours, turns(database, "digging") as other, turns(database, "sowing") as third:
        assert ours.take(1)
        assert not other.take(1)
        assert other.take(2)
        assert third.take(1), "another work has pieces of its own"
        ours.give(1)
        assert other.take(1)
    with turns(database, "digging") as ours:
        assert ours.take(1)
        with turns(database, "digging") as other:
            assert other.take(2)
            killed = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1"
            with database.begin() as connection:
                connection.execute(text(killed))
            while not other.take(1):
                pass
            other.give(1)


def test_tables_without_a_schema_are_of_the_one_that_was_asked_for(settings: Settings) -> None:
    from sqlalchemy import create_engine

    urls = {url_of_schema(settings, "apart") for _ in range(2)}
    assert len(urls) == 1
    engine = create_engine(urls.pop())
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE invented (a int)"))
    engine.dispose()
    with connect(settings).begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM apart.invented")).scalar() == 0
