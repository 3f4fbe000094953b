"""A load that is refused for its names keeps the evidence, and a person's word lets it in. All of it invented."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from antepost.cli import app
from antepost.desk.lake import Lake
from antepost.domain.clock import FixedClock
from antepost.errors import DataError, NamesError
from antepost.ingestion import SOURCES, IngestReport, ingest, replay
from antepost.ingestion.load import replay_all
from antepost.ingestion.review import accept, acceptable
from antepost.ingestion.suggest import SUGGESTIONS
from antepost.lake import asof, raw, silver
from antepost.lake.batches import batches, watermark
from antepost.settings import Settings, get_settings
from tests.payloads import sackmann, tennis_data_co_uk

RECEIPT = datetime(2031, 9, 20, 8, tzinfo=UTC)
STRANGE = tennis_data_co_uk.PAYLOADS["tennis_data_atp"][1].replace(b"Lob G.", b"Nobody X.")

type Load = Callable[..., IngestReport]


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    """A home in which the tour is loaded, and a mirror whose odds write a name that nobody knows."""
    place = get_settings(home=tmp_path / "home", mirror=str(tmp_path / "mirror"), database_url=None, mlflow_url=None)
    files = {"sackmann_atp": sackmann.PAYLOADS["sackmann_atp"], "tennis_data_atp": ("atp-2019", STRANGE)}
    for source, (name, data) in files.items():
        part = next(part for part in SOURCES[source].parts(2031) if part.name == name)
        path = tmp_path / "mirror" / part.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    ingest(place, "atp", FixedClock(RECEIPT))
    return place


def load(place: Settings, hours: int = 1) -> IngestReport:
    return ingest(place, "atp", FixedClock(RECEIPT + timedelta(hours=hours)), source="tennis_data_atp")


def refuse(place: Settings, hours: int = 1) -> None:
    with pytest.raises(NamesError, match=r"antepost lake identities review atp"):
        load(place, hours)


def test_a_refused_load_leaves_its_evidence_and_no_fact(place: Settings) -> None:
    before = asof.facts(place, "atp")
    refuse(place)
    last = batches(place)[-1]
    assert (last.number, last.refused, set(last.rows)) == (2, True, {"quarantine"})
    assert all(frame.equals(before[name]) for name, frame in asof.facts(place, "atp").items())
    reasons = silver.read(place, "quarantine", "atp")["reason"].to_list()
    assert len([reason for reason in reasons if "unmapped name 'Nobody X.'" in reason]) == 2
    told = Lake(place).loads().filter(pl.col("source") == "tennis_data_atp")
    assert told.select("files", "games", "stopped").row(0) == (0, 0, 1)


def test_to_be_refused_again_adds_nothing(place: Settings) -> None:
    refuse(place)
    refuse(place, hours=2)
    assert watermark(place) == 2


def test_where_there_is_no_fixture_yet_there_is_no_evidence(place: Settings, tmp_path: Path) -> None:
    empty = get_settings(home=tmp_path / "empty", mirror=place.mirror, database_url=None, mlflow_url=None)
    refuse(empty)
    assert watermark(empty) == 0


def test_what_is_accepted_lets_the_next_load_in(place: Settings) -> None:
    refuse(place)
    lake = Lake(place)
    told = lake.identities("atp")
    assert told.select("name", "entity", "games", "agreeing", "borne", "accepted").rows() == [
        ("Nobody X.", "900007", 2, 2, None, False)
    ]
    score = told["score"][0]
    assert lake.identities("atp", score + 0.001)["accepted"].to_list() == [False]
    assert not (place.home / "names").exists()
    assert lake.identities("atp", score)["accepted"].to_list() == [True]
    report = load(place, hours=3)
    assert (report.batch, report.added["prices"] > 0) == (3, True)
    assert lake.identities("atp").is_empty(), "it still lies in the quarantine, and is no question any more"
    assert load(place, hours=4).batch is None


def test_replay_and_restore_know_of_the_refusal(place: Settings) -> None:
    refuse(place)
    Lake(place).identities("atp", 0.5)
    load(place, hours=3)
    facts, refused = asof.facts(place, "atp"), silver.read(place, "quarantine", "atp")
    whole = replay_all(batches(place), lambda sha: raw.read(place, sha))
    assert whole["quarantine"].equals(refused)
    again = replay(batches(place), lambda sha: raw.read(place, sha))
    assert all(again[name].equals(frame) for name, frame in facts.items())
    shutil.rmtree(place.silver)
    assert load(place, hours=4).batch is None
    assert all(facts[name].equals(frame) for name, frame in asof.facts(place, "atp").items())
    assert silver.read(place, "quarantine", "atp").equals(refused)


def told(*rows: tuple[str, str, float, str | None]) -> pl.DataFrame:
    each = [("tennis_data_atp", name, entity, 9, 9, score, borne) for name, entity, score, borne in rows]
    return pl.DataFrame(each, schema=SUGGESTIONS, orient="row")


def test_what_two_may_be_and_what_somebody_bears_stays_for_a_person() -> None:
    found = told(("A", "1", 0.99, None), ("B", "2", 0.98, None), ("B", "3", 0.97, None), ("C", "4", 1.0, "5"))
    assert acceptable(found, 0.95)["entity"].to_list() == ["1"]
    assert acceptable(found, 0.98)["entity"].to_list() == ["1", "2"]


def test_a_map_keeps_what_a_person_wrote_and_has_its_header_once(place: Settings) -> None:
    path = place.home / "names" / "atp.csv"
    assert accept(place, "atp", told(("Nobody, X.", "900007", 1.0, None))) == 1
    assert path.read_text() == 'source,name,entity,first,last\ntennis_data_atp,"Nobody, X.",900007,,\n'
    path.write_text(path.read_text() + "# by hand\ntennis_data_atp,Some One,900001,2019-01-01,")
    again = told(("Nobody, X.", "900007", 1.0, None), ("New", "900002", 1.0, None), ("New", "900002", 1.0, None))
    assert accept(place, "atp", again) == 1
    assert path.read_text().splitlines()[2:] == [
        "# by hand", "tennis_data_atp,Some One,900001,2019-01-01,", "tennis_data_atp,New,900002,,",
    ]  # fmt: skip
    assert [file.name for file in path.parent.iterdir()] == ["atp.csv"]
    path.write_text("name\nx\n")
    with pytest.raises(DataError, match=r"atp\.csv is no map of names"):
        accept(place, "atp", again)


def test_the_command_shows_and_accepts(place: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(place)
    monkeypatch.setenv("ANTEPOST_HOME", str(place.home))
    shown = CliRunner().invoke(app, ["lake", "identities", "review", "atp", "--accept", "0.5", "--json"])
    assert shown.exit_code == 0, shown.output
    [row] = json.loads(shown.stdout)["data"]
    assert (row["name"], row["entity"], row["accepted"]) == ("Nobody X.", "900007", True)
    after = CliRunner().invoke(app, ["lake", "identities", "review", "atp", "--accept", "0.5"])
    assert "0 accepted" in after.stdout
    assert CliRunner().invoke(app, ["lake", "identities", "review", "atp", "--accept", "2"]).exit_code == 2
