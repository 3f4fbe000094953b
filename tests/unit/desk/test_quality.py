"""Findings, movement, missing closes and the catalogue of a small invented home, by the desk and by the shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from antepost.cli import app
from antepost.desk.catalogue import markdown
from antepost.desk.lake import Lake
from antepost.domain.clock import FixedClock
from antepost.errors import DataError
from antepost.ingestion import SOURCES, ingest
from antepost.ingestion.findings import CHECKS
from antepost.lake import TABLES
from antepost.lake.movement import NO_BOOK, REASONS
from antepost.settings import Settings, get_settings
from tests.payloads import nba, nhl

CLOCK = FixedClock(datetime(2031, 12, 1, tzinfo=UTC))
LOADED = {
    "kaggle_nba": nba.PAYLOADS["kaggle_nba"],
    "oddsportal_nba": nba.PAYLOADS["oddsportal_nba"],
    "sportsdataverse_nhl": nhl.PAYLOADS["sportsdataverse_nhl"],
    "the_odds_api_nhl_archive": nhl.PAYLOADS["the_odds_api_nhl_archive"],
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with two sports in it; nothing here needs a database."""
    base = tmp_path_factory.mktemp("quality")
    settings = get_settings(home=base / "home", mirror=str(base / "mirror"), database_url=None, mlflow_url=None)
    for name, (part, data) in LOADED.items():
        path = base / "mirror" / next(found.path for found in SOURCES[name].parts(2031) if found.name == part)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        ingest(settings, SOURCES[name].sport, CLOCK, source=name)
    return settings


@pytest.fixture
def lake(place: Settings) -> Lake:
    return Lake(place, CLOCK)


@pytest.fixture
def shell(place: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.setenv("ANTEPOST_HOME", str(place.home))

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, ["lake", *words])
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


def test_every_source_loaded_here_is_looked_at(lake: Lake) -> None:
    told = lake.findings()
    assert set(told["source"]) == set(LOADED)
    assert dict(told.select("check", "severity").unique().iter_rows()).items() <= CHECKS.items()
    kaggle = {row["check"]: row for row in lake.findings(["nba"], "kaggle_nba").iter_rows(named=True)}
    assert set(kaggle) == set(CHECKS)
    assert all(row["passed"] for row in kaggle.values())
    assert kaggle["periods_make_the_score"]["judged"] == 3


def test_a_source_with_many_refusals_is_an_error_that_did_not_pass(lake: Lake) -> None:
    told = lake.findings(["nhl"], rows=False).filter(pl.col("severity") == "error")
    row = next(row for row in told.iter_rows(named=True) if not row["passed"])
    assert (row["check"], row["source"]) == ("hardly_any_refused", "the_odds_api_nhl_archive")
    assert row["found"] == 3
    assert row["example"]
    # OddsPortal's third row is of the pre-season, and no game of ours.
    assert lake.findings(["nba"], "oddsportal_nba")["passed"].all()


def test_a_feed_that_stands_still_is_a_warning(lake: Lake) -> None:
    told = lake.findings(["nhl"], "sportsdataverse_nhl").filter(pl.col("check") == "fresh")
    [row] = told.rows(named=True)
    assert (row["severity"], row["passed"]) == ("warning", False)
    assert row["example"].startswith("nothing new since 20")


def test_a_fixtures_prices_move_row_by_row(lake: Lake) -> None:
    fixture = str(lake.read("prices", "nhl")["fixture"][0])
    told = lake.movement("nhl", fixture)
    assert told["fixture"].unique().to_list() == [fixture]
    assert told["at"].is_sorted()
    assert not told["jump"].any()
    with pytest.raises(DataError, match="no fixture 'nobody'"):
        lake.movement("nhl", "nobody")


def test_closing_prices_are_there_or_have_a_reason(lake: Lake) -> None:
    told = lake.closes("nhl")
    assert (told["closed_at"].is_null() == told["missing"].is_not_null()).all()
    assert set(told["missing"].drop_nulls()) <= set(REASONS)
    # OddsPortal's closing prices count for the league, and were not loaded.
    assert told.filter((pl.col("book") == "oddsportal") & pl.col("fixture").is_in(
        lake.read("prices", "nhl")["fixture"].implode()
    ))["missing"].unique().to_list() == [NO_BOOK]  # fmt: skip


def test_the_catalogue_tells_of_every_table_and_source_that_was_loaded(lake: Lake) -> None:
    told = lake.catalogue()
    assert set(told["source"]) == set(LOADED)
    assert set(told["table"]) <= set(TABLES)
    assert (
        told.select(pl.sum_horizontal("recorded", "published", "bounded", "assumed")).to_series().to_list()
        == [pytest.approx(1.0)] * told.height
    )
    assert dict(told.select("source", "freshness").iter_rows())["kaggle_nba"] == "archive"
    page = markdown(told, "prices")
    assert page.startswith("# prices\n")
    assert "a Kaggle set without a licence file" in page
    assert "every source has rows of its own" in page
    assert "Nothing was loaded here." in markdown(told, "rankings")
    assert markdown(told).count("\n# ") == len(TABLES) - 1


def test_a_home_without_facts_has_an_empty_catalogue(tmp_path: Path) -> None:
    empty = Lake(get_settings(home=tmp_path, mirror=None), CLOCK)
    assert empty.catalogue().is_empty()
    assert empty.findings().is_empty()
    assert "Nothing was loaded here." in markdown(empty.catalogue(), "fixtures")


def test_the_shell_tells_the_same(shell: Callable[..., str], lake: Lake) -> None:
    report = json.loads(shell("report", "nba", "--json"))
    assert {row["severity"] for row in report["findings"]} == {"warning", "error"}
    assert "checks that did not pass, of 4" in " ".join(shell("report", "nba").split())
    assert json.loads(shell("findings", "--json"))["rows"] == lake.findings().height
    fixture = str(lake.read("prices", "nhl")["fixture"][0])
    moved = json.loads(shell("movement", "nhl", fixture, "--json"))
    assert moved["rows"] == lake.movement("nhl", fixture).height
    assert "no closing price" in shell("movement", "nhl", fixture, "--market", "moneyline")
    assert json.loads(shell("closes", "nhl", "--season", "2022", "--json"))["rows"] > 0
    assert json.loads(shell("catalogue", "prices", "--json"))["rows"] == 3
    assert "Whose word stands" in shell("catalogue", "prices", "--sport", "nhl")
    assert shell("catalogue", "--markdown").count("\n# ") == len(TABLES) - 1


def test_a_table_that_nobody_knows_is_wrong_use() -> None:
    assert CliRunner().invoke(app, ["lake", "catalogue", "nothing"]).exit_code == 2
