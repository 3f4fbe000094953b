"""How a side plays: the rates of its box scores, and those it allows the other side.

Which rates a sport has is said in its own file (``Sport.rates``).
"""

from __future__ import annotations

import re

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import revisions, sides
from antepost.features.means import Mean, means
from antepost.sports import Sport

MICRO = 1_000_000
OTHER = "opponent_"


def facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return two facts a game: a side's score and box score, and its opponent's under ``opponent_`` names.

    What a publisher gives as a decimal counts in millionths, so that it adds up in integers.
    """
    whole, decimal = sport.box_columns()
    games = tables["results"]
    for side in ("home", "away"):
        told = tables[sport.box].filter(pl.col("side") == side).select(
            "fixture", "known_at", "batch",
            *(pl.col(name).cast(pl.Int64).alias(f"{side}_{name}") for name in whole),
            *((pl.col(name) * MICRO).round().cast(pl.Int64).alias(f"{side}_{name}") for name in decimal),
        )  # fmt: skip
        games = revisions(games, told, tuple(f"{side}_{name}" for name in (*whole, *decimal)))
    return sides(games, "home", "away", (*whole, *decimal))


def box(sport: Sport) -> Group | None:
    """Return the group where box scores are at hand."""
    if not sport.rates:
        return None
    own = [Mean(name=rate.name, unit=rate.unit, of=rate.of, per=rate.per, windows=rate.windows) for rate in sport.rates]
    allowed = [
        Mean(
            name=f"{rate.name}_allowed", unit=rate.unit, of=turned(rate.of), per=turned(rate.per), windows=rate.windows
        )
        for rate in sport.rates
        if rate.allowed
    ]  # fmt: skip
    null = (
        "null before the side's first game with a box score that tells it, over this season before the season's first"
    )
    return means("box", (*own, *allowed), facts, version=1, null=null)


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
