"""The spine: which fixtures, as of which moment, with the keys they had at that moment."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl

from antepost.errors import DataError
from antepost.features.declaration import Facts, require_moment
from antepost.features.facts import home_first, number, pair_key
from antepost.features.kernels import Floats
from antepost.lake.asof import before_start, settled, settled_rows, visible
from antepost.lake.schemas import TABLES
from antepost.sports import Sport
from antepost.sports.esports import Draft

NUMBERS = ("as_of", "start", "season", "neutral", "home_first", "home_number", "away_number", "fixture_number")
AS_OF, START, SEASON, NEUTRAL, HOME_FIRST, HOME_NUMBER, AWAY_NUMBER, FIXTURE_NUMBER = range(len(NUMBERS))
STARTERS = ("home_starter", "away_starter")
REFEREE = "referee"
ON_SURFACE = {f"{side}_on_surface": pl.col(side) + "@" + pl.col("surface") for side in ("home", "away")}
# The heroes of either side, in the order of their roles.
HEROES = tuple(f"{side}_hero_{n}" for side in ("home", "away") for n in range(1, 6))
# A ground in a month of the year.
CLIMATE = pl.col("venue") + "@" + pl.col("start").dt.month().cast(pl.String)
# Keys that follow from others and are not kept in the frame.
DERIVED = {
    "home_ground": pl.col("home") + "@home",
    "away_ground": pl.col("away") + "@away",
    **{f"{side}_entry": pl.col("fixture") + "|" + pl.col(side) for side in ("home", "away")},
    "competition": pl.col("league") + "|" + pl.col("season").cast(pl.String),
    "patch": pl.col("league") + "@patch",
    "climate": CLIMATE,
    "event": pl.col("league") + "@" + pl.col("venue"),
    **{f"{side}_on_maps": pl.col(side) + "@maps" for side in ("home", "away")},
    **{f"{side}_in_series": pl.col(side) + "@series" for side in ("home", "away")},
    **{f"{side}_at_event": pl.col(side) + "@" + pl.col("venue") for side in ("home", "away")},
    **{f"own_{hero}": pl.col(hero.partition("_")[0]) + "|" + pl.col(hero) for hero in HEROES},
    **ON_SURFACE,
}
BEFORE_START = {"close": timedelta(0), "T-1h": timedelta(hours=1), "T-24h": timedelta(hours=24)}


def spine(tables: Facts, sport: Sport, as_of: str | datetime | pl.DataFrame = "close") -> pl.DataFrame:
    """Return one row a fixture known at ``as_of``, with kick-off, sides and starters as they stood then.

    ``as_of`` is a named moment, one instant for all, or a frame (fixture, as_of). A fixture whose schedule entry
    was not yet known is left out; a moved one keeps its own clock: ``close`` is the start in the newest version
    known before that start, ``open`` just after its opening prices (``_opened``).

    Columns: fixture, league, season, week, stage, home, away, neutral, venue, start, as_of, surface (lower case, null
    until announced), pair, and home_starter, away_starter, referee (null throughout where a sport announces none);
    where a sport has drafts also ``HEROES``, null until they are told.

    Raises:
        DataError: the moment is unknown or not to be had for this sport, or the frame lacks a column.
    """
    prices = tables["prices"]
    tables = settled({name: tables[name] for name in ("fixtures", "rosters", "officials", "venues")})
    fixtures = tables["fixtures"]
    asked = _moments(fixtures, prices, sport, as_of)
    seen = visible(fixtures, ("fixture",), asked).join(asked, on="fixture")
    for column in STARTERS:
        seen = seen.join(_starters(tables, asked, sport, column), on="fixture", how="left")
    named = visible(tables["officials"].filter(pl.col("role") == sport.referee), ("fixture",), asked)
    seen = seen.join(named.select("fixture", pl.col("name").alias(REFEREE)), on="fixture", how="left")
    seen = seen.join(_surfaces(tables, asked), on="fixture", how="left").with_columns(pair_key().alias("pair"))
    result = seen.select(
        "fixture", "league", "season", "week", "stage", "home", "away", "neutral", "venue", "start", "as_of",
        "surface", "pair", *STARTERS, REFEREE,
    )  # fmt: skip
    if sport.draft is not None:
        drafted = _heroes(tables["rosters"], result, sport.draft)
        result = result.join(drafted, on="fixture", how="left")
    return result.sort("start", "fixture")


def _moments(
    fixtures: pl.DataFrame, prices: pl.DataFrame, sport: Sport, as_of: str | datetime | pl.DataFrame
) -> pl.DataFrame:
    if isinstance(as_of, pl.DataFrame):
        return _given(as_of)
    if isinstance(as_of, datetime):
        if as_of.tzinfo is None:
            raise DataError(f"as_of {as_of} has no time zone; give UTC")
        moment = pl.lit(as_of).cast(pl.Datetime("us", "UTC"))
        return fixtures.select("fixture").unique().with_columns(moment.alias("as_of"))
    require_moment(sport, as_of)
    return _opened(fixtures, prices, sport) if as_of == "open" else before_start(fixtures, BEFORE_START[as_of])


def _opened(fixtures: pl.DataFrame, prices: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    """Return (fixture, as_of): a microsecond after the first book's opening prices on who wins were all known.

    The first revision of each counts, so that a later one moves no moment. A game without an opening, or with one that
    was not known before its start, is left out.
    """
    ours = prices.filter((pl.col("market") == sport.winner) & (pl.col("label") == "open"))
    stood = settled_rows(ours, TABLES["prices"].key).filter(pl.col("odds") > 1.0)
    told = stood.group_by("fixture", "book", "outcome").agg(pl.col("known_at").min())
    books = told.group_by("fixture", "book").agg(pl.col("known_at").max(), pl.len().alias("outcomes"))
    priced = books.filter(pl.col("outcomes") == (3 if sport.winner == "1x2" else 2))
    first = priced.group_by("fixture").agg(pl.col("known_at").min().dt.offset_by("1us").alias("as_of"))
    starts = before_start(fixtures).rename({"as_of": "start"})
    return first.join(starts, on="fixture").filter(pl.col("as_of") < pl.col("start")).select("fixture", "as_of")


def _given(asked: pl.DataFrame) -> pl.DataFrame:
    moment = asked.schema.get("as_of")
    if asked.schema.get("fixture") != pl.String or not (isinstance(moment, pl.Datetime) and moment.time_zone):
        raise DataError(
            f"as_of is a frame of {dict(asked.schema)}; give one of fixture (text) and as_of (moments with a zone)"
        )
    twice = asked.filter(pl.col("fixture").is_duplicated())
    if not twice.is_empty():
        raise DataError(f"as_of names {twice['fixture'][0]} twice; ask for one moment a fixture")
    return asked.select("fixture", pl.col("as_of").cast(pl.Datetime("us", "UTC")))


def _starters(tables: Facts, asked: pl.DataFrame, sport: Sport, column: str) -> pl.DataFrame:
    rows = tables["rosters"].filter(pl.col("role") == column.replace("starter", sport.starter))
    return visible(rows, ("fixture",), asked).select("fixture", pl.col("player").alias(column))


def _heroes(rosters: pl.DataFrame, seen: pl.DataFrame, draft: Draft) -> pl.DataFrame:
    asked = seen.select("fixture", "as_of")
    made = visible(rosters.filter(pl.col("role").is_in(draft.picks)), ("fixture", "role"), asked).drop_nulls("player")
    own = made.join(seen.select("fixture", "home", "away"), on="fixture").sort("fixture", "role")
    sides = {side: own.filter(pl.col("team") == pl.col(side)) for side in ("home", "away")}
    lists = [
        frame.group_by("fixture").agg(
            pl.col("player").get(n - 1, null_on_oob=True).alias(f"{side}_hero_{n}") for n in range(1, 6)
        )
        for side, frame in sides.items()
    ]
    return seen.select("fixture").join(lists[0], on="fixture", how="left").join(lists[1], on="fixture", how="left")


def _surfaces(tables: Facts, asked: pl.DataFrame) -> pl.DataFrame:
    announced = visible(tables["venues"], ("fixture",), asked)
    return announced.select("fixture", pl.col("surface").str.to_lowercase())


def numbers(frame: pl.DataFrame, *, itself: bool = True) -> Floats:
    """Return the (fixtures, 8) matrix that ``read`` kernels see of the spine: columns ``NUMBERS``.

    The number of the fixture ``itself`` is NaN where nobody asks for it: there are as many to find as rows.
    """
    return np.ascontiguousarray(
        frame.select(
            pl.col("as_of").dt.epoch("us").cast(pl.Float64),
            pl.col("start").dt.epoch("us").cast(pl.Float64),
            pl.col("season").cast(pl.Float64),
            pl.col("neutral").fill_null(value=False).cast(pl.Float64),
            home_first().cast(pl.Float64),
            number("home").cast(pl.Float64).alias("home_number"),
            number("away").cast(pl.Float64).alias("away_number"),
            (number("fixture").cast(pl.Float64) if itself else pl.lit(np.nan)).alias("fixture_number"),
        ).to_numpy()
    )
