"""Kill -9 at every commit boundary and at moments drawn over a run: the next run ends as if nothing had happened."""

from __future__ import annotations

import os
import random

import pytest

from antepost.telemetry import BOUNDARIES
from tests.kill.conftest import Trial, Twin

KILLS = int(os.environ.get("ANTEPOST_KILLS") or 3)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_after_a_kill_at_a_boundary_the_next_run_ends_like_its_twin(boundary: str, trial: Trial, twin: Twin) -> None:
    trial.killed_at(boundary)
    assert trial.finish().differs_from(twin.holds) == []


@pytest.mark.parametrize("number", range(KILLS))
def test_after_a_kill_at_any_moment_the_next_run_ends_like_its_twin(
    number: int, trial: Trial, twin: Twin, draw: random.Random
) -> None:
    moment = draw.uniform(0, twin.seconds)
    killed = trial.killed_after(moment)
    assert trial.finish().differs_from(twin.holds) == [], f"killed ({killed}) after {moment:.3f} s"


def test_a_second_run_over_a_finished_home_changes_nothing(trial: Trial, twin: Twin) -> None:
    first = trial.finish()
    assert first.differs_from(twin.holds) == []
    assert trial.finish().differs_from(first) == []
