"""OpenDota's answers: the list of newest professional matches, and one match minute by minute.

Only matches that are fixtures already are taken: kills, times, and who led by how much. A match that no replay was
parsed of has no minutes. An answer of before 2019 may lack the sides' ids; then nobody's side is told.

Source: https://docs.opendota.com
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import cast

import polars as pl

from antepost.errors import DataError
from antepost.ingestion import stamps
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.ingestion.sources.opendota_shared import arranged, by_side, faults
from antepost.sports.dota2 import DOTA2

_FOLDER = "dota2/api_samples/odota_web"
_DELAY = timedelta(minutes=15)
_ENDED = "half an hour after the end that start_time and duration give (bounded)"
_SEEN = "the end of the minute, and a quarter of an hour: no league delays its broadcast more (bounded)"
_WHOLE = {
    "match_id": pl.Int64(), "start_time": pl.Int64(), "duration": pl.Int64(), "radiant_team_id": pl.Int64(),
    "dire_team_id": pl.Int64(), "radiant_score": pl.Int64(), "dire_score": pl.Int64(),
}  # fmt: skip
_LEADS = {"radiant_gold_adv": "gold", "radiant_xp_adv": "experience"}
_SCHEMA: Mapping[str, pl.DataType] = {
    **_WHOLE, "radiant_win": pl.Boolean(), **dict.fromkeys(_LEADS, pl.List(pl.Int64())),
}  # fmt: skip
_REQUIRED = (*_WHOLE, "radiant_win")


def _broken(value: object) -> bool:
    """Return whether a value, or one of a list, is a number with a fraction."""
    return isinstance(value, float) or (isinstance(value, list) and any(map(_broken, cast("list[object]", value))))


def parse(data: bytes, part: Part) -> Parsed:
    """Return what an answer tells of its matches.

    Raises:
        DataError: the answer is cut off, or laid out otherwise.
    """
    try:
        told: object = json.loads(data)
    except ValueError as error:
        raise DataError(f"OpenDota's {part.name} is cut off or no JSON ({error}); fetch it again") from error
    matches = cast("list[dict[str, object]]", told if isinstance(told, list) else [told])
    try:
        lacking = sorted({name for match in matches for name in _REQUIRED if name not in match})
        rows = [{name: match.get(name) for name in _SCHEMA} for match in matches]
        # Polars would cut a fraction off.
        lacking += sorted({f"a whole {name}" for row in rows for name in _SCHEMA if _broken(row[name])})
        read = pl.DataFrame(rows, schema=dict(_SCHEMA))
    except (TypeError, AttributeError, OverflowError, pl.exceptions.PolarsError) as error:
        raise DataError(f"OpenDota's {part.name} has another layout ({error}); see the source's page") from error
    if lacking or read.is_empty():
        missing = ", ".join(lacking) or "any match"
        raise DataError(f"OpenDota's {part.name} lacks {missing}; see the source's page", missing=lacking)
    begun = pl.from_epoch("start_time", time_unit="s").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    typed = read.with_columns(
        begun.alias("start"),
        pl.lit("second").alias("event_precision"),
        pl.col("radiant_team_id").cast(pl.String).alias("radiant"),
        pl.col("dire_team_id").cast(pl.String).alias("dire"),
        pl.col("radiant_win").alias("radiant_won"),
    )
    times = {"no start_time or duration": pl.col("start_time").is_null() | pl.col("duration").is_null()}
    sane, faulty = split(typed, {**faults(), **times})
    ended = pl.col("start") + pl.duration(seconds="duration") + stamps.AFTER_RESULT
    # The fixture has its start already, and ours moves with it; the end is the answer's own.
    games = arranged(sane).with_columns(
        ended.alias("known"),
        pl.lit(stamps.UNDATED).alias("event_at"),
        pl.lit("none").alias("event_precision"),
    )
    totals = by_side(games).with_columns(pl.col("score").alias("kills"), pl.col("duration").alias("seconds"))
    tables = {
        "team_stats": claim(totals, "team_stats", DOTA2.name, pl.col("known"), "bounded"),
        "minute_states": _minutes(games),
    }
    return Parsed(tables=tables, refused=refuse(faulty.select(*_SCHEMA, "reason")), games=read.height)


def _minutes(games: pl.DataFrame) -> pl.DataFrame:
    """Return both sides' leads at every minute, of which the answer tells Radiant's; both lists have one length."""
    parsed = games.filter(pl.col("radiant_gold_adv").list.len() == pl.col("radiant_xp_adv").list.len())
    numbered = parsed.with_columns(pl.int_ranges(0, pl.col("radiant_gold_adv").list.len()).alias("minute"))
    each = numbered.filter(pl.col("minute").list.len() > 0).explode("minute", *_LEADS)
    sides = [
        each.with_columns(
            pl.col(f"{own}_side").alias("side"),
            *((sign * pl.col(column)).alias(f"{name}_lead") for column, name in _LEADS.items()),
        )
        for own, sign in (("radiant", 1), ("dire", -1))
    ]
    seen = pl.col("event_at") + pl.duration(minutes="minute") + _DELAY
    return claim(pl.concat(sides), "minute_states", DOTA2.name, seen, "bounded")


OPENDOTA = Source(
    name="opendota",
    sport=DOTA2.name,
    tier="B",
    primary=False,
    parts=lambda _: (
        Part(name="proMatches", path=f"{_FOLDER}/proMatches_.json", url="https://api.opendota.com/api/proMatches"),
        Part(name="match-4080856812", path=f"{_FOLDER}/matches_4080856812_.json"),
    ),
    terms="open to all within the limits of calls that its documentation states",
    cadence="within minutes of a match's end; its replay is parsed later",
    parser="opendota-2",
    parse=parse,
    known_at={
        **dict.fromkeys(_REQUIRED, _ENDED),
        **dict.fromkeys(_LEADS, _SEEN),
    },
    named=False,
    own_ids=True,
)
