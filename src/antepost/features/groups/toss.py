"""Who has which side of the map in this match, and who picks first: known once the draft begins, a minute before."""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.facts import finish, number, revisions
from antepost.features.kernels import Floats, Integers, fold_latest
from antepost.features.spine import AWAY_NUMBER, HOME_NUMBER
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("first_side", "first_pick")


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    if sport.draft is None:
        raise ValueError(f"{sport.name} has no draft")
    rosters = tables["rosters"]
    own = rosters.filter(pl.col("role") == sport.draft.sides[0]).rename({"team": "first_side"})
    picking = rosters.filter(pl.col("role") == sport.draft.first).rename({"team": "first_pick"})
    frame = revisions(own, picking, ("first_pick",)).select(
        pl.col("fixture").alias("entity"),
        pl.lit("toss").alias("key"),
        pl.col("fixture").alias("source"),
        pl.lit(0, pl.Int64).alias("sequence"),
        "event_at", "known_at", "batch",
        *(number(name).alias(name) for name in VALUES),
    )  # fmt: skip
    return finish(frame, VALUES)


@kernel
def read_toss(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Say 1 where it is the home side's, -1 where it is the away side's."""
    for i in range(out.shape[0]):
        out[i, :] = np.nan
        if found[i, 0] < 0:
            continue
        for c in range(out.shape[1]):
            team = rows[found[i, 0], c]
            if team == spine[i, HOME_NUMBER]:
                out[i, c] = 1.0
            elif team == spine[i, AWAY_NUMBER]:
                out[i, c] = -1.0


def toss(sport: Sport) -> Group | None:
    """Return the group where rosters tell who has which side."""
    if sport.draft is None:
        return None

    def column(name: str, formula: str) -> Column:
        return Column(
            name=f"toss.{name}.now.fixture", unit="sign", parity="odd", null="null where it is not told",
            formula=formula, moment="close",
        )  # fmt: skip

    return Group(
        name="toss",
        version=1,
        facts=_facts,
        values=VALUES,
        row=VALUES,
        carry=len(VALUES),
        fold=fold_latest,
        read=read_toss,
        roles=("fixture",),
        columns=(
            column(sport.draft.sides[0], f"1 where the home side is {sport.draft.sides[0].title()}, else -1"),
            column("first_pick", "1 where the home side picks first, else -1"),
        ),
    )
