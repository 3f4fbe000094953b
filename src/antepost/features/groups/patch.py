"""The patch that is played: how old it is, and what either side has done on it.

A patch is a fact of every side, and begins its counts anew. Who has not played on it has none, whoever that is.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.facts import finish, sides
from antepost.features.kernels import EMIT, FOLD, Floats, Integers, Ops
from antepost.features.spine import START
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("since", "half_wins")
ROW = ("since", "games", "half_wins")
SINCE, GAMES, HALF_WINS = range(len(ROW))
DAY = 86_400_000_000.0


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    patches = tables["constants"].filter(pl.col("kind") == "patch").drop_nulls("since")
    games = sides(tables["results"], "home", "away").with_columns(pl.lit(0, pl.Int64).alias("since"))
    teams = games.select("entity").unique()
    leagues = pl.DataFrame({"entity": [f"{league}@patch" for league in sport.leagues]})
    begun = patches.join(pl.concat([teams, leagues]), how="cross").with_columns(
        pl.col("code").alias("key"),
        pl.col("code").alias("source"),
        pl.col("since").alias("event_at"),
        pl.col("since").dt.epoch("us").alias("since"),
        # Before the matches of its first instant.
        pl.lit(-1, pl.Int64).alias("sequence"),
        pl.lit(0, pl.Int64).alias("half_wins"),
    )
    stamps = ("entity", "key", "source", "event_at", "sequence", "known_at", "batch", *VALUES)
    return finish(pl.concat([begun.select(stamps), games.select(stamps)], how="vertical_relaxed"), VALUES)


@kernel
def fold_patch(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Count matches and half wins since the last patch; ``since`` is 0 of a match. Row and carry: ``ROW``."""
    n_rows = 0
    for e in range(bounds.size - 1):
        state = carry[e]
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == FOLD:
                fact = values[args[t]]
                if fact[0] != 0.0:
                    state[:] = 0.0
                    state[SINCE] = fact[0]
                else:
                    state[GAMES] += 1.0
                    state[HALF_WINS] += fact[1]
            elif ops[t] == EMIT:
                rows[n_rows] = state
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
            else:
                state[:] = 0.0
    return n_rows


@kernel
def read_patch(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read the patch's age from the league's row, and what the sides have done on it from theirs."""
    games, won = np.zeros(2), np.zeros(2)
    for i in range(out.shape[0]):
        out[i, :] = np.nan
        if found[i, 2] < 0 or rows[found[i, 2], SINCE] == 0.0:
            continue
        for side in range(2):
            row = found[i, side]
            games[side] = rows[row, GAMES] if row >= 0 else 0.0
            won[side] = 0.5 * rows[row, HALF_WINS] / games[side] if games[side] > 0.0 else np.nan
        out[i, 0] = (spine[i, START] - rows[found[i, 2], SINCE]) / DAY
        out[i, 1] = games[0] - games[1]
        out[i, 2] = won[0] - won[1]


def patch(sport: Sport) -> Group | None:
    """Return the group where a game changes by patches."""
    if not sport.patched:
        return None
    untold = "null before the first patch that is told"
    return Group(
        name="patch",
        version=1,
        facts=_facts,
        values=VALUES,
        row=ROW,
        carry=len(ROW),
        fold=fold_patch,
        read=read_patch,
        roles=("home", "away", "patch"),
        columns=(
            Column(
                name="patch.age.now.fixture", unit="days", parity="even", null=untold,
                formula="scheduled start minus the day of the newest patch",
            ),
            Column(
                name="patch.games.now.fixture", unit="games", parity="odd", null=untold,
                formula="matches on the newest patch: home less away",
            ),
            Column(
                name="patch.win_rate.now.fixture", unit="share", parity="odd",
                null=f"{untold}, and before either side's first match on it",
                formula="share of the matches on the newest patch that were won: home less away",
            ),
        ),
    )  # fmt: skip
