"""How the proofs disturb a world: planted corrections, an absurd future, sides changed about, a revision held back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from antepost.features.declaration import Facts
from antepost.lake.schemas import TABLES
from antepost.sports import Sport

# A planted kick-off comes before the result of the game is known, in the shortest of sports too.
MOVED = timedelta(hours=1)
_SIDES = {"home": "away", "away": "home"}


def excerpt(tables: Facts, sport: Sport, most: int) -> Facts:
    """Return whole seasons of the leagues in ``reference_close``, the newest first, of at most ``most`` fixtures.

    One season stays however large it is, and everything where that is no more than ``most``.
    """
    fixtures = tables["fixtures"].unique("fixture").select("fixture", "league", "season")
    if fixtures.height <= most:
        return tables
    priced = fixtures.filter(pl.col("league").is_in(list(sport.reference_close)))
    sizes = priced.group_by("league", "season").len().sort("season", "league", descending=[True, False])
    chosen = sizes.filter((pl.col("len").cum_sum() <= most) | (pl.int_range(pl.len()) == 0))
    kept = fixtures.join(chosen, on=["league", "season"], how="semi")
    # What belongs to no fixture, as a ground, stays; of a list only those who play.
    few = {
        name: frame.join(kept, on="fixture", how="semi") if "fixture" in TABLES[name].key else frame
        for name, frame in tables.items()
    }
    if "rankings" in few:
        sides = pl.concat(few["fixtures"][side].alias("player") for side in ("home", "away")).unique().to_frame()
        few["rankings"] = few["rankings"].join(sides, on="player", how="semi")
    return few


def corrected(tables: Facts, generator: np.random.Generator) -> Facts:
    """Return the tables with corrections planted: changed scores, a swapped starter, a moved kick-off, all later.

    A fifth of the later half of the results is corrected between one hour and ninety days after it was known, and
    another fifth becomes known up to ninety days late, after games that were played later.
    """
    results = tables["results"].sort("event_at")
    tail = results.tail(results.height // 2)
    chosen = tail.sample(fraction=0.2, seed=int(generator.integers(2**31)))
    batch = int(pl.concat(frame.select("batch") for frame in tables.values())["batch"].to_numpy().max()) + 1
    later = pl.Series(generator.integers(3_600, 90 * 86_400, chosen.height)) * 1_000_000
    scores = chosen.with_columns(
        (pl.col("known_at") + later.cast(pl.Duration("us"))).alias("known_at"),
        (pl.col("home_score") + 7).alias("home_score"),
        pl.lit(batch, pl.Int64).alias("batch"),
    )
    shifted = _later(tables["rosters"], chosen["fixture"], later, batch)
    swapped = shifted.with_columns(pl.col("player").reverse().alias("player"))
    moved = tables["fixtures"].join(chosen.select("fixture"), on="fixture", how="semi").sort("fixture", "known_at")
    moved = moved.unique("fixture", keep="last", maintain_order=True).with_columns(
        (pl.col("start") + MOVED).alias("start"),
        (pl.col("event_at") + MOVED).alias("event_at"),
        (pl.col("start") - timedelta(days=1)).alias("known_at"),
        pl.lit(batch, pl.Int64).alias("batch"),
    )
    slow = tail.join(chosen, on="fixture", how="anti")["fixture"].sample(
        fraction=0.2, seed=int(generator.integers(2**31))
    )
    planted = {**tables, "results": _slowed(tables["results"], slow, generator)}
    for name, rows in (("results", scores), ("rosters", swapped), ("fixtures", moved)):
        planted[name] = pl.concat([planted[name], rows.select(tables[name].columns)])
    return planted


def _later(table: pl.DataFrame, fixtures: pl.Series, later: pl.Series, batch: int) -> pl.DataFrame:
    delays = pl.DataFrame({"fixture": fixtures, "later": later.cast(pl.Duration("us"))})
    rows = table.join(delays, on="fixture").with_columns(
        (pl.col("known_at") + pl.col("later")).alias("known_at"), pl.lit(batch, pl.Int64).alias("batch")
    )
    return rows.select(table.columns)


def _slowed(results: pl.DataFrame, fixtures: pl.Series, generator: np.random.Generator) -> pl.DataFrame:
    # Hours as often as weeks.
    seconds = np.exp(generator.uniform(np.log(3_600), np.log(90 * 86_400), fixtures.len())).astype(np.int64)
    late = pl.Series(seconds * 1_000_000).cast(pl.Duration("us"))
    delays = pl.DataFrame({"fixture": fixtures, "late": late})
    joined = results.join(delays, on="fixture", how="left", maintain_order="left")
    known = pl.col("known_at") + pl.col("late").fill_null(timedelta())
    return joined.with_columns(known.alias("known_at")).drop("late")


def absurd(frame: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    """Return ``frame`` with every value changed that is known at ``moment`` or later; the stamps stay."""
    stamps = {"season", "event_at", "known_at", "batch", "sequence", "week"}
    changes: list[pl.Expr] = []
    future = pl.col("known_at") >= moment
    for name, dtype in frame.schema.items():
        if name in stamps:
            continue
        if name == "start":
            changes.append(pl.when(future).then(pl.col(name) - timedelta(hours=50)).otherwise(pl.col(name)).alias(name))
        elif dtype.is_numeric():
            changes.append(pl.when(future).then(pl.col(name) * 3 + 40).otherwise(pl.col(name)).cast(dtype).alias(name))
        elif dtype == pl.Boolean:
            changes.append(pl.when(future).then(~pl.col(name)).otherwise(pl.col(name)).alias(name))
    if {"home", "away"} <= set(frame.columns):
        for name, other in (("home", "away"), ("away", "home")):
            changes.append(pl.when(future).then(pl.col(other)).otherwise(pl.col(name)).alias(name))
    words = [name for name in ("player", "name", "venue", "roof", "surface") if name in frame.columns]
    changes += [pl.when(future).then(pl.lit("planted")).otherwise(pl.col(name)).alias(name) for name in words]
    return frame.with_columns(changes)


def retold(tables: Facts) -> Facts:
    """Return the tables with all that is said of each fixture said again, and wrongly, two days after its start."""
    batch = int(pl.concat(frame.select("batch") for frame in tables.values())["batch"].to_numpy().max()) + 1
    over = tables["fixtures"].group_by("fixture").agg((pl.col("start").max() + timedelta(days=2)).alias("known_at"))
    planted = dict(tables)
    for name, frame in tables.items():
        again = frame.drop("known_at").join(over, on="fixture").with_columns(pl.lit(batch, pl.Int64).alias("batch"))
        wrong = absurd(again.select(frame.columns), datetime.min.replace(tzinfo=UTC))
        planted[name] = pl.concat([frame, wrong])
    return planted


def neutral(tables: Facts, names: list[str]) -> Facts:
    """Return the tables with the fixtures called ``names`` played where nobody is at home."""
    here = pl.col("fixture").is_in(names)
    frame = tables["fixtures"].with_columns((pl.col("neutral") | here).alias("neutral"))
    return {**tables, "fixtures": frame}


def turned(tables: Facts, names: list[str]) -> Facts:
    """Return the tables with the sides of the fixtures called ``names`` changed about, in all that is told of them."""
    here = pl.col("fixture").is_in(names)
    roles = {role: _other(role) for role in tables["rosters"]["role"].unique()}

    def changes(frame: pl.DataFrame) -> Iterator[pl.Expr]:
        for name in frame.columns:
            if _other(name) != name and _other(name) in frame.columns:
                yield pl.when(here).then(_other(name)).otherwise(name).alias(name)
        if "side" in frame.columns:
            yield pl.when(here).then(pl.col("side").replace(_SIDES)).otherwise("side").alias("side")
        if "role" in frame.columns:
            yield pl.when(here).then(pl.col("role").replace(roles)).otherwise("role").alias("role")
        if "line" in frame.columns:
            spread = here & pl.col("market").is_in(["spread", "asian_handicap"])
            yield pl.when(spread).then(-pl.col("line")).otherwise("line").alias("line")
        if "outcome" in frame.columns:
            won = here & (pl.col("market").is_in(["moneyline", "1x2"]) if "market" in frame.columns else True)
            yield pl.when(won).then(pl.col("outcome").replace(_SIDES)).otherwise("outcome").alias("outcome")

    return {name: frame.with_columns(changes(frame)) for name, frame in tables.items()}


def _other(name: str) -> str:
    """Return the name of a role or a column as it is of the other side, or itself where it is of neither.

    >>> _other("home_starter"), _other("away"), _other("homely")
    ('away_starter', 'home', 'homely')
    """
    side, mark, rest = name.partition("_")
    return _SIDES.get(side, side) + mark + rest


def less_one(tables: Facts) -> Iterator[Facts]:
    """Yield ``tables`` without one revision; some revisions of every table have their turn."""
    for name, frame in tables.items():
        key = TABLES[name].key
        ordered = frame.sort(*key, "known_at", "batch").with_row_index("row")
        revised = ordered.filter(pl.col("row") > pl.col("row").min().over(key))
        for row in revised["row"].gather_every(max(1, revised.height // 4)):
            yield {**tables, name: ordered.filter(pl.col("row") != row).drop("row")}
