"""Ideas for feature groups, as somebody would write them in a notebook: a sound one, and one that knows too much."""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.facts import sides
from antepost.features.kernels import Floats, Integers, fold_latest
from antepost.features.means import ALL, Mean, means
from antepost.kernelcache import kernel
from antepost.sports import Sport

CLOSE = 7


def close_games(tables: Facts, _: Sport) -> pl.DataFrame:
    """Return two facts a game, as each side saw it, and whether it was close at the end."""
    told = sides(tables["results"], "home", "away")
    margin = (pl.col("points_for") - pl.col("points_against")).abs()
    return told.with_columns((margin <= CLOSE).cast(pl.Int64).alias("close"))


def nerves(_: Sport) -> Group:
    """How often a side's games have been close at the end."""
    share = Mean(name="share", unit="share", of="close", windows=(9, ALL))
    return means("nerves", (share,), close_games, version=1, null="null before a side's first game")


def too_soon(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return the facts of close games, said to be known the day before they were played."""
    return close_games(tables, sport).with_columns((pl.col("event_at") - pl.duration(days=1)).alias("known_at"))


def oracle(_: Sport) -> Group:
    """Whether a side is about to win."""
    won = Mean(name="won", unit="share", of="half_wins", per="2", windows=(1,))
    return means("oracle", (won,), too_soon, version=1, null="null before a side's first game")


@kernel
def doubled(value: float) -> float:
    """Return twice the value."""
    return 2.0 * value


@kernel
def read_last(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Write twice the points of each side's last game."""
    for i in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[i, c] = doubled(rows[found[i, c], 0]) if found[i, c] >= 0 else float("nan")


def last_facts(tables: Facts, _: Sport) -> pl.DataFrame:
    """Return two facts a game with the points of each side."""
    stamped = sides(tables["results"], "home", "away").with_columns(pl.lit(value=True).alias("live"))
    return stamped.with_columns(pl.col("points_for").cast(pl.Float64))


def last_points(_: Sport) -> Group:
    """Twice the points of a side's last game, by a kernel of its own."""
    columns = tuple(
        Column(
            name=f"last_points.doubled.now.{side}", unit="points", parity="swap", null="before a side's first game",
            formula="twice the points of the last game",
        )
        for side in ("home", "away")
    )  # fmt: skip
    return Group(
        name="last_points", version=1, facts=last_facts, values=("points_for",), row=("points_for",), carry=1,
        fold=fold_latest, read=read_last, roles=("home", "away"), columns=columns,
    )  # fmt: skip
