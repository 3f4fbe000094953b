"""What silver says, in the shape of the star: pure functions from tables of revisions to tables of what stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from antepost.errors import DataError
from antepost.lake.asof import newest

_STAMPS = ("known_at", "known_how", "batch")
SILVER = ("fixtures", "results", "prices")
"""The tables of silver that may be given from some load on: each fact replaces what was shown of it."""
STANDING = ("entities", "places")
"""The tables of silver that are always given whole: what they say is spread over the dimensions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A table of the star: the columns that name a row, and its other columns, named as in silver.

    A row that ``moves_by`` a moment is never replaced by one of an earlier moment, whichever was loaded last.
    """

    name: str
    key: tuple[str, ...]
    values: tuple[str, ...] = ()
    fact: bool = False
    moves_by: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns in the order in which they are copied."""
        return (*self.key, *self.values)

    @property
    def of_sport(self) -> bool:
        """Whether each row belongs to a sport; the calendar's belong to all."""
        return "sport" in self.key


_PERSON = ("name", "country", "born", "hand", "height")
_PLACE = ("name", "latitude", "longitude", "altitude", "timezone", "roof", "surface")
_FIXTURE = ("league", "season", "start", "date", "stage", "week", "home", "away", "neutral", "venue", "sequence")
_RESULT = ("home_score", "away_score", "overtime", "outcome", "ending")
_PRICE_KEY = ("sport", "fixture", "book", "market", "player", "outcome", "label")

DATE = Shape(name="date", key=("date",), values=("year", "month", "day", "iso_year", "iso_week", "weekday"))
LEAGUE = Shape(name="league", key=("sport", "league"))
BOOK = Shape(name="book", key=("sport", "book"))
PLAYER = Shape(name="player", key=("sport", "player"), values=_PERSON)
TEAM = Shape(name="team", key=("sport", "team"), values=("name", "country", "player"))
VENUE = Shape(name="venue", key=("sport", "venue"), values=_PLACE)
FIXTURE = Shape(name="fixture", key=("sport", "fixture"), values=(*_FIXTURE, *_STAMPS), fact=True)
RESULT = Shape(name="result", key=("sport", "fixture"), values=(*_RESULT, *_STAMPS), fact=True)
PRICE = Shape(
    name="price", key=_PRICE_KEY, values=("quoted_at", "line", "odds", *_STAMPS), fact=True, moves_by="quoted_at"
)

SHAPES = (DATE, LEAGUE, BOOK, PLAYER, TEAM, VENUE, FIXTURE, RESULT, PRICE)
"""Every table but those of sports and watermarks, in the order of their foreign keys."""

type Frames = dict[str, pl.DataFrame]


def shaped(sport: str, facts: Mapping[str, pl.DataFrame]) -> Frames:
    """Return the star's rows of ``sport`` by table: of each fact the newest revision, and the dimensions they need.

    Args:
        sport: the sport.
        facts: the tables of silver by name; those in ``SILVER`` from any load on, those in ``STANDING`` whole.

    Raises:
        DataError: a table or a column is missing.
    """
    stood = {name: _stood(name, facts, sport, key) for name, key in _KEYS.items()}
    entities, places = stood["entities"], stood["places"]
    fixture = stood["fixtures"].with_columns(pl.col("start").dt.date().alias("date"))
    price = _last_quotes(stood["prices"].with_columns(pl.col("player").fill_null("")))
    frames = {
        "date": _calendar(fixture["date"]),
        "league": fixture.select("sport", "league").unique(),
        "book": price.select("sport", "book").unique(),
        "player": _players(sport, entities, price["player"]),
        "team": _teams(sport, entities, pl.concat([fixture["home"], fixture["away"]])),
        "venue": _venues(places, fixture),
        "fixture": fixture,
        "result": stood["results"],
        "price": price,
    }
    return {shape.name: frames[shape.name].select(shape.columns).sort(shape.key) for shape in SHAPES}


_KEYS: Mapping[str, tuple[str, ...]] = {
    "fixtures": ("fixture",),
    "results": ("fixture",),
    "prices": ("fixture", "book", "market", "player", "outcome", "label", "quoted_at"),
    "entities": ("entity",),
    "places": ("venue", "event_at"),
}
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "fixtures": (*(name for name in _FIXTURE if name != "date"), "venue_name", *_STAMPS),
    "results": (*_RESULT, *_STAMPS),
    "prices": ("line", "odds", *_STAMPS),
    "entities": ("kind", *_PERSON, *_STAMPS),
    "places": (*_PLACE, *_STAMPS),
}


def _stood(name: str, facts: Mapping[str, pl.DataFrame], sport: str, key: tuple[str, ...]) -> pl.DataFrame:
    if name not in facts:
        raise DataError(f"the facts of {sport} hold no table {name}", table=name)
    needed = ("sport", *key, *_NEEDED[name])
    missing = [column for column in needed if column not in facts[name].columns]
    if missing:
        raise DataError(f"silver.{name} of {sport} lacks {', '.join(missing)}", columns=missing)
    return newest(facts[name].filter(pl.col("sport") == sport).select(needed), key)


def _last_quotes(prices: pl.DataFrame) -> pl.DataFrame:
    """Return of each moving price the newest quote; what is no quote has no moment and stands alone."""
    if prices["quoted_at"].null_count() == prices.height:
        return prices
    ordered = prices.sort("quoted_at", nulls_last=False, maintain_order=True)
    return ordered.unique(list(PRICE.key), keep="last", maintain_order=True)


def _calendar(days: pl.Series) -> pl.DataFrame:
    first, last = days.min(), days.max()
    spanned = (
        pl.date_range(date(first.year, 1, 1), date(last.year, 12, 31), eager=True)
        if isinstance(first, date) and isinstance(last, date)
        else pl.Series(dtype=pl.Date)
    )
    day = pl.col("date").dt
    return pl.DataFrame({"date": spanned}).with_columns(
        day.year().alias("year"),
        day.month().alias("month"),
        day.day().alias("day"),
        day.iso_year().alias("iso_year"),
        day.week().alias("iso_week"),
        day.weekday().alias("weekday"),
    )


def _players(sport: str, entities: pl.DataFrame, priced: pl.Series) -> pl.DataFrame:
    """Return everybody who is known, and whoever has a price: the empty id, with no name, is the game itself."""
    known = entities.filter(pl.col("kind") == "player").rename({"entity": "player"})
    game = pl.Series("player", [""], dtype=pl.String)
    named = pl.concat([known["player"], priced.unique(), game]).unique().to_frame()
    return named.join(known, on="player", how="left").with_columns(pl.lit(sport).alias("sport"))


def _teams(sport: str, entities: pl.DataFrame, sides: pl.Series) -> pl.DataFrame:
    """Return every side of a fixture and every team that is known, with who it is where it is a person."""
    known = entities.rename({"entity": "team"}).with_columns(
        pl.when(pl.col("kind") == "player").then("team").alias("player")
    )
    teams = known.filter(pl.col("kind") == "team")["team"]
    named = pl.concat([sides.unique().alias("team"), teams]).unique().to_frame()
    return named.join(known, on="team", how="left").with_columns(pl.lit(sport).alias("sport"))


def _venues(places: pl.DataFrame, fixtures: pl.DataFrame) -> pl.DataFrame:
    """Return every ground as it is now, and by its name alone one that only fixtures mention."""
    now = places.sort("event_at").unique("venue", keep="last")
    told = fixtures.sort("batch", "start").filter(pl.col("venue").is_not_null())
    mentioned = told.group_by("sport", "venue").agg(pl.col("venue_name").drop_nulls().last().alias("name"))
    return pl.concat([now, mentioned.join(now, on="venue", how="anti")], how="diagonal")
