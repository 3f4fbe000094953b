"""How a side has fared against the closing line: by how much it beat the spread, and whether games went over the total.

The line of a past game is known history and no price of the game asked about, but still a price: from what a side won
by and how far it beat the line follows what the market thought of it. Set ``none`` promises no price of any kind, so
all columns are ``price=True`` and wait for the close with the others.
"""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import revisions, sides
from antepost.features.means import BETWEEN, Decay, Mean, means
from antepost.lake.asof import newest
from antepost.lake.schemas import TABLES
from antepost.sports import Sport

MICRO = 1_000_000
SPREADS = ("spread", "asian_handicap")
LINES = {"spread|home": "spread", "asian_handicap|home": "spread", "total|over": "total"}


def lines(prices: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    """Return each fixture's closing lines in millionths of a point, one row for every moment at which they changed.

    That is the newest line of the first ranked reference book that has one: those labelled as closing, and any other
    known before the start. They are of use once there is a result, so what was known before the start counts as
    known at the start. A line corrected later counts as corrected from then on.

    Columns: fixture, known_at, batch, home_spread, away_spread, home_total, away_total.
    """
    books = [(league, book, rank) for league, names in sport.reference_close.items() for rank, book in enumerate(names)]
    ranks = pl.DataFrame(books, schema=["league", "book", "rank"], orient="row")
    names = pl.DataFrame({"name": list(LINES), "stat": list(LINES.values())})
    named = prices.with_columns((pl.col("market") + "|" + pl.col("outcome")).alias("name"))
    quotes = named.join(names, on="name").join(ranks, on=["league", "book"])
    moments = quotes.select("fixture", pl.max_horizontal("known_at", "event_at").alias("moment")).unique()
    seen = moments.join(quotes, on="fixture").filter(pl.col("known_at") <= pl.col("moment"))
    loads = seen.group_by("fixture", "moment").agg(pl.col("batch").max())
    standing = newest(seen, ("moment", *TABLES["prices"].key))
    closed = (pl.col("label") == "close") | (pl.col("known_at") < pl.col("event_at"))
    last = (
        standing.filter(closed & pl.col("line").is_not_null())
        .sort("known_at", "label", "quoted_at", descending=True, nulls_last=True)
        .sort("rank", maintain_order=True)
        .unique(["fixture", "moment", "stat"], keep="first", maintain_order=True)
        .select("fixture", "moment", "stat", (pl.col("line") * MICRO).round().cast(pl.Int64))
    )
    for stat in ("spread", "total"):
        one = last.filter(pl.col("stat") == stat).select("fixture", "moment", pl.col("line").alias(stat))
        loads = loads.join(one, on=["fixture", "moment"], how="left")
    return loads.select(
        "fixture",
        pl.col("moment").alias("known_at"),
        "batch",
        pl.col("spread").alias("home_spread"),
        (-pl.col("spread")).alias("away_spread"),
        pl.col("total").alias("home_total"),
        pl.col("total").alias("away_total"),
    )


def facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return two facts a game, as each side saw it: its margin and the total, and how they stood to the line."""
    told = ("spread", "total")
    columns = tuple(f"{side}_{name}" for name in told for side in ("home", "away"))
    games = sides(revisions(tables["results"], lines(tables["prices"], sport), columns), "home", "away", told)
    margin = MICRO * (pl.col("points_for") - pl.col("points_against"))
    points = MICRO * (pl.col("points_for") + pl.col("points_against"))
    return games.with_columns(
        (margin - pl.col("spread")).alias("beyond_spread"), (points - pl.col("total")).alias("beyond_total")
    ).with_columns(
        (pl.col("beyond_spread").sign() + 1).alias("half_covers"),
        (pl.col("beyond_total").sign() + 1).alias("half_overs"),
    )


def closing(sport: Sport) -> Group | None:
    """Return the group where the reference books lay a spread; where they lay a total too, also what became of that."""
    if not {*SPREADS} & {*sport.lines}:
        return None
    spread = (
        Mean(name="cover", unit="share", of="half_covers", per="2", windows=(10,), roles=BETWEEN),
        Mean(name="spread", unit=sport.score, of="beyond_spread", per=f"{MICRO}", windows=(Decay(10),), roles=BETWEEN),
    )
    over = Mean(name="over", unit="share", of="half_overs", per="2", windows=(10,))
    return means(
        "closing",
        (*spread, *((over,) if "total" in sport.lines else ())),
        facts,
        version=3,
        null="null before the side's first game with such a closing line among those counted",
        price=True,
    )
