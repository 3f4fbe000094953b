from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from antepost.errors import DataError
from antepost.evaluation.discovery import discoveries


@pytest.mark.parametrize("share", [0.05, 0.1, 0.3])
def test_it_finds_what_scipy_finds(share: float) -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        p = np.where(rng.random(40) < 0.3, rng.random(40) ** 6, rng.random(40))
        assert (discoveries(p, share) == (false_discovery_control(p) <= share)).all()


def test_of_tests_that_have_nothing_to_find_few_worlds_find_any() -> None:
    rng = np.random.default_rng(2)
    assert sum(discoveries(rng.random(50), 0.1).any() for _ in range(500)) < 80


def test_what_is_no_test_is_not_counted() -> None:
    assert discoveries([0.04, np.nan, np.nan], 0.05).tolist() == [True, False, False]
    assert not discoveries([], 0.1).size


@pytest.mark.parametrize(("p", "share"), [([1.2], 0.1), ([0.5], 0.0)])
def test_what_is_no_share_is_refused(p: list[float], share: float) -> None:
    with pytest.raises(DataError):
        discoveries(p, share)
