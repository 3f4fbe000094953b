"""What Dagster loads, without running any of it."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

import pipelines
from antepost.desk.demo import SPORT
from antepost.desk.demo import STEPS as DEMO_STEPS
from antepost.ingestion import SOURCES, sources_of
from antepost.lake import own, upkeep
from antepost.settings import get_settings
from pipelines.definitions import STEPS, daily_compaction, daily_ingest, defs, weekly_retraining
from pipelines.resources import DeskResource
from pipelines.sources import key_of


def test_the_definitions_load_as_dagster_loads_them() -> None:
    dg.Definitions.validate_loadable(defs)


def test_the_assets_are_the_steps_of_the_demo_in_its_order() -> None:
    assert [step.key.path for step in STEPS] == [[SPORT, name] for name in (*DEMO_STEPS, "serve")]


def test_each_asset_waits_for_what_it_reads() -> None:
    graph = defs.resolve_asset_graph()
    steps = [step.key for step in STEPS]
    parents = {key.path[-1]: {p.path[-1] for p in graph.get(key).parent_keys} for key in steps}
    assert parents == {
        "ingest": set(), "lake": {"ingest"}, "features": {"lake"}, "train": {"features"}, "evaluate": {"features"},
        "register": {"train", "evaluate"}, "predict": {"register"}, "serve": {"predict"},
    }  # fmt: skip


def test_every_source_is_an_asset_that_waits_for_the_one_that_decides_the_fixtures() -> None:
    graph = defs.resolve_asset_graph()
    for source in SOURCES.values():
        if not source.simulated:
            waits = graph.get(key_of(source)).parent_keys
            assert waits == (set() if source.primary else {key_of(sources_of(source.sport)[0])}), source.name


@pytest.mark.parametrize(
    "schedule", [daily_ingest, daily_compaction, weekly_retraining], ids=lambda schedule: schedule.name
)
def test_a_schedule_starts_its_job_with_a_configuration_that_fits(schedule: dg.ScheduleDefinition) -> None:
    job = defs.resolve_job_def(schedule.job_name)
    with (
        dg.DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance,
        dg.build_schedule_context(instance, repository_def=defs.get_repository_def()) as context,
    ):
        (request,) = schedule.evaluate_tick(context).run_requests or ()
    assert dg.validate_run_config(job, request.run_config)


def test_the_weekly_retraining_learns_from_all_and_looks_ahead() -> None:
    """With the demo's settings it would learn nothing from the season that is on."""
    with (
        dg.DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance,
        dg.build_schedule_context(instance, repository_def=defs.get_repository_def()) as context,
    ):
        (request,) = weekly_retraining.evaluate_tick(context).run_requests or ()
    ops = request.run_config["ops"]
    assert ops["nfl__train"]["config"] == ops["nfl__predict"]["config"] == {"ahead": True}


def test_a_search_takes_its_sport_and_seasons_as_configuration() -> None:
    job = defs.resolve_job_def("tuning_job")
    given = {"ops": {"tune": {"config": {"sport": "nhl", "through": 2011, "trials": 2}}}}
    assert dg.validate_run_config(job, given)["ops"]["tune"]["config"]["odds"] == "none"
    with pytest.raises(dg.DagsterInvalidConfigError):
        dg.validate_run_config(job, {"ops": {"tune": {"config": {"season": 2011}}}})


def test_the_nightly_compaction_leaves_one_file_a_table(tmp_path: Path) -> None:
    place = get_settings(home=tmp_path / "home", mirror=None)
    moment = datetime(2031, 9, 7, tzinfo=UTC)
    for mood in (1.0, 2.0):
        frame = pl.DataFrame({"day": [moment], "known": [moment], "mood": [mood]})
        own.add(place, "mood", frame, moment, event_at="day", known_at="known", key=["event_at"])
    with dg.DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance:
        job = defs.resolve_job_def(str(daily_compaction.job_name))
        resources = {"desk": DeskResource(home=str(place.home))}
        assert job.graph.execute_in_process(resources=resources, instance=instance).success
    assert [(each.before, each.after) for each in upkeep.compact(place)] == [(1, 1)]


def test_an_asset_is_at_most_forty_lines_of_wiring() -> None:
    for path in Path(pipelines.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno is not None
                assert node.end_lineno - node.lineno + 1 <= 40, f"{path.name}: {node.name}"
