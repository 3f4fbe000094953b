from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from antepost.cli import app
from antepost.errors import SourceError


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTEPOST_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ANTEPOST_MIRROR", raising=False)


@pytest.mark.parametrize("words", ["collect --sport chess", "collect --once --plan", "collect nfl"])
def test_wrong_use_ends_with_two(words: str, tmp_path: Path) -> None:
    assert CliRunner().invoke(app, words.split()).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_the_plan_says_of_every_poll_when_and_why_and_asks_nothing(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["collect", "--plan", "--json", "--sport", "atp", "--sport", "nfl"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    why = {poll["poll"]: poll["why"] for poll in told["polls"]}
    assert why["the_odds_api_nfl"] == "no key: set ANTEPOST_ODDS_API_KEY"
    assert why["espn_nfl scoreboard"] == "no fixtures of nfl here: antepost ingest nfl"
    assert why["sackmann_atp"] == "no fixtures of atp here: antepost ingest atp"
    assert {poll["due"] for poll in told["polls"]} == {None}
    assert list(tmp_path.iterdir()) == []
    shown = CliRunner().invoke(app, ["collect", "--plan", "--sport", "atp"], env={"COLUMNS": "160"})
    assert "6 polls, 0 due" in shown.stdout


def test_a_source_that_is_not_polled_is_refused_with_those_that_are() -> None:
    done = CliRunner().invoke(app, ["collect", "--once", "--source", "nflverse"])
    assert isinstance(done.exception, SourceError)
    assert "choose from" in str(done.exception)
