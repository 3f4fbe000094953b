"""The tiny world told of any sport, in its own words: all that its features are made of, and all of it invented.

Who met whom, when, and how it ended is the tiny world's, with its ties, moved games, late and corrected facts. What a
sport counts beside is drawn by a seed, now and then not told, and some of it counted anew by a later load.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import numpy as np
import polars as pl

from antepost.lake.schemas import table_of
from antepost.sports import Sport
from tests import esports, worlds
from tests.worlds import Tables

PUBLISHED = ("average", "maximum")
"""Books that are none: what a publisher makes of all of them."""


def tables_of(sport: Sport, seed: int = 3) -> Tables:
    """Return the tables of the tiny world as those of ``sport``."""
    told = esports.tiny_tables() if sport.draft or sport.maps else worlds.tiny_tables()
    men = told["player_stats"]
    league = next(iter(sport.reference_close))
    tables = {name: frame.with_columns(league=pl.lit(league), sport=pl.lit(sport.name)) for name, frame in told.items()}
    if not (sport.draft or sport.maps):
        tables["fixtures"] = _staged(tables["fixtures"], sport)
    tables["prices"] = _priced(tables["prices"], sport)
    tables["officials"] = tables["officials"].with_columns(role=pl.lit(sport.referee))
    tables["venues"] = tables["venues"].with_columns(pl.col("surface").replace("fieldturf", sport.surfaces[:1] or None))
    tables["rosters"] = tables["rosters"].with_columns(pl.col("role").str.replace("_qb$", f"_{sport.starter}"))
    if sport.rates or sport.whistled:
        tables[sport.box] = boxed(tables, sport, seed)
    if sport.score == "goals":
        low = (pl.col("home_score") % 4, pl.col("away_score") % 3)
        tables["results"] = tables["results"].with_columns(*low)
    if sport.starter_rows == ("G",):
        tables["player_stats"] = _skaters(men, sport, league)
    if sport.batting:
        tables["rosters"] = pl.concat([tables["rosters"], _orders(men, sport, league)])
    return tables


def _staged(fixtures: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    """Return ``fixtures`` at the first stage of a competition, and every sixth round at its last."""
    number = pl.col("fixture").str.slice(5, 2).cast(pl.Int32)
    return fixtures.with_columns(
        pl.when(number % 6 == 4).then(pl.lit(sport.stages[-1])).otherwise(pl.lit(sport.stages[0])).alias("stage")
    )


def boxed(tables: Tables, sport: Sport, seed: int = 3) -> pl.DataFrame:
    """Return invented box scores of all that ``sport`` counts of a side: with gaps, and with corrections."""
    dice = np.random.default_rng(seed)
    results = tables["results"].filter(pl.col("batch") == 1)
    told = pl.concat(
        results.with_columns(
            pl.lit(side).alias("side"), *(pl.col(side).alias(name) for name in ("team", "player", "name")),
            pl.lit("singles").alias("role"),
        )
        for side in ("home", "away")
    )  # fmt: skip
    told = told.filter(pl.Series(dice.random(told.height) > 0.1))
    late = told.sample(fraction=0.2, seed=seed).with_columns(
        pl.col("known_at") + timedelta(days=9), pl.lit(2, pl.Int64).alias("batch")
    )
    rows = pl.concat([told, late])
    units = sport.player_stats if sport.box == "player_stats" else sport.team_stats
    for name, unit in units.items():
        figures = dice.normal(0.0, 9.0, rows.height) if unit == "value" else dice.integers(30, 60, rows.height)
        rows = rows.with_columns(
            pl.when(pl.Series(dice.random(rows.height) > 0.05)).then(pl.Series(figures)).alias(name)
        )
    return _shaped(rows, sport.box, sport)


def _shaped(rows: pl.DataFrame, table: str, sport: Sport) -> pl.DataFrame:
    schema = table_of(table, sport.name).schema
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in rows.columns]
    return rows.with_columns(missing).select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _priced(prices: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    """Return ``prices`` of the books and the markets that ``sport`` goes by, with a draw and an under where it has."""
    own = [book for books in sport.reference_close.values() for book in books if book not in PUBLISHED]
    books = dict(zip(("first", "second"), (*dict.fromkeys(own), "first", "second"), strict=False))
    markets = {"moneyline": sport.winner}
    if "asian_handicap" in sport.lines:
        markets["spread"] = "asian_handicap"
    told = prices.with_columns(pl.col("book").replace(books), pl.col("market").replace(markets))
    return pl.concat([told, *_drawn(told, sport)])


def _drawn(prices: pl.DataFrame, sport: Sport) -> Iterable[pl.DataFrame]:
    if sport.winner == "1x2":
        home = prices.filter((pl.col("market") == "1x2") & (pl.col("outcome") == "home"))
        yield home.with_columns(pl.lit("draw").alias("outcome"), pl.col("odds") * 1.2 + 1.5)


def _skaters(men: pl.DataFrame, sport: Sport, league: str) -> pl.DataFrame:
    """Return goalkeepers, forwards and defenders for the passers, and those of the line and behind it."""
    share = pl.coalesce("offense_snap_share", pl.lit(0.0)) + pl.coalesce("defense_snap_share", pl.lit(0.0))
    behind = pl.col("defense_snap_share") > 0
    skates = men.filter(pl.col("role") == "snaps").with_columns(
        pl.when(behind).then(pl.lit("D")).otherwise(pl.lit("C")).alias("role"),
        (share * 1200).round().alias("seconds"),
    )
    passer = (pl.col("role") == "offense") & (pl.col("pass_attempts") > 0)
    saves = pl.col("pass_attempts") - pl.col("sacks_suffered")
    keepers = men.filter(passer).with_columns(
        pl.lit("G").alias("role"), pl.lit(3600).alias("seconds"), saves.alias("saves"),
        pl.col("pass_attempts").alias("shots_against"), pl.col("sacks_suffered").alias("goals_against"),
    )  # fmt: skip
    rows = pl.concat([_shaped(skates, "player_stats", sport), _shaped(keepers, "player_stats", sport)])
    return rows.with_columns(league=pl.lit(league), sport=pl.lit(sport.name))


def _orders(men: pl.DataFrame, sport: Sport, league: str) -> pl.DataFrame:
    """Return who bats where, as announced ninety minutes before: the men of the line and behind it, in their order."""
    named = men.filter((pl.col("role") == "snaps") & (pl.col("batch") == 1)).sort("fixture", "side", "player")
    place = pl.int_range(1, pl.len() + 1).over("fixture", "side").cast(pl.String)
    orders = named.with_columns(
        pl.concat_str("side", pl.lit(sport.batting), place, separator="_").alias("role"),
        known_at=pl.col("event_at") - timedelta(minutes=90),
    )
    # A man fell out just before the start: another has his place.
    other = orders.filter(pl.col("fixture").str.slice(5, 2).cast(pl.Int32) % 4 == 1).unique(
        "fixture", keep="first", maintain_order=True
    )
    late = other.with_columns(
        player=pl.lit("snap-") + pl.col("team") + pl.lit("-1"), batch=pl.lit(2, pl.Int64),
        known_at=pl.col("event_at") - timedelta(minutes=30),
    )  # fmt: skip
    rows = pl.concat([orders, late]).with_columns(league=pl.lit(league), sport=pl.lit(sport.name))
    return _shaped(rows, "rosters", sport)
