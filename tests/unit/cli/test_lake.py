"""A quant's own facts, from a file and back, as a shell sees them."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from antepost.cli import app
from antepost.errors import DataError

ROWS = """fixture,kickoff,said_at,mood
a,2021-09-07T17:00Z,2021-09-05 17:00,0.5
b,2021-09-07T17:00+02:00,2021-09-06,-1
"""
STAMPS = ["--event-at", "kickoff", "--known-at", "said_at"]


@pytest.fixture(autouse=True)
def own_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTEPOST_HOME", str(home))


def add(file: Path, *more: str) -> dict[str, object]:
    done = CliRunner().invoke(app, ["lake", "add", str(file), "--name", "mood", *STAMPS, *more, "--json"])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return json.loads(done.stdout)


def own(*words: str) -> list[dict[str, object]]:
    return json.loads(CliRunner().invoke(app, ["lake", "own", *words, "--json"]).stdout)["data"]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_facts_from_a_file_come_back_as_of_a_moment(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"mood{suffix}"
    frame = pl.read_csv(ROWS.encode())
    {".csv": frame.write_csv, ".jsonl": frame.write_ndjson, ".parquet": frame.write_parquet}[suffix](file)
    assert add(file) == {"name": "mood", "offered": 2, "added": 2}
    assert add(file)["added"] == 0
    assert [row["mood"] for row in own("mood")] == [-1.0, 0.5]
    [seen] = own("mood", "--as-of", "2021-09-06")
    assert (seen["fixture"], seen["known_at"], seen["known_how"]) == ("a", "2021-09-05 17:00:00+00:00", "assumed")
    [listed] = own()
    assert (listed["name"], listed["key"], listed["rows"], listed["loads"]) == ("mood", "fixture", 2, 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (ROWS.replace("2021-09-06,", "soon,"), "'soon' is no moment"),
        (ROWS.replace("2021-09-06,", ","), "said_at of mood is null in 1 rows"),
        (ROWS.replace("said_at", "when"), "mood has no column 'said_at'"),
        (ROWS + ROWS.splitlines()[1], "two rows for one fact"),
        ("", "cannot be read as .csv"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused_as_a_frame_would_be(text: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "mood.csv").write_text(text)
    with pytest.raises(DataError, match=why):
        add(tmp_path / "mood.csv")
    assert own() == []


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mood.xlsx").touch()
    with pytest.raises(DataError, match=r"none of \.csv, \.jsonl, \.parquet"):
        add(tmp_path / "mood.xlsx")
