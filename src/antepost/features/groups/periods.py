"""When in a game a side scores: quarters, halves and innings, leads kept and lost, games gone to overtime.

Which periods a sport counts together, and by which of the statistics it goes, is said in its own file
(``Sport.phases``). Periods are known with the result, unless a later load brought or corrected them.
"""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import Tally, revisions, sides, tallied
from antepost.features.means import BETWEEN, SIDES, Mean, means
from antepost.sports import Sport

NULL = "null where a side has no game among those counted of which the periods tell it"
_LED = "first_half > opponent_first_half"
_TRAILED = "first_half < opponent_first_half"
_SECOND = "(regular - first_half) - (opponent_regular - opponent_first_half)"


def flag(condition: str) -> str:
    """Return ``condition`` in SQL as 1 or 0, null where it cannot be told.

    >>> flag("a > b")
    'CAST((a > b) AS BIGINT)'
    """
    return f"CAST(({condition}) AS BIGINT)"


# By name: unit (the sport's own where empty), what is summed, over what, and of whom it is asked.
_STATISTICS = {
    "first_margin": ("", "first - opponent_first", "1", BETWEEN),
    "half_margin": ("", "first_half - opponent_first_half", "1", BETWEEN),
    "second_half_margin": ("", _SECOND, "1", BETWEEN),
    "late_margin": ("", "late - opponent_late", "1", BETWEEN),
    "half_leads": ("share", f"1 + {flag(_LED)} - {flag(_TRAILED)}", "2", BETWEEN),
    "comebacks": ("share", flag(f"{_TRAILED} AND half_wins = 2"), flag(_TRAILED), BETWEEN),
    "leads_lost": ("share", flag(f"{_LED} AND half_wins < 2"), flag(_LED), BETWEEN),
    "overtime": ("share", flag("extra > 0"), "1", BETWEEN),
    "half_total": ("", "first_half + opponent_first_half", "1", SIDES),
    "first_scoreless": ("share", flag("first + opponent_first = 0"), "1", SIDES),
    "scoreless": ("share", "scoreless", "periods", BETWEEN),
    "scored_in_each": ("share", flag("scoreless = 0"), "1", BETWEEN),
    "big": ("share", "big", "periods", BETWEEN),
    "periods_won": ("share", "half_periods", "2 * periods", BETWEEN),
}


def periods(sport: Sport) -> Group | None:
    """Return the group where the periods of a game sum to its score and are at hand."""
    phases = sport.phases
    if phases is None:
        return None
    regulation, half, late, big, least = phases.regulation, phases.half, phases.late, phases.big, sport.least_periods
    number = pl.col("period")

    def facts(tables: Facts, _: Sport) -> pl.DataFrame:
        """Return two facts a game, as each side saw it, with what it scored in which part."""
        tallies: dict[str, Tally] = {
            "first": lambda own, _: own * (number == 1),
            "first_half": lambda own, _: own * (number <= half),
            "regular": lambda own, _: own * (number <= regulation),
            "late": lambda own, _: own * number.is_between(late, regulation),
            "extra": lambda own, other: (own.is_not_null() | other.is_not_null()) & (number > regulation),
            "periods": lambda own, _: own.is_not_null() & (number <= regulation),
            "scoreless": lambda own, _: (own == 0) & (number <= regulation),
            "big": lambda own, _: (own >= big) & (number <= regulation),
            "half_periods": lambda own, other: (
                (1 + (own > other).cast(pl.Int64) - (own < other).cast(pl.Int64)) * (number <= regulation)
            ),
        }
        games = tables["results"]
        names = [f"{side}_{name}" for side in ("home", "away") for name in tallies]
        return sides(
            revisions(games, tallied(tables["periods"], tallies, least), tuple(names)), "home", "away", tuple(tallies)
        )

    declared = [
        Mean(name=name, unit=unit or sport.score, of=of, per=per, windows=(phases.window,), roles=roles)
        for name in phases.statistics
        for unit, of, per, roles in (_STATISTICS[name],)
    ]
    return means("periods", declared, facts, version=1, null=NULL)
