"""The Odds API: the present prices of some forty books, as its `/v4/sports/…/odds` answers them; one feed a sport.

Every market says when its book last changed it. A quote of after the start is a price in play, and refused. Prices that
somebody lays at an exchange are a market of their own.

Source: https://the-odds-api.com/liveapi/guides/v4/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl
from pydantic import BaseModel, Field, FiniteFloat, TypeAdapter

from antepost.ingestion import stamps
from antepost.ingestion.answers import read_answer
from antepost.ingestion.markets import called
from antepost.ingestion.quality import split, split_american, unsigned_zero
from antepost.ingestion.sheet import refuse
from antepost.ingestion.source import Key, Parsed, Part, Source, claim, joined
from antepost.lake.schemas import CLAIM
from antepost.sports import ATP, CFL, MLB, NBA, NCAAB, NCAAF, NFL, NHL, SOCCER, WNBA, WTA, Sport

KEY = Key(parameter="apiKey", setting="odds_api_key")
_URL = (
    "https://api.the-odds-api.com/v4/sports/{}/odds?regions=us,uk,eu&markets=h2h,spreads,totals"
    "&oddsFormat=decimal&dateFormat=iso"
)
_SAMPLES = "api_samples/the_odds_api/v4_odds_{}_excerpt.json"

_QUOTED = "last_update of the market, where it has none of its bookmaker (recorded)"
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("id", "sport_key", "commence_time", "home_team", "away_team"), stamps.JOINED),
    **dict.fromkeys(("bookmakers", "key", "last_update", "markets", "outcomes", "name", "price", "point"), _QUOTED),
}

LEAGUES: Mapping[str, tuple[Sport, str]] = {
    "americanfootball_nfl": (NFL, "nfl"),
    "americanfootball_ncaaf": (NCAAF, "fbs"),
    "americanfootball_cfl": (CFL, "cfl"),
    "basketball_nba": (NBA, "nba"),
    "basketball_ncaab": (NCAAB, "d1"),
    "basketball_wnba": (WNBA, "wnba"),
    "baseball_mlb": (MLB, "mlb"),
    "icehockey_nhl": (NHL, "nhl"),
    "soccer_epl": (SOCCER, "E0"),
    "soccer_efl_champ": (SOCCER, "E1"),
    "soccer_germany_bundesliga": (SOCCER, "D1"),
    "soccer_france_ligue_one": (SOCCER, "F1"),
    "soccer_italy_serie_a": (SOCCER, "I1"),
    "soccer_spain_la_liga": (SOCCER, "SP1"),
    **{
        f"tennis_{tour.name}_{event}": (tour, tour.name)
        for tour in (ATP, WTA)
        for event in ("aus_open_singles", "french_open", "wimbledon", "us_open")
    },
}
"""Their names of competitions, and ours; a tennis tournament is one, and the four largest are asked for."""

_EXCERPTS: Mapping[str, tuple[str, ...]] = {
    "nfl": ("nfl_h2h_decimal", "nfl_spreads_american"),
    "soccer": ("epl_h2h_three_way",),
}
_OVER_UNDER = {"Over": "over", "Under": "under", "Yes": "yes", "No": "no"}


class _Outcome(BaseModel):
    name: str
    price: FiniteFloat
    point: FiniteFloat | None = None
    description: str | None = None


class _Market(BaseModel):
    key: str
    last_update: str | None = None
    outcomes: list[_Outcome]


class _Book(BaseModel):
    key: str
    last_update: str | None = None
    markets: list[_Market]


class _Event(BaseModel):
    id: str
    sport_key: str
    commence_time: str
    # An outright has no sides.
    home: str | None = Field(default=None, validation_alias="home_team")
    away: str | None = Field(default=None, validation_alias="away_team")
    bookmakers: list[_Book]


class _Past(BaseModel):
    data: list[_Event]


_ANSWER: TypeAdapter[list[_Event] | _Past] = TypeAdapter(list[_Event] | _Past)
_ROWS: Mapping[str, pl.DataType] = {
    **dict.fromkeys(
        ("id", "sport_key", "commence_time", "home", "away", "book", "theirs", "last_update", "name", "player"),
        pl.String(),
    ),
    "price": pl.Float64(),
    "point": pl.Float64(),
}


def parser(sport: Sport) -> Callable[[bytes, Part], Parsed]:
    """Return the function that reads one sport's answers, of the present or of the past."""

    def parse(data: bytes, part: Part) -> Parsed:
        answer = read_answer(data, _ANSWER, f"The Odds API's answer {part.name}")
        events = answer.data if isinstance(answer, _Past) else answer
        listed = [(event.id, event.sport_key, event.commence_time, event.home, event.away) for event in events]
        names = ("id", "sport_key", "commence_time", "home", "away")
        games, refused = _games(pl.DataFrame(listed, schema=dict.fromkeys(names, pl.String()), orient="row"), sport)
        prices, impossible = _prices(_quotes(events), games, sport)
        tables = {"fixtures": joined(games, sport.name), "prices": prices}
        return Parsed(tables=tables, refused=pl.concat([refuse(refused), refuse(impossible)]), games=len(events))

    return parse


def _quotes(events: list[_Event]) -> pl.DataFrame:
    rows = [
        (
            event.id, event.sport_key, event.commence_time, event.home, event.away, book.key, market.key,
            market.last_update or book.last_update, outcome.name, outcome.description, outcome.price, outcome.point,
        )
        for event in events
        for book in event.bookmakers
        for market in book.markets
        for outcome in market.outcomes
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_ROWS, orient="row")


def _moment(column: str) -> pl.Expr:
    return pl.col(column).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC", time_unit="us", strict=False)


def _games(text: pl.DataFrame, sport: Sport) -> tuple[pl.DataFrame, pl.DataFrame]:
    ours = {key: league for key, (played, league) in LEAGUES.items() if played is sport}
    typed = text.with_columns(
        _moment("commence_time").alias("start"),
        pl.col("sport_key").replace_strict(ours, default=None, return_dtype=pl.String).alias("league"),
    )
    sane, faulty = split(
        typed,
        {
            "a competition that is not ours": pl.col("league").is_null(),
            "an outright: it belongs to no game": pl.any_horizontal(pl.col("home", "away").is_null()),
            "commence_time cannot be read": pl.col("start").is_null(),
            "a game twice": pl.col("id").is_duplicated(),
        },
    )
    games = sane.with_columns(
        pl.lit(None, pl.Int32).alias("season"),
        pl.col("id").alias("fixture"),
        pl.col("start").alias("event_at"),
        pl.lit("second").alias("event_precision"),
        pl.lit(0).alias("sequence"),
    )
    return games, faulty.select(*text.columns, "reason")


def _prices(quotes: pl.DataFrame, games: pl.DataFrame, sport: Sport) -> tuple[pl.DataFrame, pl.DataFrame]:
    keys = [name for name in CLAIM if name in games.columns]
    known = games.select("id", "start", *keys)
    winner = sport.winner
    markets = {"h2h": winner, "h2h_lay": f"{winner}_lay", "h2h_3_way": "1x2", "spreads": "spread", "totals": "total"}
    side = (
        pl.when(pl.col("name") == pl.col("home")).then(pl.lit("home"))
        .when(pl.col("name") == pl.col("away")).then(pl.lit("away"))
        .when(pl.col("name") == "Draw").then(pl.lit("draw"))
        .otherwise(pl.col("name").replace_strict(_OVER_UNDER, default=None, return_dtype=pl.String))
    )  # fmt: skip
    typed = quotes.join(known, on="id", maintain_order="left").with_columns(
        _moment("last_update").alias("quoted_at"),
        side.alias("outcome"),
        pl.col("theirs").replace(markets).alias("market"),
    )
    sane, faulty = split(
        typed,
        {
            "no last_update: nobody knows when it was quoted": pl.col("quoted_at").is_null(),
            "quoted after the start: a price in play": pl.col("quoted_at") >= pl.col("start"),
            "an outcome that this release does not know": pl.col("outcome").is_null(),
            "a spread or total without its point": pl.col("point").is_null()
            & pl.col("theirs").is_in(["spreads", "totals"]),
        },
    )
    priced, impossible = _decimal(sane)
    # Their point is what a side is given; ours is by how much it is favoured.
    line = pl.when(pl.col("market") == "spread").then(unsigned_zero(-pl.col("point"))).otherwise("point")
    lined = priced.with_columns(pl.lit("quote").alias("label"), line.alias("line"))
    rows = lined.with_columns(called(sport).alias("market"))
    shown = ("fixture", "book", "theirs", "name", "last_update", "price", "point", "reason")
    refused = pl.concat([faulty.select(shown), impossible.select(shown)])
    return claim(rows, "prices", sport.name, pl.col("quoted_at"), "recorded"), refused


def _decimal(quotes: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the quotes with decimal ``odds``; an answer is American where none of its prices lies within 100 of zero.

    An answer does not say which it is, and is never both.
    """
    if quotes.height and bool((quotes["price"].abs() >= 100.0).all()):
        return split_american(quotes.with_columns(pl.col("price").alias("american")))
    return split(quotes.with_columns(pl.col("price").alias("odds")), {"an impossible price": pl.col("price") <= 1.0})


def _parts(sport: Sport) -> Callable[[int], tuple[Part, ...]]:
    asked = [
        Part(
            name=key, path=f"the_odds_api/{key}.json", url=_URL.format(key), key=KEY, rhythm="odds", league=league
        )
        for key, (played, league) in LEAGUES.items()
        if played is sport
    ]  # fmt: skip
    samples = [Part(name=name, path=_SAMPLES.format(name)) for name in _EXCERPTS.get(sport.name, ())]
    return lambda _: (*asked, *samples)


def _source(sport: Sport) -> Source:
    return Source(
        name=f"the_odds_api_{sport.name}",
        sport=sport.name,
        tier="B",
        primary=False,
        parts=_parts(sport),
        terms="The Odds API's terms: a key and a quota of requests; not to be passed on",
        cadence="every minute near the off",
        parser="the-odds-api-1",
        parse=parser(sport),
        known_at=KNOWN_AT,
        live=True,
    )


THE_ODDS_API: tuple[Source, ...] = tuple(
    _source(sport) for sport in (NFL, NCAAF, CFL, NBA, NCAAB, WNBA, MLB, NHL, SOCCER, ATP, WTA)
)
