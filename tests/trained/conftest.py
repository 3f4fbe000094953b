"""One trained home for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.prepared import Prepared, prepared_home


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """The home, with both sets judged on its nine newest seasons."""
    with prepared_home(tmp_path_factory.mktemp("trained") / "home", judge=True) as found:
        yield found
