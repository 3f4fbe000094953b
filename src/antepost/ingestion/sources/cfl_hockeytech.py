"""The CFL's own scoreboard: all rounds of the running season, with kick-offs, states of play and scores.

Its moneylines are left out: it does not say when they were taken, and keeps changing them while a game is on.

Source: https://cflscoreboard.cfl.ca/json/scoreboard/rounds.json
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl
from pydantic import BaseModel, Field, TypeAdapter

from antepost.errors import DataError
from antepost.ingestion import stamps
from antepost.ingestion.answers import read_answer
from antepost.ingestion.cells import outcome_of
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, single
from antepost.sports.cfl import CFL

_LISTED = "first start of the season - 30 d; play-offs: start - 24 h (assumed)"
_ENDED = "start + 2 h 50 min + 30 min (assumed)"
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("id", "date", "type", "number", "homeSquad", "awaySquad", "name"), _LISTED),
    **dict.fromkeys(("status", "winner", "score"), _ENDED),
}
_UNDECIDED = "TBD"


class _Squad(BaseModel):
    id: int
    name: str
    score: int


class _Game(BaseModel):
    id: int
    date: str
    status: str
    home: _Squad = Field(alias="homeSquad")
    away: _Squad = Field(alias="awaySquad")
    winner: int | None


class _Round(BaseModel):
    type: str
    number: int
    tournaments: list[_Game]


_ROUNDS = TypeAdapter(list[_Round])


def parse(data: bytes, _: Part) -> Parsed:
    """Return the fixtures, and the results of the games that are complete.

    Raises:
        DataError: the payload is cut off, or lacks something that is read.
    """
    sheet = _sheet(data)
    typed = sheet.with_columns(
        pl.col("date").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", strict=False, time_unit="us").alias("start")
    )
    faults = {
        "date cannot be read": pl.col("start").is_null(),
        "sides that are not decided yet": (pl.col("home") == _UNDECIDED) | (pl.col("away") == _UNDECIDED),
        "a stage that this release does not know": ~pl.col("stage").is_in(CFL.stages),
    }
    sane, faulty = split(typed, faults)
    games = sane.with_columns(
        pl.lit("cfl").alias("league"),
        pl.col("start").dt.year().alias("season"),
        pl.format("cfl-{}", "id").alias("fixture"),
        *stamps.at_moment(pl.col("start")),
        pl.when(pl.col("stage") == "REG").then("number").alias("week"),
        pl.lit(0).alias("sequence"),
    )
    drawn = pl.when(pl.col("stage") == "POST").then(pl.col("start") - timedelta(hours=24)).otherwise(stamps.listed())
    results, broken = _results(games)
    refused = pl.concat([refuse(rows.select(*sheet.columns, "reason")) for rows in (faulty, broken)])
    tables = {"fixtures": claim(games, "fixtures", CFL.name, drawn), "results": results}
    return Parsed(tables=tables, refused=refused, games=sheet.height)


def _sheet(data: bytes) -> pl.DataFrame:
    name = "the CFL's scoreboard"
    rounds = read_answer(data, _ROUNDS, name)
    rows = [
        {
            "id": game.id, "date": game.date, "stage": played.type, "number": played.number, "status": game.status,
            "home": game.home.name, "away": game.away.name, "home_id": game.home.id, "away_id": game.away.id,
            "home_score": game.home.score, "away_score": game.away.score, "winner": game.winner,
        }
        for played in rounds
        for game in played.tournaments
    ]  # fmt: skip
    if not rows:
        raise DataError(f"{name} holds no game; fetch it again", rows=0)
    texts = {"date", "stage", "status", "home", "away"}
    return pl.DataFrame(rows, schema={key: pl.String() if key in texts else pl.Int64() for key in rows[0]})


def _results(games: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    margin = pl.col("home_score") - pl.col("away_score")
    named = pl.when(margin > 0).then("home_id").when(margin < 0).then("away_id")
    # A score is a result only once the game is complete; before, it is a state of play.
    played = games.filter(pl.col("status") == "complete").with_columns(outcome_of())
    faults = {"a winner who has not the higher score": pl.col("winner") != named}
    sane, broken = split(played, faults)
    return claim(sane, "results", CFL.name, stamps.result_known(CFL.duration)), broken


CFL_HOCKEYTECH = Source(
    name="cfl_hockeytech",
    sport=CFL.name,
    tier="A",
    primary=True,
    parts=single(
        "rounds",
        "api_samples/cfl_hockeytech/cflscoreboard-rounds.json",
        "https://cflscoreboard.cfl.ca/json/scoreboard/rounds.json",
    ),
    terms="an undocumented feed of the league's own pages; the sample comes from a repository without a licence file",
    cadence="every half minute while a game is on",
    parser="cfl-hockeytech-1",
    parse=parse,
    known_at=KNOWN_AT,
)
