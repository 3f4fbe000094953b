"""What the heroes of this match have won so far, with everybody and with the team that picked them.

A match's own draft is known once it is over, a minute and a half before the horn, and asks what was known by then. The
entity is the sport; its members are heroes, a team's heroes, and a team's entry in a match, whose row holds the sums
over its five heroes. A result happens at the usual end of a match: a draft rests on matches that were over by then.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.drafts import pick_key, picks
from antepost.features.facts import finish
from antepost.features.kernels import Floats, Integers, Ops
from antepost.features.ratings import fold_ratings
from antepost.kernelcache import kernel
from antepost.sports import Sport

MEMBERS = ("hero", "own_hero", "entry")
VALUES = ("over", "half_wins")
# Of a hero, and of a team's hero, the first two; of an entry the sums over its heroes and its team's heroes.
ROW = ("games", "half_wins", "own_games", "own_half_wins", "picks")
GAMES, HALF_WINS, OWN_GAMES, OWN_HALF_WINS, PICKS = range(len(ROW))
ENTERED = 5.0


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    if sport.draft is None:
        raise ValueError(f"{sport.name} has no draft")
    rows = tables["rosters"].filter(pl.col("role").is_in(sport.draft.picks))
    made = rows.with_columns(
        pl.col("fixture").alias("match"),
        pick_key().alias("fixture"),
        pl.col("player").alias("hero"),
        pl.lit(0, pl.Int64).alias("over"),
        pl.lit(0, pl.Int64).alias("half_wins"),
    )
    margin = pl.col("home_score") - pl.col("away_score")
    won = margin * pl.when(pl.col("team") == pl.col("home")).then(1).otherwise(-1)
    over = picks(tables, sport.draft).with_columns(
        pl.lit(1, pl.Int64).alias("over"),
        (won.sign() + 1).alias("half_wins"),
        (pl.col("event_at") + sport.duration).alias("event_at"),
    )
    stamps = ("event_at", "known_at", "batch", "match", "team", "hero", "fixture", "over", "half_wins")
    facts = pl.concat([made.select(stamps), over.select(stamps)], how="vertical_relaxed")
    key = pl.col("fixture") + pl.when(pl.col("over") == 1).then(pl.lit("|over")).otherwise(pl.lit("|made"))
    return finish(
        facts.with_columns(
            pl.lit(sport.name).alias("entity"),
            key.alias("key"),
            key.alias("source"),
            pl.col("over").alias("sequence"),
            (pl.lit("hero ") + pl.col("hero")).alias("hero"),
            (pl.col("team") + "|" + pl.col("hero")).alias("own_hero"),
            (pl.col("match") + "|" + pl.col("team")).alias("entry"),
        ),
        VALUES,
        MEMBERS,
    )


@kernel
def fold_draft(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Fold picks and what came of them."""
    return fold_ratings(ops, args, bounds, events, values, carry, rows, row_entity, row_known, params, 3, pick)


@kernel
def pick(state: Floats, fact: Floats, at: float, params: Floats) -> None:
    """Add what a hero has done to the entry that picks it; once the match is over, add the match to the hero."""
    if fact[0] < 0.0 or fact[1] < 0.0 or fact[2] < 0.0:
        return
    hero, own, entry = state[np.int64(fact[0])], state[np.int64(fact[1])], state[np.int64(fact[2])]
    if fact[3] == 1.0:
        for member in (hero, own):
            member[GAMES] += 1.0
            member[HALF_WINS] += fact[4]
        return
    entry[GAMES] += hero[GAMES]
    entry[HALF_WINS] += hero[HALF_WINS]
    entry[OWN_GAMES] += own[GAMES]
    entry[OWN_HALF_WINS] += own[HALF_WINS]
    entry[PICKS] += 1.0


@kernel
def read_draft(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Compare both entries once each has its heroes."""
    for i in range(out.shape[0]):
        out[i, :] = np.nan
        if found[i, 0] < 0 or found[i, 1] < 0:
            continue
        home, away = rows[found[i, 0]], rows[found[i, 1]]
        if home[PICKS] != ENTERED or away[PICKS] != ENTERED:
            continue
        out[i, 0] = share_of(home, HALF_WINS, GAMES) - share_of(away, HALF_WINS, GAMES)
        both = home[GAMES] + away[GAMES]
        out[i, 1] = (home[GAMES] - away[GAMES]) / both if both > 0.0 else np.nan
        out[i, 2] = (home[OWN_GAMES] - away[OWN_GAMES]) / ENTERED
        out[i, 3] = share_of(home, OWN_HALF_WINS, OWN_GAMES) - share_of(away, OWN_HALF_WINS, OWN_GAMES)


@kernel
def share_of(entry: Floats, half_wins: int, games: int) -> float:
    """Return the share of matches won, NaN where there was none."""
    return entry[half_wins] / (2.0 * entry[games]) if entry[games] > 0.0 else np.nan


def draft(sport: Sport) -> Group | None:
    """Return the group where rosters tell the picks."""
    if sport.draft is None:
        return None
    drafted = "null until both have their five heroes"

    def column(name: str, unit: str, formula: str, null: str = drafted) -> Column:
        return Column(
            name=f"draft.{name}.now.fixture", unit=unit, parity="odd", null=null, formula=formula, moment="close"
        )

    return Group(
        name="draft",
        version=1,
        facts=_facts,
        values=VALUES,
        row=ROW,
        carry=2 * len(ROW),
        fold=fold_draft,
        read=read_draft,
        roles=("home_drafted", "away_drafted"),
        columns=(
            column(
                "hero_win_rate", "share", "share of all matches before that its heroes won: home less away",
                f"{drafted}, and where nobody ever had any of them",
            ),
            column(
                "popularity", "share", "matches before of its heroes: (home - away) / (home + away)",
                f"{drafted}, and where nobody ever had any of them",
            ),
            column("familiarity", "matches", "matches before of the team with its heroes, per hero: home less away"),
            column(
                "comfort_win_rate", "share", "share of the team's matches before with its heroes that it won: "
                "home less away", f"{drafted}, and where a team never had any of them",
            ),
        ),
        members=MEMBERS,
    )  # fmt: skip
