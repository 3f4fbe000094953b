from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from antepost.errors import FamilyDied, ModelError
from antepost.models.families.child import fit_apart
from antepost.models.families.family import Fitted, Setup

HEAD = """
import os, signal, subprocess, sys
from antepost.errors import FamilyDied, ModelError
from antepost.models.arrays import one_column
from antepost.models.families.child import answer
from antepost.models.families.family import Fitted

def fit(X, y, question):
    recipe = question.recipe
"""
BODIES = {
    "well": "return Fitted(arrays=one_column(('a', 'b'), recipe['column']), library=f'invented {X.shape} {y.sum()}')",
    "refuses": "raise ModelError('too few rows')",
    "breaks": "raise RuntimeError('no Java here')",
    "loses": "raise FamilyDied('the JVM is gone')",
    "killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "litters": (
        "held = open(recipe['lock'], 'w'); fcntl.flock(held, fcntl.LOCK_EX); "
        "subprocess.Popen(['sleep', '600'], pass_fds=[held.fileno()]); os._exit(3)"
    ),
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Fitted]:
    """A child that does what one of the bodies says."""

    def fit(body: str, **recipe: str) -> Fitted:
        import antepost

        text = f"{HEAD}    import fcntl\n    {BODIES[body]}\n\nanswer(fit, sys.argv[1])\n"
        (tmp_path / "invented_family.py").write_text(text)
        monkeypatch.setenv("PYTHONPATH", f"{Path(antepost.__file__).parents[1]}:{tmp_path}")
        X, y = np.array([[0.0, 1.0], [2.0, np.nan]]), np.array([0, 1], dtype=np.int8)
        return fit_apart(
            "invented", X, y, Setup(columns=("a", "b"), seed=1, threads=1, recipe=recipe), module="invented_family"
        )

    return fit


def test_a_child_sends_back_arrays_and_the_name_of_its_library(run: Callable[..., Fitted]) -> None:
    fitted = run("well", column="b")
    assert fitted.library == "invented (2, 2) 1"
    assert fitted.arrays.score(np.array([[9.0, 0.0]])).tolist() == [0.5]


def test_a_refusal_of_the_child_is_the_parents(run: Callable[..., Fitted]) -> None:
    with pytest.raises(ModelError, match=r"^too few rows$"):
        run("refuses")


def test_a_child_that_lost_what_it_had_started_has_died_too(run: Callable[..., Fitted]) -> None:
    with pytest.raises(FamilyDied, match="the JVM is gone"):
        run("loses")


def test_a_child_that_breaks_off_is_quoted(run: Callable[..., Fitted]) -> None:
    with pytest.raises(FamilyDied, match=r"'invented'.*status 1.*RuntimeError: no Java here"):
        run("breaks")


def test_a_killed_child_is_a_named_error(run: Callable[..., Fitted]) -> None:
    with pytest.raises(FamilyDied, match=r"'invented'.*signal 9.*memory"):
        run("killed")


def test_what_a_dead_child_had_started_is_ended_with_it(run: Callable[..., Fitted], tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with pytest.raises(FamilyDied, match="status 3"):
        run("litters", lock=str(lock))
    with lock.open("w") as file:
        # The kernel gives the lock free when the last process that holds the file is gone.
        fcntl.flock(file, fcntl.LOCK_EX)
