"""Prices of one match of the World Cup of 2026 as a tracker of The Odds API kept them: every change with its moment.

Each outcome of a book is a series of its own, so that a market's prices need not be of one moment. Spreads are told
without their line and are not read. Prices to lay are an exchange's and a market of their own.

Source: https://the-odds-api.com, https://github.com/gutormin/Backtest
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl
import pydantic

from antepost.ingestion import stamps
from antepost.ingestion.answers import read_answer
from antepost.ingestion.identity import slug
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, single
from antepost.sports.soccer import SOCCER

_LISTED = "start - 24 h (assumed: joined to fixtures that are listed earlier)"
_CHANGED = "the moment of the change (recorded)"
_BETWEEN = " vs "
_OURS: Mapping[tuple[str, str], tuple[str, str, float | None]] = {
    **{("h2h", side): ("1x2", side, None) for side in ("home", "draw", "away")},
    **{("totals", f"{side}25"): ("total@2.5", side, 2.5) for side in ("over", "under")},
}
"""Our market, outcome and line for theirs."""
_PRICES: Mapping[str, pl.DataType] = {
    "fixture": pl.String(), "book": pl.String(), "theirs": pl.String(), "market": pl.String(), "outcome": pl.String(),
    "line": pl.Float64(), "quoted_at": pl.Datetime("us", "UTC"), "odds": pl.Float64(),
}  # fmt: skip
_GAMES: Mapping[str, pl.DataType] = {
    "fixture": pl.String(), "start": pl.Datetime("us", "UTC"), "home": pl.String(), "away": pl.String(),
}  # fmt: skip


class _Change(pydantic.BaseModel):
    timestamp: pydantic.AwareDatetime
    price: float


class _Series(pydantic.BaseModel):
    market_type: str
    outcome_name: str
    norm_market: str
    updates: list[_Change]


class _Game(pydantic.BaseModel):
    title: str
    commence_time: pydantic.AwareDatetime
    bookmakers: dict[str, dict[str, _Series]]


_GAMES_TRACKED = pydantic.TypeAdapter(dict[str, _Game])


def parse(data: bytes, part: Part) -> Parsed:
    """Return the matches and every price of theirs.

    Raises:
        DataError: the file is cut off or laid out otherwise.
    """
    tracked = read_answer(data, _GAMES_TRACKED, f"the odds tracker's {part.name}")
    games = pl.DataFrame([_game(number, game) for number, game in tracked.items()], schema=dict(_GAMES), orient="row")
    told = [
        (number, slug(book), f"{series.market_type} {series.outcome_name}", *_named(series, game), *_when(change))
        for number, game in tracked.items()
        for book, offered in game.bookmakers.items()
        for series in offered.values()
        if series.market_type != "spreads"
        for change in series.updates
    ]
    quotes = pl.DataFrame(told, schema=dict(_PRICES), orient="row")
    stamped = games.with_columns(
        pl.lit("INT").alias("league"),
        pl.col("start").dt.year().cast(pl.Int32).alias("season"),
        pl.col("start").alias("event_at"),
        pl.lit("second").alias("event_precision"),
        pl.lit(0).alias("sequence"),
    )
    known, nameless = split(stamped, {"a title that names no two sides": pl.col("home").is_null()})
    joined = quotes.join(known, on="fixture", maintain_order="left").with_columns(pl.lit("quote").alias("label"))
    sane, faulty = split(
        joined,
        {
            "an outcome that this release does not know": pl.any_horizontal(pl.col("market", "outcome").is_null()),
            "changed after the start: a price in play": pl.col("quoted_at") >= pl.col("start"),
        },
    )
    tables = {
        "fixtures": claim(known, "fixtures", SOCCER.name, pl.col("start") - stamps.DAY),
        "prices": claim(sane, "prices", SOCCER.name, pl.col("quoted_at"), "recorded"),
    }
    refused = [refuse(nameless.select(*_GAMES, "reason")), refuse(faulty.select(*_PRICES, "reason"))]
    return Parsed(tables=tables, refused=pl.concat(refused), games=games.height + quotes.height)


def _game(number: str, game: _Game) -> tuple[str, datetime, str | None, str | None]:
    home, between, away = game.title.partition(_BETWEEN)
    return number, game.commence_time, home if between else None, away if between else None


def _named(series: _Series, game: _Game) -> tuple[str | None, str | None, float | None]:
    if series.market_type == "h2h_lay":
        home, _, away = game.title.partition(_BETWEEN)
        return "1x2_lay", {home: "home", "Draw": "draw", away: "away"}.get(series.outcome_name), None
    return _OURS.get((series.market_type, series.norm_market), (None, None, None))


def _when(change: _Change) -> tuple[datetime, float]:
    return change.timestamp, change.price


ODDS_TRACKER_SOCCER = Source(
    name="odds_tracker_soccer",
    sport=SOCCER.name,
    tier="C",
    primary=False,
    parts=single("world-cup-2026", "line_movement/soccer_world_cup_2026/live_odds_tracker.json"),
    terms="The Odds API's terms; the copy has no licence file: for research and tests, not to be passed on",
    cadence="never: one match, to be had from a mirror",
    parser="odds-tracker-soccer-1",
    parse=parse,
    known_at={
        **dict.fromkeys(("title", "commence_time"), _LISTED),
        **dict.fromkeys(("market_type", "outcome_name", "norm_market", "timestamp", "price"), _CHANGED),
    },
)
