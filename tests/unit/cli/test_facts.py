from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from antepost.cli import app
from antepost.cli.facts import _show
from antepost.ingestion import IngestReport
from antepost.settings import Settings
from tests.payloads.live import scoreboard
from tests.tour import FILES, mirror_in
from tests.upstream import says, serving


def test_a_small_share_of_stamps_is_not_rounded_away(capsys: pytest.CaptureFixture[str]) -> None:
    """Whole percents said assumed 100%, bounded 0%, of a file in which thousands of stamps are bounded."""
    report = IngestReport(
        sport="nfl", source="invented", simulated=False, origin="nowhere", payloads=(("all", "0" * 64),), unchanged=0,
        absent=0, batch=1, games=1, offered={"fixtures": 1}, added={"fixtures": 1}, refused=0,
        known_how={"assumed": 0.997, "bounded": 0.003},
    )  # fmt: skip
    _show(report)
    assert "known_at: assumed 99.7%, bounded 0.3%" in capsys.readouterr().out.replace("\n", " ")


def test_a_feed_that_drifted_ends_with_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTEPOST_HOME", str(tmp_path / "home"))
    with serving() as upstream:
        for body, code, told in (
            (scoreboard("nfl"), 0, "the layout is as we know it"),
            (scoreboard("nfl").replace(b"competitions", b"contests"), 1, "the layout drifted"),
        ):
            upstream.replies = [says(200, body)]
            done = CliRunner().invoke(app, ["ingest", "--check-live", "espn_nfl", "--mirror", upstream.url])
            assert done.exit_code == code, done.output
            assert told in done.stdout
        done = CliRunner().invoke(app, ["ingest", "--check-live", "espn_nfl", "--mirror", upstream.url, "--json"])
    assert done.exit_code == 1
    assert json.loads(done.stdout)["drifted"] is True


def test_a_refused_source_ends_with_one_and_a_table_that_says_why(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = FILES["tennis_data_atp"][1].replace(b"Lob G.", b"Nobody X.")
    root = mirror_in(tmp_path / "mirror", tennis_data_atp=strange)
    own = {"HOME": settings.home, "MIRROR": root, "DATABASE_URL": settings.database_url}
    for name, value in own.items():
        monkeypatch.setenv(f"ANTEPOST_{name}", str(value))
    monkeypatch.setenv("COLUMNS", "300")
    done = CliRunner().invoke(app, ["ingest", "atp"])
    assert done.exit_code == 1, done.output
    assert "refused, what was loaded before stays" in done.stdout
    assert "unmapped name 'Nobody X.'" in " ".join(done.stdout.split())
    told = CliRunner().invoke(app, ["ingest", "atp", "--json"])
    assert told.exit_code == 1
    assert set(json.loads(told.stdout)["refused"]) == {"tennis_data_atp"}
    everything = json.loads(CliRunner().invoke(app, ["ingest", "all", "--json"]).stdout)
    assert {"nfl", "soccer"} <= set(everything["left_out"]), "the other sports have no file here, and stop nothing"


def test_nothing_to_load_is_wrong_use() -> None:
    assert CliRunner().invoke(app, ["ingest"]).exit_code == 2
