"""Elo ratings with margin of victory and home advantage, folded over all leagues of a sport, since clubs change league.

Source: https://fivethirtyeight.com/methodology/how-our-nfl-predictions-work/ (the constants stand in ``sports/``).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group, Parity
from antepost.features.facts import finish, revisions
from antepost.features.kernels import EMIT, FOLD, Floats, Integers, Ops
from antepost.features.spine import NEUTRAL, SEASON
from antepost.kernelcache import kernel
from antepost.sports import Sport

MEMBERS = ("home", "away")
VALUES = ("season", "margin", "neutral")
K, HOME_ADVANTAGE, KEEP, MEAN, SCALE = 0, 1, 2, 3, 4
ROW = ("rating", "season", "games")
_FIELDS = len(ROW)


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    listed = tables["fixtures"].with_columns(pl.col("neutral").fill_null(value=False))
    games = revisions(tables["results"], listed, ("neutral",))
    frame = games.select(
        pl.lit(sport.name).alias("entity"),
        pl.col("fixture").alias("key"),
        pl.col("fixture").alias("source"),
        pl.lit(0, pl.Int64).alias("sequence"),
        "event_at", "known_at", "batch", "season", "neutral", *MEMBERS,
        (pl.col("home_score") - pl.col("away_score")).alias("margin"),
    )  # fmt: skip
    # A result whose schedule entry is not known yet waits for it: nobody can say whose ground it was.
    return finish(frame.drop_nulls(VALUES), VALUES, MEMBERS)


def _params(sport: Sport) -> Floats:
    elo = sport.elo
    return np.array([elo.k, elo.home_advantage, elo.season_keep, elo.mean, elo.scale])


@kernel
def standing(rating: float, season: float, now: float, params: Floats) -> float:
    """Return a rating as it stands in season ``now``: drawn back to the mean once a new season has begun."""
    if season == now:
        return rating
    return params[KEEP] * rating + (1.0 - params[KEEP]) * params[MEAN]


@kernel
def fold_elo(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Fold results into ratings; a row for each side whose rating changed at an instant; return the row count.

    Carry: (rating, season, games) of every side, then the same as last published. A side without games has
    season 0. Row: rating, season, games.
    """
    n_rows = 0
    sides = carry.shape[1] // (2 * _FIELDS)
    played = np.empty((values.shape[0], 2), np.int64)
    earlier = np.empty((values.shape[0], 2 * _FIELDS))
    touched = np.empty(sides, np.int64)
    waiting = np.zeros(sides, np.bool_)
    for e in range(bounds.size - 1):
        state = carry[e].reshape(sides, 2 * _FIELDS)
        depth = moved = 0
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == EMIT:
                for i in range(moved):
                    side = touched[i]
                    waiting[side] = False
                    if (state[side, :_FIELDS] != state[side, _FIELDS:]).any():
                        rows[n_rows] = state[side, :_FIELDS]
                        state[side, _FIELDS:] = state[side, :_FIELDS]
                        row_entity[n_rows] = side
                        row_known[n_rows] = args[t]
                        n_rows += 1
                moved = 0
                continue
            if ops[t] == FOLD:
                fact = values[args[t]]
                for which in range(2):
                    played[depth, which] = np.int64(fact[which])
                    earlier[depth, which * _FIELDS : (which + 1) * _FIELDS] = state[played[depth, which], :_FIELDS]
                play(state, fact, params)
                depth += 1
                last = depth - 1
            else:
                depth -= 1
                last = depth
                for which in range(2):
                    state[played[last, which], :_FIELDS] = earlier[last, which * _FIELDS : (which + 1) * _FIELDS]
            for which in range(2):
                side = played[last, which]
                if not waiting[side]:
                    waiting[side] = True
                    touched[moved] = side
                    moved += 1
    return n_rows


@kernel
def play(now: Floats, fact: Floats, params: Floats) -> None:
    """Move the two sides' ratings by one game."""
    home, away = np.int64(fact[0]), np.int64(fact[1])
    season, margin, neutral = fact[2], fact[3], fact[4]
    for side in (home, away):
        if now[side, 2] == 0.0:
            now[side, 0] = params[MEAN]
        else:
            now[side, 0] = standing(now[side, 0], now[side, 1], season, params)
        now[side, 1] = season
        now[side, 2] += 1.0
    edge = now[home, 0] - now[away, 0] + params[HOME_ADVANTAGE] * (1.0 - neutral)
    score = 1.0 if margin > 0.0 else (0.5 if margin == 0.0 else 0.0)
    winner_edge = edge if margin > 0.0 else (-edge if margin < 0.0 else 0.0)
    weight = np.log(max(abs(margin), 1.0) + 1.0) * 2.2 / (winner_edge * 0.001 + 2.2)
    shift = params[K] * weight * (score - 1.0 / (1.0 + np.exp(-edge * np.log(10.0) / params[SCALE])))
    now[home, 0] += shift
    now[away, 0] -= shift


@kernel
def read_elo(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read both ratings as they stand this season, and the log-odds with home advantage."""
    for i in range(out.shape[0]):
        for side in range(2):
            out[i, side] = np.nan
            if found[i, side] >= 0 and rows[found[i, side], 2] > 0.0:
                row = rows[found[i, side]]
                out[i, side] = standing(row[0], row[1], spine[i, SEASON], params)
        edge = out[i, 0] - out[i, 1] + params[HOME_ADVANTAGE] * (1.0 - spine[i, NEUTRAL])
        out[i, 2] = edge * np.log(10.0) / params[SCALE]


def _column(name: str, unit: str, parity: Parity, formula: str) -> Column:
    return Column(name=f"elo.{name}", unit=unit, parity=parity, null="null before a team's first game", formula=formula)


_RATING = "rating after the last game; once a new season has begun, season_keep of it and the rest of the mean"


def elo(sport: Sport) -> Group:
    """Return the group; every sport has it."""
    return Group(
        name="elo",
        version=2,
        facts=_facts,
        values=VALUES,
        row=ROW,
        carry=2 * _FIELDS,
        fold=fold_elo,
        read=read_elo,
        roles=("home", "away"),
        columns=(
            _column("rating.now.home", "elo", "swap", _RATING),
            _column("rating.now.away", "elo", "swap", _RATING),
            _column(
                "logit.now.fixture", "log-odds", "odd", "(home - away + home advantage unless neutral) ln 10 / scale"
            ),
        ),
        params=_params(sport),
        members=MEMBERS,
    )
