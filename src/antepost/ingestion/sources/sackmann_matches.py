"""Jeff Sackmann's matches: the file tells a tournament's Monday and the round, from which the day is reckoned.

Source: https://github.com/JeffSackmann/tennis_atp (matches_data_dictionary.txt)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import day_of, number, whole
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, claim
from antepost.ingestion.sources.sackmann_lists import RANKED, ranking_known
from antepost.sports import Sport
from antepost.sports.atp import ATP
from antepost.sports.tennis import PLAYER_STATS, STAGES

_LISTED = "order of play: 12 h before the start (assumed); first of a tournament: two days before its Monday"
_ENDED = "12:00 UTC on the day after the reckoned day of the round (assumed)"

# Days after the Monday on which a round is reckoned to be played: in a week's event, and in one of a fortnight.
_WEEK = {"Q1": -2, "Q2": -1, "Q3": -1, "Q4": -1, "ER": 0, "RR": 2, "R128": 0, "R64": 0, "R32": 1, "R16": 3, "QF": 4,
         "SF": 5, "BR": 6, "F": 6}  # fmt: skip
_FORTNIGHT = {**_WEEK, "Q1": -6, "Q2": -4, "Q3": -3, "Q4": -3, "R128": 0, "R64": 2, "R32": 4, "R16": 6, "QF": 8,
              "SF": 10, "BR": 12, "F": 12}  # fmt: skip
_LONG_DRAW = 96

_KEYS = ("tourney_id", "tourney_date", "match_num", "winner_id", "loser_id", "round", "tourney_level")
_ABOUT = ("tourney_name", "surface", "draw_size", "winner_name", "loser_name", "winner_hand", "loser_hand", "winner_ht",
          "loser_ht", "winner_ioc", "loser_ioc")  # fmt: skip
_RANKS = ("winner_rank", "winner_rank_points", "loser_rank", "loser_rank_points")
_COUNTED = {
    "aces": "ace", "double_faults": "df", "serve_points": "svpt", "first_in": "1stIn", "first_won": "1stWon",
    "second_won": "2ndWon", "service_games": "SvGms", "break_points_saved": "bpSaved", "break_points_faced": "bpFaced",
}  # fmt: skip
_COUNTS = tuple(f"{side}_{name}" for side in "wl" for name in _COUNTED.values())
MATCH_KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys((*_KEYS, *_ABOUT), _LISTED),
    **dict.fromkeys(("score", "best_of", "minutes", *_COUNTS), _ENDED),
    **dict.fromkeys(_RANKS, RANKED),
}
_RETIRED = r"(?i)RET|ABN|\bRE\b"
_WALKOVER = r"(?i)W/O|Walkover"
_AWARDED = r"(?i)DEF"
_ABANDONED = r"(?i)ABD|unfinished|abandoned|UNK|NA|Live"


def read_matches(data: bytes, sport: Sport, part: Part) -> Parsed:
    """Return the tables of one year's matches.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, tuple(MATCH_KNOWN_AT), f"Sackmann's {part.name}").select(tuple(MATCH_KNOWN_AT))
    games, refused = _games(sheet, sport, part)
    tables = {
        "fixtures": _fixtures(games, sport),
        "results": claim(games.filter(pl.col("ending").is_not_null()), "results", sport.name, _ended(sport)),
        "periods": _sets(games, sport),
        "player_stats": _player_stats(games, sport),
        "venues": claim(games.filter(pl.col("surface").is_not_null()), "venues", sport.name, pl.col("listed")),
        "rankings": _ranks(games, sport),
        "entities": _entities(games, sport),
    }
    return Parsed(tables=tables, refused=refuse(refused), games=sheet.height)


def _games(text: pl.DataFrame, sport: Sport, part: Part) -> tuple[pl.DataFrame, pl.DataFrame]:
    typed = text.with_columns(
        day_of("tourney_date", "%Y%m%d").alias("monday"),
        pl.col("match_num").cast(pl.Int32, strict=False).alias("number"),
        number("draw_size").alias("draw"),
        whole("winner_id").alias("winner"),
        whole("loser_id").alias("loser"),
    )
    sane, faulty = split(
        typed,
        {
            "tourney_date is no date": pl.col("monday").is_null(),
            "match_num is no number": pl.col("number").is_null(),
            "a player without a number": pl.any_horizontal(pl.col("winner", "loser").is_null()),
            "a player meets himself": pl.col("winner") == pl.col("loser"),
            "an unknown round": ~pl.col("round").is_in(STAGES).fill_null(value=False),
        },
    )
    # Winner and loser are known only after the match: the sides are ordered by id, which says nothing.
    first = pl.col("winner") < pl.col("loser")
    long = pl.col("draw") >= _LONG_DRAW
    offset = pl.when(long).then(_days(_FORTNIGHT)).otherwise(_days(_WEEK))
    noon, *_ = stamps.on_day(pl.col("monday"))
    ids = [pl.col(name).cast(pl.String) for name in ("winner", "loser")]
    games = sane.with_columns(
        pl.when(first).then(pl.lit("home")).otherwise(pl.lit("away")).alias("outcome"),
        pl.when(first).then(ids[0]).otherwise(ids[1]).alias("home"),
        pl.when(first).then(ids[1]).otherwise(ids[0]).alias("away"),
        (noon + pl.duration(days=offset)).alias("start"),
        noon.alias("opening"),
        pl.lit(part.season, pl.Int32).alias("season"),
        _league(sport, part).alias("league"),
        pl.col("round").alias("stage"),
        pl.col("tourney_id").alias("venue"),
        pl.col("tourney_name").alias("venue_name"),
        pl.col("number").alias("sequence"),
        pl.lit("tournament").alias("event_precision"),
        pl.lit(value=True).alias("neutral"),
        pl.concat_str(pl.lit(sport.name), "tourney_id", "number", pl.lit(_shelf(part)), separator="-").alias("fixture"),
        *_score(),
    )
    listed = pl.col("start") - timedelta(hours=12)
    opened = pl.col("opening") - timedelta(days=2)
    earliest = pl.col("start").min().over("tourney_id") == pl.col("start")
    return games.with_columns(
        pl.col("start").alias("event_at"),
        pl.when(earliest).then(pl.min_horizontal(opened, listed)).otherwise(listed).alias("listed"),
    ), faulty.select(*text.columns, "reason")


def _shelf(part: Part) -> str:
    return "q" if part.name.startswith("qual_chall") else "m"


def _days(offsets: Mapping[str, int]) -> pl.Expr:
    return pl.col("round").replace_strict(offsets, return_dtype=pl.Int64)


def _league(sport: Sport, part: Part) -> pl.Expr:
    main, *lower = sport.leagues
    if sport is ATP:
        challenger, qualifying = lower
        if not part.name.startswith("qual_chall"):
            return pl.lit(main)
        return pl.when(pl.col("tourney_level") == "C").then(pl.lit(challenger)).otherwise(pl.lit(qualifying))
    top = pl.col("tourney_level").is_in(["G", "PM", "P", "I", "F", "O", "D", "W", "E", "T1", "T2", "T3", "T4", "T5"])
    return pl.when(top).then(pl.lit(main)).otherwise(pl.lit(lower[0]))


def _score() -> tuple[pl.Expr, ...]:
    score = pl.col("score").fill_null("")
    ending = (
        pl.when(pl.col("score").is_null()).then(pl.lit("abandoned"))
        .when(score.str.contains(_WALKOVER)).then(pl.lit("walkover"))
        .when(score.str.contains(_RETIRED)).then(pl.lit("retired"))
        .when(score.str.contains(_AWARDED)).then(pl.lit("awarded"))
        .when(score.str.contains(_ABANDONED)).then(pl.lit("abandoned"))
        .otherwise(pl.lit("regulation"))
    )  # fmt: skip
    sets = score.str.extract_all(r"\d+-\d+")
    # Where play broke off, only a set that was played out counts: six games, two ahead, or seven.
    whole = sets.list.eval(pl.when(_played_out()).then(pl.element())).list.drop_nulls()
    counted = pl.when(score.str.contains("[A-Za-z]")).then(whole).otherwise(sets)
    won = counted.list.eval(_games_of(0) > _games_of(1)).list.sum()
    lost = counted.list.eval(_games_of(0) < _games_of(1)).list.sum()
    first = pl.col("winner") < pl.col("loser")
    played = sets.list.len() > 0
    return (
        ending.alias("ending"),
        sets.alias("sets"),
        first.alias("first"),
        pl.when(played).then(pl.when(first).then(won).otherwise(lost)).cast(pl.Int64).alias("home_score"),
        pl.when(played).then(pl.when(first).then(lost).otherwise(won)).cast(pl.Int64).alias("away_score"),
    )


def _games_of(at: int) -> pl.Expr:
    return pl.element().str.split("-").list.get(at).cast(pl.Int64)


def _played_out() -> pl.Expr:
    won, lost = _games_of(0), _games_of(1)
    most, least = pl.max_horizontal(won, lost), pl.min_horizontal(won, lost)
    return (most >= 6) & ((most - least >= 2) | (most == 7))


def _ended(sport: Sport) -> pl.Expr:
    return stamps.result_known(sport.duration)


def _fixtures(games: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    return claim(games, "fixtures", sport.name, pl.col("listed"))


def _sets(games: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    keys = ["fixture", "league", "season", "event_at", "event_precision", "start", "first"]
    told = games.select(*keys, "sets", pl.int_ranges(1, pl.col("sets").list.len() + 1).alias("period"))
    each = told.filter(pl.col("sets").list.len() > 0).explode("sets", "period")
    played = each.with_columns(
        pl.col("sets").str.split("-").list.get(at).cast(pl.Int64).alias(name) for at, name in enumerate("wl")
    )
    sides = [
        played.with_columns(pl.lit(side).alias("side"), pl.when("first").then(a).otherwise(b).alias("score"))
        for side, a, b in (("home", "w", "l"), ("away", "l", "w"))
    ]
    return claim(pl.concat(sides), "periods", sport.name, _ended(sport))


def _player_stats(games: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    told: list[pl.DataFrame] = []
    for side, prefix in (("winner", "w"), ("loser", "l")):
        own = pl.col("first") == (side == "winner")
        counts = [whole(f"{prefix}_{name}").alias(stat) for stat, name in _COUNTED.items()]
        minutes = whole("minutes")
        told.append(
            games.with_columns(
                pl.when(own).then(pl.lit("home")).otherwise(pl.lit("away")).alias("side"),
                pl.col(side).cast(pl.String).alias("player"),
                pl.col(side).cast(pl.String).alias("team"),
                pl.col(f"{side}_name").alias("name"),
                *counts,
                minutes.alias("minutes"),
            )
        )
    rows = pl.concat(told)
    counted = pl.any_horizontal(pl.col(*PLAYER_STATS).is_not_null())
    return claim(rows.filter(counted), "player_stats", sport.name, _ended(sport))


def _ranks(games: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    told = [
        games.select(
            pl.lit(sport.name).alias("league"),
            "season",
            pl.col("monday").cast(pl.Datetime("us")).dt.replace_time_zone("UTC").alias("event_at"),
            pl.lit("day").alias("event_precision"),
            pl.col(side).cast(pl.String).alias("player"),
            whole(f"{side}_rank").cast(pl.Int32, strict=False).alias("rank"),
            whole(f"{side}_rank_points").alias("points"),
        )
        for side in ("winner", "loser")
    ]
    ranked = pl.concat(told).filter(pl.col("rank").is_not_null())
    return claim(
        ranked.unique(["event_at", "player"], keep="first", maintain_order=True),
        "rankings",
        sport.name,
        ranking_known(),
    )


def _entities(games: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    told = [
        games.select(
            "league", "season", "event_at", "event_precision", "listed",
            pl.col(side).cast(pl.String).alias("entity"),
            pl.lit("player").alias("kind"),
            pl.col(f"{side}_name").alias("name"),
            pl.col(f"{side}_ioc").alias("country"),
            pl.col(f"{side}_hand").alias("hand"),
            whole(f"{side}_ht").cast(pl.Int32, strict=False).alias("height"),
        )
        for side in ("winner", "loser")
    ]  # fmt: skip
    first = pl.concat(told).sort("event_at", maintain_order=True).unique("entity", keep="first", maintain_order=True)
    return claim(first, "entities", sport.name, pl.col("listed"))
