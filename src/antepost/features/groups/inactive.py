"""Who is on a side's list of the inactive, by the moves onto it and off it as they become known.

Half of the moves back are never told, so that a move counts for thirty days only.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.facts import finish, number
from antepost.features.kernels import FOLD, RESET, Floats, Integers, Ops
from antepost.features.spine import START
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("man", "out")
DAY = 86_400_000_000.0
STANDS, LATELY, SILENCE = 30.0, 7.0, 60.0
# Men kept of a side: those who moved last.
MEN = 40
WIDTH = 4
MAN, OUT, MOVED, SINCE = range(WIDTH)
OUT_NOW, NEWLY_OUT, RETURNED, SPELL = range(4)


def _facts(tables: Facts, _: Sport) -> pl.DataFrame:
    moves = tables["injuries"].filter(pl.col("fixture").is_null())
    key = pl.concat_str("team", "player", pl.col("event_at").dt.epoch("us"), separator="|")
    frame = moves.select(
        pl.col("team").alias("entity"), key.alias("key"), key.alias("source"), pl.lit(0, pl.Int64).alias("sequence"),
        "event_at", "known_at", "batch", number("player").alias("man"), (pl.col("status") != "back").alias("out"),
    )  # fmt: skip
    return finish(frame, VALUES)


@kernel
def fold_moves(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Keep the last move of each man of a side; return the row count.

    State and row: for each man his number, whether he is out, when he moved last, and since when he is what he is. The
    man whose move lies furthest back makes room.
    """
    n_rows = 0
    for e in range(bounds.size - 1):
        state = carry[e]
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == RESET:
                state[:] = 0.0
            elif ops[t] == FOLD:
                fact = values[args[t]]
                moved = float(events[args[t]])
                at = 0
                for p in range(MEN):
                    if state[p * WIDTH + MAN] == fact[0] and state[p * WIDTH + MOVED] > 0.0:
                        at = p * WIDTH
                        break
                    if state[p * WIDTH + MOVED] < state[at + MOVED]:
                        at = p * WIDTH
                same = state[at + MAN] == fact[0] and state[at + OUT] == fact[1]
                if not same or moved - state[at + MOVED] > STANDS * DAY:
                    state[at + SINCE] = moved
                state[at + MAN], state[at + OUT], state[at + MOVED] = fact[0], fact[1], moved
            else:
                rows[n_rows] = state
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
    return n_rows


@kernel
def read_moves(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Write how many men of each side are out, then what the home side has over the away side of the others."""
    said = np.empty((2, 4))
    for i in range(out.shape[0]):
        for side in range(2):
            said[side] = np.nan
            if found[i, side] >= 0:
                count_moves(rows[found[i, side]], spine[i, START], said[side])
            out[i, side] = said[side, OUT_NOW]
        for c in range(NEWLY_OUT, SPELL + 1):
            out[i, 1 + c] = said[0, c] - said[1, c]


@kernel
def count_moves(row: Floats, start: float, said: Floats) -> None:
    """Count the men of one side who are out, lately out and lately back, and for how many days those out have been."""
    men, new, back, days, told = 0.0, 0.0, 0.0, 0.0, 0.0
    for p in range(MEN):
        at = p * WIDTH
        ago = (start - row[at + MOVED]) / DAY
        if row[at + MOVED] > 0.0 and ago <= SILENCE:
            told = 1.0
            since = (start - row[at + SINCE]) / DAY
            if row[at + OUT] == 1.0 and ago <= STANDS:
                men += 1.0
                days += since
                new += 1.0 if since <= LATELY else 0.0
            if row[at + OUT] == 0.0 and since <= LATELY:
                back += 1.0
    if told == 1.0:
        said[OUT_NOW], said[NEWLY_OUT], said[RETURNED] = men, new, back
        said[SPELL] = days / men if men > 0.0 else 0.0


def inactive(sport: Sport) -> Group | None:
    """Return the group where moves onto the list of the inactive are told."""
    if not sport.listed:
        return None
    null = "null where a side has no move in the sixty days before the start"
    out = "men whose last move of the thirty days before the start was onto the list"
    levels = tuple(
        Column(name=f"inactive.out.30d.{side}", unit="players", parity="swap", null=null, formula=out)
        for side in ("home", "away")
    )
    between = (
        ("newly_out.7d", "players", "men who are out and were not before the last seven days"),
        ("returned.7d", "players", "men who came off the list in the seven days before the start"),
        ("spell.30d", "days", "mean days since those who are out were put on the list, zero where nobody is"),
    )
    return Group(
        name="inactive",
        version=1,
        facts=_facts,
        values=VALUES,
        row=tuple(f"{p}.{field}" for p in range(MEN) for field in ("man", "out", "moved", "since")),
        carry=MEN * WIDTH,
        fold=fold_moves,
        read=read_moves,
        roles=("home", "away"),
        columns=(
            *levels,
            *(
                Column(
                    name=f"inactive.{name}.fixture", unit=unit, parity="odd", null=null, formula=f"{of}: home less away"
                )
                for name, unit, of in between
            ),
        ),
    )
