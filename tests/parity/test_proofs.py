"""Every proof holds, on a small world full of edge cases and on whole seasons."""

from __future__ import annotations

import os

import pytest

from antepost.features import Proof, prove
from antepost.sports import NFL
from tests.parity.conftest import Seasons
from tests.worlds import TINY, tiny_tables

DOSE = 2 if os.environ.get("ANTEPOST_PROVE") == "full" else 1
SEED = int(os.environ.get("ANTEPOST_SEED", "7"))


def demand(proofs: list[Proof]) -> None:
    failed = {proof.name: proof.differing or "nothing was compared" for proof in proofs if not proof.holds}
    assert not failed


@pytest.mark.parametrize("seed", range(SEED, SEED + 2 * DOSE))
def test_every_proof_holds_on_the_tiny_world(seed: int) -> None:
    demand(prove(TINY, tiny_tables(), draw=24, seed=seed))


def test_every_proof_holds_on_whole_seasons(seasons: Seasons) -> None:
    print(f"seed {SEED}, {300 * DOSE} fixtures")
    demand(prove(NFL, seasons.tables, draw=300 * DOSE, seed=SEED))
