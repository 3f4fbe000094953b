"""Strength of schedule: how good those were whom a side has met, as they were rated when they met.

The ratings are Elo's, folded along, so that an opponent's later rise or fall does not restate old meetings.
"""

from __future__ import annotations

import numpy as np

from antepost.features.declaration import Column, Group
from antepost.features.groups.elo import GAMES, RATING, ROW, VALUES, begin, constants, exchange, facts
from antepost.features.kernels import Floats, Integers, Ops
from antepost.features.ratings import SIDES, fold_ratings
from antepost.kernelcache import kernel
from antepost.sports import Sport

WINDOW = 10
MET = (*ROW, *(f"last.{slot}" for slot in range(WINDOW)))
RING = len(ROW)


@kernel
def fold_opponents(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Fold results into ratings and what each side's opponents were rated. Row: Elo's, then a ring."""
    return fold_ratings(ops, args, bounds, events, values, carry, rows, row_entity, row_known, params, 2, meet)


@kernel
def meet(state: Floats, fact: Floats, at: float, params: Floats) -> None:
    """Note for both sides what the other is rated, then move the ratings by the game."""
    season = fact[2]
    for which in range(2):
        begin(state[np.int64(fact[which])], season, params)
    for which in range(2):
        side, other = state[np.int64(fact[which])], state[np.int64(fact[1 - which])]
        side[RING + (np.int64(side[GAMES]) - 1) % WINDOW] = other[RATING]
    exchange(state, fact, params)


@kernel
def read_opponents(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read the mean over the last meetings, newest first."""
    for i in range(out.shape[0]):
        out[i, :] = np.nan
        for side in range(2):
            if found[i, side] < 0:
                continue
            row = rows[found[i, side]]
            count = np.int64(row[GAMES])
            held = min(count, WINDOW)
            total = 0.0
            for back in range(1, held + 1):
                total += row[RING + (count - back) % WINDOW]
            if held > 0:
                out[i, side] = total / held


def _column(side: str) -> Column:
    return Column(
        name=f"opponents.elo.{WINDOW}.{side}",
        unit="elo",
        parity="swap",
        null="null before the side's first game",
        formula=f"mean of the opponents' Elo when they met, over the last {WINDOW} or fewer",
    )


def opponents(sport: Sport) -> Group:
    """Return the group; every sport has it."""
    return Group(
        name="opponents",
        version=2,
        facts=facts,
        values=VALUES,
        row=MET,
        carry=2 * len(MET),
        fold=fold_opponents,
        read=read_opponents,
        roles=SIDES,
        columns=tuple(_column(side) for side in SIDES),
        params=constants(sport),
        members=SIDES,
    )
