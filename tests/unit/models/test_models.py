"""The door of the room."""

from __future__ import annotations

import subprocess
import sys

import pytest

from antepost import models


def test_every_name_behind_the_door_is_there() -> None:
    assert [name for name in models.__all__ if getattr(models, name, None) is None] == []


def test_a_name_that_is_not_there_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="oracle"):
        _ = models.oracle  # pyright: ignore[reportAttributeAccessIssue]


def test_predicting_loads_no_training_library() -> None:
    """Serving stands on this: a bundle is arrays, so nothing that trains may be loaded to use one."""
    code = (
        "import sys, numpy as np\n"
        "from antepost.models import Bundle, load_bundle, read_recipe\n"
        "from antepost.models import kernels\n"
        "kernels.pool(np.ones((1, 1)), np.ones(1))\n"
        "print(*{'sklearn', 'xgboost', 'lightgbm', 'pandas', 'mlflow', 'matplotlib'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
