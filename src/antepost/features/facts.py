"""Moves table rows into the facts a group folds: joins of revised tables, retractions, codes. Computes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from antepost.features.kernels import Integers
from antepost.lake.asof import newest

LABELS = ("open", "early", "quote", "close")
"""In which order prices stand that are known from one instant on."""
MICRO = 1_000_000
"""How many parts a decimal of a publisher is counted in, so that it adds up in integers."""
STAMPS = ("entity", "key", "event_at", "sequence", "known_at", "batch", "live")


def numbered(column: pl.Series) -> tuple[tuple[str, ...], Integers]:
    """Return the names in ``column``, sorted, and the place of each value among them; keys may be numbers too."""
    if isinstance(column.dtype, pl.Enum):
        codes = column.to_physical().to_numpy()
        categories = column.dtype.categories
        met = np.zeros(len(categories), np.bool_)
        met[codes] = True
        return tuple(categories.filter(pl.Series(met)).to_list()), (np.cumsum(met) - 1)[codes]
    names = column.unique().sort()
    placed = places(column, names) if column.dtype == pl.String else names.search_sorted(column).to_numpy()
    return tuple(names.to_list()), placed.astype(np.int64, copy=False)


def ranks(column: pl.Series) -> Integers:
    """Return numbers in the order of the values in ``column``, which has no nulls; an Enum has them already."""
    if isinstance(column.dtype, pl.Enum):
        return column.to_physical().cast(pl.Int64).to_numpy(writable=True)
    return numbered(column)[1]


def codes(column: pl.Series, names: tuple[str, ...]) -> Integers:
    """Return the position of each value in ``names``, -1 for a stranger or null."""
    return places(column, pl.Series(names, dtype=pl.String))


def places(column: pl.Series, names: pl.Series) -> Integers:
    """Return the position of each value in ``names``, which are distinct, -1 for a stranger or null."""
    if names.is_empty():
        return np.full(len(column), -1, np.int64)
    coded = column.cast(pl.Enum(names), strict=False).to_physical().cast(pl.Int64)
    return coded.fill_null(-1).to_numpy()


def revisions(left: pl.DataFrame, right: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Return ``left`` with ``columns`` of ``right``, one row for every moment at which either changed.

    Both hold revisions by ``fixture``. A row stands from ``known_at`` on, the moment at which the newest of both
    was known; nothing is emitted before ``left`` has its first revision. Without a visible ``right`` the columns
    are null.
    """
    twice = pl.concat(frame["fixture"].filter(frame["fixture"].is_duplicated()) for frame in (left, right)).unique()
    beside = right.select("fixture", "known_at", pl.col("batch").alias("batch_right"), *columns)
    if twice.is_empty():
        return _once(left, beside, columns)
    revised = pl.col("fixture").is_in(twice.implode())
    several = _several(left.filter(revised), beside.filter(revised))
    once = _once(left.filter(~revised), beside.filter(~revised), columns)
    return pl.concat([once, several.select(once.columns)])


def _once(left: pl.DataFrame, right: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Return what ``revisions`` does, of fixtures that either frame has once at most."""
    joined = left.join(right.rename({"known_at": "moment"}), on="fixture", how="left", maintain_order="left")
    late = pl.col("moment") > pl.col("known_at")
    batch = pl.max_horizontal("batch", "batch_right")
    later = joined.filter(late).with_columns(batch, known_at="moment")
    hidden = [pl.when(~late).then(name).alias(name) for name in ("batch_right", *columns)]
    first = joined if later.is_empty() else joined.with_columns(hidden)
    return pl.concat([first.with_columns(batch), later]).drop("moment", "batch_right")


def _several(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    first = left.group_by("fixture").agg(pl.col("known_at").min().alias("first"))
    later = right.select("fixture", "known_at").join(first, on="fixture").filter(pl.col("known_at") > pl.col("first"))
    moments = pl.concat([left.select("fixture", "known_at"), later.select("fixture", "known_at")]).unique()
    moments = moments.rename({"known_at": "moment"})
    a = _newest(moments, left).drop("known_at")
    b = _newest(moments, right.rename({"batch_right": "batch"})).drop("known_at").rename({"batch": "batch_right"})
    joined = a.join(b, on=["fixture", "moment"], how="left")
    batch = pl.max_horizontal("batch", "batch_right")
    return joined.with_columns(batch.alias("batch")).drop("batch_right").rename({"moment": "known_at"})


def _newest(moments: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    seen = moments.join(table, on="fixture").filter(pl.col("known_at") <= pl.col("moment"))
    return newest(seen, ("fixture", "moment"))


def retract(facts: pl.DataFrame) -> pl.DataFrame:
    """Return ``facts`` with a tombstone for each fact that a later revision of its ``source`` no longer makes.

    ``source`` names the revised thing (a fixture). A quarterback corrected from A to B leaves A's history at the
    moment of the correction; without the tombstone A would keep the start for ever.
    """
    turns = facts.select("source", "known_at").unique().sort("source", "known_at")
    turns = turns.with_columns(pl.col("known_at").shift(-1).over("source").alias("next")).drop_nulls("next")
    ended = facts.join(turns, on=["source", "known_at"])
    still = facts.select("source", "entity", "key", pl.col("known_at").alias("next"), pl.lit(True).alias("kept"))
    gone = ended.join(still, on=["source", "entity", "key", "next"], how="left").filter(pl.col("kept").is_null())
    tombs = gone.with_columns(pl.col("next").alias("known_at"), pl.lit(False).alias("live"))
    return pl.concat([facts, tombs.select(facts.columns)])


def number(column: str) -> pl.Expr:
    """Return ``column`` (names) as numbers by which a kernel tells them apart: 48 bits of their SHA-256."""
    return pl.col(column).map_batches(_numbers, return_dtype=pl.Int64)


def _numbers(names: pl.Series) -> pl.Series:
    met = names.drop_nulls().unique()
    if met.is_empty():
        return pl.Series(names.name, [None] * names.len(), pl.Int64)
    numbers = [int.from_bytes(hashlib.sha256(name.encode()).digest()[:6]) for name in met]
    return names.replace_strict(met, pl.Series(numbers, dtype=pl.Int64), default=None, return_dtype=pl.Int64)


def label_order() -> pl.Expr:
    """Return the place of a price's label among ``LABELS``."""
    return pl.col("label").replace_strict(LABELS, range(len(LABELS)), return_dtype=pl.Int64)


def home_first() -> pl.Expr:
    """Return whether the home side's name comes first: which way a pair's signed values are turned."""
    return pl.col("home") < pl.col("away")


def pair_key() -> pl.Expr:
    """Return the entity that the two sides of a row make together, the same whoever plays at home."""
    home, away = pl.col("home"), pl.col("away")
    return pl.when(home_first()).then(home + "|" + away).otherwise(away + "|" + home)


def finish(frame: pl.DataFrame, values: tuple[str, ...], members: tuple[str, ...] = ()) -> pl.DataFrame:
    """Return the stamps, ``members`` (names) and ``values`` (as float64) of ``frame``, tombstones added.

    Without a ``source`` no fact is ever taken back: a revision of what it rests on is one of the same entity and key.
    """
    frame = frame.with_columns(pl.lit(True).alias("live"))
    if "source" not in frame.columns:
        return frame.select(*STAMPS, *members, *(pl.col(name).cast(pl.Float64) for name in values))
    told = frame.group_by("source").agg(pl.col("known_at").min().alias("first"), pl.col("known_at").max().alias("last"))
    revised = (told["first"] != told["last"]).any()
    kept = retract(frame) if revised else frame
    return kept.select(*STAMPS, *members, *(pl.col(name).cast(pl.Float64) for name in values))


def boxed(
    games: pl.DataFrame, scores: pl.DataFrame, whole: tuple[str, ...], decimal: tuple[str, ...] = ()
) -> pl.DataFrame:
    """Return revised ``games`` with the columns of both sides' box ``scores``, ``home_`` and ``away_`` before them.

    What a publisher gives as a ``decimal`` counts in millionths.
    """
    for side in ("home", "away"):
        told = scores.filter(pl.col("side") == side).select("fixture", "known_at", "batch", *counted(whole, decimal))
        names = {name: f"{side}_{name}" for name in (*whole, *decimal)}
        games = revisions(games, told.rename(names), tuple(names.values()))
    return games


def counted(whole: tuple[str, ...], decimal: tuple[str, ...]) -> tuple[pl.Expr, ...]:
    """Return columns as integers: those in whole units as they are, decimals in millionths."""
    return (
        *(pl.col(name).cast(pl.Int64) for name in whole),
        *((pl.col(name) * MICRO).round().cast(pl.Int64) for name in decimal),
    )


def sides(games: pl.DataFrame, home: str, away: str, box: tuple[str, ...] = ()) -> pl.DataFrame:
    """Return two rows a game, as each side saw it: ``entity`` from column ``home`` or ``away``, own points first.

    ``games`` are revised results. ``half_wins`` is 2 for a win, 1 for a tie, 0 for a loss, so that it adds up in
    integers. A player whom a source names on both sides of a game has two facts in it, which the sequence tells apart;
    else a game comes among those of its moment by its name, whoever was named first. Columns ``box``, of which
    ``games`` have ``home_`` and ``away_`` ones, become a side's own and ``opponent_``.
    """
    stamps = ["fixture", "event_at", "known_at", "batch", "season"]

    def side(sequence: int, entity: str, own: str, other: str) -> pl.DataFrame:
        us, them = ("home", "away") if sequence == 0 else ("away", "home")
        won = pl.when(pl.col(own) > pl.col(other)).then(2).when(pl.col(own) == pl.col(other)).then(1).otherwise(0)
        return games.select(
            *stamps,
            pl.col(entity).alias("entity"),
            pl.col("fixture").alias("key"),
            pl.col("fixture").alias("source"),
            pl.when(pl.col(home) == pl.col(away)).then(sequence).otherwise(0).cast(pl.Int64).alias("sequence"),
            pl.col(own).alias("points_for"),
            pl.col(other).alias("points_against"),
            won.alias("half_wins"),
            *(pl.col(f"{us}_{name}").alias(name) for name in box),
            *(pl.col(f"{them}_{name}").alias(f"opponent_{name}") for name in box),
        )

    both = pl.concat([side(0, home, "home_score", "away_score"), side(1, away, "away_score", "home_score")])
    return both.drop_nulls("entity")


Tally = Callable[[pl.Expr, pl.Expr], pl.Expr]
"""What a period counts for a side, from its own score and the other's: a whole number."""


def tallied(periods: pl.DataFrame, tallies: Mapping[str, Tally], least: int) -> pl.DataFrame:
    """Return sums over the periods of each game, a row for every moment at which a period was told or corrected.

    Of each tally there is a ``home_`` and an ``away_`` column. A tally may ask for the number of the ``period``; a
    period that is told of one side only, as a last inning that needs no home half, has a null for the other. A game
    counts once the first ``least`` periods are told of both sides.

    Columns: fixture, known_at, batch, and the tallies, int64.
    """
    moments = periods.select("fixture", pl.col("known_at").alias("moment")).unique()
    seen = moments.join(periods, on="fixture").filter(pl.col("known_at") <= pl.col("moment"))
    told = newest(seen, ("fixture", "moment", "side", "period"))
    home, away = (pl.col("score").filter(pl.col("side") == side).first().alias(side) for side in ("home", "away"))
    both = told.group_by("fixture", "moment", "period").agg(home, away, pl.col("batch").max())
    own, other = pl.col("home"), pl.col("away")
    counts = {
        "whole": (pl.col("period") <= least) & own.is_not_null() & other.is_not_null(),
        **{f"home_{name}": tally(own, other) for name, tally in tallies.items()},
        **{f"away_{name}": tally(other, own) for name, tally in tallies.items()},
    }
    each = both.select("fixture", "moment", "batch", *(count.cast(pl.Int64).alias(n) for n, count in counts.items()))
    games = each.group_by("fixture", "moment").agg(pl.col("batch").max(), pl.col(*counts).sum())
    return games.filter(pl.col("whole") == least).drop("whole").rename({"moment": "known_at"})
