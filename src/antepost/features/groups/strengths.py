"""Attack and defence: what a side scores and keeps the other from scoring, in points a game, whoever it met.

Every score is expected to be the league's level, plus the attack, less the other side's defence, plus half the home
advantage; what is left over moves attack and defence by the sport's rate (a stochastic step down the squared error,
which is what Elo does with a result) and the league's level and home advantage by a smaller one. A new season takes
as much of the strengths as Elo keeps of a rating.

Source: Maher, Modelling association football scores, Statistica Neerlandica 36 (1982), for attack and defence; Lasek
and Gagolewski, Interpretable sports team rating models based on the gradient descent algorithm, Int. J. Forecasting
37 (2021), for learning them game by game.
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

# A league is a member too: what it holds are its level and its home advantage.
MEMBERS = (*SIDES, "league")
VALUES = ("season", "home_score", "away_score", "neutral")
LEVEL, HOME_ADVANTAGE, RATE, LEAGUE_RATE, KEEP = range(5)
ROW = ("attack_or_level", "defence_or_advantage", "season", "games")
ATTACK, DEFENCE, LAST, GAMES = range(4)
HOME, AWAY, LEAGUE = range(3)


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    frame = games(tables, sport)
    return finish(frame.drop_nulls("neutral"), VALUES, MEMBERS)


@kernel
def fold_strengths(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Fold scores into strengths; a side begins with 0, a league with the sport's level and home advantage."""
    return fold_ratings(ops, args, bounds, events, values, carry, rows, row_entity, row_known, params, 3, play)


@kernel
def play(state: Floats, fact: Floats, at: float, params: Floats) -> None:
    """Move two sides and their league by one game; one without a score moves nobody."""
    home, away, league = state[np.int64(fact[HOME])], state[np.int64(fact[AWAY])], state[np.int64(fact[LEAGUE])]
    season, home_score, away_score, neutral = fact[3], fact[4], fact[5], fact[6]
    if np.isnan(home_score) or np.isnan(away_score):
        return
    if league[GAMES] == 0.0:
        league[0], league[1] = params[LEVEL], params[HOME_ADVANTAGE]
    for which in (HOME, AWAY):
        side = state[np.int64(fact[which])]
        side[ATTACK] = standing(side[ATTACK], side[LAST], season, params[KEEP], 0.0)
        side[DEFENCE] = standing(side[DEFENCE], side[LAST], season, params[KEEP], 0.0)
    for which in (HOME, AWAY, LEAGUE):
        state[np.int64(fact[which]), LAST] = season
        state[np.int64(fact[which]), GAMES] += 1.0
    ground = 0.5 * league[1] * (1.0 - neutral)
    home_left = home_score - (league[0] + (home[ATTACK] - away[DEFENCE]) + ground)
    away_left = away_score - (league[0] + (away[ATTACK] - home[DEFENCE]) - ground)
    home[ATTACK] += params[RATE] * home_left
    home[DEFENCE] -= params[RATE] * away_left
    away[ATTACK] += params[RATE] * away_left
    away[DEFENCE] -= params[RATE] * home_left
    league[0] += params[LEAGUE_RATE] * 0.5 * (home_left + away_left)
    league[1] += params[LEAGUE_RATE] * (home_left - away_left) * (1.0 - neutral)


@kernel
def read_strengths(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read attack and defence of both sides as they stand this season, then the expected total and margin."""
    for i in range(out.shape[0]):
        out[i, :] = np.nan
        for side in (HOME, AWAY):
            if found[i, side] >= 0 and rows[found[i, side], GAMES] > 0.0:
                row = rows[found[i, side]]
                out[i, side] = standing(row[ATTACK], row[LAST], spine[i, SEASON], params[KEEP], 0.0)
                out[i, 2 + side] = standing(row[DEFENCE], row[LAST], spine[i, SEASON], params[KEEP], 0.0)
        if found[i, LEAGUE] >= 0 and rows[found[i, LEAGUE], GAMES] > 0.0:
            league = rows[found[i, LEAGUE]]
            ground = 0.5 * league[1] * (1.0 - spine[i, NEUTRAL])
            home = league[0] + (out[i, 0] - out[i, 3]) + ground
            away = league[0] + (out[i, 1] - out[i, 2]) - ground
            out[i, 4] = home + away
            if out.shape[1] > 5:
                out[i, 5] = home - away


def _column(name: str, unit: str, parity: Parity, formula: str) -> Column:
    null = "null before a side's first game"
    return Column(name=f"strengths.{name}", unit=unit, parity=parity, null=null, formula=formula)


def strengths(sport: Sport) -> Group | None:
    """Return the group, where a sport has the constants; the margin is left to pi-ratings or Massey's if any."""
    if sport.strengths is None:
        return None
    its, unit = sport.strengths, sport.score
    attack = f"{unit} scored beyond the league's level, given whom against; season_keep of it in a new season"
    defence = f"{unit} kept from others beyond the league's level, given whom; season_keep of it in a new season"
    columns = (
        *(_column(f"attack.now.{side}", unit, "swap", attack) for side in SIDES),
        *(_column(f"defence.now.{side}", unit, "swap", defence) for side in SIDES),
        _column("total.now.fixture", unit, "even", "twice the league's level + both attacks - both defences"),
        _column(
            "margin.now.fixture", unit, "odd",
            "home attack + defence - away attack - defence + home advantage unless neutral",
        ),
    )  # fmt: skip
    return Group(
        name="strengths",
        version=1,
        facts=_facts,
        values=VALUES,
        row=ROW,
        carry=2 * len(ROW),
        fold=fold_strengths,
        read=read_strengths,
        roles=MEMBERS,
        columns=columns[:-1] if sport.pi or sport.massey else columns,
        params=np.array([its.level, its.home_advantage, its.rate, its.league_rate, sport.elo.season_keep]),
        members=MEMBERS,
    )
