from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from antepost.errors import DataError, EngineError
from antepost.lake import bets
from antepost.lake.ledger import append, note_key, verify
from antepost.lake.star import Held, downgrade, migrate, partitions, project, rebuild, shown
from antepost.lake.star.frames import SHAPES
from antepost.lake.star.models import Fixture
from antepost.lake.star.revisions import HEAD, revision
from tests.star_facts import PREDICTION, START, bet_on, facts


def _as_sport(facts: dict[str, pl.DataFrame], sport: str) -> dict[str, pl.DataFrame]:
    return {name: frame.with_columns(sport=pl.lit(sport)) for name, frame in facts.items()}


def _rows(engine: Engine, question: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def _all(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    tables = ("sport", "watermark", *(shape.name for shape in SHAPES))
    return {name: sorted(_rows(engine, f"SELECT * FROM star.{name}"), key=str) for name in tables}


def _is_ours(name: str | None, kind: str, parents: object) -> bool:
    return kind != "schema" or name in ("star", "ledger")


def test_the_newest_revision_of_each_fact_is_projected_with_its_types(database: Engine) -> None:
    done = project(database, "nfl", facts(), batch=1)
    assert dict(done.rows) == {
        "date": 365, "league": 1, "book": 1, "player": 2, "team": 4, "venue": 1, "fixture": 2, "result": 1, "price": 3,
    }  # fmt: skip
    question = "SELECT fixture, start, neutral, venue, week FROM star.fixture ORDER BY sequence"
    assert _rows(database, question) == [
        ("2022_01_BUF_LAR", START, False, "LAX01", 1),
        ("2022_01_NO_ATL", START + timedelta(hours=3), True, None, 1),
    ]
    prices = _rows(database, "SELECT market, line, odds FROM star.price ORDER BY market")
    assert prices == [("moneyline", None, 1.9523809523809523), ("spread", -2.5, None), ("touchdowns", 0.5, 3.0)]
    assert _rows(database, "SELECT sport, batch FROM star.watermark") == [("nfl", 1)]


def test_projecting_twice_changes_nothing(database: Engine) -> None:
    project(database, "nfl", facts(), batch=1)
    before = _all(database)
    project(database, "nfl", facts(), batch=1)
    assert _all(database) == before


def test_a_correction_replaces_the_row_and_moves_the_watermark(database: Engine) -> None:
    project(database, "nfl", facts(), batch=1)
    given = facts()
    later = START + timedelta(days=9)
    corrected = given["results"].with_columns(
        home_score=pl.lit(13, pl.Int64), known_at=pl.lit(later), batch=pl.lit(2, pl.Int64)
    )
    given["results"] = pl.concat([corrected.with_columns(known_at=later), given["results"]], how="vertical_relaxed")
    project(database, "nfl", given, batch=2)
    assert _rows(database, "SELECT home_score, known_at, batch FROM star.result") == [(13, later, 2)]
    assert _rows(database, "SELECT batch FROM star.watermark") == [(2,)]


def test_a_fact_that_is_gone_from_silver_is_gone_from_the_star(database: Engine) -> None:
    project(database, "nfl", facts(), batch=1)
    given = facts()
    given["prices"] = given["prices"].clear()
    project(database, "nfl", given, batch=2)
    assert _rows(database, "SELECT * FROM star.price") == []


def test_a_projection_of_an_older_batch_does_not_hide_the_newer(database: Engine) -> None:
    project(database, "nfl", facts(2), batch=2)
    before = _all(database)
    assert project(database, "nfl", facts(1), batch=1).batch == 2
    assert _all(database) == before


def test_another_sports_rows_stay(database: Engine) -> None:
    project(database, "nfl", facts(), batch=1)
    project(database, "xfl", _as_sport(facts(), "xfl"), batch=7)
    project(database, "nfl", facts(), batch=3)
    assert _rows(database, "SELECT sport, batch FROM star.watermark ORDER BY sport") == [
        ("nfl", 3),
        ("xfl", 7),
    ]
    assert _rows(database, "SELECT count(*) FROM star.fixture") == [(4,)]


def test_a_refused_fact_leaves_the_star_as_it_was(database: Engine) -> None:
    project(database, "nfl", facts(), batch=1)
    before = _all(database)
    given = facts()
    given["results"] = given["results"].with_columns(fixture=pl.lit("2022_01_NOBODY_KNOWS"))
    with pytest.raises(DataError, match=r"star refuses the facts: .* table \"result\""):
        project(database, "nfl", given, batch=2)
    assert _all(database) == before


def test_a_price_without_its_fixture_is_refused_and_the_old_prices_stay(database: Engine) -> None:
    project(database, "nfl", facts(), batch=1)
    before = _all(database)
    given = facts()
    given["prices"] = given["prices"].with_columns(fixture=pl.lit("2022_01_NOBODY_KNOWS"))
    with pytest.raises(DataError, match=r"\(nfl, 2022_01_NOBODY_KNOWS\) is not present in table \"fixture\""):
        project(database, "nfl", given, batch=2)
    assert _all(database) == before


def test_an_increment_leaves_what_a_rebuild_of_everything_would_leave(database: Engine) -> None:
    """A day's load is merged; over some loads the star is the same as one made anew."""
    project(database, "nfl", facts(), batch=1)
    given, later = facts(), START + timedelta(days=9)
    scores = given["results"].with_columns(home_score=pl.lit(13, pl.Int64), batch=pl.lit(2, pl.Int64))
    moved = given["fixtures"].tail(1).with_columns(
        batch=pl.lit(2, pl.Int64), known_at=pl.lit(later), venue=pl.lit("ATL97"), venue_name=pl.lit("A second ground"),
        start=pl.lit(datetime(2023, 1, 2, tzinfo=UTC)), away=pl.lit("SEA"),
    )  # fmt: skip
    quote = given["prices"].head(1).with_columns(batch=pl.lit(2, pl.Int64), book=pl.lit("another"), odds=pl.lit(2.5))
    named = given["entities"].head(1).with_columns(entity=pl.lit("SEA"), name=pl.lit("Seattle Seahawks"))
    told = {"fixtures": moved, "results": scores, "prices": quote}
    whole = {name: pl.concat([given[name], told[name]]) if name in told else given[name] for name in given}
    whole["entities"] = pl.concat([given["entities"], named])
    project(database, "nfl", {**told, "entities": whole["entities"], "places": given["places"]}, batch=2, since=1)
    merged = _all(database)
    assert _rows(database, "SELECT name FROM star.team WHERE team = 'SEA'") == [("Seattle Seahawks",)]
    (rebuilt,) = rebuild(database, [lambda: Held(sport="nfl", batch=2, facts=whole)])
    assert rebuilt.batch == 2
    # The side that the moved fixture had before is nobody's side now, and only a rebuild takes it away.
    gone = next(row for row in merged["team"] if row[1] == "NO")
    assert _all(database) == {**merged, "team": [row for row in merged["team"] if row != gone]}


def test_an_older_quote_that_is_loaded_later_does_not_hide_the_newer(database: Engine) -> None:
    """A live feed's history is filled in afterwards."""
    given = facts()
    now = given["prices"].head(1).with_columns(label=pl.lit("quote"), quoted_at=pl.lit(START), odds=pl.lit(2.0))
    project(database, "nfl", {**given, "prices": now}, batch=1)
    for batch, hours, odds in ((2, -1, 3.0), (3, 0, 2.5), (4, 1, 2.2)):
        quote = now.with_columns(quoted_at=pl.lit(START + timedelta(hours=hours)), odds=pl.lit(odds))
        project(database, "nfl", {**facts(), "prices": quote}, batch=batch, since=batch - 1)
        expected = 2.0 if batch == 2 else odds
        assert _rows(database, "SELECT odds FROM star.price") == [(expected,)]


def test_an_increment_on_what_the_star_does_not_show_is_refused(database: Engine) -> None:
    with pytest.raises(DataError, match="no longer shows nfl up to load 1"):
        project(database, "nfl", facts(2), batch=2, since=1)


def test_a_rebuild_replaces_rows_that_nobody_can_explain(database: Engine) -> None:
    project(database, "nfl", facts(), batch=1)
    before = _all(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE star.price SET odds = 99"))
        connection.execute(text("INSERT INTO star.team VALUES ('nfl', 'GHO', 'A ghost')"))
        connection.execute(text("UPDATE star.fixture SET away = 'GHO'"))
        connection.execute(text("DELETE FROM star.result"))
    rebuild(database, [lambda: Held(sport="nfl", batch=1, facts=facts())])
    assert _all(database) == before


def test_a_reader_sees_the_old_star_until_the_new_one_is_there(database: Engine) -> None:
    """All sports appear at once, whatever the isolation; nobody ever finds a sport without its prices."""
    project(database, "nfl", facts(), batch=1)
    count = "SELECT (SELECT count(*) FROM star.price), (SELECT sum(batch) FROM star.watermark)"
    seen: list[list[tuple[object, ...]]] = []

    def read(sport: str) -> Held:
        seen.append(_rows(database, count))
        return Held(sport=sport, batch=2, facts=_as_sport(facts(2), sport))

    with database.connect().execution_options(isolation_level="REPEATABLE READ") as early:
        early.execute(text("SELECT 1"))
        rebuild(database, [partial(read, sport) for sport in ("nfl", "xfl", "yfl")])
        assert early.execute(text("SELECT count(*) FROM star.price")).scalar() == 9, "never an empty partition"
    assert seen == [[(3, 1)]] * 3
    assert _rows(database, count) == [(9, 6)]


def test_a_reader_that_does_not_end_is_named_and_the_star_stays(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(database, "nfl", facts(), batch=1)
    monkeypatch.setattr(partitions, "_PATIENCE_S", 0.1)
    with database.begin() as reader:
        reader.execute(text("SET LOCAL application_name = 'a long query'"))
        reader.execute(text("SELECT count(*) FROM star.fixture"))
        with pytest.raises(EngineError, match=r"read by a long query \(pid \d+\)"):
            rebuild(database, [lambda: Held(sport="nfl", batch=2, facts=facts(2))])
        assert reader.execute(text("SELECT count(*) FROM star.price")).scalar() == 3
    assert shown(database, "nfl") == 1


def test_a_sport_has_a_partition_of_prices(database: Engine) -> None:
    project(database, "nfl", facts(), batch=1)
    project(database, "nfl", facts(2), batch=2)
    project(database, "xfl", _as_sport(facts(), "xfl"), batch=3)
    asked = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'star.price'::regclass ORDER BY 1"
    assert _rows(database, asked) == [("star.price_nfl",), ("star.price_xfl",)]
    plan = _rows(database, "EXPLAIN SELECT * FROM star.price WHERE sport = 'xfl' AND odds > 2")
    assert any("price_xfl" in str(line) for line in plan)
    assert not any("price_nfl" in str(line) for line in plan)


def test_a_sport_that_cannot_name_a_partition_is_refused(database: Engine) -> None:
    with pytest.raises(DataError, match="no name of a sport"):
        project(database, "x'y", _as_sport(facts(), "x'y"), batch=1)


@pytest.mark.parametrize("table", ["fixtures", "results", "prices", "entities", "places"])
def test_a_missing_table_or_column_is_named(database: Engine, table: str) -> None:
    with pytest.raises(DataError, match=f"no table {table}"):
        project(database, "nfl", {name: frame for name, frame in facts().items() if name != table}, batch=1)
    with pytest.raises(DataError, match="lacks known_how"):
        project(database, "nfl", {**facts(), table: facts()[table].drop("known_how")}, batch=1)


def test_the_migrations_make_exactly_the_models(database: Engine) -> None:
    with database.connect() as connection:
        options = {"include_schemas": True, "compare_type": True, "include_name": _is_ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Fixture.metadata) == []


def test_the_head_is_the_newest_migration() -> None:
    folder = Path(migrate.__code__.co_filename).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_heads() == [HEAD]


def test_migrations_run_back_and_forth_over_a_star_with_rows(database: Engine) -> None:
    for target, schemas in (("0003", ["ledger", "star"]), ("0001", ["star"]), ("base", [])):
        project(database, "nfl", facts(), batch=1)
        downgrade(database, target)
        asked = "SELECT nspname::text FROM pg_namespace WHERE nspname IN ('star', 'ledger') ORDER BY 1"
        assert _rows(database, asked) == [(schema,) for schema in schemas]
        migrate(database)
        assert revision(database) == HEAD
        assert shown(database, "nfl") is None, "what a migration changed is not shown before it is filled again"
    project(database, "nfl", facts(), batch=1)


def test_migrations_carry_the_ledger_along(database: Engine) -> None:
    (sealed,) = append(database, [PREDICTION])
    before = {table: _rows(database, f"SELECT * FROM ledger.{table}") for table in ("prediction", "chain")}
    downgrade(database, "0002")
    assert _rows(database, "SELECT length, head FROM ledger.chain") == [(1, sealed["hash"])]
    migrate(database)
    assert {table: _rows(database, f"SELECT * FROM ledger.{table}") for table in before} == before
    assert verify(database) == []
    append(database, [{**PREDICTION, "fixture": "another"}])
    assert verify(database) == []


def test_a_ledger_that_holds_anything_is_not_dropped(database: Engine) -> None:
    note_key(database, "k1", "pem", START)
    with pytest.raises(EngineError, match="never dropped"):
        downgrade(database, "base")
    assert revision(database) == HEAD
    assert _rows(database, "SELECT id FROM ledger.key") == [("k1",)]


def test_a_database_of_a_newer_antepost_is_left_alone(database: Engine) -> None:
    with database.begin() as connection:
        connection.execute(text("UPDATE public.alembic_version SET version_num = '9999'"))
    with pytest.raises(EngineError, match="newer antepost"):
        migrate(database)


def test_a_ledger_with_a_bet_keeps_the_table_of_bets(database: Engine) -> None:
    (sealed,) = append(database, [PREDICTION])
    bets.append(database, [bet_on(sealed)])
    with pytest.raises(EngineError, match=r"ledger.bet holds rows"):
        downgrade(database, "0004")
    assert revision(database) == HEAD
