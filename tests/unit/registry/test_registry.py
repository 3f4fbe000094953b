"""The door of the room."""

from __future__ import annotations

import subprocess
import sys

import pytest

from antepost import registry


def test_a_name_that_is_not_there_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="oracle"):
        _ = registry.oracle  # pyright: ignore[reportAttributeAccessIssue]


def test_reading_loads_no_mlflow() -> None:
    """The SDK costs three seconds, 182 MB and cloudpickle; whoever serves reads over REST."""
    code = (
        "import sys; from antepost.registry import Standing, read\n"
        "print('mlflow' in sys.modules, read.champion.__name__)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "champion"]
