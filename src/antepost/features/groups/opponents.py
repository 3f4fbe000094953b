"""Strength of schedule: how good those were whom a side has met, as they were rated when they met.

The ratings are Elo's, folded along, so that an opponent's later rise or fall does not restate old meetings.
"""

from __future__ import annotations

import numpy as np

from antepost.features.declaration import Column, Group
from antepost.features.groups.elo import GAMES, LAST, RATING, ROW, VALUES, begin, constants, exchange, facts
from antepost.features.kernels import Floats, Integers, Ops
from antepost.features.ratings import SIDES, fold_ratings
from antepost.features.spine import SEASON
from antepost.kernelcache import kernel
from antepost.sports import Sport

WINDOW = 10
MET = (*ROW, "season.sum", "season.games", *(f"last.{slot}" for slot in range(WINDOW)))
SEASON_SUM, SEASON_GAMES, RING = range(len(ROW), len(ROW) + 3)


@kernel
def fold_opponents(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Fold results into ratings and what each side's opponents were rated. Row: Elo's, then the season, then a ring."""
    return fold_ratings(ops, args, bounds, events, values, carry, rows, row_entity, row_known, params, 2, meet)


@kernel
def meet(state: Floats, fact: Floats, at: float, params: Floats) -> None:
    """Note for both sides what the other is rated, then move the ratings by the game."""
    season = fact[2]
    for which in range(2):
        side = state[np.int64(fact[which])]
        if side[LAST] != season:
            side[SEASON_SUM] = side[SEASON_GAMES] = 0.0
        begin(side, season, params)
    for which in range(2):
        side, other = state[np.int64(fact[which])], state[np.int64(fact[1 - which])]
        side[RING + (np.int64(side[GAMES]) - 1) % WINDOW] = other[RATING]
        side[SEASON_SUM] += other[RATING]
        side[SEASON_GAMES] += 1.0
    exchange(state, fact, params)


@kernel
def read_opponents(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read the mean over the last meetings, newest first, and over those of this season."""
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
            if out.shape[1] > 2 and row[SEASON_GAMES] > 0.0 and row[LAST] == spine[i, SEASON]:
                out[i, 2 + side] = row[SEASON_SUM] / row[SEASON_GAMES]


def _column(window: str, side: str, formula: str, null: str) -> Column:
    name = f"opponents.elo.{window}.{side}"
    return Column(
        name=name, unit="elo", parity="swap", null=f"null before the side's first game{null}", formula=formula
    )


def opponents(sport: Sport) -> Group:
    """Return the group; every sport has it. A player meets whom the draw gives him, so no season of it is told."""
    last = f"mean of the opponents' Elo when they met, over the last {WINDOW} or fewer"
    season = "mean of the opponents' Elo when they met, over this season's games"
    columns = (
        *(_column(str(WINDOW), side, last, "") for side in SIDES),
        *(_column("season", side, season, " of the season") for side in SIDES),
    )
    return Group(
        name="opponents",
        version=1,
        facts=facts,
        values=VALUES,
        row=MET,
        carry=2 * len(MET),
        fold=fold_opponents,
        read=read_opponents,
        roles=SIDES,
        columns=columns[:2] if sport.sides == "player" else columns,
        params=constants(sport),
        members=SIDES,
    )
