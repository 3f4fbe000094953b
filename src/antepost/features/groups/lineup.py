"""How settled a side's line-up is: how much of it is done by men who were there the game before, and the five before.

Where the batting order is announced it is the one of this game, as known by then; elsewhere the side's last game,
weighed by snaps or time on the ice (``Sport.lineups``).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.facts import finish, number
from antepost.features.kernels import FOLD, RESET, Floats, Integers, Ops
from antepost.features.spine import FIXTURE_NUMBER
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("game", "man", "place")
FIXED = len(VALUES)
# Games kept of a side and men kept of a game; the games of one day may be announced together.
GAMES, MEN, TOLD, BEFORE = 8, 80, 3, 5
# What is written of a game besides the shares of each weight: which it is, and how many bat where they batted.
GAME, PLACES, SHARES = 0, 1, 2


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    return finish((_ordered if sport.batting else _played)(tables, sport), (*VALUES, *_weights(sport)))


def _weights(sport: Sport) -> tuple[str, ...]:
    return ("batters",) if sport.batting else tuple(rate.name for rate in sport.lineups)


def _ordered(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return a fact for each place in an announced order."""
    listed = tables["rosters"].with_columns(
        pl.col("role").str.extract(rf"^(?:home|away)_{sport.batting}_(\d+)$").alias("place")
    )
    # A place is told of one man: who is named for it later takes it from the one before.
    source = pl.concat_str("fixture", "role", separator=" ").alias("source")
    place, batters = pl.col("place").cast(pl.Int64), pl.lit(1, pl.Int64).alias("batters")
    return _stamped(listed.drop_nulls("place"), source, place, batters)


def _played(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return a fact for each man of a game."""
    weights = ((pl.sql_expr(rate.of)).round().cast(pl.Int64).fill_null(0).alias(rate.name) for rate in sport.lineups)
    rows = _stamped(tables["player_stats"], _key().alias("source"), pl.lit(0, pl.Int64).alias("place"), *weights)
    # A row without weight, as one of another count, says nothing; a revision that takes the weight away is kept.
    worn = pl.any_horizontal(pl.col(name).max().over("source") > 0 for name in _weights(sport))
    return rows.filter(worn)


def _key() -> pl.Expr:
    # Games of one moment stand in the order of their names, which a blank does not upset: it comes before all else.
    return pl.concat_str("fixture", "role", "player", separator=" ")


def _stamped(rows: pl.DataFrame, source: pl.Expr, *values: pl.Expr) -> pl.DataFrame:
    return rows.drop_nulls(["team", "player"]).select(
        pl.col("team").alias("entity"), _key().alias("key"), source, pl.lit(0, pl.Int64).alias("sequence"),
        "event_at", "known_at", "batch", number("fixture").alias("game"), number("player").alias("man"), *values,
    )  # fmt: skip


@kernel
def fold_lineups(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Keep the line-ups of a side's last games; return the row count, -1 where a game has more men than there is room.

    State: the number of games, then for each of the last its number, how many men, and their facts. Row: what
    ``emit_lineup`` writes of each of the last ``TOLD`` games, newest first.
    """
    n_rows = 0
    width = values.shape[1]
    size = 2 + MEN * width
    told = rows.shape[1] // TOLD
    for e in range(bounds.size - 1):
        state = carry[e]
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == RESET:
                state[:] = 0.0
            elif ops[t] == FOLD:
                fact = values[args[t]]
                at = 1 + (np.int64(state[0]) - 1) % GAMES * size
                if state[0] == 0.0 or state[at] != fact[0]:
                    state[0] += 1.0
                    at = 1 + (np.int64(state[0]) - 1) % GAMES * size
                    state[at] = fact[0]
                    state[at + 1] = 0.0
                if state[at + 1] == MEN:
                    return -1
                man = at + 2 + np.int64(state[at + 1]) * width
                state[man : man + width] = fact
                state[at + 1] += 1.0
            else:
                for back in range(TOLD):
                    emit_lineup(state, back, rows[n_rows, back * told : (back + 1) * told], width, size)
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
    return n_rows


@kernel
def emit_lineup(state: Floats, back: int, row: Floats, width: int, size: int) -> None:
    """Write how much of the game ``back`` games ago is done by men of those before it.

    Its number, the share of men in the place they had the game before, then for each weight the share of it on men of
    the game before, and the mean share over up to ``BEFORE`` games before; NaN without a game before. A man was there
    if his own weight of that game is above zero.
    """
    row[:] = np.nan
    count = np.int64(state[0])
    if back + 1 >= count:
        return
    at = 1 + (count - 1 - back) % GAMES * size
    row[GAME] = state[at]
    men = np.int64(state[at + 1])
    for c in range(FIXED, width):
        whole, places, games = 0.0, 0.0, 0.0
        kept, stayed = 0.0, 0.0
        for p in range(men):
            whole += state[at + 2 + p * width + c]
        for n in range(1, BEFORE + 1):
            if back + n < count and back + n < GAMES:
                games += 1.0
                other = 1 + (count - 1 - back - n) % GAMES * size
                for p in range(men):
                    own = at + 2 + p * width
                    for q in range(np.int64(state[other + 1])):
                        their = other + 2 + q * width
                        if state[their + 1] == state[own + 1] and state[their + c] > 0.0:
                            stayed += state[own + c]
                            if n == 1:
                                kept += state[own + c]
                                places += 1.0 if state[their + 2] == state[own + 2] else 0.0
        if whole > 0.0:
            row[PLACES] = places / men
            row[SHARES + 2 * (c - FIXED)] = kept / whole
            row[SHARES + 2 * (c - FIXED) + 1] = stayed / (whole * games)


@kernel
def read_lineups(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Write the home side's shares less the away side's: of this game where it is announced, else of the last one.

    ``params``: whether line-ups are announced, then the field of each column.
    """
    told = rows.shape[1] // TOLD
    for i in range(out.shape[0]):
        for c in range(out.shape[1]):
            value = 0.0
            for side in range(2):
                own = np.nan
                if found[i, side] >= 0:
                    row = rows[found[i, side]]
                    for back in range(TOLD):
                        here = row[back * told + GAME] == spine[i, FIXTURE_NUMBER] if params[0] == 1.0 else back == 0
                        if here:
                            own = row[back * told + np.int64(params[1 + c])]
                value += own if side == 0 else -own
            out[i, c] = value


def _columns(sport: Sport) -> dict[int, Column]:
    """Return the columns by the field of a game that they show."""
    which = "its announced order" if sport.batting else "its last game"
    null = f"null where {'an order is not announced' if sport.batting else 'a side has no game told'} or none before it"

    def column(name: str, window: str | int, formula: str) -> Column:
        return Column(
            name=f"lineup.{name}.{window}.fixture", unit="share", parity="odd", null=null,
            formula=f"{formula}: home less away", moment="T-1h" if sport.batting else "open",
        )  # fmt: skip

    columns: dict[int, Column] = {}
    for i, name in enumerate(_weights(sport)):
        done = "men" if sport.batting else f"what {name} did"
        columns[SHARES + 2 * i] = column(f"{name}_kept", 1, f"share of {done} in {which} by men of the game before it")
        columns[SHARES + 2 * i + 1] = column(
            f"{name}_regular", BEFORE, f"mean over the games before {which} of the share of {done} by their men"
        )
    if sport.batting:
        columns[PLACES] = column("same_places", 1, f"share of {which} in the place of the game before it")
    return columns


def lineup(sport: Sport) -> Group | None:
    """Return the group where it is told who plays."""
    if not (sport.batting or sport.lineups):
        return None
    columns = _columns(sport)
    weights = _weights(sport)
    fields = ("game", "places", *(f"{name}.{kind}" for name in weights for kind in ("kept", "regular")))
    values = (*VALUES, *weights)
    return Group(
        name="lineup",
        version=2,
        facts=_facts,
        values=values,
        row=tuple(f"{back}.{field}" for back in range(TOLD) for field in fields),
        carry=1 + GAMES * (2 + MEN * len(values)),
        fold=fold_lineups,
        read=read_lineups,
        roles=("home", "away"),
        columns=tuple(columns.values()),
        params=np.array([float(bool(sport.batting)), *map(float, columns)]),
        itself=bool(sport.batting),
    )
