"""The star schema as the desk keeps it, over a lake of a few invented games."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import polars as pl
import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from antepost.cli.main import app
from antepost.desk import Desk, open_desk
from antepost.desk.star import arrange_roles, bring_up, overview, rebuild_all
from antepost.lake import silver
from antepost.lake.batches import Batch, Payload, commit, loading, watermark
from antepost.lake.schemas import table_of
from antepost.settings import Settings
from tests.star_facts import facts


def _load(settings: Settings, given: Mapping[str, pl.DataFrame]) -> int:
    """Write a load of invented NFL rows into silver, as an ingest would, and return its number."""
    number = watermark(settings) + 1
    with loading(settings):
        for name, frame in given.items():
            schema = table_of(name, "nfl").schema
            told = frame.with_columns(batch=pl.lit(number, pl.Int64))
            absent = [pl.lit(None, kind).alias(column) for column, kind in schema.items() if column not in told.columns]
            rows = told.with_columns(absent).select(pl.col(column).cast(kind) for column, kind in schema.items())
            silver.append(settings, name, rows, number)
        batch = Batch(
            number=number, sport="nfl", source="invented", payloads=(Payload(part="all", raw="0" * 64),),
            received_at=datetime(2022, 9, 1, tzinfo=UTC), parser="invented-1", games=2,
            rows={name: frame.height for name, frame in given.items()},
        )  # fmt: skip
        commit(settings, batch)
    return number


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A desk over one load of twenty copies of the two games, in silver and not yet in the star."""
    given = facts()
    for name in ("fixtures", "results", "prices"):
        copies = [given[name].with_columns(pl.col("fixture") + f"_{number}") for number in range(20)]
        given[name] = pl.concat(copies)
    _load(settings, given)
    return open_desk(settings=settings)


def _count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM star.{table}")).scalar_one())


def test_the_first_load_is_laid_out_and_a_days_load_merged(desk: Desk, database: Engine) -> None:
    first = bring_up(desk.settings, "nfl")
    assert first is not None
    assert first.rows["price"] == _count(database, "price") == 60
    assert bring_up(desk.settings, "nfl") is None
    day = facts()
    _load(desk.settings, {"fixtures": day["fixtures"], "prices": day["prices"].head(1)})
    merged = bring_up(desk.settings, "nfl")
    assert merged is not None
    assert (merged.batch, merged.rows["fixture"], merged.rows["price"]) == (2, 2, 1)
    assert (_count(database, "fixture"), _count(database, "price")) == (42, 61)


def test_much_that_is_new_is_laid_out_again_with_what_was_there(desk: Desk, database: Engine) -> None:
    bring_up(desk.settings, "nfl")
    given = facts()["prices"]
    more = pl.concat([given.with_columns(pl.col("fixture") + f"_{n}", book=pl.lit("another")) for n in range(10)])
    _load(desk.settings, {"prices": more})
    whole = bring_up(desk.settings, "nfl")
    assert whole is not None
    assert whole.rows["price"] == _count(database, "price") == 90


def test_a_rebuild_tells_its_progress_and_makes_good_what_was_spoilt(desk: Desk, database: Engine) -> None:
    desk.project("nfl")
    with database.begin() as connection:
        connection.execute(text("DELETE FROM star.price"))
    told: list[tuple[str, float]] = []
    (done,) = rebuild_all(desk.settings, progress=lambda what, share: told.append((what, share)))
    assert (done.sport, done.batch, _count(database, "price")) == ("nfl", 1, 60)
    assert told[0] == ("nfl: reading silver", 0.0)
    assert told[-1] == ("nfl: price", 1.0)
    assert [share for _, share in told] == sorted(share for _, share in told)


def test_the_overview_says_what_is_behind(desk: Desk) -> None:
    asked = overview(desk.settings).rows()
    assert asked == [("nfl", None, 1, 0, 0, 0)]
    desk.project("nfl")
    assert overview(desk.settings).rows() == [("nfl", 1, 1, 40, 20, 60)]


def test_the_roles_are_there_and_mine_where_we_own_the_server(settings: Settings) -> None:
    rows, hindered = arrange_roles(settings)
    assert hindered is None
    assert rows["role"].to_list() == ["antepost_reader", "antepost_writer", "antepost_owner"]
    assert rows["there"].all()
    assert rows["mine"].all()


def test_the_commands_answer_in_json(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTEPOST_HOME", str(desk.settings.home))
    monkeypatch.setenv("ANTEPOST_DATABASE_URL", str(desk.settings.database_url))
    answers = {}
    for word in ("rebuild", "show", "roles", "url"):
        done = CliRunner().invoke(app, ["lake", "star", word, "--json"])
        assert done.exit_code == 0, done.output
        answers[word] = json.loads(done.stdout)
    assert answers["rebuild"]["sports"][0]["rows"]["price"] == 60
    assert answers["roles"]["hindered"] is None
    assert answers["url"]["reader"] is True
    assert "-c%20role%3Dantepost_reader" in answers["url"]["url"]
