"""A home that has gone through the whole path: real NFL seasons where a mirror is named, else the simulated league."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from antepost.desk import Desk, open_desk
from antepost.desk.demo import JUDGED_SEASONS, SETS, SPORT, Demo, predict
from antepost.engines import release
from antepost.engines.mlflow import release_mlflow
from antepost.lake.database import disconnect
from antepost.settings import get_settings

if TYPE_CHECKING:
    from antepost.desk.evaluate import Evaluation
    from antepost.desk.train import Trained

MIRROR = os.environ.get("ANTEPOST_MIRROR") or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What the path left behind: both sets trained before the newest season, registered, and sealed predictions."""

    desk: Desk
    newest: int
    trained: Mapping[str, Trained]
    judged: Mapping[str, Evaluation]
    sealed: list[dict[str, object]]

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment in which a program of its own finds this home."""
        return environment(self.desk.settings.home, **more)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return this process's environment with ``home`` and nothing else of the platform set, then ``more``."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ANTEPOST_")}
    return {**plain, "ANTEPOST_HOME": str(home), "COLUMNS": "200", **more}


@contextmanager
def prepared_home(home: Path, *, judge: bool) -> Generator[Prepared]:
    """Yield the home while its engines run; ``judge`` also evaluates both sets on the nine newest seasons."""
    settings = get_settings(home=home, mirror=MIRROR, database_url=None, mlflow_url=None)
    desk = open_desk(settings=settings)
    try:
        yield _walk(desk, judge=judge)
    finally:
        disconnect(settings)
        release_mlflow(settings)
        release(settings)


def _walk(desk: Desk, *, judge: bool) -> Prepared:
    desk.ingest(SPORT, simulate=MIRROR is None)
    newest = desk.fixtures(SPORT).drop_nulls("home_score")["season"].max()
    assert isinstance(newest, int)
    desk.build(SPORT)
    trained = {name: desk.train(SPORT, name, before=newest) for name in SETS}
    seasons = range(newest - JUDGED_SEASONS + 1, newest + 1)
    judged = {name: desk.evaluate(SPORT, seasons, name) for name in SETS} if judge else {}
    for name, bundle in trained.items():
        desk.register(SPORT, bundle.digest, judged.get(name))
    demo = Demo(desk=desk, season=newest)
    predict(demo)
    return Prepared(desk=desk, newest=newest, trained=trained, judged=judged, sealed=demo.sealed)
