"""One small home for all tests of this folder, on embedded engines of its own, filled by the pipeline itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import dagster as dg
import pytest

from antepost.desk import Desk, open_desk
from antepost.engines import release
from antepost.engines.mlflow import release_mlflow
from antepost.lake.database import disconnect
from pipelines import assets, checks
from pipelines.definitions import CHECKS, STEPS
from pipelines.resources import DeskResource

type Told = Callable[[str], dict[str, object]]


@pytest.fixture(scope="session")
def own_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk over a home nobody has written to, with nothing configured; its engines stop with the session."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("ANTEPOST_HOME", "ANTEPOST_DATABASE_URL", "ANTEPOST_MLFLOW_URL", "ANTEPOST_KILL_AT"):
            patch.delenv(name, raising=False)
        desk = open_desk(tmp_path_factory.mktemp("pipelines") / "home")
    yield desk
    disconnect(desk.settings)
    release_mlflow(desk.settings)
    release(desk.settings)


@pytest.fixture(scope="session")
def instance() -> Iterator[dg.DagsterInstance]:
    """An instance that lives no longer than the tests."""
    with dg.DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as ephemeral:
        yield ephemeral


@pytest.fixture(scope="session")
def run(own_desk: Desk, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    """All assets and checks, in this process, on six seasons: real ones where there is a mirror, else simulated."""
    config = dg.RunConfig(
        ops={
            "nfl__ingest": assets.Load(seasons=[2009, 2014], simulate=not os.environ.get("ANTEPOST_MIRROR")),
            "nfl__evaluate": assets.Judged(seasons=2),
            "nfl__features_proofs_hold": checks.Draw(fixtures=40),
        }
    )
    with pytest.MonkeyPatch.context() as patch:
        for name in ("ANTEPOST_HOME", "ANTEPOST_DATABASE_URL", "ANTEPOST_MLFLOW_URL", "ANTEPOST_KILL_AT"):
            patch.delenv(name, raising=False)
        return dg.materialize(
            [*STEPS, *CHECKS],
            instance=instance,
            resources={"desk": DeskResource(home=str(own_desk.settings.home))},
            run_config=config,
        )


@pytest.fixture
def desk(run: dg.ExecuteInProcessResult, own_desk: Desk) -> Desk:
    """The desk over the home that the run has filled."""
    return own_desk


@pytest.fixture
def told(run: dg.ExecuteInProcessResult) -> Told:
    """Give what an asset reported of itself."""

    def of(step: str) -> dict[str, object]:
        (event,) = (e for e in run.get_asset_materialization_events() if e.asset_key == dg.AssetKey(["nfl", step]))
        return {name: value.value for name, value in event.materialization.metadata.items()}

    return of
