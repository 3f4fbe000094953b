"""Games told as they went: a side's gold by the minute, a map round by round; with the true chance at every moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from antepost.simulation.laws import NOT_PLAYED, Flags, Played, Whole
from antepost.simulation.races import Race, normal
from antepost.simulation.season import MINUTE, Games, Truth

SHORTEST, USUAL, LONGEST = 20, 38, 60
"""Minutes of a match."""
GOLD_A_MINUTE, LEAD_A_MINUTE, EXPERIENCE_A_GOLD = 1900, 900, 1.2
ROUND_SECONDS = 100
BROADCAST = 2 * MINUTE
_MONEY = (800, 16_000, 3250, 1900)
_REASONS = ("elimination", "explosion", "defusal", "time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Rows of what was to be seen, and of the truth: fixture, moment (minute or rounds played), home."""

    rows: pl.DataFrame
    truth: pl.DataFrame


def minutes(dice: np.random.Generator, fixtures: pl.Series, games: Games, truth: Truth, played: Played) -> Told:
    """Return both sides' gold, experience and kills after each minute, a row a minute.

    The lead in gold is a Brownian path with the match's edge as its drift; who leads at the end wins, so that the
    chance at any minute is known to whoever knows edge and length.
    """
    n = len(games)
    length = dice.normal(USUAL, 7.0, n).clip(SHORTEST, LONGEST).astype(np.int64)
    steps = np.arange(1, LONGEST + 1)
    walk = np.cumsum(dice.standard_normal((n, LONGEST)), axis=1)
    ended = np.take_along_axis(walk, length[:, None] - 1, axis=1)
    part = steps / length[:, None]
    # A bridge from nothing to the final lead, which the law has drawn.
    lead = walk - part * ended + part * np.sqrt(length)[:, None] * played.course
    left = np.sqrt(np.maximum(1.0 - part, 1e-12))
    chance = normal((lead / np.sqrt(length)[:, None] + truth.edge[:, None] * (1.0 - part)) / left)
    game, minute = np.nonzero(steps[None, :] <= length[:, None])
    both = GOLD_A_MINUTE * steps[minute]
    ahead = np.rint(LEAD_A_MINUTE * lead[game, minute]).astype(np.int64)
    # Nobody has less gold than nothing; early leads are small beside what both have.
    ahead = np.clip(ahead, -both, both)
    share = np.minimum(part[game, minute], 1.0)
    rows = pl.DataFrame(
        {
            "fixture": fixtures.gather(game),
            "minute": steps[minute],
            "home_gold": both + ahead,
            "away_gold": both - ahead,
            "home_experience": np.rint(EXPERIENCE_A_GOLD * (both + ahead)).astype(np.int64),
            "away_experience": np.rint(EXPERIENCE_A_GOLD * (both - ahead)).astype(np.int64),
            "home_kills": np.floor(played.home[game] * share).astype(np.int64),
            "away_kills": np.floor(played.away[game] * share).astype(np.int64),
            "seen_at": games.start[game] + MINUTE * steps[minute] + BROADCAST,
        }
    )
    going = steps[minute] < length[game]
    told = {
        "fixture": fixtures.gather(game[going]),
        "moment": steps[minute][going],
        "home": chance[game, minute][going],
    }
    return Told(rows=rows, truth=pl.DataFrame(told))


def map_rounds(dice: np.random.Generator, fixtures: pl.Series, games: Games, truth: Truth, played: Played) -> Told:
    """Return each round as it began and as it ended, a row a round, with both sides' money and players left."""
    law = truth.law
    if not isinstance(law, Race):
        raise TypeError(f"{law} is no race, and has no rounds")
    won = played.course
    game, number = np.nonzero(won != NOT_PLAYED)
    home_won = won[game, number] == 1.0
    score = np.cumsum(np.where(won == NOT_PLAYED, 0.0, won), axis=1).astype(np.int64)
    before_home = score[game, number] - home_won
    before_away = number - before_home
    half = law.target - 1
    swapped = np.where(number < 2 * half, number // half, number) + games.home[game]
    home_ct = swapped % 2 == 0
    least, most, win, loss = _MONEY
    base = dice.integers(least, win + loss, (len(game), 2)) * np.where(number % half == 0, 0, 1)[:, None] + 5 * least
    survivors = dice.integers(1, 6, len(game))
    begun = games.start[game] + number * ROUND_SECONDS
    rows = pl.DataFrame(
        {
            "fixture": fixtures.gather(game),
            "round": number + 1,
            "home_role": np.where(home_ct, "ct", "t"),
            "home_score": before_home,
            "away_score": before_away,
            "home_money": np.minimum(base[:, 0], 5 * most),
            "away_money": np.minimum(base[:, 1], 5 * most),
            "home_alive": np.where(home_won, survivors, 0),
            "away_alive": np.where(home_won, 0, survivors),
            "winner": np.where(home_won, "home", "away"),
            "reason": np.array(_REASONS)[_reason(dice, home_won == home_ct)],
            "begun_at": begun + BROADCAST,
            "seen_at": begun + ROUND_SECONDS + BROADCAST,
        }
    )
    ahead = law.ahead(truth.edge)
    regular = number <= 2 * half
    told = pl.DataFrame(
        {
            "fixture": fixtures.gather(game[regular]),
            "moment": number[regular],
            "home": ahead[game[regular], before_home[regular], before_away[regular]],
        }
    )
    return Told(rows=rows, truth=told)


def _reason(dice: np.random.Generator, ct_won: Flags) -> Whole:
    """Return how each round was won: the terrorists' bomb explodes, the others defuse it or the time runs out."""
    drawn = dice.random(len(ct_won))
    special = np.where(ct_won, np.where(drawn < 0.85, 2, 3), 1)
    return np.where(drawn < 0.65, 0, special).astype(np.int64)
