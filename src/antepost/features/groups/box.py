"""How a side plays: the rates of its box scores, and those it allows the other side.

Which rates a sport has is said in its own file (``Sport.rates``).
"""

from __future__ import annotations

import re

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import boxed, sides
from antepost.features.means import BETWEEN, SIDES, Mean, means
from antepost.sports import Sport
from antepost.sports.sport import Rate

OTHER = "opponent_"


def facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return two facts a game: a side's score and box score, and its opponent's under ``opponent_`` names."""
    whole, decimal = sport.box_columns()
    games = tables["results"]
    return sides(boxed(games, tables[sport.box], whole, decimal), "home", "away", (*whole, *decimal))


def box(sport: Sport) -> Group | None:
    """Return the group where box scores are at hand."""
    if not sport.rates:
        return None
    own = [_mean(rate.name, rate, rate.of, rate.per, sport) for rate in sport.rates]
    allowed = [
        _mean(f"{rate.name}_allowed", rate, turned(rate.of), turned(rate.per), sport)
        for rate in sport.rates
        if rate.allowed
    ]
    return means(
        "box",
        (*own, *allowed),
        facts,
        version=2,
        null="null where a side has no game among those counted whose box score tells it",
    )


def _mean(name: str, rate: Rate, of: str, per: str, sport: Sport) -> Mean:
    roles = SIDES if rate.level else BETWEEN
    return Mean(name=name, unit=rate.unit, of=of, per=per, windows=(sport.lately,), roles=roles)


def turned(sql: str) -> str:
    """Return an expression as the other side sees it.

    >>> turned("2 * shots + opponent_saves")
    '2 * opponent_shots + saves'
    """

    def other(found: re.Match[str]) -> str:
        name = found[0]
        return {"points_for": "points_against", "points_against": "points_for"}.get(
            name, name.removeprefix(OTHER) if name.startswith(OTHER) else f"{OTHER}{name}"
        )

    return re.sub(r"[a-z_]\w*", other, sql)
