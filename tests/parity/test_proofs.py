"""The proofs of ``antepost.features.prove`` on a simulated league and, with a mirror, on the NFL.

On the tiny world they are run where its mutants are planted, in tests/leakage.

``ANTEPOST_PROVE=full`` doubles the doses; ``ANTEPOST_SEED`` repeats a run, whose seed is printed.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from antepost.errors import DataError
from antepost.features.disturb import excerpt
from antepost.features.prove import PROOFS, Proof, prove
from antepost.sports.nfl import NFL
from tests.worlds import TINY, Tables, mirrored_tables, simulated_tables, tiny_tables

MIRROR = os.environ.get("ANTEPOST_MIRROR")
DOSE = 2 if os.environ.get("ANTEPOST_PROVE") == "full" else 1
SEED = int(os.environ.get("ANTEPOST_SEED", "20060907"))

# 1999 has games without a clock; 2020 is a season of moved games and of games without a home crowd.
WORLDS: dict[str, Callable[[], Tables]] = {"simulated": lambda: simulated_tables(range(2006, 2007 + DOSE))}
if MIRROR:
    WORLDS["real"] = lambda: mirrored_tables(str(MIRROR), (1999, 2020, *range(2015, 2014 + DOSE)))


def compared(proofs: list[Proof]) -> dict[str, Proof]:
    """Return the proofs by name, having printed what each compared."""
    print(f"seed {SEED}")
    for proof in proofs:
        print(f"{proof.name}: {proof.fixtures} fixtures, {proof.cells} cells, differing {proof.differing}")
    return {proof.name: proof for proof in proofs}


@pytest.mark.parametrize("world", WORLDS)
def test_every_proof_holds_over_hundreds_of_fixtures(world: str) -> None:
    proofs = compared(prove(NFL, WORLDS[world](), draw=300 * DOSE, seed=SEED))
    assert list(proofs) == list(PROOFS)
    assert [name for name, proof in proofs.items() if not proof.holds] == []
    assert proofs["one at a time equals the batch"].fixtures >= 300 * DOSE


def test_a_proof_that_compared_nothing_does_not_hold() -> None:
    assert not Proof(name="nothing", fixtures=0, cells=0, differing=()).holds
    assert not Proof(name="one column", fixtures=1, cells=1, differing=("elo",)).holds
    assert Proof(name="something", fixtures=1, cells=1, differing=()).holds


@pytest.mark.parametrize(("asked", "text"), [({"draw": 0}, "draw at least one"), ({"most": 0}, "take at least one")])
def test_a_proof_over_nothing_is_refused(asked: dict[str, int], text: str) -> None:
    with pytest.raises(DataError, match=text):
        prove(TINY, tiny_tables(), **asked)


def test_of_more_fixtures_the_newest_seasons_are_taken() -> None:
    tables = tiny_tables()
    seasons = tables["fixtures"].unique("fixture")["season"]
    kept = excerpt(tables, TINY, seasons.eq(seasons.max()).sum())["fixtures"]
    assert set(kept["season"]) == {seasons.max()}
    assert excerpt(tables, TINY, seasons.len()) is tables
