"""One trained home for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.prepared import MIRROR, Prepared, prepared_home


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "mirror: holds of real seasons only; ANTEPOST_MIRROR names where they lie")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if MIRROR is None and item.get_closest_marker("mirror"):
        pytest.skip("ANTEPOST_MIRROR is not set")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """The home, with both sets judged on its nine newest seasons."""
    with prepared_home(tmp_path_factory.mktemp("trained") / "home", judge=True) as found:
        yield found
