"""The tiny world as an esport: sides of the map, drafts, leads, patches and events, all invented, beside its games.

Nothing follows from anything: figures and heroes are drawn by the names of games. Some are told late, or corrected.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import polars as pl

from antepost.lake.schemas import TABLES
from antepost.sports import Sport
from antepost.sports.dota2 import DOTA2
from antepost.sports.esports import Maps
from tests import worlds
from tests.worlds import Row, Tables, at

# Its rules change between the two seasons.
MAPS = Maps(map="MAP", series="SERIES", rounds={date(2000, 1, 1): 40, date(2002, 1, 1): 30}, close=6, wide=12)
TINY: Sport = replace(worlds.TINY, draft=DOTA2.draft, maps=MAPS, checkpoint=DOTA2.checkpoint, patched=True, hosted=True)
GROUPS = ("early", "sides", "maps", "series", "toss", "draft", "pool", "patch", "event")
"""The groups that the world is for."""
HEROES = tuple(str(number) for number in range(1, 14))
PATCHES = ("2001-08-15", "2001-09-20", "2001-11-02", "2002-09-10", "2002-10-08")


def tiny_tables(seed: int = 0) -> Tables:
    """Return the tables of the tiny world with those of an esport."""
    return played(worlds.tiny_tables(seed), seed)


def played(tables: Tables, seed: int = 0) -> Tables:
    """Return ``tables`` with stages, events, rosters, minutes and patches of an esport."""
    results = tables["results"].filter(pl.col("batch") == 1)
    minutes: list[Row] = []
    rosters: list[Row] = []
    for game in results.sort("fixture").iter_rows(named=True):
        dice = Random(f"{seed} {game['fixture']}")
        minutes += _minutes(dice, game)
        rosters += _rosters(dice, game)
    return {
        **tables,
        "fixtures": _staged(tables["fixtures"]),
        "minute_states": _rows("minute_states", minutes),
        "rosters": pl.concat([tables["rosters"], _rows("rosters", rosters)]),
        "constants": _rows("constants", list(_patches())),
    }


def _rows(table: str, rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=TABLES[table].schema, orient="row")


def _stamped(game: Row, after: timedelta, batch: int, **values: object) -> Row:
    kept = ("sport", "league", "season", "fixture", "event_at", "event_precision", "known_how", "raw")
    return {**{name: game[name] for name in kept}, "known_at": game["event_at"] + after, "batch": batch, **values}


def _staged(fixtures: pl.DataFrame) -> pl.DataFrame:
    """Two games of three are single maps, and every fourth is told to be of another event by a later load."""
    number = pl.col("fixture").str.slice(5, 2).cast(pl.Int32)
    event = pl.when(number % 5 == 4).then(None).otherwise(pl.lit("event-") + (number // 4).cast(pl.String))
    whole = fixtures.with_columns(
        pl.when(number % 3 == 2).then(pl.lit("SERIES")).otherwise(pl.lit("MAP")).alias("stage"), event.alias("venue")
    )
    later = whole.filter((number % 4 == 1) & (pl.col("batch") == 1)).with_columns(
        pl.lit("event-9").alias("venue"), pl.lit("MAP").alias("stage"), pl.lit(2, pl.Int64).alias("batch"),
        (pl.col("start") + timedelta(days=2)).alias("known_at"),
    )  # fmt: skip
    return pl.concat([whole, later])


def _minutes(dice: Random, game: Row) -> list[Row]:
    lead = dice.randrange(-9, 10)
    over = timedelta(hours=4)
    loads = [(1, over, lead), *([(2, over + timedelta(days=dice.randrange(1, 30)), -lead)] if lead % 4 == 0 else [])]
    return [
        _stamped(game, after, batch, side=side, minute=minute, experience_lead=sign * told)
        for batch, after, told in loads
        for minute in (10, 15)
        for side, sign in (("home", 1), ("away", -1))
        if dice.random() < 0.9
    ]


def _rosters(dice: Random, game: Row) -> list[Row]:
    teams = dice.sample((str(game["home"]), str(game["away"])), 2)
    told = timedelta(seconds=-90)
    rows = [
        _stamped(game, told, 1, role=role, team=team) for role, team in zip(("radiant", "dire"), teams, strict=True)
    ]
    if dice.random() < 0.8:
        rows.append(_stamped(game, told, 1, role="first_pick", team=dice.choice(teams)))
    heroes = dice.sample(HEROES, 10)
    for place, hero in enumerate(heroes):
        side, team = ("radiant", teams[0]) if place < 5 else ("dire", teams[1])
        role = f"{side}_pick_{place % 5 + 1}"
        if dice.random() < 0.97:
            rows.append(_stamped(game, told, 1, role=role, team=team, player=hero))
        if dice.random() < 0.05:
            later = timedelta(hours=dice.randrange(1, 900))
            rows.append(_stamped(game, later, 2, role=role, team=team, player=dice.choice((*HEROES, None))))
    return rows


def _patches() -> list[Row]:
    def told(code: int, since: str, known_at: str, batch: int = 1) -> Row:
        return {
            "sport": "nfl", "league": "nfl", "event_at": at(f"{since}T12:00"), "event_precision": "second",
            "known_at": at(f"{known_at}T12:00"), "known_how": "recorded", "batch": batch, "raw": "invented",
            "kind": "patch", "code": str(code), "name": f"7.{code}", "since": at(f"{since}T12:00"),
        }  # fmt: skip

    rows = [told(code, since, since) for code, since in enumerate(PATCHES)]
    # One patch turns out to be of another day, and one is told a month late.
    return [*rows, told(1, "2001-09-27", "2001-10-20", 2), told(9, "2002-09-29", "2002-10-25")]
