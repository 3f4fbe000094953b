"""How a team has been doing: margin, wins and points over its last 3, 5, 10, 20 games and this season."""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.facts import finish, sides
from antepost.features.kernels import (
    ROW_SEASON,
    ROW_SEASON_COUNT,
    WINDOWS,
    Floats,
    Integers,
    fold_windows,
    window_at,
    window_carry,
    window_row,
)
from antepost.features.spine import SEASON
from antepost.kernelcache import kernel
from antepost.sports import Sport

STATISTICS = ("points_for", "points_against", "half_wins")
VALUES = ("season", *STATISTICS)
FIRST_WINDOW, STRIDE = window_at(WINDOWS[0], len(STATISTICS)), 1 + len(STATISTICS)
WIDTH = 14


def _facts(tables: Facts, _: Sport) -> pl.DataFrame:
    return finish(sides(tables["results"], "home", "away"), VALUES)


@kernel
def window_means(row: Floats, at: int) -> tuple[float, float, float, float, float]:
    """Return (games, mean margin, win rate, mean points for, mean points against) of the window at ``at``."""
    n = row[at]
    if n == 0.0:
        return 0.0, np.nan, np.nan, np.nan, np.nan
    return n, (row[at + 1] - row[at + 2]) / n, row[at + 3] / (2.0 * n), row[at + 1] / n, row[at + 2] / n


@kernel
def read_form(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read the windows of both sides; last season's running means are not this season's."""
    for i in range(out.shape[0]):
        for side in range(2):
            base = side * WIDTH
            if found[i, side] < 0:
                out[i, base : base + WIDTH] = np.nan
                out[i, base + WIDTH - 1] = 0.0
                continue
            row = rows[found[i, side]]
            for w in range(len(WINDOWS)):
                n, margin, wins, scored, conceded = window_means(row, FIRST_WINDOW + STRIDE * w)
                out[i, base + w] = margin
                if w >= 1:
                    out[i, base + 3 + w] = wins
                if w == 1 or w == 2:
                    out[i, base + 6 + w] = scored
                    out[i, base + 8 + w] = conceded
            n, margin, wins, scored, conceded = window_means(row, ROW_SEASON_COUNT)
            if row[ROW_SEASON] != spine[i, SEASON]:
                n, margin, wins = 0.0, np.nan, np.nan
            out[i, base + 11] = margin
            out[i, base + 12] = wins
            out[i, base + 13] = n


def _columns(side: str) -> tuple[Column, ...]:
    def column(name: str, unit: str, null: str, formula: str) -> Column:
        return Column(name=f"form.{name}.{side}", unit=unit, parity="swap", null=null, formula=formula)

    def over(name: str, unit: str, formula: str, windows: tuple[int, ...]) -> list[Column]:
        null = "null before the team's first game"
        return [column(f"{name}.{w}", unit, null, f"{formula} over the last {w} games or fewer") for w in windows]

    fresh = "null before the team's first game of the season"
    return (
        *over("margin", "points", "mean of points for minus points against", WINDOWS),
        *over("win_rate", "share", "(wins + ties / 2) / games", WINDOWS[1:]),
        *over("points_for", "points", "mean of points for", WINDOWS[1:3]),
        *over("points_against", "points", "mean of points against", WINDOWS[1:3]),
        column("margin.season", "points", fresh, "mean of points for minus points against in this season's games"),
        column("win_rate.season", "share", fresh, "(wins + ties / 2) / games of this season"),
        column("games.season", "games", "never", "games finished this season"),
    )


def form(sport: Sport) -> Group:
    """Return the group; every sport has it."""
    return Group(
        name="form",
        version=1,
        facts=_facts,
        values=VALUES,
        row=window_row(STATISTICS),
        carry=window_carry(len(STATISTICS)),
        fold=fold_windows,
        read=read_form,
        roles=("home", "away"),
        columns=(*_columns("home"), *_columns("away")),
    )
