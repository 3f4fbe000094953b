"""FootyStats: expected goals, and one snapshot of the prices of many markets, as collected by a public repository.

The prices have no moment, so they count a second before the start and are called quotes, never opening or closing.
Three of them stand under a bookmaker's name in the files; they are not the ones that football-data.co.uk has of it,
neither early nor closing, so all are the publisher's here. Expected goals are of a model that nobody describes.

Source: https://footystats.org
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import number, whole
from antepost.ingestion.markets import quoted
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, joined
from antepost.ingestion.sources.soccer_shared import ENDED, SCORES, goals, local, results, sided
from antepost.sports.soccer import SOCCER

BOOK = "footystats"
FIRST_SEASON = 2020
LEAGUES = ("E0", "D1", "F1", "I1", "SP1")
# The files give no zone. Of 4,964 matches that football-data.co.uk times too, 4,932 agree to the minute by this one.
TIMEZONE = "America/Sao_Paulo"

_SOME_TIME = "start - 1 s (assumed: one snapshot of a time that is not told)"


type _Quote = tuple[str, str, str, float | None]
"""Column, market, outcome and line of a price."""


def _answers() -> Iterator[_Quote]:
    for outcome, letter in (("home", "H"), ("draw", "D"), ("away", "A")):
        yield f"B365{letter}", "1x2", outcome, None
    for outcome, sign in (("home", "1"), ("draw", "X"), ("away", "2")):
        yield f"Odd_{sign}_HT", "half_1_1x2", outcome, None
        yield f"Odd_{sign}_2H", "half_2_1x2", outcome, None
        yield f"odds_corners_{sign.lower()}", "corners_1x2", outcome, None
    for outcome, signs in (("home_draw", "1X"), ("home_away", "12"), ("draw_away", "X2")):
        yield f"DC_{signs}", "double_chance", outcome, None
    for outcome in ("yes", "no"):
        yield f"BTTS_{outcome.title()}", "btts", outcome, None
    # Each side has a market of its own, of which the other answer is not given.
    yield "odds_win_to_nil_1", "home_win_to_nil", "yes", None
    yield "odds_win_to_nil_2", "away_win_to_nil", "yes", None


def _ladders() -> Iterator[_Quote]:
    for outcome, sign in (("over", ">"), ("under", "<")):
        word = outcome.title()
        yield f"B365{sign}2.5", "total@2.5", outcome, 2.5
        yield from ((f"{word}_FT_{n}_5", f"total@{n}.5", outcome, n + 0.5) for n in (0, 1, 3, 4))
        yield from ((f"{word}_HT_{n}_5", f"half_1_total@{n}.5", outcome, n + 0.5) for n in range(4))
        yield from ((f"{word}_2H_{n}_5", f"half_2_total@{n}.5", outcome, n + 0.5) for n in range(4))
        yield from ((f"odds_corners_{outcome}_{n}5", f"corners_total@{n}.5", outcome, n + 0.5) for n in range(7, 12))


_QUOTES = (*_answers(), *_ladders())
_STATS = {"shots_on_target": ("HST", "AST"), "corners": ("HC", "AC")}
_XG = ("HomeXG", "AwayXG")
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("Date", "Time", "HomeTeam", "AwayTeam"), stamps.JOINED),
    **dict.fromkeys((*SCORES, *_XG, *(name for pair in _STATS.values() for name in pair)), ENDED),
    **dict.fromkeys((column for column, *_ in _QUOTES), _SOME_TIME),
}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one league's season.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(KNOWN_AT), f"FootyStats' {part.name}").select(tuple(KNOWN_AT))
    games, refused = _games(sheet, part)
    tables = {
        "fixtures": joined(games, SOCCER.name),
        **results(games),
        "team_stats": _team_stats(games.drop_nulls(("home_score", "away_score"))),
        "prices": _prices(games),
    }
    return Parsed(tables=tables, refused=refuse(refused), games=sheet.height)


def _games(text: pl.DataFrame, part: Part) -> tuple[pl.DataFrame, pl.DataFrame]:
    typed = text.with_columns(
        local(pl.concat_str("Date", "Time", separator=" "), TIMEZONE).alias("start"),
        *goals(),
    )
    sane, faulty = split(
        typed,
        {
            "Date and Time are no moment": pl.col("start").is_null(),
            "a side is missing": pl.any_horizontal(pl.col("HomeTeam", "AwayTeam").is_null()),
        },
    )
    games = sane.with_columns(
        pl.lit(part.name.split("-")[0]).alias("league"),
        pl.lit(part.season, pl.Int32).alias("season"),
        *stamps.at_moment(pl.col("start")),
        *sided(),
    )
    return games, faulty.select(*text.columns, "reason")


def _team_stats(played: pl.DataFrame) -> pl.DataFrame:
    told = [
        played.with_columns(
            pl.lit(side).alias("side"),
            pl.col(side).alias("team"),
            number(_XG[at]).alias("xg_footystats"),
            *(whole(pair[at]).alias(stat) for stat, pair in _STATS.items()),
        )
        for at, side in enumerate(("home", "away"))
    ]
    return claim(pl.concat(told), "team_stats", SOCCER.name, stamps.result_known(SOCCER.duration))


def _prices(games: pl.DataFrame) -> pl.DataFrame:
    told = pl.concat(
        quoted(
            games, book=BOOK, market=market, outcome=outcome, label="quote", line=pl.lit(line, pl.Float64),
            odds=number(column),
        )
        for column, market, outcome, line in _QUOTES
    )  # fmt: skip
    return claim(told.drop_nulls("odds"), "prices", SOCCER.name, stamps.closing())


def _parts(year: int) -> tuple[Part, ...]:
    return tuple(
        Part(
            name=f"{league}-{season}",
            path=f"soccer/footystats_xg_markets/{league}_{season % 100:02d}{(season + 1) % 100:02d}.csv",
            season=season,
        )
        for season in range(FIRST_SEASON, year + 1)
        for league in LEAGUES
    )


FOOTYSTATS = Source(
    name="footystats",
    sport=SOCCER.name,
    tier="C",
    primary=False,
    parts=_parts,
    terms="FootyStats by way of a repository without a licence file: for research and tests, not to be passed on",
    cadence="never: an archive, to be had from a mirror",
    parser="footystats-1",
    parse=parse,
    known_at=KNOWN_AT,
)
