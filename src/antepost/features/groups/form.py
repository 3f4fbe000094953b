"""How a team has been doing: margin, wins and points over its last 3, 5, 10, 20 games and this season."""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group, no_params
from antepost.features.facts import finish, sides
from antepost.features.kernels import WINDOWS, Floats, Integers, fold_windows, window_carry, window_row
from antepost.kernelcache import kernel
from antepost.sports import Sport

STATISTICS = ("points_for", "points_against", "half_wins")
SEASON = "season"
_NULL = "null before the entity's first game of the window"


def _facts(tables: Facts, _: Sport) -> pl.DataFrame:
    return finish(sides(tables["results"], "home", "away"), (SEASON, *STATISTICS))


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
            base = side * 14
            if found[i, side] < 0:
                out[i, base : base + 14] = np.nan
                out[i, base + 13] = 0.0
                continue
            row = rows[found[i, side]]
            for w in range(4):
                n, margin, wins, scored, conceded = window_means(row, 6 + 4 * w)
                out[i, base + w] = margin
                if w >= 1:
                    out[i, base + 3 + w] = wins
                if w == 1 or w == 2:
                    out[i, base + 6 + w] = scored
                    out[i, base + 8 + w] = conceded
            n, margin, wins, scored, conceded = window_means(row, 2)
            if row[0] != spine[i, 2]:
                n, margin, wins = 0.0, np.nan, np.nan
            out[i, base + 11] = margin
            out[i, base + 12] = wins
            out[i, base + 13] = n


def _columns(side: str) -> tuple[Column, ...]:
    def mean(name: str, window: object, unit: str, formula: str) -> Column:
        return Column(name=f"form.{name}.{window}.{side}", unit=unit, parity="swap", null=_NULL, formula=formula)

    margins = [mean("margin", w, "points", "mean of points for minus points against") for w in WINDOWS]
    wins = [mean("win_rate", w, "share", "(wins + ties / 2) / games") for w in WINDOWS[1:]]
    scored = [mean("points_for", w, "points", "mean of points for") for w in (5, 10)]
    conceded = [mean("points_against", w, "points", "mean of points against") for w in (5, 10)]
    season = [
        mean("margin", SEASON, "points", "mean margin in this season's games"),
        mean("win_rate", SEASON, "share", "(wins + ties / 2) / games of this season"),
        Column(
            name=f"form.games.season.{side}", unit="games", parity="swap", null="never",
            formula="games finished this season",
        ),
    ]  # fmt: skip
    return (*margins, *wins, *scored, *conceded, *season)


FORM = Group(
    name="form",
    version=1,
    sports=frozenset({"nfl"}),
    facts=_facts,
    values=(SEASON, *STATISTICS),
    row=window_row(STATISTICS),
    carry=lambda _: window_carry(len(STATISTICS)),
    fold=fold_windows,
    read=read_form,
    roles=("home", "away"),
    columns=(*_columns("home"), *_columns("away")),
    params=no_params,
)
