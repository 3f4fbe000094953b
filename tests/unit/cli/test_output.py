from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from antepost.cli.options import families_in, span
from antepost.cli.output import out, print_frame, print_json, print_table, progress_bar
from antepost.cli.seals import print_predictions
from antepost.serving.answers import EXAMPLE_RECORD


def test_json_holds_null_where_there_is_no_number(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"a": float("nan"), "b": [1.5, float("inf")], "c": ({"d": np.float64("nan")},), "e": None})
    assert json.loads(capsys.readouterr().out) == {"a": None, "b": [1.5, None], "c": [{"d": None}], "e": None}


def test_a_table_shows_nothing_as_a_dash_and_numbers_with_four_places(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("three", ("name", "value"), [("a", 0.123456), ("b", None), ("c", True)])
    shown = capsys.readouterr().out
    assert "0.1235" in shown
    assert "yes" in shown
    assert "-" in shown


@pytest.mark.parametrize("simulated", [True, False])
def test_rows_of_an_invented_sport_say_so(capsys: pytest.CaptureFixture[str], simulated: bool) -> None:
    frame = pl.DataFrame({"a column with room for a title above": [1]})
    print_frame("rows", frame, 5, as_json=False, simulated=simulated)
    assert ("SIMULATED" in capsys.readouterr().out) is simulated
    print_frame("rows", frame, 5, as_json=True, simulated=simulated)
    assert json.loads(capsys.readouterr().out)["simulated"] is simulated


def test_predictions_fit_a_terminal_of_80_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With lines, home chances and dates in full they once broke every row into three."""
    monkeypatch.setenv("COLUMNS", "80")
    short: dict[str, Any] = {**EXAMPLE_RECORD, "edge": -0.1234, "stake": 0.02}
    long = {
        **short,
        "set": "none",
        "fair_odds": {"home": 34.567, "away": 1.03},
        "market_odds": {"home": 41.0, "away": 1.02},
    }
    bare = {**long, "market_odds": None, "edge": None, "simulated": False}
    print_predictions([short, long, bare])
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines) <= 80
    rows = [line for line in lines if line.startswith("nfl-2023-18-BUF-MIA 01-08 01:20 MIA 0.440 ")]
    assert len(rows) == 3
    assert all(line.rstrip().endswith(f"D     2.0% {short['hash'][:10]}") for line in rows)
    assert [line.rstrip() for line in lines if line.startswith("set ")] == [
        "set close: 1 sealed, 1 of them late; UTC · SIMULATED",
        "set none: 2 sealed, 2 of them late; UTC · SIMULATED",
    ]


def test_a_table_without_rows_is_printed_too(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("none", ("name",), [])
    assert "none" in capsys.readouterr().out


def test_a_bar_writes_nothing_to_where_results_go(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("work") as tell:
        tell("half", 0.5)
        tell("", 1.0)
    assert capsys.readouterr().out == ""
    assert out.stderr is False


def test_a_span_is_one_season_or_two() -> None:
    assert span("2023") == (2023, 2023)
    assert span("2010:2023") == (2010, 2023)


def test_families_are_what_stands_between_commas_in_the_order_of_the_table() -> None:
    assert families_in("logistic, elo,", "none") == ("elo", "logistic")
    assert families_in(None, "none") is None


@pytest.mark.parametrize("width", [60, 80, 400])
def test_a_window_that_is_too_narrow_hides_no_letter_and_says_what_it_leaves_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr(out, "width", width)
    columns = ["league", "fixture", *(f"figure number {n}" for n in range(8))]
    rows = [["E0", f"soccer-E0-2020-{n}", *(float(n * k) for k in range(8))] for n in range(3)]
    print_table("wide", columns, rows)
    shown = capsys.readouterr().out
    assert "…" not in shown
    assert all(column in shown or "in every row: league E0" in shown for column in columns)
    assert ("not shown for want of room" in shown) is (width < 400)
    assert all(str(row[1]) in shown for row in rows)
