"""Words that are refused before any work starts, and what the command line can be asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from antepost.cli import app
from antepost.errors import SettingsError, SourceAbsent

COMMANDS = (
    "ingest",
    "collect",
    "features",
    "train",
    "evaluate",
    "report",
    "predict",
    "explain",
    "rebuild",
    "serve",
    "demo",
    "doctor",
)


@pytest.mark.parametrize(
    "words",
    [
        "evaluate chess --season 2020",
        "evaluate nfl --season twenty",
        "evaluate nfl --season 2020:2015",
        "evaluate nfl",
        "evaluate nfl --season 2020 --odds late",
        "evaluate nfl --season 2020 --refit day",
        "features list --sport chess",
        "features build chess",
        "features prove chess",
        "ingest chess",
        "ingest nfl --seasons 2012-2014",
        "ingest nfl --fast",
        "train nfl --odds late",
        "train nfl --families foo",
        "train nfl --families ,",
        "train nfl --odds none --families market",
        "evaluate nfl --season 2020 --families elo,foo",
        "evaluate nfl --season 2020 --league premier",
        "evaluate nfl --season 2020 --target 1x2",
        "train nfl --target draw",
        "predict nfl",
        "predict nfl --upcoming --week 3",
        "predict nfl --week 3 --date 2020-01-01",
        "predict nfl --date tomorrow",
        "predict nfl --upcoming --odds late",
        "predict nfl --upcoming --season 2023",
        "predict nfl --date 2020-01-01 --season 2019",
        "rebuild",
        "rebuild 3f1",
        "rebuild not-a-hash",
        "rebuild --record not-there.json",
        "explain nfl",
        "explain nfl nfl-2023-22-SF-KC --top 0",
        "report nfl --season 2020:2010",
        "serve --port 99999",
        "guess",
    ],
)
def test_wrong_use_ends_with_two_and_touches_nothing(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTEPOST_HOME", str(tmp_path / "home"))
    done = CliRunner().invoke(app, words.split())
    assert done.exit_code == 2, done.output
    assert "Usage: " in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_the_demo_takes_its_games_from_the_mirror_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTEPOST_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANTEPOST_MIRROR", str(tmp_path / "configured"))
    (tmp_path / "named").mkdir()
    done = CliRunner().invoke(app, ["demo", "--mirror", str(tmp_path / "named")])
    assert isinstance(done.exception, SourceAbsent)
    assert f"the mirror {tmp_path / 'named'} has no " in str(done.exception)
    assert "--mirror" in CliRunner().invoke(app, ["demo", "--help"], env={"COLUMNS": "120"}).stdout


def test_a_season_is_said_to_go_with_a_week_only() -> None:
    """It was once taken and left unread."""
    for words in ("--upcoming", "--date 2020-01-01"):
        done = CliRunner().invoke(app, ["predict", "nfl", *words.split(), "--season", "2019"], env={"COLUMNS": "160"})
        assert done.exit_code == 2
        assert f"a season goes with --week only; {words.split()[0]} names its games already" in done.stderr


def test_a_file_that_is_no_record_is_wrong_use(tmp_path: Path) -> None:
    for text in ("[]", "{", '"seal"'):
        (tmp_path / "seal.json").write_text(text)
        done = CliRunner().invoke(app, ["rebuild", "--record", str(tmp_path / "seal.json")])
        assert done.exit_code == 2, text


def test_every_command_explains_itself() -> None:
    overview = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "120"})
    assert overview.exit_code == 0
    for command in COMMANDS:
        assert command in overview.stdout
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


@pytest.mark.parametrize("command", ["up", "down"])
def test_a_configured_server_is_neither_kept_up_nor_stopped_by_us(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTEPOST_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANTEPOST_DATABASE_URL", "postgresql://quant@127.0.0.1:1/")
    done = CliRunner().invoke(app, [command])
    assert isinstance(done.exception, SettingsError)
    assert "ANTEPOST_DATABASE_URL" in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_where_no_server_runs_there_is_nothing_to_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It made a data folder and started a server, to stop it."""
    monkeypatch.setenv("ANTEPOST_HOME", str(tmp_path / "home"))
    done = CliRunner().invoke(app, ["down"])
    assert done.exit_code == 0
    assert "nothing to stop" in done.stdout
    assert list(tmp_path.iterdir()) == []
