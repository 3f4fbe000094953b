"""Snapshots of Counter-Strike rounds in 2019 and 2020, about one in 20 seconds: money, weapons, health, players.

The file tells neither sides nor days nor matches. A map is one game until another map comes, or fewer rounds have been
played than before. The first snapshot of a round is labelled with the winner of the round before: who won is reckoned
from the next round's score, and where that leaves two answers, taken from the label of a later snapshot.

Source: https://www.kaggle.com/datasets/christianlillelund/csgo-round-winner-classification
"""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from antepost.ingestion.cells import number, whole
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, single
from antepost.ingestion.sources.csgo_shared import CLASSES, round_rows

_ROLES = ("ct", "t")
_HELD = datetime(2020, 1, 1, 12, tzinfo=UTC)
_PUBLIC = datetime(2021, 1, 1, tzinfo=UTC)
_KNOWN = "the end of 2020, in which the file was made public (bounded)"
# Seconds that a round takes once the buying is over.
_ROUND = 115.0
_SIMPLE = {"health": "health", "armor": "armor", "money": "money", "helmets": "helmets", "alive": "players_alive"}
_COUNTS = tuple(f"{role}_{name}" for role in _ROLES for name in ("score", *_SIMPLE.values()))
_WEAPONS = tuple(
    f"{role}_weapon_{name}"
    for role in _ROLES
    for name in (
        "ak47", "aug", "awp", "bizon", "cz75auto", "elite", "famas", "g3sg1", "galilar", "glock", "m249", "m4a1s",
        "m4a4", "mac10", "mag7", "mp5sd", "mp7", "mp9", "negev", "nova", "p90", "r8revolver", "sawedoff", "scar20",
        "sg553", "ssg08", "ump45", "xm1014", "deagle", "fiveseven", "usps", "p250", "p2000", "tec9",
    )
)  # fmt: skip
_GRENADES = tuple(
    f"{role}_grenade_{name}"
    for role in _ROLES
    for name in ("hegrenade", "flashbang", "smokegrenade", "incendiarygrenade", "molotovgrenade", "decoygrenade")
)
COLUMNS = (
    "time_left", "map", "bomb_planted", "round_winner", "ct_defuse_kits", *_COUNTS, *_WEAPONS, *_GRENADES,
)  # fmt: skip
_KEPT = ("league", "season", "fixture", "event_at", "event_precision", "game", "map", "round", "sequence")
_WINNERS = {"CT": "ct", "T": "t"}


def parse(data: bytes, part: Part) -> Parsed:
    """Return the snapshots, and who won each round.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    sheet = read_sheet(data, COLUMNS, f"the CS:GO {part.name}").select(COLUMNS)
    whole_ones = (*_COUNTS, *_WEAPONS, *_GRENADES, "ct_defuse_kits")
    typed = sheet.with_columns(
        *(whole(name).alias(name) for name in whole_ones),
        number("time_left").alias("time_left"),
        pl.col("bomb_planted").str.to_lowercase().replace_strict({"true": True, "false": False}, default=None),
        pl.col("round_winner").replace_strict(_WINNERS, default=None, return_dtype=pl.String).alias("label"),
    )
    sane, faulty = split(
        typed,
        {
            "time_left is no part of a round": ~pl.col("time_left").is_between(0.0, 1000.0).fill_null(value=False),
            "no map": pl.col("map").is_null(),
            "a count is no number": pl.any_horizontal(pl.col(whole_ones).is_null()),
            "bomb_planted is neither true nor false": pl.col("bomb_planted").is_null(),
        },
    )
    rows = _numbered(sane)
    seen = _states(rows)
    states = pl.concat([seen, _ends(_winners(rows), seen.clear())])
    claimed = round_rows(states, pl.lit(_PUBLIC).dt.cast_time_unit("us"), "bounded")
    return Parsed(
        tables={"round_states": claimed}, refused=refuse(faulty.select(*sheet.columns, "reason")), games=sheet.height
    )


def _numbered(sane: pl.DataFrame) -> pl.DataFrame:
    """Return the snapshots with their game, round and place in the round."""
    played = pl.col("ct_score") + pl.col("t_score")
    new = (pl.col("map") != pl.col("map").shift(1)) | (played < played.shift(1))
    game = (new.fill_null(value=True).cast(pl.Int64).cum_sum()).cast(pl.String).str.zfill(4)
    numbered = sane.with_columns(
        pl.concat_str(pl.lit("csgo_round_snapshots"), game, separator="-").alias("game"),
        (played + 1).cast(pl.Int32).alias("round"),
    )
    return numbered.with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("game", "round").alias("sequence"),
        pl.lit("pro").alias("league"),
        pl.lit(None, pl.Int32).alias("season"),
        pl.lit(None, pl.String).alias("fixture"),
        pl.lit(_HELD).dt.cast_time_unit("us").alias("event_at"),
        pl.lit("none").alias("event_precision"),
    )


def _winners(rows: pl.DataFrame) -> pl.DataFrame:
    """Return each round with ``winner`` (ct, t; null where nothing tells it) and the number of its last snapshot."""
    late = pl.col("sequence") == 1
    rounds = rows.group_by("game", "round", maintain_order=True).agg(
        pl.col("map", "league", "season", "fixture", "event_at", "event_precision").first(),
        pl.col("ct_score", "t_score").first(),
        pl.col("label").filter(~late).last().alias("label"),
        pl.col("sequence").max(),
    )
    ct, t = pl.col("ct_score"), pl.col("t_score")
    later = {name: pl.col(name).shift(-1).over("game") for name in ("ct_score", "t_score", "round")}
    following = later["round"] == pl.col("round") + 1
    # Sides change roles at half-time and in overtime, and take their scores with them.
    straight_ct = (later["ct_score"] == ct + 1) & (later["t_score"] == t)
    straight_t = (later["ct_score"] == ct) & (later["t_score"] == t + 1)
    swapped_ct = (later["ct_score"] == t) & (later["t_score"] == ct + 1)
    swapped_t = (later["ct_score"] == t + 1) & (later["t_score"] == ct)
    by_ct, by_t = (straight_ct | swapped_ct) & following, (straight_t | swapped_t) & following
    told = (
        pl.when(by_ct & ~by_t).then(pl.lit("ct")).when(by_t & ~by_ct).then(pl.lit("t")).otherwise(pl.col("label"))
    )  # fmt: skip
    return rounds.with_columns(told.alias("winner"))


def _states(rows: pl.DataFrame) -> pl.DataFrame:
    phase = (
        pl.when("bomb_planted").then(pl.lit("planted"))
        .when(pl.col("time_left") > _ROUND).then(pl.lit("buy"))
        .otherwise(pl.lit("live"))
    )  # fmt: skip
    return pl.concat([rows.select(*_KEPT, phase.alias("phase"), *_of(role)) for role in _ROLES])


def _of(role: str) -> list[pl.Expr]:
    """Return what one role has at a snapshot."""
    held = [column for column in (*_WEAPONS, *_GRENADES) if column.startswith(f"{role}_")]
    sums = [
        pl.sum_horizontal(column for column in held if column.split("_")[2] in weapons).alias(name)
        for name, weapons in CLASSES.items()
    ]
    kits = pl.col("ct_defuse_kits") if role == "ct" else pl.lit(0, pl.Int64)
    return [
        pl.lit(role).alias("role"),
        (pl.col("time_left") * 1000).round().cast(pl.Int64).alias("clock_ms"),
        pl.col(f"{role}_score").alias("score"),
        *(pl.col(f"{role}_{column}").alias(name) for name, column in _SIMPLE.items()),
        kits.alias("kits"),
        *sums,
        pl.lit(None, pl.Boolean).alias("won"),
    ]


def _ends(rounds: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Return who won each round, as rows like ``states``."""
    known = rounds.filter(pl.col("winner").is_not_null()).with_columns(
        pl.lit("over").alias("phase"), (pl.col("sequence") + 1).alias("sequence")
    )
    ends = [
        known.with_columns(
            pl.lit(role).alias("role"), (pl.col("winner") == role).alias("won"), pl.col(f"{role}_score").alias("score")
        )
        for role in _ROLES
    ]
    return pl.concat([states, *ends], how="diagonal").select(states.columns)


CSGO_ROUND_SNAPSHOTS = Source(
    name="csgo_round_snapshots",
    sport="cs2",
    tier="C",
    primary=False,
    parts=single("round_snapshots", "cs2/round_snapshots/csgo_round_snapshots.csv"),
    terms="a copy of a Kaggle set; the copy states MIT, the original's terms were not checked",
    cadence="finished: 2019 and 2020",
    parser="csgo-round-snapshots-1",
    parse=parse,
    known_at=dict.fromkeys(COLUMNS, _KNOWN),
)
