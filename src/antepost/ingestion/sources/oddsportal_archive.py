"""OddsPortal's average closing moneyline of the North American leagues, as collected by a public repository.

Source: https://www.oddsportal.com
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, outcome_of, whole
from antepost.ingestion.markets import closing_moneylines
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, joined, single
from antepost.sports import Sport
from antepost.sports.nba import NBA
from antepost.sports.nfl import NFL
from antepost.sports.nhl import NHL

BOOK = "oddsportal"

_CLOSED = "start - 1 s (assumed: the site calls it closing)"
_CHOSEN = ("AFC", "NFC")
_MONEYLINES = {"home": "moneyline_1", "away": "moneyline_2"}
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("date", "season_type", "neutral", "team_1", "team_2", "game_url"), stamps.JOINED),
    **dict.fromkeys(("points_1", "points_2"), stamps.NO_CLOCK),
    **dict.fromkeys(_MONEYLINES.values(), _CLOSED),
}


def parser(sport: Sport, league: str) -> Callable[[bytes, Part], Parsed]:
    """Return the function that reads one league's file."""

    def parse(data: bytes, _: Part) -> Parsed:
        sheet = read_sheet(data, tuple(KNOWN_AT), f"OddsPortal's {sport.name} file").select(tuple(KNOWN_AT))
        games, refused = _games(sheet, league)
        prices, impossible = closing_moneylines(games, sport.name, BOOK, _MONEYLINES)
        tables = {
            "fixtures": joined(games, sport.name),
            "results": claim(
                games.drop_nulls(("home_score", "away_score")),
                "results",
                sport.name,
                stamps.result_known(sport.duration),
            ),
            "prices": prices,
        }
        return Parsed(tables=tables, refused=pl.concat([refuse(refused), refuse(impossible)]), games=sheet.height)

    return parse


def _games(text: pl.DataFrame, league: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    typed = text.with_columns(
        day_of("date", "%d %b %Y").alias("day"),
        *(whole(f"points_{at}").alias(f"{side}_score") for at, side in ((1, "home"), (2, "away"))),
    )
    sane, faulty = split(
        typed,
        {
            "date cannot be read": pl.col("day").is_null(),
            "a pre-season game": pl.col("season_type") == "Pre-season",
            # Some of them stand among the play-offs; then the conferences that meet give them away.
            "an all-star game": pl.any_horizontal(pl.col("season_type", "team_1").str.contains("(?i)all.?star"))
            | pl.col("team_1").is_in(_CHOSEN),
            "a side is missing": pl.any_horizontal(pl.col("team_1", "team_2").is_null()),
        },
    )
    games = sane.with_columns(
        pl.lit(league).alias("league"),
        pl.lit(None, pl.Int32).alias("season"),
        (pl.col("neutral") == "1").alias("neutral"),
        pl.concat_str("date", "game_url", separator="|").alias("fixture"),
        *stamps.on_day(pl.col("day")),
        pl.col("team_1").alias("home"),
        pl.col("team_2").alias("away"),
        outcome_of(),
        pl.lit(0).alias("sequence"),
    )
    return games, faulty.select(*text.columns, "reason")


def _source(sport: Sport, league: str) -> Source:
    return Source(
        name=f"oddsportal_{sport.name}",
        sport=sport.name,
        tier="C",
        primary=False,
        parts=single("games", f"{sport.name}/oddsportal/oddsportal_{sport.name}.csv"),
        terms="OddsPortal by way of a repository without a licence file: for research and tests, not to be passed on",
        cadence="never: an archive, to be had from a mirror",
        parser="oddsportal-1",
        parse=parser(sport, league),
        known_at=KNOWN_AT,
    )


ODDSPORTAL_NBA = _source(NBA, "nba")
ODDSPORTAL_NHL = _source(NHL, "nhl")
ODDSPORTAL_NFL = _source(NFL, "nfl")
