from __future__ import annotations

import subprocess
import sys

import pytest

from antepost import evaluation


def test_a_score_or_a_split_loads_neither_numba_nor_a_training_library() -> None:
    code = (
        "import sys; from antepost.evaluation import WalkForward, log_loss;"
        "print(*sorted({'numba', 'sklearn', 'scipy', 'pandas'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


def test_a_name_that_is_not_at_the_door_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sharpe'"):
        _ = evaluation.sharpe  # pyright: ignore[reportAttributeAccessIssue]
