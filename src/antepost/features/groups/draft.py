"""What the heroes of this match have won so far, with everybody and with the team that picked them.

The draft is known once it is over, a minute and a half before the horn. A hero is an entity, and so is a team's hero;
both are asked as they stand at ``as_of``, so that what a match taught is known once its result is.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.drafts import picks
from antepost.features.facts import finish
from antepost.features.kernels import EMIT, FOLD, Floats, Integers, Ops
from antepost.features.spine import HEROES
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("half_wins",)
ROW = ("games", "half_wins")
GAMES, HALF_WINS = range(len(ROW))
# Of either side.
TEAM = len(HEROES) // 2


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    if sport.draft is None:
        raise ValueError(f"{sport.name} has no draft")
    margin = pl.col("home_score") - pl.col("away_score")
    won = margin * pl.when(pl.col("team") == pl.col("home")).then(1).otherwise(-1)
    made = picks(tables, sport.draft).drop_nulls("team").with_columns((won.sign() + 1).alias("half_wins"))
    # A pick without a hero stays a fact, of nobody, so that one that is taken back leaves its hero again.
    named = pl.col("hero").fill_null("")
    rows = made.select(
        pl.concat_list(named, pl.col("team") + "|" + named).alias("entity"),
        pl.col("fixture").alias("key"),
        pl.col("fixture").alias("source"),
        pl.lit(0, pl.Int64).alias("sequence"),
        "event_at", "known_at", "batch", "half_wins",
    )  # fmt: skip
    return finish(rows.explode("entity"), VALUES)


@kernel
def fold_draft(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Count a hero's matches and half wins; return the row count. Row and carry: ``ROW``."""
    n_rows = 0
    for e in range(bounds.size - 1):
        state = carry[e]
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == FOLD:
                state[GAMES] += 1.0
                state[HALF_WINS] += values[args[t], 0]
            elif ops[t] == EMIT:
                rows[n_rows] = state
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
            else:
                state[:] = 0.0
    return n_rows


@kernel
def read_draft(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Compare the sums over both sides' heroes, and over what the teams themselves did with them."""
    # Games and half wins of the heroes, and of the teams' heroes, home first.
    sums = np.empty((2, 2, 2))
    for i in range(out.shape[0]):
        sums[:] = 0.0
        for role in range(found.shape[1]):
            if found[i, role] >= 0:
                side, own = (role // TEAM) % 2, role // (2 * TEAM)
                for c in range(2):
                    sums[own, side, c] += rows[found[i, role], c]
        out[i, :] = np.nan
        heroes, owned = sums[0], sums[1]
        if heroes[0, GAMES] == 0.0 or heroes[1, GAMES] == 0.0:
            continue
        out[i, 0] = record(heroes[0]) - record(heroes[1])
        out[i, 1] = (heroes[0, GAMES] - heroes[1, GAMES]) / (heroes[0, GAMES] + heroes[1, GAMES])
        out[i, 2] = (owned[0, GAMES] - owned[1, GAMES]) / TEAM
        out[i, 3] = record(owned[0]) - record(owned[1])


@kernel
def record(told: Floats) -> float:
    """Return the share of matches won, NaN where there was none."""
    return told[HALF_WINS] / (2.0 * told[GAMES]) if told[GAMES] > 0.0 else np.nan


def draft(sport: Sport) -> Group | None:
    """Return the group where rosters tell the picks."""
    if sport.draft is None:
        return None
    met = "null until heroes of both sides are told that somebody had before"

    def column(name: str, unit: str, formula: str, null: str = met) -> Column:
        return Column(
            name=f"draft.{name}.now.fixture", unit=unit, parity="odd", null=null, formula=formula, moment="close"
        )

    own = f"{met}, and where a team never had any of its own"
    return Group(
        name="draft",
        version=1,
        facts=_facts,
        values=VALUES,
        row=ROW,
        carry=len(ROW),
        fold=fold_draft,
        read=read_draft,
        roles=(*HEROES, *(f"own_{hero}" for hero in HEROES)),
        columns=(
            column("hero_win_rate", "share", "share of all matches before that its heroes won: home less away"),
            column("popularity", "share", "matches before of its heroes: (home - away) / (home + away)"),
            column("familiarity", "matches", "matches before of the team with its heroes, per hero: home less away"),
            column("comfort_win_rate", "share", "share of the team's own with its heroes won: home less away", own),
        ),
    )
