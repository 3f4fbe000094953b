"""The Odds API's prices as a public repository pulled them: at noon New York time, and at open, morning and close.

A pull is a quote of its own: its moment is recorded, and one taken after the start is an in-play price, which is
refused, whatever its file calls it.
Source: https://the-odds-api.com, https://github.com/nielsenz/odds-api-current-save
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, number
from antepost.ingestion.markets import quoted
from antepost.ingestion.quality import split, split_american
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, joined
from antepost.sports import Sport
from antepost.sports.nhl import NHL
from antepost.sports.wnba import WNBA

HISTORICAL = "snapshots_historical_noon_et"
_FOLDER = "line_movement/the_odds_api_nhl_wnba"
_PULLED = "snapshot_taken_at_utc"
_MIDDAY = time(12)
_NOON = r"/odds_\d{4}-\d\d-\d\d\.csv$"

_QUOTED = "the moment of the pull (recorded); files of a day only: 12:00 New York time (published), else refused"
_COLUMNS = (
    "date", "sport", "game_id", "commence_time", "home_team", "away_team", "bookmaker", "source_file", "ml_home",
    "ml_away", "spread_home", "spread_home_odds", "spread_away", "spread_away_odds", "total_line", "total_over_odds",
    "total_under_odds",
)  # fmt: skip
KNOWN_AT: Mapping[str, str] = dict.fromkeys((*_COLUMNS, _PULLED), _QUOTED)
_QUOTES = (
    ("moneyline", "home", None, "ml_home"),
    ("moneyline", "away", None, "ml_away"),
    ("spread", "home", "spread_home", "spread_home_odds"),
    ("spread", "away", "spread_away", "spread_away_odds"),
    ("total", "over", "total_line", "total_over_odds"),
    ("total", "under", "total_line", "total_under_odds"),
)
"""Market, outcome, and the columns of its line and its American odds."""


def parser(sport: Sport, league: str) -> Callable[[bytes, Part], Parsed]:
    """Return the function that takes one league's rows out of a file."""

    def parse(data: bytes, part: Part) -> Parsed:
        sheet = read_sheet(data, _COLUMNS, f"The Odds API's {part.name}")
        ours = sheet.filter(pl.col("sport") == league)
        pulls, refused = _pulls(ours, sport, part)
        prices, impossible = _prices(pulls, sport)
        # A start that moved between two pulls: the last one told stands.
        games = pulls.sort("pulled", maintain_order=True).unique("fixture", keep="last", maintain_order=True)
        tables = {"fixtures": joined(games, sport.name), "prices": prices}
        return Parsed(tables=tables, refused=pl.concat([refuse(refused), refuse(impossible)]), games=ours.height)

    return parse


def _moment(column: str) -> pl.Expr:
    return pl.col(column).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC", time_unit="us", strict=False)


def _pulls(rows: pl.DataFrame, sport: Sport, part: Part) -> tuple[pl.DataFrame, pl.DataFrame]:
    told = _moment(_PULLED) if _PULLED in rows.columns else pl.lit(None, pl.Datetime("us", "UTC"))
    day = day_of("date")
    noon = stamps.start_of(day, pl.lit(_MIDDAY), sport.timezone)
    daily = pl.lit(part.name == HISTORICAL) & pl.col("source_file").str.contains(_NOON)
    typed = rows.with_columns(
        _moment("commence_time").alias("start"),
        told.alias("recorded"),
        pl.coalesce(told, pl.when(daily & day.is_not_null()).then(noon)).alias("pulled"),
    )
    sane, faulty = split(
        typed,
        {
            "commence_time cannot be read": pl.col("start").is_null(),
            "a side or the game's id is missing": pl.any_horizontal(
                pl.col("game_id", "home_team", "away_team", "bookmaker").is_null()
            ),
            "no moment of the pull: only its day is told": pl.col("pulled").is_null(),
            "pulled after the start: an in-play price": pl.col("pulled") >= pl.col("start"),
        },
    )
    pulls = sane.with_columns(
        pl.lit(next(iter(sport.leagues))).alias("league"),
        pl.lit(None, pl.Int32).alias("season"),
        pl.col("game_id").alias("fixture"),
        *stamps.at_moment(pl.col("start")),
        pl.col("home_team").alias("home"),
        pl.col("away_team").alias("away"),
        pl.lit(0).alias("sequence"),
    )
    return pulls, faulty.select(*rows.columns, "reason")


def _prices(pulls: pl.DataFrame, sport: Sport) -> tuple[pl.DataFrame, pl.DataFrame]:
    # The vendor's line is what a side is given; ours is by how much it is favoured.
    told = pl.concat(_quoted(pulls, *quote) for quote in _QUOTES).drop_nulls("american")
    priced, impossible = split_american(told)
    how = pl.when(pl.col("recorded").is_null()).then(pl.lit("published")).otherwise(pl.lit("recorded"))
    shown = impossible.select("fixture", "book", "market", "outcome", "quoted_at", "american", "reason")
    return claim(priced, "prices", sport.name, pl.col("quoted_at"), how), shown


def _quoted(pulls: pl.DataFrame, market: str, outcome: str, line: str | None, american: str) -> pl.DataFrame:
    given = number(line) if line else pl.lit(None, pl.Float64)
    return quoted(
        pulls,
        book=pl.col("bookmaker"),
        market=market,
        outcome=outcome,
        label="quote",
        line=0.0 - given if market == "spread" else given,
        american=number(american),
        quoted_at=pl.col("pulled"),
        recorded=pl.col("recorded"),
    )


def _source(sport: Sport, league: str, files: tuple[str, ...]) -> Source:
    return Source(
        name=f"the_odds_api_{sport.name}_archive",
        sport=sport.name,
        tier="B",
        primary=False,
        parts=lambda _: tuple(Part(name=name, path=f"{_FOLDER}/{name}.csv") for name in files),
        terms="The Odds API's terms; the copy has no licence file: for research and tests, not to be passed on",
        cadence="never: an archive, to be had from a mirror",
        parser="the-odds-archive-1",
        parse=parser(sport, league),
        known_at=KNOWN_AT,
    )


THE_ODDS_API_NHL_ARCHIVE = _source(NHL, "NHL", (HISTORICAL, "snapshots_daily_plain", "snapshots_daily"))
THE_ODDS_API_WNBA_ARCHIVE = _source(WNBA, "WNBA", ("snapshots_daily",))
