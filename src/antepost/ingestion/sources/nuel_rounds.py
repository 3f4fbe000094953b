"""Rounds of a British student league of Counter-Strike in spring 2018, out of its servers' logs as JSON.

A match whose two sides have one name, a slip of the server, has rounds and no fixture. Two rounds that open a match
after a restart have no winner, and those between are not there.

Source: https://github.com/vlf1991/csgo-nuel-stats
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import cast

import polars as pl

from antepost.errors import DataError
from antepost.ingestion.identity import slug
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.ingestion.sources.csgo_shared import BROADCAST, round_rows
from antepost.sports.cs2 import CS2

_FOLDER = "cs2/parsed_rounds"
_LISTED = "12 h before the start (assumed)"
_ENDED = "half an hour after the start and the minutes that the match took (bounded)"
_SEEN = "the start of the next round, or three minutes after the last began, and a broadcast's two minutes (assumed)"
_REASONS = {"elim": "elimination", "defuse": "defusal", "bomb": "explosion", "time": "time"}
_LONGEST = timedelta(minutes=3)

type Object = dict[str, object]

_ROW = {
    "starttime": pl.Int64, "map": pl.String, "minutes": pl.Int64, "team1": pl.String, "team2": pl.String,
    "score1": pl.Int64, "score2": pl.Int64, "round": pl.Int32, "timestamp": pl.Int64, "teamwon": pl.Int64,
    "reason_told": pl.String, "own1": pl.Int64, "own2": pl.Int64, "alive1": pl.Int64, "alive2": pl.Int64,
    "kills1": pl.Int64, "kills2": pl.Int64, "damage1": pl.Int64, "damage2": pl.Int64,
}  # fmt: skip


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of one match, or of a file of many.

    Raises:
        DataError: the file is cut off, no JSON, or laid out otherwise.
    """
    where = f"the league's {part.name}"
    try:
        rows = list(_rounds(json.loads(data), where))
        read = pl.DataFrame(rows, schema=_ROW).unique(maintain_order=True)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, pl.exceptions.PolarsError) as error:
        raise DataError(f"{where} is cut off or no list of rounds ({error!r}); fetch it again") from error
    if read.is_empty():
        raise DataError(f"{where} holds no round; fetch it again", rows=0)
    sane, faulty = split(
        read,
        {
            "no start": pl.any_horizontal(pl.col("starttime", "timestamp").is_null()),
            "nobody won this round": ~pl.col("teamwon").is_in([1, 2]).fill_null(value=False),
        },
    )
    rounds = _sided(sane)
    whole = rounds.unique("game", keep="first", maintain_order=True)
    named = whole.filter(pl.col("fixture").is_not_null())
    nameless = whole.filter(pl.col("fixture").is_null()).with_columns(
        pl.lit("both sides have one name, so the match is no fixture; its rounds stay").alias("reason")
    )
    ended = pl.col("event_at") + pl.duration(minutes="minutes") + timedelta(minutes=30)
    tables = {
        "fixtures": claim(named, "fixtures", CS2.name, pl.col("start") - timedelta(hours=12)),
        "results": claim(named, "results", CS2.name, ended, "bounded"),
        "round_states": _states(rounds),
    }
    refused = pl.concat([refuse(faulty), refuse(nameless.select(*_ROW, "reason"))])
    return Parsed(tables=tables, refused=refused, games=read.height)


def _rounds(told: object, where: str) -> Iterator[Object]:
    if not isinstance(told, dict):
        raise DataError(f"{where} is no match and no list of matches; see the source's page")
    top = cast("dict[str, object]", told)
    matches = [top] if "rounds" in top else [one for many in top.values() for one in cast("list[Object]", many)]
    for match in matches:
        teams = [cast("Object", match[side]) for side in ("team1", "team2")]
        about = {
            "starttime": match["starttime"], "map": match["map"], "minutes": _count(match["duration"]),
            "team1": str(teams[0]["name"]).strip(), "team2": str(teams[1]["name"]).strip(),
            "score1": teams[0]["score"], "score2": teams[1]["score"],
        }  # fmt: skip
        for one in cast("list[Object]", match["rounds"]):
            yield {**about, **_round(one)}


def _round(told: Object) -> Object:
    sides = [cast("Object", told[side]) for side in ("team1", "team2")]
    players = [list(cast("dict[str, Object]", side["players"]).values()) for side in sides]
    row: Object = {"timestamp": told["timestamp"], "teamwon": told["teamwon"], "reason_told": told["reason"]}
    row["round"] = sum(_count(side["score"]) for side in sides)
    for number, (side, five) in enumerate(zip(sides, players, strict=True), start=1):
        row[f"own{number}"] = side["score"]
        row[f"alive{number}"] = side["alive"]
        row[f"kills{number}"] = sum(len(cast("list[object]", player["kills"])) for player in five)
        row[f"damage{number}"] = sum(_count(player["damage"]) for player in five)
    return row


def _count(told: object) -> int:
    """Return the count that a number or its digits tell; Python would take 1_000 and full-width digits as well."""
    if not re.fullmatch("[0-9]{1,9}", str(told)):
        raise ValueError(f"{told!r} is no count")
    return int(str(told))


def _sided(sane: pl.DataFrame) -> pl.DataFrame:
    """Return the rounds with home and away in the order of their names, and the columns of a claim."""
    slugs = {name: slug(name) for name in {*sane["team1"], *sane["team2"]}}
    names = [pl.col(team).replace_strict(slugs, default=None, return_dtype=pl.String) for team in ("team1", "team2")]
    first = names[0] < names[1]
    one, other = (pl.when(first).then(a).otherwise(b) for a, b in (("score1", "score2"), ("score2", "score1")))
    start = pl.from_epoch("starttime", time_unit="ms").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    both = pl.concat_str(pl.min_horizontal(names), pl.max_horizontal(names), separator="-")
    game = pl.concat_str(pl.lit(CS2.name), start.dt.strftime("%Y-%m-%d-%H%M"), both, separator="-")
    return sane.with_columns(
        game.alias("game"),
        pl.when(names[0] != names[1]).then(game).alias("fixture"),
        first.alias("first"),
        pl.when(first).then("team1").otherwise("team2").alias("home"),
        pl.when(first).then("team2").otherwise("team1").alias("away"),
        one.alias("home_score"),
        other.alias("away_score"),
        pl.when(one > other).then(pl.lit("home")).when(one < other).then(pl.lit("away"))
        .otherwise(pl.lit("draw")).alias("outcome"),
        pl.when(one + other > 30).then(pl.lit("overtime")).otherwise(pl.lit("regulation")).alias("ending"),
        (one + other > 30).alias("overtime"),
        start.alias("start"),
        start.alias("event_at"),
        pl.lit("second").alias("event_precision"),
        start.dt.year().cast(pl.Int32).alias("season"),
        pl.lit("student").alias("league"),
        pl.lit("MAP").alias("stage"),
        pl.lit(value=True).alias("neutral"),
    )  # fmt: skip


def _states(rounds: pl.DataFrame) -> pl.DataFrame:
    """Return how each round ended for each side; the file tells nothing of a round before its end."""
    begun = pl.from_epoch("timestamp", time_unit="ms").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    over = begun.shift(-1).over("game", order_by="timestamp").fill_null(begun + _LONGEST) + BROADCAST
    timed = rounds.with_columns(over.alias("seen"))
    told: list[pl.DataFrame] = []
    for number in (1, 2):
        home = pl.col("first") if number == 1 else ~pl.col("first")
        won = pl.col("teamwon") == number
        told.append(
            timed.with_columns(
                # One name on both sides cannot be put in order: which is home then says as little as ever.
                pl.when(home).then(pl.lit("home")).otherwise(pl.lit("away")).alias("side"),
                pl.lit(1, pl.Int32).alias("sequence"),
                pl.lit("over").alias("phase"),
                (pl.col(f"own{number}") - won.cast(pl.Int64)).alias("score"),
                pl.col(f"alive{number}").alias("alive"),
                pl.col(f"kills{number}").alias("kills"),
                pl.col(f"damage{number}").alias("damage"),
                won.alias("won"),
                pl.col("reason_told").replace_strict(_REASONS, default=None, return_dtype=pl.String).alias("reason"),
            )
        )
    return round_rows(pl.concat(told), pl.col("seen"), "assumed")


NUEL_ROUNDS = Source(
    name="nuel_rounds",
    sport=CS2.name,
    tier="C",
    primary=True,
    parts=lambda _: tuple(
        Part(name=name, path=f"{_FOLDER}/{name}.json", season=2018)
        for name in ("logdata", "logdata2", "logdata3", "wwlanc")
    ),
    terms="MIT, by vlf1991/csgo-nuel-stats",
    cadence="finished: February and March 2018",
    parser="nuel-rounds-1",
    parse=parse,
    known_at={
        **dict.fromkeys(("starttime", "map", "name"), _LISTED),
        **dict.fromkeys(("score", "duration"), _ENDED),
        **dict.fromkeys(("timestamp", "teamwon", "reason", "alive", "kills", "damage"), _SEEN),
    },
)
