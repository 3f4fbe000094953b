"""How a player wins and loses sets: games, tie-breaks, first and deciding sets.

The periods of a match are its sets, and their scores are games. Only matches that were played out count: of a set in
which somebody retired nothing tells who would have won it.
"""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import Tally, revisions, sides, tallied
from antepost.features.groups.periods import flag
from antepost.features.means import BETWEEN, SIDES, Mean, means
from antepost.sports import Sport

NULL = "null where a side has no match among those counted that was played out and whose sets tell it"

_NUMBER = pl.col("period")
# A set that ends one game apart was decided by a tie-break, whatever the score at which it was played.
_TALLIES: dict[str, Tally] = {
    "sets_won": lambda own, other: own > other,
    "sets": lambda own, _: own.is_not_null(),
    "games": lambda own, _: own,
    "tie_breaks": lambda own, other: (own - other).abs() == 1,
    "tie_breaks_won": lambda own, other: own - other == 1,
    "first_set": lambda own, other: (own > other) & (_NUMBER == 1),
}
_WON, _FIRST, _OTHER = "half_wins = 2", "first_set = 1", "opponent_first_set = 1"
_DECIDED = "sets > 1 AND ABS(sets_won - opponent_sets_won) = 1 AND sets_won + opponent_sets_won = sets"


def facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return two facts a match, as each player saw it."""
    told = tallied(tables["periods"], _TALLIES, sport.least_periods)
    names = tuple(f"{side}_{name}" for side in ("home", "away") for name in _TALLIES)
    games = revisions(tables["results"], told, names)
    out = pl.col("ending").is_null() | (pl.col("ending") == "regulation")
    played = games.with_columns(pl.when(out).then(pl.col(name)).alias(name) for name in names)
    return sides(played, "home", "away", tuple(_TALLIES))


def sets(sport: Sport) -> Group | None:
    """Return the group where the periods of a match are sets."""
    if sport.sets is None:
        return None
    windows = (sport.sets.window,)
    shares = [
        ("games_won", "games", "games + opponent_games"),
        ("tie_breaks", "tie_breaks_won", "tie_breaks"),
        ("first_sets", "first_set", "first_set + opponent_first_set"),
        ("straight_sets", flag(f"{_WON} AND opponent_sets_won = 0"), flag(_WON)),
        ("deciding_sets", flag(f"{_DECIDED} AND {_WON}"), flag(_DECIDED)),
        ("comebacks", flag(f"{_OTHER} AND {_WON}"), flag(_OTHER)),
        ("leads_lost", flag(f"{_FIRST} AND half_wins = 0"), flag(_FIRST)),
    ]  # fmt: skip
    between = [
        Mean(name=name, unit="share", of=of, per=per, windows=windows, roles=BETWEEN) for name, of, per in shares
    ]
    length = Mean(
        name="games_per_set", unit="games", of="games + opponent_games", per="sets", windows=windows, roles=SIDES
    )
    return means("sets", (*between, length), facts, version=1, null=NULL)
