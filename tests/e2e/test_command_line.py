"""The command line as a shell sees it: exit codes, one JSON object, one line for an error."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.prepared import MIRROR, Prepared

type Run = Callable[..., subprocess.CompletedProcess[str]]

EVALUATED = {
    "n", "dropped", "log_loss", "brier", "accuracy", "market_log_loss", "market_source", "devig", "base",
    "base_log_loss", "G", "G_low", "G_high", "refit", "families", "simulated",
}  # fmt: skip
LISTED = {"name", "sport", "group", "dtype", "unit", "moment", "inplay", "real", "hash"}


@pytest.fixture
def policy_file(prepared: Prepared) -> Iterator[Path]:
    """Where the prepared home looks for a policy; the file is gone again after the test."""
    path = prepared.desk.settings.home / "policy.yaml"
    yield path
    path.unlink(missing_ok=True)


def test_evaluate_prints_every_figure_as_one_object(antepost: Run, prepared: Prepared) -> None:
    asked = ("evaluate", "nfl", "--season", prepared.newest, "--odds", "close", "--families", "market,elo,logistic")
    done = antepost(*asked, "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown.keys() >= EVALUATED
    assert shown["families"].keys() == {"market", "elo", "logistic"}
    assert shown["dropped"].keys() == {"tie", "void", "told_early", "no_rating", "no_price", "no_open"}
    assert shown["refit"] == "season"
    assert shown["simulated"] is (MIRROR is None)
    assert shown["G_low"] <= shown["G"] <= shown["G_high"]
    assert all(Path(plot).is_file() for plot in shown["plots"])


def test_evaluate_refits_week_by_week_when_told_to(antepost: Run, prepared: Prepared) -> None:
    asked = ("evaluate", "nfl", "--season", prepared.newest, "--families", "elo", "--refit", "week", "--json")
    done = antepost(*asked)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["refit"] == "week"


def test_the_catalogue_is_one_object_with_a_hash_a_feature(antepost: Run) -> None:
    done = antepost("features", "list", "--sport", "nfl", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["features"]
    assert len(found) >= 40
    assert all(feature.keys() >= LISTED for feature in found)
    assert len({feature["hash"] for feature in found}) == len({feature["name"] for feature in found}) == len(found)


def test_the_same_bytes_again_are_no_new_load(antepost: Run) -> None:
    again = ("--source", "nflverse", "--mirror", MIRROR) if MIRROR else ("--source", "simulated")
    done = antepost("ingest", "nfl", "--json", *again)
    assert done.returncode == 0, done.stderr
    (load,) = json.loads(done.stdout)["loads"]
    assert (load["batch"], load["added"], load["refused"]) == (None, {}, 0)
    assert (load["payloads"], load["unchanged"]) == ([], 1)


def test_with_nothing_ahead_predict_says_so_and_is_done(antepost: Run) -> None:
    plain, as_json = antepost("predict", "nfl", "--upcoming"), antepost("predict", "nfl", "--upcoming", "--json")
    assert (plain.returncode, as_json.returncode) == (0, 0)
    assert "no nfl fixture ahead" in plain.stdout
    assert json.loads(as_json.stdout) == {
        "predictions": [],
        "simulated": MIRROR is None,
        "sealed_under_another_policy": [],
    }


def test_what_was_sealed_before_is_sealed_no_second_time(antepost: Run, prepared: Prepared) -> None:
    final = next(record for record in prepared.sealed if record["stage"] == "SB" and record["set"] == "close")
    done = antepost("predict", "nfl", "--week", final["week"], "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "predictions": [final],
        "simulated": MIRROR is None,
        "sealed_under_another_policy": [],
    }


def test_a_seal_of_an_older_policy_is_returned_as_it_was_and_said_to_be_one(
    antepost: Run, prepared: Prepared, policy_file: Path
) -> None:
    """Under a new policy predict once returned the old decision without a word."""
    final = next(record for record in prepared.sealed if record["stage"] == "SB" and record["set"] == "close")
    policy_file.write_text("betting: {stake_cap: 0.001}\n")
    done = antepost("predict", "nfl", "--week", final["week"], "--json")
    shown = json.loads(done.stdout)
    assert shown["predictions"] == [final]
    assert shown["sealed_under_another_policy"] == [final["hash"]]
    assert "sealed under another policy" in antepost("predict", "nfl", "--week", final["week"]).stdout


def test_a_day_chooses_its_games(antepost: Run, prepared: Prepared) -> None:
    final = next(record for record in prepared.sealed if record["stage"] == "SB" and record["set"] == "none")
    done = antepost("predict", "nfl", "--date", str(final["start"])[:10], "--odds", "none", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["predictions"] == [final]


@pytest.mark.parametrize(
    "words",
    [
        ("evaluate", "chess", "--season", "2020"),
        ("evaluate", "nfl"),
        ("ingest", "nfl", "--fast"),
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_two_and_starts_nothing(words: tuple[str, ...], antepost: Run, tmp_path: Path) -> None:
    done = antepost(*words, ANTEPOST_HOME=str(tmp_path / "untouched"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Usage: " in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "untouched").exists()


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("ingest", "nfl", "--mirror", "/not/there"), "SourceAbsent: the mirror /not/there is no folder; "),
        (("evaluate", "nfl", "--season", "2011"), "PolicyError: nfl recipe was tuned through 2011"),
        (("train", "nfl", "--odds", "open"), "DataError: "),
        (("rebuild", "0" * 64), "DataError: no sealed prediction 000"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_failed_work_ends_with_one_and_one_line_that_says_why(
    words: tuple[str, ...], error: str, antepost: Run
) -> None:
    done = antepost(*words)
    assert (done.returncode, done.stdout) == (1, "")
    said = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(said) == 1, done.stderr
    assert said[0].startswith(error)


def test_a_home_without_facts_says_how_to_get_some(antepost: Run, tmp_path: Path) -> None:
    done = antepost("evaluate", "nfl", "--season", "2020", ANTEPOST_HOME=str(tmp_path / "empty"))
    assert done.returncode == 1
    assert "antepost ingest nfl" in done.stderr


def test_real_and_simulated_facts_never_share_a_home(antepost: Run, tmp_path: Path) -> None:
    games = tmp_path / "nfl/nflverse/nfldata/data/games.csv"
    games.parent.mkdir(parents=True)
    games.write_text("invented: a refused load reads no further than its home\n")
    done = antepost("ingest", "nfl", *(("--simulated",) if MIRROR else ("--mirror", tmp_path)))
    assert done.returncode == 1
    assert "set another ANTEPOST_HOME" in done.stderr


def test_the_doctor_looks_at_everything_and_says_what_to_do(antepost: Run) -> None:
    # Nobody answers for the time on the loopback address, and a warning is no failure.
    well = antepost("doctor", "--json", "--ntp", "127.0.0.1")
    assert well.returncode == 0, well.stdout
    found = {finding["name"]: finding for finding in json.loads(well.stdout)["findings"]}
    assert found.keys() == {
        "machine", "home", "libgomp1", "clock", "lake", "postgres", "valkey", "mlflow", "mirror",
    }  # fmt: skip
    assert found["clock"]["state"] == "warn"
    assert "--ntp" in found["clock"]["text"]
    assert found["postgres"]["state"] == "ok"
    assert found["lake"]["state"] == "ok"


def test_the_doctor_fails_where_a_configured_server_does_not_answer(antepost: Run) -> None:
    sick = antepost(
        "doctor", "--json", "--ntp", "127.0.0.1",
        ANTEPOST_DATABASE_URL="postgresql://nobody@127.0.0.1:9/",
        ANTEPOST_MLFLOW_URL="http://127.0.0.1:9",
        ANTEPOST_MIRROR="/not/there",
    )  # fmt: skip
    assert sick.returncode == 1
    found = {finding["name"]: finding for finding in json.loads(sick.stdout)["findings"]}
    assert {name for name, finding in found.items() if finding["state"] == "fail"} == {"postgres", "mlflow", "mirror"}
    assert "check ANTEPOST_MIRROR" in found["mirror"]["text"]


def test_the_doctor_checks_a_machine_that_holds_nothing_yet(antepost: Run, tmp_path: Path) -> None:
    done = antepost("doctor", "--ntp", "127.0.0.1", ANTEPOST_HOME=str(tmp_path / "home"))
    assert done.returncode == 0, done.stdout
    assert "embedded, started and answering" in done.stdout
