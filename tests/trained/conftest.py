"""One trained home for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.prepared import Prepared, prepared_home


@pytest.fixture(scope="session")
def prepared(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """The home, with both sets judged on its nine newest seasons."""
    with prepared_home(run_folder, tmp_path_factory.mktemp("trained") / "home") as found:
        yield found
