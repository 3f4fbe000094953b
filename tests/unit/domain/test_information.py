from __future__ import annotations

from typing import get_args

from antepost.domain import PRICED_SETS, SETS, InformationSet
from antepost.features import sets_of


def test_the_sets_are_named_once_and_the_priced_ones_are_among_them() -> None:
    assert get_args(InformationSet) == tuple(SETS)
    assert set(PRICED_SETS) < set(SETS)


def test_a_sport_without_opening_prices_has_no_open_set() -> None:
    assert sets_of("nfl") == sets_of("atp") == ("none", "close")


def test_football_has_an_open_set_because_a_source_tells_openings() -> None:
    assert sets_of("soccer") == ("none", "open", "close")
