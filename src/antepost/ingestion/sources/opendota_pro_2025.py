"""Professional matches of Dota 2 in autumn 2025, minute by minute, out of OpenDota's parsed replays.

Lists of figures are JSON text. Three files belong together: a row of players tells neither team nor series, and a
building that falls tells no match time without its match.

Source: https://docs.opendota.com
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from antepost.errors import DataError
from antepost.ingestion.bundle import unbundle
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_parquet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.ingestion.sources.opendota_shared import (
    DRAFTED,
    ENDED,
    LISTED,
    SERIES,
    arranged,
    as_rosters,
    by_side,
    faults,
    fixtures_of,
    names_of_teams,
    over_known,
    results_of,
    roles_of,
)
from antepost.sports.dota2 import DOTA2

_FOLDER = "dota2/pro_2025_opendota50"
_SEEN = "the end of the minute, and a quarter of an hour: no league delays its broadcast more (bounded)"
# Delays that leagues chose stand in Steam's list of live games: between 10 and 900 seconds.
_DELAY = timedelta(minutes=15)
_INT, _TEXT, _FLAG = pl.Int64(), pl.String(), pl.Boolean()

_MATCHES: Mapping[str, pl.DataType] = {
    "match_id": _INT, "leagueid": _INT, "league": _TEXT, "start_time": _INT, "duration": _INT, "series_id": _INT,
    "series_type": _INT, "radiant_team_id": _INT, "dire_team_id": _INT, "radiant_name": _TEXT, "dire_name": _TEXT,
    "radiant_win": _FLAG, "radiant_score": _INT, "dire_score": _INT, "first_blood_time": _INT,
}  # fmt: skip
# Our statistic, and the column upstream.
_COUNTS = {
    "hero": "hero_id", "facet": "hero_variant", "kills": "kills", "deaths": "deaths", "assists": "assists",
    "last_hits": "last_hits", "denies": "denies", "level": "level", "gold_per_minute": "gold_per_min",
    "experience_per_minute": "xp_per_min", "net_worth": "net_worth", "hero_damage": "hero_damage",
    "tower_damage": "tower_damage", "hero_healing": "hero_healing", "observers_placed": "obs_placed",
    "sentries_placed": "sen_placed", "camps_stacked": "camps_stacked", "rune_pickups": "rune_pickups",
    "buybacks": "buyback_count",
}  # fmt: skip
_BY_MINUTE = {"gold": "gold_t", "experience": "xp_t", "last_hits": "lh_t", "denies": "dn_t"}
_PLAYERS: Mapping[str, pl.DataType] = {
    "match_id": _INT, "account_id": _INT, "name": _TEXT, "isRadiant": _FLAG, "player_slot": _INT, "times": _TEXT,
    "kills_log": _TEXT, **dict.fromkeys(_BY_MINUTE.values(), _TEXT), **dict.fromkeys(_COUNTS.values(), _INT),
}  # fmt: skip
_OBJECTIVES: Mapping[str, pl.DataType] = {
    "match_id": _INT, "time": _INT, "type": _TEXT, "key": _TEXT, "team": _INT,
}  # fmt: skip
_NUMBERS = pl.List(pl.Int64())
_KILLS = pl.List(pl.Struct({"time": pl.Int64()}))
_TAKEN = ("kills", "towers", "barracks", "roshans")
_STAMPS = ("fixture", "league", "season", "event_at", "event_precision", "ended")


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of matches, players and objectives.

    Raises:
        DataError: a file is cut off or a column is missing.
    """
    files = unbundle(data, 3, f"OpenDota's {part.name} of 2025")
    matches = read_parquet(files[0], _MATCHES, "OpenDota's matches of 2025")
    players = read_parquet(files[1], _PLAYERS, "OpenDota's players of 2025")
    objectives = read_parquet(files[2], _OBJECTIVES, "OpenDota's objectives of 2025")
    games, faulty = _games(matches)
    played = _lists(players.join(_keys(games), on="match_id", maintain_order="left"))
    minutes = _minutes(played, objectives, games)
    whole = _last(minutes)
    tables = {
        "fixtures": fixtures_of(games),
        "results": results_of(games, over_known(), "bounded"),
        "rosters": pl.concat([roles_of(games), *_rosters(played)]),
        "team_stats": claim(_team_stats(games, whole), "team_stats", DOTA2.name, over_known(), "bounded"),
        "player_stats": _player_stats(played),
        "minute_states": _claimed_minutes(minutes),
        "entities": names_of_teams(games),
    }
    return Parsed(tables=tables, refused=refuse(faulty.select(*matches.columns, "reason")), games=matches.height)


def _games(matches: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    begun = pl.from_epoch("start_time", time_unit="s").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    typed = matches.with_columns(
        begun.alias("start"),
        (begun + pl.duration(seconds="duration")).alias("ended"),
        pl.col("radiant_team_id").cast(pl.String).alias("radiant"),
        pl.col("dire_team_id").cast(pl.String).alias("dire"),
        pl.col("radiant_win").alias("radiant_won"),
        pl.lit("second").alias("event_precision"),
        pl.col("series_type").replace_strict(SERIES, default=None, return_dtype=pl.String).alias("stage"),
        pl.col("leagueid").cast(pl.String).alias("venue"),
        pl.col("league").str.json_path_match("$.name").alias("venue_name"),
        pl.col("start_time").rank("ordinal").over("series_id").cast(pl.Int32).alias("sequence"),
    )
    told = {"start_time is no moment": begun.is_null(), "no duration": ~(pl.col("duration") > 0).fill_null(value=False)}
    sane, faulty = split(typed, {**faults(), **told, "radiant_win is not told": pl.col("radiant_won").is_null()})
    return arranged(sane.drop("league")), faulty


def _keys(games: pl.DataFrame) -> pl.DataFrame:
    return games.select("match_id", *_STAMPS, "radiant", "dire", "radiant_side", "dire_side")


def _lists(played: pl.DataFrame) -> pl.DataFrame:
    """Return the players with their lists as lists, their side and their team.

    Raises:
        DataError: a list is no JSON, or shorter than its minutes.
    """
    try:
        read = played.with_columns(
            *(pl.col(name).str.json_decode(_NUMBERS) for name in ("times", *_BY_MINUTE.values())),
            pl.col("kills_log").str.json_decode(_KILLS),
        )
    except pl.exceptions.PolarsError as error:
        raise DataError(f"OpenDota's players of 2025 hold a list that is no JSON ({error}); fetch it again") from error
    lengths = read.select(pl.col("times", *_BY_MINUTE.values()).list.len())
    if not all(lengths["times"].equals(lengths[name], check_names=False) for name in _BY_MINUTE.values()):
        raise DataError("OpenDota's players of 2025 hold lists of different lengths; fetch them again")
    own = pl.when("isRadiant")
    return read.with_columns(
        own.then("radiant_side").otherwise("dire_side").alias("side"),
        own.then("radiant").otherwise("dire").alias("team"),
        pl.col("account_id").cast(pl.String).alias("player"),
    )


def _minutes(played: pl.DataFrame, objectives: pl.DataFrame, games: pl.DataFrame) -> pl.DataFrame:
    """Return each side's sums at every whole minute; what it took until then is counted from the moments."""
    each = played.select(*_STAMPS, "side", pl.col("times").alias("second"), *_BY_MINUTE.values())
    long = each.explode("second", *_BY_MINUTE.values())
    sums = long.group_by(*_STAMPS, "side", "second", maintain_order=True).agg(
        pl.col(column).sum().alias(name) for name, column in _BY_MINUTE.items()
    )
    kills = played.select("fixture", "side", pl.lit("kills").alias("taken"), "kills_log").explode("kills_log")
    events = pl.concat(
        [
            kills.select("fixture", "side", "taken", pl.col("kills_log").struct.field("time").alias("at")),
            _objectives(objectives, games),
        ]
    ).drop_nulls()
    for taken in _TAKEN:
        own = events.filter(pl.col("taken") == taken).sort("at").with_columns(pl.lit(1, pl.Int64).alias("one"))
        counted = own.with_columns(pl.col("one").cum_sum().over("fixture", "side", order_by="at").alias(taken))
        sums = sums.sort("second", maintain_order=True).join_asof(
            counted.select("fixture", "side", "at", taken), left_on="second", right_on="at", by=["fixture", "side"],
            check_sortedness=False,
        )  # fmt: skip
        sums = sums.drop("at", strict=False).with_columns(pl.col(taken).fill_null(0))
    leads = [
        (2 * pl.col(name) - pl.col(name).sum().over("fixture", "second")).alias(f"{name}_lead")
        for name in ("gold", "experience")
    ]
    ordered = sums.with_columns(*leads, (pl.col("second") // 60).cast(pl.Int32).alias("minute"))
    return ordered.sort("fixture", "second", "side")


def _objectives(objectives: pl.DataFrame, games: pl.DataFrame) -> pl.DataFrame:
    """Return what each side took and when: a tower of the other side (a denied one too), barracks, Roshan."""
    ours = objectives.join(games.select("match_id", "fixture", "radiant_side", "dire_side"), on="match_id")
    fallen = pl.col("type") == "building_kill"
    taken = (
        pl.when(fallen & pl.col("key").str.contains("_tower")).then(pl.lit("towers"))
        .when(fallen & pl.col("key").str.contains("_rax_")).then(pl.lit("barracks"))
        .when(pl.col("type") == "CHAT_MESSAGE_ROSHAN_KILL").then(pl.lit("roshans"))
    )  # fmt: skip
    # Valve counts Radiant as 2 and Dire as 3; "goodguys" is Radiant, so that its buildings fall to Dire.
    radiant = pl.when(fallen).then(pl.col("key").str.contains("badguys")).otherwise(pl.col("team") == 2)
    return ours.with_columns(taken.alias("taken")).select(
        "fixture",
        pl.when(radiant).then("radiant_side").when(~radiant).then("dire_side").alias("side"),
        "taken",
        pl.col("time").alias("at"),
    )


def _claimed_minutes(minutes: pl.DataFrame) -> pl.DataFrame:
    seen = pl.col("event_at") + pl.duration(minutes="minute") + _DELAY
    return claim(minutes.filter(pl.col("second") % 60 == 0), "minute_states", DOTA2.name, seen, "bounded")


def _last(minutes: pl.DataFrame) -> pl.DataFrame:
    """Return each side's sums of gold, experience and farm at the last minute there is."""
    last = minutes.filter(pl.col("second") == pl.col("second").max().over("fixture"))
    return last.select("fixture", "side", *_BY_MINUTE, "towers", "barracks", "roshans")


def _team_stats(games: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    told = by_side(games).with_columns(
        pl.col("score").alias("kills"),
        pl.col("duration").alias("seconds"),
        pl.col("first_blood_time").alias("first_blood_seconds"),
    )
    return told.join(whole, on=["fixture", "side"], how="left", maintain_order="left")


def _player_stats(played: pl.DataFrame) -> pl.DataFrame:
    stamps = (*_STAMPS, "side", "team", "player", "name")
    rows = played.select(*stamps, *(pl.col(column).alias(stat) for stat, column in _COUNTS.items()))
    return claim(rows, "player_stats", DOTA2.name, over_known(), "bounded")


def _rosters(played: pl.DataFrame) -> list[pl.DataFrame]:
    """Return who plays, and which hero: their facets are hidden from the other side until the match begins."""
    roman = pl.when("isRadiant").then(pl.lit("radiant")).otherwise(pl.lit("dire"))
    place = (pl.col("player_slot") % 128 + 1).cast(pl.String)
    players = played.with_columns(pl.concat_str(roman, pl.lit("player"), place, separator="_").alias("role"))
    heroes = played.with_columns(
        pl.concat_str(roman, pl.lit("hero"), place, separator="_").alias("role"),
        pl.col("hero_id").cast(pl.String).alias("player"),
        pl.lit(None, pl.String).alias("name"),
    )
    return [as_rosters(players), as_rosters(heroes)]


def _parts(_: int) -> tuple[Part, ...]:
    beside = tuple(Part(name=name, path=f"{_FOLDER}/{name}.parquet") for name in ("players", "objectives"))
    return (Part(name="matches", path=f"{_FOLDER}/matches.parquet", season=2025, beside=beside),)


OPENDOTA_PRO_2025 = Source(
    name="opendota_pro_2025",
    sport=DOTA2.name,
    tier="C",
    primary=True,
    parts=_parts,
    terms="a copy of OpenDota's answers by SirGenkii/Dota-Datas; no licence stated",
    cadence="finished: October to December 2025",
    parser="opendota-pro-2025-1",
    parse=parse,
    known_at={
        **dict.fromkeys((*_PLAYERS, *_OBJECTIVES), _SEEN),
        **dict.fromkeys(_COUNTS.values(), ENDED),
        **dict.fromkeys(_MATCHES, LISTED),
        **dict.fromkeys(("duration", "radiant_win", "radiant_score", "dire_score", "first_blood_time"), ENDED),
        **dict.fromkeys(("account_id", "name", "isRadiant", "player_slot", "hero_id"), DRAFTED),
    },
    named=False,
)
