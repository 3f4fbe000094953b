"""A club that no list has: a new entity of the primary source, nobody to the others until then, folded by features."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from antepost.desk.tables import load
from antepost.domain import FixedClock
from antepost.features import build_states
from antepost.ingestion import IngestReport, ingest
from antepost.ingestion.sources.nflverse import NFLVERSE
from antepost.ingestion.sources.nflverse_injuries import NFLVERSE_INJURIES
from antepost.lake import silver
from antepost.settings import Settings
from antepost.sports import NFL
from tests.payloads.nfl import parquet
from tests.unit.ingestion.conftest import MakeFile, MakeGame

CLOCK = FixedClock(datetime(2031, 12, 1, tzinfo=UTC))


def _load(place: Settings, mirror: Path, source: str, path: str, data: bytes) -> IngestReport:
    file = mirror / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return ingest(place, "nfl", CLOCK, mirror=str(mirror), source=source)


def _games(place: Settings, mirror: Path, data: bytes) -> IngestReport:
    return _load(place, mirror, "nflverse", NFLVERSE.parts(2031)[0].path, data)


def test_the_report_and_the_log_name_a_new_club(
    place: Settings, tmp_path: Path, game: MakeGame, file: MakeFile, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="antepost"):
        report = _games(place, tmp_path, file(game("XYZ", "BUF"), game("KC", "MIA")))
    assert report.newcomers == ("XYZ",)
    assert "XYZ is a side that nflverse names for the first time" in caplog.text
    assert "XYZ" in set(silver.read(place, "entities", "nfl")["entity"])


def test_a_club_is_new_once(place: Settings, tmp_path: Path, game: MakeGame, file: MakeFile) -> None:
    _games(place, tmp_path, file(game("XYZ", "BUF")))
    again = _games(place, tmp_path, file(game("XYZ", "BUF"), game("XYZ", "MIA", week="2", gameday="2031-09-14")))
    assert again.added["fixtures"] == 1
    assert again.newcomers == ()


def test_features_fold_the_games_of_a_new_club(place: Settings, tmp_path: Path, game: MakeGame, file: MakeFile) -> None:
    _games(place, tmp_path, file(game("XYZ", "BUF")))
    assert "XYZ" in build_states(NFL, load(place, "nfl"))["elo"].names


def _report(team: str) -> dict[str, object]:
    return {
        "season": 2031, "week": 1, "team": team, "gsis_id": f"00-{team}", "full_name": "I. N. Vented",
        "report_status": "Out", "practice_status": None, "report_primary_injury": None,
        "report_secondary_injury": None, "practice_primary_injury": None, "practice_secondary_injury": None,
        "date_modified": "2031-09-05 19:00:00+00:00",
    }  # fmt: skip


def test_another_source_may_speak_of_a_new_club_and_of_nobody_else(
    place: Settings, tmp_path: Path, game: MakeGame, file: MakeFile
) -> None:
    clubs = ("ARI", "ATL", "BAL", "CAR", "CHI", "CIN", "CLE", "DAL", "DEN", "DET", "GB", "HOU", "IND", "JAX", "KC",
             "LAC", "LAR", "LV", "MIA", "MIN")  # fmt: skip
    pairs = zip(clubs[::2], clubs[1::2], strict=True)
    _games(place, tmp_path, file(game("XYZ", "BUF"), *(game(away, home) for away, home in pairs)))
    path = next(part.path for part in NFLVERSE_INJURIES.parts(2031) if part.season == 2031)
    reports = parquet([_report(team) for team in (*clubs, "BUF", "XYZ", "QQQ")])
    _load(place, tmp_path, "nflverse_injuries", path, reports)
    told = silver.read(place, "injuries", "nfl")
    assert set(told["team"]) == {*clubs, "BUF", "XYZ"}
    refused = silver.read(place, "quarantine", "nfl").filter(pl.col("source") == "nflverse_injuries")
    assert refused.height == 1
    assert refused["reason"][0].startswith("unmapped name 'QQQ'")
