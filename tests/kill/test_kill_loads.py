"""Loads of several sources, killed at their commits or running two at once: what is left is what a twin has."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from antepost.domain.clock import FixedClock
from antepost.ingestion import ingest_all
from antepost.lake import silver
from antepost.lake.batches import batches
from antepost.settings import Settings, get_settings
from tests.prepared import environment
from tests.tour import mirror_in

CLOCK = FixedClock(datetime(2031, 9, 20, 8, tzinfo=UTC))
LOADS = """
import sys
from datetime import UTC, datetime
from antepost.domain.clock import FixedClock
from antepost.ingestion import ingest_all
from antepost.settings import get_settings

clock = FixedClock(datetime(2031, 9, 20, 8, tzinfo=UTC))
print([report.batch for report in ingest_all(get_settings(), "atp", clock, mirror=sys.argv[1]).reports])
"""


def start(home: Path, root: str, **variables: str) -> subprocess.Popen[str]:
    given = environment(home, **variables)
    return subprocess.Popen(
        [sys.executable, "-c", LOADS, root], env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def load(settings: Settings, root: str) -> list[int | None]:
    return [report.batch for report in ingest_all(settings, "atp", CLOCK, mirror=root).reports]


def differs(one: Settings, other: Settings) -> list[str]:
    """Return the names of what is not the same in both homes, down to how many rows lie in the files."""
    found = [] if batches(one) == batches(other) else ["log"]
    for name in silver.NAMES:
        frames = [silver.read(place, name, "atp") for place in (one, other)]
        same = frames[0].sort(frames[0].columns).equals(frames[1].sort(frames[1].columns))
        if not same or silver.counts(one, name, "atp") != silver.counts(other, name, "atp"):
            found.append(name)
    return found


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> str:
    return mirror_in(tmp_path_factory.mktemp("tour"))


@pytest.fixture(scope="module")
def twin(root: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = get_settings(home=tmp_path_factory.mktemp("twin") / "home", mirror=None)
    assert load(settings, root) == [1, 2]
    return settings


def test_after_a_kill_at_any_commit_of_two_sources_the_next_run_ends_like_their_twin(
    root: str, twin: Settings, tmp_path: Path
) -> None:
    first, both = (sum(len(batch.rows) for batch in batches(twin)[:number]) for number in (1, 2))
    points = {f"silver.appended:{first + 1}": 1, f"silver.appended:{both}": 1, "batch.committed:1": 1}
    homes = {point: get_settings(home=tmp_path / str(number), mirror=None) for number, point in enumerate(points)}
    started = {point: start(place.home, root, ANTEPOST_KILL_AT=point) for point, place in homes.items()}
    for point, job in started.items():
        _, said = job.communicate(timeout=300)
        assert job.returncode == -signal.SIGKILL, (point, said)
    assert {point: len(batches(place)) for point, place in homes.items()} == points
    for point, place in homes.items():
        load(place, root)
        assert differs(place, twin) == [], point


def test_a_kill_while_lost_tables_are_written_again_loses_nothing(root: str, twin: Settings, tmp_path: Path) -> None:
    place = get_settings(home=tmp_path / "home", mirror=None)
    shutil.copytree(twin.home, place.home)
    for name in ("fixtures", "results"):
        shutil.rmtree(place.silver / "atp" / name)
    job = start(place.home, root, ANTEPOST_KILL_AT="silver.appended:2")
    _, said = job.communicate(timeout=300)
    assert job.returncode == -signal.SIGKILL, said
    assert differs(place, twin) != []
    assert load(place, root) == [None, None]
    assert differs(place, twin) == []


def test_two_loads_of_all_sources_at_once_end_like_one(root: str, twin: Settings, tmp_path: Path) -> None:
    place = get_settings(home=tmp_path / "home", mirror=None)
    both = [start(place.home, root) for _ in range(2)]
    told = [job.communicate(timeout=300) for job in both]
    assert [job.returncode for job in both] == [0, 0], told
    assert sorted(name for name in differs(place, twin) if name != "log") == []
    assert [(batch.source, batch.rows) for batch in batches(place)] == [
        (batch.source, batch.rows) for batch in batches(twin)
    ]
