"""A home that has gone through the whole path: real NFL seasons where a mirror is named, else the simulated league."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    """What the path left behind.

    Both sets were trained before the newest season, judged on the nine newest, registered, and predictions sealed.
    """

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
def prepared_home(run: Path, home: Path) -> Generator[Prepared]:
    """Yield ``home`` while its engines run: a copy of the one home of this run that has gone the whole path.

    It takes a minute or two, so whoever asks first in ``run``, which all workers share, makes it for all.
    """
    told = _walked(run / "walked")
    shutil.copytree(run / "walked" / "home", home)
    with _opened(home) as desk:
        yield Prepared(desk=desk, **told)


def _walked(folder: Path) -> dict[str, Any]:
    """Return what the path left behind in the home in ``folder``, which nobody runs any more."""
    folder.mkdir(exist_ok=True)
    done = folder / "told.pickle"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder / "home", ignore_errors=True)
            with _opened(folder / "home") as desk:
                told = _walk(desk)
            done.write_bytes(pickle.dumps(told))
    return pickle.loads(done.read_bytes())  # noqa: S301  # this run wrote it


@contextmanager
def _opened(home: Path) -> Generator[Desk]:
    settings = get_settings(home=home, mirror=MIRROR, database_url=None, mlflow_url=None)
    try:
        yield open_desk(settings=settings)
    finally:
        disconnect(settings)
        release_mlflow(settings)
        release(settings)


def _walk(desk: Desk) -> dict[str, Any]:
    desk.ingest(SPORT, simulate=MIRROR is None)
    newest = desk.newest_season(SPORT)
    desk.build(SPORT)
    trained = {name: desk.train(SPORT, name, before=newest) for name in SETS}
    seasons = range(newest - JUDGED_SEASONS + 1, newest + 1)
    judged = {name: desk.evaluate(SPORT, seasons, name) for name in SETS}
    for name, bundle in trained.items():
        desk.register(SPORT, bundle.digest, judged[name])
    demo = Demo(desk=desk, season=newest)
    predict(demo)
    return {"newest": newest, "trained": trained, "judged": judged, "sealed": demo.sealed}
