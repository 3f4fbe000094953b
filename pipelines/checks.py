"""What must hold of the assets: the same proofs and the same chain that the command line asks for."""

import dagster as dg
from pydantic import Field

from antepost.desk.demo import SPORT
from pipelines.assets import features, predict
from pipelines.resources import DeskResource


class Draw(dg.Config):
    """How much the proofs look at."""

    fixtures: int = Field(default=300, ge=1, description="number of fixtures drawn")


@dg.asset_check(asset=features, blocking=True)
def proofs_hold(desk: DeskResource, config: Draw) -> dg.AssetCheckResult:
    """No column moves when what could not be known is disturbed; no model is trained while one does."""
    proofs = desk.open().prove(SPORT, draw=config.fixtures)
    return dg.AssetCheckResult(
        passed=bool(proofs) and all(proof.holds for proof in proofs),
        metadata={
            "cells": sum(proof.cells for proof in proofs),
            "proofs": {proof.name: proof.holds for proof in proofs},
            "differing": sorted({column for proof in proofs for column in proof.differing}),
        },
    )


@dg.asset_check(asset=predict, blocking=True)
def ledger_chain_whole(desk: DeskResource) -> dg.AssetCheckResult:
    """No seal in the ledger was altered, moved or removed; nothing is served while one was."""
    faults = desk.open().verify_ledger()
    return dg.AssetCheckResult(passed=not faults, metadata={"faults": faults})
