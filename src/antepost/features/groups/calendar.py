"""When a game is to start: hour and weekday in the league's zone, day of the season, stage of the competition.

Hours, weekdays and days run in circles, so each is a point on one, its sine and cosine. The number of games a side has
had this season is no column of its own: at the close it is ``form.games.season``.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.facts import finish
from antepost.features.kernels import Floats, Integers, fold_latest
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("second", "weekday", "day", "stage")
# What is done with a field: its sine, its cosine, or nothing.
SINE, COSINE, PLAIN = range(3)
_TURNS = {"hour": ("second", 86_400.0), "weekday": ("weekday", 7.0), "season_day": ("day", 365.25)}
_TOLD = {"clock": ("hour", "weekday", "season_day"), "day": ("weekday", "season_day"), "tournament": ("season_day",)}


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    local = pl.col("start").dt.convert_time_zone(sport.timezone)
    clock = local.dt.hour().cast(pl.Int64) * 3_600 + local.dt.minute().cast(pl.Int64) * 60 + local.dt.second()
    opening = pl.date(pl.col("season"), sport.starts_month, 1)
    frame = tables["fixtures"].select(
        pl.col("fixture").alias("entity"),
        pl.lit("start").alias("key"),
        pl.col("fixture").alias("source"),
        pl.lit(0, pl.Int64).alias("sequence"),
        "event_at", "known_at", "batch",
        pl.when(pl.col("event_precision") == "second").then(clock).alias("second"),
        local.dt.weekday().alias("weekday"),
        (local.dt.date() - opening).dt.total_days().alias("day"),
        pl.col("stage").replace_strict(
            list(sport.stages), list(range(len(sport.stages))), default=None, return_dtype=pl.Int64
        ).alias("stage"),
    )  # fmt: skip
    return finish(frame, VALUES)


@kernel
def read_calendar(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Turn each field into its place on a circle; ``params`` hold field, length of the turn and what is done."""
    for i in range(out.shape[0]):
        for c in range(out.shape[1]):
            field, turn, done = np.int64(params[3 * c]), params[3 * c + 1], params[3 * c + 2]
            value = np.nan if found[i, 0] < 0 else rows[found[i, 0], field]
            angle = 2.0 * np.pi * value / turn
            if done == SINE:
                value = np.sin(angle)
            elif done == COSINE:
                value = np.cos(angle)
            out[i, c] = value


def _lines(sport: Sport) -> Iterable[tuple[Column, tuple[float, float, float]]]:
    """Yield each column with its line of ``params``."""
    null = {"hour": "null where the schedule tells no clock"}
    about = {
        "hour": f"time of day of the scheduled start, {sport.timezone}",
        "weekday": f"weekday of the scheduled start, {sport.timezone}",
        "season_day": f"days from the first of month {sport.starts_month} of the season to the scheduled start",
    }
    for stat in _TOLD[sport.dated]:
        field, turn = _TURNS[stat]
        for done, name in ((SINE, "sin"), (COSINE, "cos")):
            column = _column(
                f"{stat}_{name}", "ratio", null.get(stat, "never"), f"{name} of the turn of the {about[stat]}"
            )
            yield column, (float(VALUES.index(field)), turn, float(done))
    if sport.staged and len(sport.stages) > 1:
        column = _column("stage", "rank", "null where the source names none", f"place in {', '.join(sport.stages)}")
        yield column, (float(VALUES.index("stage")), 1.0, float(PLAIN))


def _column(stat: str, unit: str, null: str, formula: str) -> Column:
    return Column(name=f"calendar.{stat}.now.fixture", unit=unit, parity="even", null=null, formula=formula)


def calendar(sport: Sport) -> Group:
    """Return the group; every sport has it, with as much of it as the sport's schedule tells."""
    columns, lines = zip(*_lines(sport), strict=True)
    return Group(
        name="calendar",
        version=1,
        facts=_facts,
        values=VALUES,
        row=VALUES,
        carry=len(VALUES),
        fold=fold_latest,
        read=read_calendar,
        roles=("fixture",),
        columns=columns,
        params=np.array(lines).ravel(),
    )
