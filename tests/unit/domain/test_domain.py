from __future__ import annotations

from types import ModuleType

from antepost import domain


def test_the_door_shows_the_seal_as_a_room_of_its_own_and_not_as_the_function_in_it() -> None:
    assert isinstance(domain.seal, ModuleType)
    assert callable(domain.seal.seal)


def test_the_table_of_margins_starts_with_the_headline_method() -> None:
    assert next(iter(domain.DEVIG)) == "multiplicative"
