"""What a run over all assets left behind, compared with what each asset said of itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from antepost.desk import Desk
from antepost.desk.champion import champion
from antepost.desk.demo import SETS, SPORT
from antepost.errors import SourceError
from antepost.ingestion import SOURCES
from antepost.ingestion.findings import CHECKS
from antepost.lake.batches import batches
from pipelines import assets
from pipelines.definitions import STEPS
from pipelines.resources import DeskResource
from pipelines.sources import SOURCE_ASSETS, SOURCE_CHECKS
from tests.payloads.nba import PAYLOADS

type Told = Callable[[str], dict[str, Any]]


def test_every_asset_is_materialised(run: dg.ExecuteInProcessResult) -> None:
    made = [event.asset_key for event in run.get_asset_materialization_events()]
    assert run.success
    assert sorted(made) == sorted(step.key for step in STEPS)


def test_every_check_passes_having_looked_at_something(run: dg.ExecuteInProcessResult) -> None:
    found = {check.check_name: check for check in run.get_asset_check_evaluations()}
    assert {name: check.passed for name, check in found.items()} == {"proofs_hold": True, "ledger_chain_whole": True}
    assert found["proofs_hold"].metadata["cells"].value > 10_000


def test_ingest_says_what_the_batch_log_says(desk: Desk, told: Told) -> None:
    (batch,) = batches(desk.settings)
    said = told("ingest")
    assert (said["batch"], said["source"]) == (batch.number, batch.source)
    assert said["payloads"] == {payload.part: payload.raw for payload in batch.payloads}
    assert said["simulated"] is batch.simulated is not bool(os.environ.get("ANTEPOST_MIRROR"))
    assert said["rows added"] | {"quarantine": said["quarantined"]} == {"quarantine": 0} | batch.rows


def test_lake_and_features_cover_every_fixture(desk: Desk, told: Told) -> None:
    fixtures = desk.fixtures(SPORT).height
    assert told("lake") == {"fixtures": fixtures, "finished": fixtures, "seasons": "2009-2014"}
    assert told("features")["fixtures"] == fixtures
    assert told("features")["columns"] >= 40
    assert Path(told("features")["lock"]).read_text().startswith("{")


def test_the_champions_are_the_bundles_just_trained_before_the_newest_season(desk: Desk, told: Told) -> None:
    kicked_off = desk.fixtures(SPORT, 2014)["event_at"].min()
    for name in SETS:
        standing = champion(desk.settings, f"{SPORT}.winner.{name}")
        assert standing.digest == told("train")[f"{name}/bundle"]
        assert standing.manifest.trained_through < f"{kicked_off:%Y-%m-%d}"


def test_evaluate_reports_figures_and_plots_of_both_sets(told: Told) -> None:
    said = told("evaluate")
    for name in SETS:
        assert said[f"{name}/n"] > 450
        assert 0.5 < said[f"{name}/market_log_loss"] < said[f"{name}/base_log_loss"]
        assert said[f"{name}/G_low"] <= said[f"{name}/G"] <= said[f"{name}/G_high"]
        for plot in ("reliability", "skill"):
            assert Path(said[f"{name}/{plot}"]).read_bytes().startswith(b"\x89PNG")


def test_the_last_week_and_the_play_offs_are_sealed_once_in_both_sets(desk: Desk, told: Told) -> None:
    sealed = desk.predictions(SPORT, limit=1000)
    asked = {(record["set"], record["fixture"]) for record in sealed}
    assert len(sealed) == len(asked) == told("predict")["sealed"] == told("predict")["late"]
    assert {record["stage"] for record in sealed} == {"REG", "WC", "DIV", "CON", "SB"}
    assert {record["season"] for record in sealed} == {2014}
    assert sum(told("predict")["tiers"].values()) == len(sealed)


def test_the_served_answer_is_the_sealed_record(desk: Desk, told: Told) -> None:
    answer = told("serve")["answer"]
    assert told("serve")["asked"] == f"/api/v1/predictions/{answer['hash']}"
    assert answer == desk.prediction(answer["hash"])


def test_looking_ahead_from_a_finished_season_seals_nothing_and_serves_readiness(
    desk: Desk, run: dg.ExecuteInProcessResult, instance: dg.DagsterInstance
) -> None:
    before = len(desk.predictions(SPORT, limit=1000))
    again = dg.materialize(
        STEPS,
        instance=instance,
        resources={"desk": DeskResource(home=str(desk.settings.home))},
        run_config=dg.RunConfig(ops={"nfl__predict": assets.Horizon(ahead=True)}),
        selection=[assets.predict, assets.serve],
    )
    asked = {e.asset_key.path[-1]: e.materialization.metadata for e in again.get_asset_materialization_events()}
    assert asked["predict"]["sealed"].value == 0
    assert asked["serve"]["asked"].value == "/readyz"
    assert len(desk.predictions(SPORT, limit=1000)) == before


def test_a_source_without_its_file_fails_the_run_and_is_never_simulated(
    tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A schedule that fell back to invented games would price real ones by them."""
    (tmp_path / "mirror").mkdir()
    monkeypatch.setenv("ANTEPOST_MIRROR", str(tmp_path / "mirror"))
    empty = DeskResource(home=str(tmp_path / "home"))
    with pytest.raises(SourceError, match=r"games\.csv"):
        dg.materialize([assets.ingest], instance=instance, resources={"desk": empty})
    assert not empty.open().sports()


def test_a_source_of_another_sport_is_loaded_and_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    mirror = tmp_path / "mirror"
    for name in ("kaggle_nba", "oddsportal_nba"):
        part, data = PAYLOADS[name]
        if name == "oddsportal_nba":
            data += b"20 Octember 2021,Regular,0,Boston Celtics,Orlando Magic,98,97,-300,+240,https://odds.invalid/d\n"
        path = mirror / next(found.path for found in SOURCES[name].parts(2026) if found.name == part)
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    monkeypatch.setenv("ANTEPOST_MIRROR", str(mirror))
    names = ("kaggle_nba", "oddsportal_nba")
    loaded = dg.materialize(
        [*(SOURCE_ASSETS[name] for name in names), *(SOURCE_CHECKS[name] for name in names)],
        instance=instance,
        resources={"desk": DeskResource(home=str(tmp_path / "home"))},
        raise_on_error=False,
    )
    made = [event.asset_key.path[-1] for event in loaded.get_asset_materialization_events()]
    assert made == ["kaggle_nba", "oddsportal_nba"]
    judged = {(check.asset_key.path[-1], check.check_name): check for check in loaded.get_asset_check_evaluations()}
    assert set(judged) == {(name, check) for name in names for check in CHECKS}
    assert {found.severity.value for (_, check), found in judged.items() if CHECKS[check] == "warning"} == {"WARN"}
    # A day that cannot be read, of three games of ours.
    failed = {key: check.severity.value for key, check in judged.items() if not check.passed}
    assert failed == {("oddsportal_nba", "hardly_any_refused"): "ERROR"}
