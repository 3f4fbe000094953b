"""Elo ratings with margin of victory and home advantage, folded over all leagues of a sport, since clubs change league.

Source: https://fivethirtyeight.com/methodology/how-our-nfl-predictions-work/ (the constants stand in ``sports/``).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group, Parity
from antepost.features.facts import finish
from antepost.features.kernels import Floats, Integers, Ops
from antepost.features.ratings import SIDES, fold_ratings, games, standing
from antepost.features.spine import NEUTRAL, SEASON
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("season", "margin", "neutral")
K, HOME_ADVANTAGE, KEEP, MEAN, SCALE = range(5)
ROW = ("rating", "season", "games")
RATING, LAST, GAMES = range(3)


def facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return a fact a game; a result whose schedule entry is not known yet waits for it."""
    frame = games(tables, sport)
    return finish(frame.drop_nulls(VALUES), VALUES, SIDES)


def constants(sport: Sport) -> Floats:
    """Return the sport's constants as the kernels read them."""
    elo = sport.elo
    return np.array([elo.k, elo.home_advantage, elo.season_keep, elo.mean, elo.scale])


@kernel
def fold_elo(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Fold results into ratings. A side without games has season 0."""
    return fold_ratings(ops, args, bounds, events, values, carry, rows, row_entity, row_known, params, 2, play)


@kernel
def play(state: Floats, fact: Floats, at: float, params: Floats) -> None:
    """Move the two sides' ratings by one game."""
    for which in range(2):
        begin(state[np.int64(fact[which])], fact[2], params)
    exchange(state, fact, params)


@kernel
def begin(side: Floats, season: float, params: Floats) -> None:
    """Let a side enter a game of ``season`` with the rating it has then."""
    if side[GAMES] == 0.0:
        side[RATING] = params[MEAN]
    else:
        side[RATING] = standing(side[RATING], side[LAST], season, params[KEEP], params[MEAN])
    side[LAST] = season
    side[GAMES] += 1.0


@kernel
def exchange(state: Floats, fact: Floats, params: Floats) -> None:
    """Move points from the side that did worse than expected to the other."""
    home, away = np.int64(fact[0]), np.int64(fact[1])
    margin, neutral = fact[3], fact[4]
    edge = state[home, RATING] - state[away, RATING] + params[HOME_ADVANTAGE] * (1.0 - neutral)
    score = 1.0 if margin > 0.0 else (0.5 if margin == 0.0 else 0.0)
    winner_edge = edge if margin > 0.0 else (-edge if margin < 0.0 else 0.0)
    weight = np.log(max(abs(margin), 1.0) + 1.0) * 2.2 / (winner_edge * 0.001 + 2.2)
    shift = params[K] * weight * (score - 1.0 / (1.0 + np.exp(-edge * np.log(10.0) / params[SCALE])))
    state[home, RATING] += shift
    state[away, RATING] -= shift


@kernel
def read_elo(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read both ratings as they stand this season, and the log-odds with home advantage."""
    for i in range(out.shape[0]):
        for side in range(2):
            out[i, side] = np.nan
            if found[i, side] >= 0 and rows[found[i, side], GAMES] > 0.0:
                row = rows[found[i, side]]
                out[i, side] = standing(row[RATING], row[LAST], spine[i, SEASON], params[KEEP], params[MEAN])
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
        facts=facts,
        values=VALUES,
        row=ROW,
        carry=2 * len(ROW),
        fold=fold_elo,
        read=read_elo,
        roles=SIDES,
        columns=(
            _column("rating.now.home", "elo", "swap", _RATING),
            _column("rating.now.away", "elo", "swap", _RATING),
            _column(
                "logit.now.fixture", "log-odds", "odd", "(home - away + home advantage unless neutral) ln 10 / scale"
            ),
        ),
        params=constants(sport),
        members=SIDES,
    )
