"""What must hold of every row of a silver table, whoever sent it; a row that breaks a rule goes to the quarantine.

The rules are pandera schemas over polars. Their severity is blocking: a row passes, or is refused with the rule's name.
Findings about a whole load (freshness, prices that jump) do not stop rows; see ``findings``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, cast

import polars as pl

from antepost.ingestion.quality import LEAST_OVERROUND, MOST_OVERROUND
from antepost.ingestion.sheet import refused_of
from antepost.ingestion.stamps import UNDATED

MOST_ODDS = 5001.0
_HOWS = ["recorded", "published", "bounded", "assumed"]
_PRECISIONS = ["second", "day", "tournament", "none"]
_ENDINGS = ["regulation", "overtime", "shootout", "retired", "walkover", "awarded", "abandoned"]
_NO_SELF = "a side meets itself"
_CARRIED = ("net_worth", "level", "alive", "buyback_gold")
_GATHERED = ("gold", "experience", "last_hits", "denies", "kills", "towers", "barracks", "roshans")

if TYPE_CHECKING:
    import pandera.polars as pa
    from pandera.errors import SchemaErrors

type Tables = Mapping[str, pl.DataFrame]
type Rules = Mapping[str, pl.Expr]


def _at_least(column: str, low: float) -> pl.Expr:
    return (pl.col(column) >= low) | pl.col(column).is_null()


_STAMPS: Rules = {
    "no league": pl.col("league").is_not_null(),
    "no event_at or known_at": pl.col("event_at").is_not_null() & pl.col("known_at").is_not_null(),
    "an unknown known_how": pl.col("known_how").is_in(_HOWS),
    "an unknown event_precision": pl.col("event_precision").is_in(_PRECISIONS),
}
_MARKET = ("fixture", "book", "market", "player", "label", "quoted_at")
_COMPLETE = pl.col("odds").is_not_null().all().over(*_MARKET)
_ENOUGH = pl.len().over(*_MARKET) > 1
# Two of the three answers of a double chance are right.
_RIGHT = pl.when(pl.col("market") == "double_chance").then(2).otherwise(1)
_OVERROUND = (1.0 / pl.col("odds")).sum().over(*_MARKET) / _RIGHT
# The best price of any book may leave less than nothing to the bookmaker, and more often does.
_BEST = pl.col("book") == "maximum"
# Two outcomes of a three-way market sum to less than one; only a complete market is judged.
_THREE_WAY = pl.col("market").str.contains("1x2$|^double_chance$") & (pl.len().over(*_MARKET) < 3)

RULES: Mapping[str, Rules] = {
    "fixtures": {
        "no start": pl.col("start").is_not_null(),
        _NO_SELF: pl.col("home") != pl.col("away"),
        "a side is missing": pl.col("home").is_not_null() & pl.col("away").is_not_null(),
        "a season that is not the start's or the year's before": (
            pl.col("start").dt.year() - pl.col("season")
        ).is_between(-1, 1)
        | pl.col("season").is_null()
        | (pl.col("start") == UNDATED),
        "known only after its start": pl.col("known_at") < pl.col("start"),
    },
    "results": {
        "a score below zero": _at_least("home_score", 0) & _at_least("away_score", 0),
        "a score beyond a thousand": ~((pl.col("home_score") > 1000) | (pl.col("away_score") > 1000)).fill_null(
            value=False
        ),
        "neither score nor outcome": pl.col("outcome").is_not_null() | pl.col("home_score").is_not_null(),
        "an unknown outcome": pl.col("outcome").is_in(["home", "draw", "away"]) | pl.col("outcome").is_null(),
        "an unknown ending": pl.col("ending").is_in(_ENDINGS) | pl.col("ending").is_null(),
        "known before its start": pl.col("known_at") > pl.col("event_at"),
    },
    "periods": {
        "a score below zero": pl.col("score") >= 0,
        "a side that is neither home nor away": pl.col("side").is_in(["home", "away"]),
        "known before its start": pl.col("known_at") > pl.col("event_at"),
    },
    "prices": {
        "an impossible price: decimal odds of 1 or less": (pl.col("odds") > 1.0) | pl.col("odds").is_null(),
        "an impossible price: decimal odds beyond 5,000": (pl.col("odds") < MOST_ODDS) | pl.col("odds").is_null(),
        f"the overround lies outside {LEAST_OVERROUND} to {MOST_OVERROUND}": ~(_COMPLETE & _ENOUGH)
        | _THREE_WAY
        | _OVERROUND.is_between(LEAST_OVERROUND, MOST_OVERROUND)
        | _BEST,
        "neither odds nor a line": pl.col("odds").is_not_null() | pl.col("line").is_not_null(),
    },
    "team_stats": {
        "a side that is neither home nor away": pl.col("side").is_in(["home", "away"]),
        "known before its start": pl.col("known_at") > pl.col("event_at"),
    },
    "player_stats": {
        "no player": pl.col("player").is_not_null(),
        "known before its start": pl.col("known_at") > pl.col("event_at"),
    },
    "minute_states": {
        "a side that is neither home nor away": pl.col("side").is_in(["home", "away"]),
        "a minute before the start": pl.col("minute") >= 0,
        "a count below zero": pl.all_horizontal(_at_least(name, 0) for name in _GATHERED),
        "known before its start": pl.col("known_at") > pl.col("event_at"),
    },
    "ticks": {
        "no stream or place in it": pl.col("stream").is_not_null() & pl.col("sequence").is_not_null(),
        "a count below zero": pl.all_horizontal(
            _at_least(f"{side}_{name}", 0) for side in ("radiant", "dire") for name in (*_GATHERED, *_CARRIED)
        ),
        "known before it happened": pl.col("known_at") >= pl.col("event_at"),
    },
    "round_states": {
        "no game or round": pl.col("game").is_not_null() & (pl.col("round") > 0),
        "neither role nor side": pl.col("role").is_in(["ct", "t"]) | pl.col("side").is_in(["home", "away"]),
        "more than five players": pl.col("alive").is_between(0, 5) | pl.col("alive").is_null(),
        "a winner before the end": pl.col("won").is_null() | (pl.col("phase") == "over"),
        "known before its start": pl.col("known_at") > pl.col("event_at"),
    },
    "drafts": {
        "no game": pl.col("game").is_not_null(),
        "a role that is neither radiant nor dire": pl.col("role").is_in(["radiant", "dire"]),
        "a winner before the end": pl.col("won").is_null() | pl.col("over"),
    },
    "ratings": {
        "no player": pl.col("player").is_not_null(),
        "known before it was earned": pl.col("known_at") > pl.col("event_at"),
    },
    "constants": {
        "no kind or code": pl.col("kind").is_not_null() & pl.col("code").is_not_null(),
        "gone before it came": (pl.col("until") > pl.col("since"))
        | pl.col("until").is_null()
        | pl.col("since").is_null(),
    },
    "injuries": {
        "known only after the start of its game": pl.col("fixture").is_null()
        | (pl.col("event_at") == UNDATED)
        | (pl.col("known_at") < pl.col("event_at")),
    },
    "forecasts": {
        "a probability outside 0 to 1": pl.col("probability").is_between(0.0, 1.0),
    },
    "places": {
        "no such place on earth": pl.col("latitude").is_between(-90, 90) & pl.col("longitude").is_between(-180, 180)
        | pl.col("latitude").is_null(),
    },
    "rankings": {
        "no player": pl.col("player").is_not_null(),
        "a rank below one": _at_least("rank", 1),
    },
}


@cache
def schema_of(table: str) -> pa.DataFrameSchema:
    """Return the pandera schema of a silver table: the rules of its stamps, and its own."""
    import pandera.polars as pa

    rules = {**_STAMPS, **RULES.get(table, {})}
    checks = [pa.Check(_holds(rule), name=name) for name, rule in rules.items()]
    return pa.DataFrameSchema(checks=checks, strict=False, name=table)


def _holds(rule: pl.Expr) -> Callable[[pa.PolarsData], pl.LazyFrame]:
    return lambda data: data.lazyframe.select(rule.fill_null(value=False))


def sound(table: str, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that keep every rule of ``table``, and the others as refusals with the first rule they break."""
    nothing = frame.clear().select("raw").with_columns(pl.lit(None, pl.String).alias("reason"))
    if frame.is_empty():
        return frame, refused_of(nothing)
    # Pandera brings pandas with it, a second that only a load has to pay.
    from pandera.errors import SchemaErrors

    try:
        schema_of(table).validate(frame, lazy=True)
    except SchemaErrors as error:
        return _parted(table, frame, error)
    return frame, refused_of(nothing)


def _parted(table: str, frame: pl.DataFrame, error: SchemaErrors) -> tuple[pl.DataFrame, pl.DataFrame]:
    cases = cast("pl.DataFrame", error.failure_cases)
    found = cases.select("index", "check", "check_number").drop_nulls("index")
    first = found.sort("check_number").unique("index", keep="first").select(pl.col("index").cast(pl.UInt32), "check")
    beside = frame.with_row_index("index").join(first, on="index", how="left", maintain_order="left").drop("index")
    broken = beside.filter(pl.col("check").is_not_null())
    if broken.is_empty():
        raise error
    told = broken.with_columns((pl.lit(f"{table}: ") + pl.col("check")).alias("reason")).drop("check")
    return beside.filter(pl.col("check").is_null()).drop("check"), refused_of(told)
