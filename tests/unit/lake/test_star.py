from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from antepost.errors import DataError, EngineError
from antepost.lake.ledger import note_key
from antepost.lake.star import downgrade, migrate, project
from antepost.lake.star.models import Base
from antepost.lake.star.revisions import HEAD, revision

START = datetime(2022, 9, 8, 17, tzinfo=UTC)


def _stamps(rows: int, batch: int, known_at: datetime) -> dict[str, list[object]]:
    return {
        "sport": ["nfl"] * rows,
        "league": ["nfl"] * rows,
        "season": [2022] * rows,
        "event_at": [START] * rows,
        "event_precision": ["second"] * rows,
        "known_at": [known_at] * rows,
        "known_how": ["assumed"] * rows,
        "batch": [batch] * rows,
        "raw": ["0" * 64] * rows,
    }


def _facts(batch: int = 1) -> dict[str, pl.DataFrame]:
    """Two invented fixtures, the second without venue and price, the first with a price."""
    early = START - timedelta(days=30)
    fixtures = {
        **_stamps(2, batch, early),
        "fixture": ["2022_01_BUF_LAR", "2022_01_NO_ATL"],
        "start": [START, START + timedelta(hours=3)],
        "home": ["LAR", "ATL"],
        "away": ["BUF", "NO"],
        "neutral": [False, True],
        "stage": ["REG", "REG"],
        "week": [1, 1],
        "venue": ['A "quoted", stadium', None],
        "sequence": [1, 2],
    }
    results = {
        **_stamps(1, batch, START + timedelta(hours=4)),
        "fixture": ["2022_01_BUF_LAR"],
        "home": ["LAR"],
        "away": ["BUF"],
        "home_score": [10],
        "away_score": [31],
        "overtime": [False],
        "outcome": ["away"],
        "ending": ["regulation"],
    }
    prices = {
        **_stamps(2, batch, START - timedelta(seconds=1)),
        "fixture": ["2022_01_BUF_LAR"] * 2,
        "book": ["nflverse"] * 2,
        "market": ["moneyline", "spread"],
        "player": pl.Series([None, None], dtype=pl.String),
        "outcome": ["home", "home"],
        "label": ["close", "close"],
        "line": [None, -2.5],
        "odds": [1.9523809523809523, None],
    }
    frames = {"fixtures": fixtures, "results": results, "prices": prices}
    return {name: pl.DataFrame(columns) for name, columns in frames.items()}


def _rows(engine: Engine, question: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def _all(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    tables = ("sport", "league", "team", "fixture", "result", "price", "watermark")
    return {name: sorted(_rows(engine, f"SELECT * FROM star.{name}"), key=str) for name in tables}


def _is_ours(name: str | None, kind: str, parents: object) -> bool:
    return kind != "schema" or name in ("star", "ledger")


def test_the_newest_revision_of_each_fact_is_projected_with_its_types(database: Engine) -> None:
    done = project(database, "nfl", _facts(), batch=1)
    assert dict(done.rows) == {"league": 1, "team": 4, "fixture": 2, "result": 1, "price": 2}
    question = "SELECT fixture, start, neutral, venue, week FROM star.fixture ORDER BY sequence"
    assert _rows(database, question) == [
        ("2022_01_BUF_LAR", START, False, 'A "quoted", stadium', 1),
        ("2022_01_NO_ATL", START + timedelta(hours=3), True, None, 1),
    ]
    prices = _rows(database, "SELECT market, line, odds FROM star.price ORDER BY market")
    assert prices == [("moneyline", None, 1.9523809523809523), ("spread", -2.5, None)]
    assert _rows(database, "SELECT sport, batch FROM star.watermark") == [("nfl", 1)]


def test_projecting_twice_changes_nothing(database: Engine) -> None:
    project(database, "nfl", _facts(), batch=1)
    before = _all(database)
    project(database, "nfl", _facts(), batch=1)
    assert _all(database) == before


def test_a_correction_replaces_the_row_and_moves_the_watermark(database: Engine) -> None:
    project(database, "nfl", _facts(), batch=1)
    facts = _facts()
    later = START + timedelta(days=9)
    corrected = facts["results"].with_columns(
        home_score=pl.lit(13, pl.Int64), known_at=pl.lit(later), batch=pl.lit(2, pl.Int64)
    )
    facts["results"] = pl.concat([corrected.with_columns(known_at=later), facts["results"]], how="vertical_relaxed")
    project(database, "nfl", facts, batch=2)
    assert _rows(database, "SELECT home_score, known_at, batch FROM star.result") == [(13, later, 2)]
    assert _rows(database, "SELECT batch FROM star.watermark") == [(2,)]


def test_a_fact_that_is_gone_from_silver_is_gone_from_the_star(database: Engine) -> None:
    project(database, "nfl", _facts(), batch=1)
    facts = _facts()
    facts["prices"] = facts["prices"].clear()
    project(database, "nfl", facts, batch=2)
    assert _rows(database, "SELECT * FROM star.price") == []


def test_a_projection_of_an_older_batch_does_not_hide_the_newer(database: Engine) -> None:
    project(database, "nfl", _facts(2), batch=2)
    before = _all(database)
    assert project(database, "nfl", _facts(1), batch=1).batch == 2
    assert _all(database) == before


def test_another_sports_rows_stay(database: Engine) -> None:
    project(database, "nfl", _facts(), batch=1)
    other = {name: frame.with_columns(sport=pl.lit("xfl")) for name, frame in _facts().items()}
    project(database, "xfl", other, batch=7)
    project(database, "nfl", _facts(), batch=3)
    assert _rows(database, "SELECT sport, batch FROM star.watermark ORDER BY sport") == [
        ("nfl", 3),
        ("xfl", 7),
    ]
    assert _rows(database, "SELECT count(*) FROM star.fixture") == [(4,)]


def test_a_refused_fact_leaves_the_star_as_it_was(database: Engine) -> None:
    project(database, "nfl", _facts(), batch=1)
    before = _all(database)
    facts = _facts()
    facts["results"] = facts["results"].with_columns(fixture=pl.lit("2022_01_NOBODY_KNOWS"))
    with pytest.raises(DataError, match=r"star\.result refuses"):
        project(database, "nfl", facts, batch=2)
    assert _all(database) == before


def test_a_price_without_its_fixture_is_refused(database: Engine) -> None:
    facts = _facts()
    facts["prices"] = facts["prices"].with_columns(fixture=pl.lit("2022_01_NOBODY_KNOWS"))
    with pytest.raises(DataError, match="2 prices name no fixture, the first '2022_01_NOBODY_KNOWS'"):
        project(database, "nfl", facts, batch=2)


@pytest.mark.parametrize("table", ["fixtures", "results", "prices"])
def test_a_missing_table_or_column_is_named(database: Engine, table: str) -> None:
    with pytest.raises(DataError, match=f"no table {table}"):
        project(database, "nfl", {name: frame for name, frame in _facts().items() if name != table}, batch=1)
    with pytest.raises(DataError, match="lacks known_how"):
        project(database, "nfl", {**_facts(), table: _facts()[table].drop("known_how")}, batch=1)


def test_the_migrations_make_exactly_the_models(database: Engine) -> None:
    with database.connect() as connection:
        options = {"include_schemas": True, "compare_type": True, "include_name": _is_ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_the_head_is_the_newest_migration() -> None:
    folder = Path(migrate.__code__.co_filename).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_heads() == [HEAD]


def test_migrations_run_back_and_forth(database: Engine) -> None:
    project(database, "nfl", _facts(), batch=1)
    for target, schemas in (("0001", ["star"]), ("base", [])):
        downgrade(database, target)
        found = _rows(database, "SELECT nspname::text FROM pg_namespace WHERE nspname IN ('star', 'ledger')")
        assert found == [(schema,) for schema in schemas]
    migrate(database)
    assert revision(database) == HEAD
    project(database, "nfl", _facts(), batch=1)


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
