"""Where the sides stand on the sport's ranking list: tours publish one a week, and polls vote on the first few.

How long a place stands, and which of the statistics a sport's list gives, is said in its own file (``Sport.ranking``).
A list is known the day after it is dated, so the list of a tournament's Monday is read from Tuesday on.

Source: log ranks and points as predictors of a match are those of
Clarke and Dyte (2000), https://doi.org/10.1111/1475-3995.00194, and of
Klaassen and Magnus (2003), https://doi.org/10.1016/S0377-2217(02)00682-3.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.facts import finish
from antepost.features.kernels import EMIT, FOLD, Floats, Integers, Ops
from antepost.features.spine import AS_OF
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("rank", "points")
ROW = ("listed_at", "rank", "points", "rank_4w", "rank_52w", "best", "first_at", "best_52w", "lists_52w")
LISTED_AT, RANK, POINTS, RANK_4W, RANK_52W, BEST, FIRST_AT, BEST_52W, LISTS_52W = range(len(ROW))
WEEK = 604_800_000_000.0
YEAR = 365.25 * WEEK / 7.0
LISTS = 128
"""How many lists of 52 weeks and the one before are kept; the tours make no more than 62 of them."""

# How the carry lies: the number of lists, the best rank, the first list's moment, the newest points, then the lists.
_COUNT, _BEST, _FIRST, _POINTS, _RING = range(5)
LOG_RANK, CAREER_HIGH, HIGH_52W, LOG_POINTS, RISE_4W, RISE_52W, YEARS, POLLS_52W = range(8)
BIGGER_IS_BETTER = LOG_POINTS
HOME, AWAY, BETWEEN = range(3)


def _facts(tables: Facts, _: Sport) -> pl.DataFrame:
    frame = tables["rankings"].drop_nulls("rank").select(
        pl.col("player").alias("entity"),
        pl.col("event_at").dt.epoch("us").alias("key"),
        (pl.col("player") + "|" + pl.col("event_at").dt.epoch("us").cast(pl.String)).alias("source"),
        "event_at",
        pl.lit(0, pl.Int64).alias("sequence"),
        "known_at", "batch", "rank", "points",
    )  # fmt: skip
    return finish(frame, VALUES)


@kernel
def fold_ranking(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Keep the lists of the last 52 weeks, the best rank and the first list; -1 where a year has more than ``LISTS``.

    ``values``: rank and points (NaN where not told). Row: moment, rank and points of the newest list, the ranks that
    stood 4 and 52 weeks before it (NaN: none), the best rank ever and the moment of the first list, then the best rank
    and the number of lists of the 52 weeks up to it.
    """
    n_rows = 0
    for e in range(bounds.size - 1):
        state = carry[e]
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == FOLD:
                rank = values[args[t], 0]
                moment = float(events[args[t]])
                if state[_COUNT] == 0.0:
                    state[_FIRST] = moment
                    state[_BEST] = rank
                slot = _RING + 2 * (np.int64(state[_COUNT]) % LISTS)
                state[slot] = moment
                state[slot + 1] = rank
                state[_BEST] = min(state[_BEST], rank)
                state[_POINTS] = values[args[t], 1]
                state[_COUNT] += 1.0
            elif ops[t] == EMIT:
                if not emit_ranking(state, rows[n_rows], params[0]):
                    return -1
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
            else:
                state[:] = 0.0
    return n_rows


@kernel
def emit_ranking(state: Floats, row: Floats, stands: float) -> bool:
    """Write a side's row and return whether all lists of the 52 weeks before the newest were at hand."""
    count = np.int64(state[_COUNT])
    row[:] = np.nan
    if count == 0:
        return True
    newest = state[_RING + 2 * ((count - 1) % LISTS)]
    row[LISTED_AT], row[POINTS] = newest, state[_POINTS]
    row[RANK] = state[_RING + 2 * ((count - 1) % LISTS) + 1]
    row[BEST], row[FIRST_AT] = state[_BEST], state[_FIRST]
    row[BEST_52W], row[LISTS_52W] = row[RANK], 0.0
    later = True
    for back in range(1, min(count, LISTS) + 1):
        slot = _RING + 2 * ((count - back) % LISTS)
        age = newest - state[slot]
        if later and age >= 4.0 * WEEK:
            later = False
            if age - 4.0 * WEEK <= stands:
                row[RANK_4W] = state[slot + 1]
        if age >= 52.0 * WEEK:
            if age - 52.0 * WEEK <= stands:
                row[RANK_52W] = state[slot + 1]
            return True
        row[BEST_52W] = min(row[BEST_52W], state[slot + 1])
        row[LISTS_52W] += 1.0
    return bool(count <= LISTS)


@kernel
def read_ranking(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Write each column: a side's own figure, or by how much the home side's is the better one."""
    for i in range(out.shape[0]):
        for c in range(out.shape[1]):
            statistic, whose = params[2 + 2 * c], params[3 + 2 * c]
            home = figure(rows, found[i, 0], spine[i, AS_OF], statistic, params[0], params[1])
            away = figure(rows, found[i, 1], spine[i, AS_OF], statistic, params[0], params[1])
            if whose == HOME:
                out[i, c] = home
            elif whose == AWAY:
                out[i, c] = away
            else:
                out[i, c] = home - away if statistic >= BIGGER_IS_BETTER else away - home


@kernel
def figure(rows: Floats, row: int, as_of: float, statistic: float, stands: float, places: float) -> float:
    """Return what the state row ``row`` says of a side at ``as_of``, NaN where it says nothing."""
    known = row >= 0 and rows[row, RANK] > 0.0
    age = as_of - rows[row, LISTED_AT] if known else np.inf
    below = np.log(places + 1.0) if places > 0.0 else np.nan
    value = np.nan
    if statistic == LOG_RANK:
        value = np.log(rows[row, RANK]) if age <= stands else below
    elif statistic == HIGH_52W:
        value = np.log(rows[row, BEST_52W]) if age <= 52.0 * WEEK else below
    elif statistic == POLLS_52W:
        value = rows[row, LISTS_52W] if age <= 52.0 * WEEK else 0.0
    elif statistic == CAREER_HIGH and known:
        value = np.log(rows[row, BEST])
    elif statistic == YEARS and known:
        value = (as_of - rows[row, FIRST_AT]) / YEAR
    elif statistic == LOG_POINTS and age <= stands and rows[row, POINTS] > 0.0:
        value = np.log(rows[row, POINTS])
    elif statistic == RISE_4W and age <= stands:
        value = np.log(rows[row, RANK_4W]) - np.log(rows[row, RANK])
    elif statistic == RISE_52W and age <= stands:
        value = np.log(rows[row, RANK_52W]) - np.log(rows[row, RANK])
    return value


# By name: the window as the column says it, number of the statistic, unit, formula of a side's figure.
_STATISTICS = {
    "log_rank": ("log_rank.now", LOG_RANK, "log rank", "log of the rank on the newest list"),
    "points": ("log_points.now", LOG_POINTS, "log points", "log of the points on the newest list"),
    "rise_4w": ("rise.4w", RISE_4W, "log rank", "log rank four weeks before the newest list minus log rank on it"),
    "rise_52w": ("rise.52w", RISE_52W, "log rank", "log rank 52 weeks before the newest list minus log rank on it"),
    "best": ("career_high.all", CAREER_HIGH, "log rank", "log of the best rank so far"),
    "years": ("years.all", YEARS, "years", "years since the first list"),
    "best_52w": ("high.52w", HIGH_52W, "log rank", "log of the best rank of 52 weeks up to the newest place"),
    "polls_52w": ("polls.52w", POLLS_52W, "count", "places on lists of the 52 weeks up to the newest, 0 a year later"),
}
_LEVELS = ("log_rank",)


def ranking(sport: Sport) -> Group | None:
    """Return the group where a list of the sides is at hand."""
    about = sport.ranking
    if about is None:
        return None
    columns: list[Column] = []
    asked: list[float] = []
    for statistic in about.statistics:
        name, number, unit, formula = _STATISTICS[statistic]
        never = about.places > 0 or number == POLLS_52W
        gone = f", or the newest is older than {about.stands.days} days" if number not in (CAREER_HIGH, YEARS) else ""
        null = "never" if never else f"null where a side is on no list{gone}, or the list does not tell it"
        better = "home less away" if number >= BIGGER_IS_BETTER else "away less home"
        if statistic in _LEVELS:
            for whose, side in ((HOME, "home"), (AWAY, "away")):
                columns.append(
                    Column(name=f"ranking.{name}.{side}", unit=unit, parity="swap", null=null, formula=formula)
                )
                asked += [float(number), float(whose)]
            continue
        columns.append(
            Column(name=f"ranking.{name}.fixture", unit=unit, parity="odd", null=null, formula=f"{formula}: {better}")
        )
        asked += [float(number), float(BETWEEN)]
    return Group(
        name="ranking",
        version=1,
        facts=_facts,
        values=VALUES,
        row=ROW,
        carry=_RING + 2 * LISTS,
        fold=fold_ranking,
        read=read_ranking,
        roles=("home", "away"),
        params=np.array([about.stands.total_seconds() * 1e6, float(about.places), *asked]),
        columns=tuple(columns),
    )
