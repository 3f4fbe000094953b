"""docs/how-to/ask-the-star.md, its SQL and Python run as a reader over invented facts."""

from __future__ import annotations

import math
import re
import sys
from datetime import timedelta
from pathlib import Path

import polars as pl
import psycopg2
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from antepost.desk.star import reader_url
from antepost.lake import ledger
from antepost.lake.star import project
from antepost.settings import Settings
from tests.star_facts import PREDICTION, START, facts

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "how-to" / "ask-the-star.md").read_text()
QUERIES = re.findall(r"^```sql\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)


@pytest.fixture
def url(database: Engine, settings: Settings) -> str:
    """The reader's URL of a star with two games, of which one has a result, closing prices and an early one."""
    given = facts()
    home = given["prices"].head(1).with_columns(odds=pl.lit(1.6))
    away = home.with_columns(outcome=pl.lit("away"), odds=pl.lit(2.4))
    early = home.with_columns(label=pl.lit("open"), odds=pl.lit(2.0), known_at=pl.lit(START - timedelta(days=6)))
    given["prices"] = pl.concat([home, away, early])
    project(database, "nfl", given, batch=1)
    told = {"probability": {"home": 0.4, "away": 0.6}}
    ledger.append(database, [{**PREDICTION, **told}, {**PREDICTION, **told, "set": "none", "late": True}])
    found, reads = reader_url(settings)
    assert reads
    return found


def test_the_three_queries_answer_by_their_rule_and_the_session_is_the_readers(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        day_before, closing, record = (connection.execute(text(query)).all() for query in QUERIES)
    assert [tuple(row)[1:] for row in day_before] == [("LAR", "BUF", "nflverse", "home", 2.0)]
    chance = (1 / 2.4) / (1 / 1.6 + 1 / 2.4)
    [(sport, book, count, margin, loss)] = closing
    assert (sport, book, count) == ("nfl", "nflverse", 1)
    assert margin == pytest.approx(1 / 1.6 + 1 / 2.4 - 1)
    assert loss == pytest.approx(-math.log(chance))
    assert [(row[0], row[1], row[2]) for row in record] == [("nfl", "close", 1)]
    assert record[0][3] == pytest.approx(-math.log(0.6))
    with pytest.raises(DBAPIError, match="permission denied"), engine.begin() as connection:
        connection.execute(text("DELETE FROM star.price"))
    engine.dispose()


def test_psql_and_every_tool_of_libpq_reads_the_url_as_we_do(url: str) -> None:
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT current_user::text")
        assert cursor.fetchone() == ("antepost_reader",)
    connection.close()


def test_the_python_of_the_page_runs(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The word ``antepost`` on the path answers with the URL, as the program would."""
    program = tmp_path / "antepost"
    program.write_text(f"#!{sys.executable}\nprint({url!r})\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    [code] = re.findall(r"^```python\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)
    seen: dict[str, object] = {}
    exec(code, seen)  # noqa: S102  # the page's own lines
    engine, books, fixtures = seen["engine"], seen["books"], seen["fixtures"]
    assert isinstance(engine, Engine)
    engine.dispose()
    assert books.to_dict("list") == {"sport": ["nfl"], "books": [1]}  # pyright: ignore[reportAttributeAccessIssue]
    assert isinstance(fixtures, pl.DataFrame)
    assert fixtures["fixture"].to_list() == ["2022_01_BUF_LAR", "2022_01_NO_ATL"]
