"""The moments at which facts could first be known, where a source gives nothing better (``docs/time.md``).

All are expressions over a frame with ``start`` (UTC), ``event_precision``, ``season`` and ``stage``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import polars as pl

FIXTURE_LIST = timedelta(days=30)
AFTER_RESULT = timedelta(minutes=30)
ANNOUNCED = timedelta(minutes=90)
CLOSE = timedelta(seconds=1)
NOON = timedelta(hours=12)
UNDATED = datetime(1970, 1, 1, 12, tzinfo=UTC)
"""The start that a secondary source gives its fixtures where it tells season and week only; moments count from it."""
DAY = timedelta(days=1)

JOINED = "start - 24 h (assumed: joined to fixtures that are listed earlier)"
"""The rule of what names a game in a secondary source, see ``source.joined``."""
NO_CLOCK = "12:00 UTC the next day: there is no clock (assumed)"
"""The rule of results in a source that tells days only, see ``result_known``."""


def start_of(day: pl.Expr, clock: pl.Expr, timezone: str) -> pl.Expr:
    """Return the start in UTC of a local ``day`` and ``clock``; without a clock, noon UTC of that day.

    A wall clock that exists twice (the hour after summer time) is taken as the first of the two; one that does not
    exist (the hour before it) gives null, which no table takes.
    """
    noon, *_ = on_day(day)
    local = day.dt.combine(clock).dt.replace_time_zone(timezone, ambiguous="earliest", non_existent="null")
    return pl.when(clock.is_null()).then(noon).otherwise(local.dt.convert_time_zone("UTC"))


def on_day(day: pl.Expr) -> tuple[pl.Expr, ...]:
    """Return start, event_at and event_precision of games of which the day is told and no clock: noon UTC of it."""
    noon = (day.cast(pl.Datetime("us")) + NOON).dt.replace_time_zone("UTC")
    return _placed(noon, "day")


def at_moment(start: pl.Expr) -> tuple[pl.Expr, ...]:
    """Return start, event_at and event_precision of games that begin at the moment ``start`` (UTC)."""
    return _placed(start, "second")


def at_clock(day: pl.Expr, clock: pl.Expr, timezone: str) -> tuple[pl.Expr, ...]:
    """Return start, event_at and event_precision of games with a local ``clock``; where it is null, as ``on_day``."""
    start = start_of(day, clock, timezone)
    precision = pl.when(clock.is_null()).then(pl.lit("day")).otherwise(pl.lit("second"))
    return start.alias("start"), start.alias("event_at"), precision.alias("event_precision")


def undated() -> tuple[pl.Expr, ...]:
    """Return start, event_at and event_precision of rows that tell neither day nor clock of their game."""
    return _placed(pl.lit(UNDATED).cast(pl.Datetime("us", "UTC")), "none")


def _placed(start: pl.Expr, precision: str) -> tuple[pl.Expr, ...]:
    return start.alias("start"), start.alias("event_at"), pl.lit(precision).alias("event_precision")


def result_known(duration: timedelta) -> pl.Expr:
    """Return start + the sport's usual duration + 30 min; without a clock, noon UTC of the next day."""
    return after(duration + AFTER_RESULT, pl.col("start"), pl.col("event_precision"))


def end_known(duration: timedelta) -> pl.Expr:
    """Return start + the sport's usual duration; without a clock, noon UTC of the next day."""
    return after(duration, pl.col("start"), pl.col("event_precision"))


def after(span: timedelta, start: pl.Expr, precision: pl.Expr) -> pl.Expr:
    """Return ``start`` + ``span``; where the clock is not known, noon UTC of the next day."""
    return pl.when(precision == "second").then(start + span).otherwise(start + DAY)


def announced() -> pl.Expr:
    """Return 90 minutes before the start, when starters, officials and an open roof are made public."""
    return pl.col("start") - ANNOUNCED


def closing() -> pl.Expr:
    """Return a second before the start."""
    return pl.col("start") - CLOSE


def listed() -> pl.Expr:
    """Return 30 days before the first start of the season."""
    return pl.col("start").min().over("league", "season") - FIXTURE_LIST


def with_rounds(games: pl.DataFrame, stages: Sequence[str], duration: timedelta) -> pl.DataFrame:
    """Return ``games`` with ``drawn_at``: when the last result of the round before was known.

    Null in the first round, and where no earlier round is at hand. Columns added: drawn_at (UTC).
    """
    order = pl.col("stage").replace_strict(list(stages), list(range(len(stages))), return_dtype=pl.Int32)
    ended = games.group_by("season", "stage").agg(result_known(duration).max().alias("ended"))
    drawn = pl.col("ended").shift(1).over("season", order_by="round").alias("drawn_at")
    rounds = ended.with_columns(order.alias("round")).with_columns(drawn)
    return games.join(rounds.select("season", "stage", "drawn_at"), on=["season", "stage"], how="left")
