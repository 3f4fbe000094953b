"""Elo ratings with margin of victory and home advantage, folded once a league.

Source: https://fivethirtyeight.com/methodology/how-our-nfl-predictions-work/ (the constants stand in ``sports/``).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group, Parity
from antepost.features.facts import code, finish, revisions
from antepost.features.kernels import FOLD, RESET, Floats, Integers, Ops
from antepost.features.spine import NEUTRAL, SEASON
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("season", "home_code", "away_code", "margin", "neutral")
K, HOME_ADVANTAGE, KEEP, MEAN, SCALE = 0, 1, 2, 3, 4
ROW = ("rating", "season", "games")
_FIELDS = len(ROW)


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    games = revisions(tables["results"], tables["fixtures"], ("neutral",))
    frame = games.select(
        pl.col("league").alias("entity"),
        pl.col("fixture").alias("key"),
        pl.col("fixture").alias("source"),
        pl.lit(0, pl.Int64).alias("sequence"),
        "event_at", "known_at", "batch", "season", "neutral",
        code("home", sport.teams).alias("home_code"),
        code("away", sport.teams).alias("away_code"),
        (pl.col("home_score") - pl.col("away_score")).alias("margin"),
    )  # fmt: skip
    # A result whose schedule entry is not known yet waits for it: nobody can say whose ground it was.
    return finish(frame.drop_nulls(VALUES), VALUES)


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
    """Fold results into ratings; a row for each team whose rating changed at an instant; return the row count.

    Carry: (rating, season, games) of every team, then the same as last published. A team without games has
    season 0. Row: rating, season, games.
    """
    n_rows = 0
    for e in range(bounds.size - 1):
        teams = carry.shape[1] // (2 * _FIELDS)
        now = carry[e, : teams * _FIELDS].reshape(teams, _FIELDS)
        published = carry[e, teams * _FIELDS :].reshape(teams, _FIELDS)
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == RESET:
                now[:] = 0.0
            elif ops[t] == FOLD:
                play(now, values[args[t]], params)
            else:
                for team in range(teams):
                    same = True
                    for c in range(_FIELDS):
                        same = same and now[team, c] == published[team, c]
                    if not same:
                        rows[n_rows] = now[team]
                        published[team] = now[team]
                        row_entity[n_rows] = team
                        row_known[n_rows] = args[t]
                        n_rows += 1
    return n_rows


@kernel
def play(now: Floats, fact: Floats, params: Floats) -> None:
    """Move the two teams' ratings by one game."""
    season, margin, neutral = fact[0], fact[3], fact[4]
    home, away = np.int64(fact[1]), np.int64(fact[2])
    for team in (home, away):
        if now[team, 2] == 0.0:
            now[team, 0] = params[MEAN]
        else:
            now[team, 0] = standing(now[team, 0], now[team, 1], season, params)
        now[team, 1] = season
        now[team, 2] += 1.0
    edge = now[home, 0] - now[away, 0] + params[HOME_ADVANTAGE] * (1.0 - neutral)
    score = 1.0 if margin > 0.0 else (0.5 if margin == 0.0 else 0.0)
    winner_edge = edge if margin > 0.0 else (-edge if margin < 0.0 else 0.0)
    weight = np.log(max(abs(margin), 1.0) + 1.0) * 2.2 / (winner_edge * 0.001 + 2.2)
    shift = params[K] * weight * (score - 1.0 / (1.0 + np.exp(-edge * np.log(10.0) / params[SCALE])))
    now[home, 0] += shift
    now[away, 0] -= shift


@kernel
def read_elo(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read both ratings as they stand this season, their difference, and the log-odds with home advantage."""
    for i in range(out.shape[0]):
        for side in range(2):
            out[i, side] = np.nan
            if found[i, side] >= 0 and rows[found[i, side], 2] > 0.0:
                row = rows[found[i, side]]
                out[i, side] = standing(row[0], row[1], spine[i, SEASON], params)
        out[i, 2] = out[i, 0] - out[i, 1]
        edge = out[i, 2] + params[HOME_ADVANTAGE] * (1.0 - spine[i, NEUTRAL])
        out[i, 3] = edge * np.log(10.0) / params[SCALE]


def _column(name: str, unit: str, parity: Parity, formula: str) -> Column:
    return Column(name=f"elo.{name}", unit=unit, parity=parity, null="null before a team's first game", formula=formula)


_RATING = "rating after the last game; once a new season has begun, season_keep of it and the rest of the mean"

ELO = Group(
    name="elo",
    version=1,
    sports=frozenset({"nfl"}),
    facts=_facts,
    values=VALUES,
    row=ROW,
    carry=lambda sport: 2 * _FIELDS * len(sport.teams),
    fold=fold_elo,
    read=read_elo,
    roles=("home", "away"),
    columns=(
        _column("rating.now.home", "elo", "swap", _RATING),
        _column("rating.now.away", "elo", "swap", _RATING),
        _column("difference.now.fixture", "elo", "odd", "home rating minus away rating"),
        _column("logit.now.fixture", "log-odds", "odd", "(difference + home advantage unless neutral) ln 10 / scale"),
    ),
    params=_params,
    members=True,
)
