"""How the proofs disturb a world: planted corrections, an absurd future, sides changed about, a revision held back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from antepost.features.declaration import Facts
from antepost.lake.schemas import TABLES
from antepost.sports import Sport

# A planted kick-off comes before the result of the game is known, in the shortest of sports too.
MOVED = timedelta(hours=1)


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
    # What belongs to no fixture, as a ground, stays.
    return {
        name: frame.join(kept, on="fixture", how="semi") if "fixture" in TABLES[name].key else frame
        for name, frame in tables.items()
    }


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


def neutral(tables: Facts, fixture: str) -> Facts:
    """Return the tables with one fixture played where nobody is at home."""
    here = pl.col("fixture") == fixture
    frame = tables["fixtures"].with_columns((pl.col("neutral") | here).alias("neutral"))
    return {**tables, "fixtures": frame}


def turned(tables: Facts, fixture: str) -> Facts:
    """Return the tables with the sides of one fixture changed about in schedule, starters and prices."""
    here = pl.col("fixture") == fixture

    def swap(name: str, frame: pl.DataFrame, pairs: dict[str, str]) -> pl.DataFrame:
        return frame.with_columns(pl.when(here).then(pl.col(name).replace(pairs)).otherwise(pl.col(name)).alias(name))

    fixtures = tables["fixtures"].with_columns(
        pl.when(here).then(pl.col("away")).otherwise(pl.col("home")).alias("home"),
        pl.when(here).then(pl.col("home")).otherwise(pl.col("away")).alias("away"),
    )
    spread = here & pl.col("market").is_in(["spread", "asian_handicap"])
    prices = tables["prices"].with_columns(
        pl.when(spread).then(-pl.col("line")).otherwise(pl.col("line")).alias("line")
    )
    winner = pl.col("market").is_in(["moneyline", "1x2"])
    prices = pl.concat(
        [prices.filter(~winner), swap("outcome", prices.filter(winner), {"home": "away", "away": "home"})]
    )
    roles = {role: _other(role) for role in tables["rosters"]["role"].unique() if role != _other(role)}
    rosters = swap("role", tables["rosters"], roles)
    return {**tables, "fixtures": fixtures, "prices": prices, "rosters": rosters}


def _other(role: str) -> str:
    side, _, rest = role.partition("_")
    return {"home": f"away_{rest}", "away": f"home_{rest}"}.get(side, role)


def less_one(tables: Facts) -> Iterator[Facts]:
    """Yield ``tables`` without one revision; some revisions of every table have their turn."""
    for name, frame in tables.items():
        key = TABLES[name].key
        ordered = frame.sort(*key, "known_at", "batch").with_row_index("row")
        revised = ordered.filter(pl.col("row") > pl.col("row").min().over(key))
        for row in revised["row"].gather_every(max(1, revised.height // 4)):
            yield {**tables, name: ordered.filter(pl.col("row") != row).drop("row")}
