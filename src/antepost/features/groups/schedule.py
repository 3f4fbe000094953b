"""Rest and congestion: from the schedule as it stands at ``as_of``, never from what was played.

The entity is the fixture; its facts are its own scheduled start and those of both sides' other fixtures of the
season, so that a moved neighbour restates it.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.facts import finish, number, numbered
from antepost.features.kernels import FOLD, RESET, Floats, Integers, Ops, by_entity
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("own", "start", "home_number", "away_number", "day")
_SIDE = ("rest", "games", "back_to_back", "games_4n", "games_7n")
ROW = (*(f"{side}.{name}" for side in ("home", "away") for name in _SIDE), "scheduled")
SCHEDULED = ROW.index("scheduled")
DAY = 86_400_000_000.0
SLOTS = 120
# Over how many days games are counted, where the sport looks back as far.
FORTNIGHT = 14.0
_WIDTH = 4
_FIELDS = len(_SIDE)


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    fixtures = tables["fixtures"]
    local = pl.col("start").dt.convert_time_zone(sport.timezone).dt.date()
    fixtures = fixtures.with_columns(local.cast(pl.Int32).alias("day"))
    told = fixtures.select(
        pl.col("fixture").alias("key"),
        pl.col("start").alias("event_at"),
        "known_at", "batch", pl.col("sequence").cast(pl.Int64),
        pl.col("start").dt.epoch("us").alias("start"),
        number("home").alias("home_number"),
        number("away").alias("away_number"),
        "day",
    )  # fmt: skip
    pairs = neighbours(fixtures, sport).rename({"fixture": "entity", "neighbour": "key"})
    own = (pl.col("entity") == pl.col("key")).alias("own")
    return finish(pairs.join(told, on="key", maintain_order="left").with_columns(own), VALUES)


def neighbours(fixtures: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    """Return (fixture, neighbour) for all fixtures of a season that share a team within the sport's horizon before.

    Taken over every revision: it only says which facts could matter, the kernel decides by what is visible.
    """
    start = pl.col("start").dt.epoch("us")
    names, fixture = numbered(fixtures["fixture"])
    teams, team = numbered(pl.concat([fixtures["home"], fixtures["away"]]))
    seasons = fixtures["season"].to_numpy().astype(np.int64)
    block = np.tile(seasons - seasons.min(initial=seasons.max(initial=0)), 2) * len(teams) + team
    entries = pl.DataFrame({"block": block, "fixture": np.tile(fixture, 2)}).with_columns(
        pl.concat([fixtures.select(start)["start"]] * 2).alias("first")
    )
    entries = entries.group_by("block", "fixture").agg(pl.col("first").min(), pl.col("first").max().alias("last"))
    entries = entries.sort("block", "first", "fixture")
    blocks, ours, first, last = (entries[column].to_numpy() for column in ("block", "fixture", "first", "last"))
    horizon = int(sport.rest_horizon.total_seconds()) * 1_000_000
    of, beside = near(blocks, ours, first, last, len(names), horizon)
    told = pl.Series(names, dtype=fixtures.schema["fixture"])
    return pl.DataFrame({"fixture": told.gather(of), "neighbour": told.gather(beside)})


@kernel
def near(
    blocks: Integers, fixtures: Integers, first: Integers, last: Integers, count: int, horizon: int
) -> tuple[Integers, Integers]:
    """Return the pairs of fixtures of one block of which the second starts at most ``horizon`` before the first.

    A block is a team's season, and a fixture stands in those of its teams with the first and the last start it ever
    had; all are sorted by block and first start.
    """
    reach = (last - first).max() if first.size else 0
    bounds = np.empty(count + 1, np.int64)
    entries = by_entity(fixtures, bounds)
    met = np.full(count, -1, np.int64)
    of, beside = np.empty(8 * count, np.int64), np.empty(8 * count, np.int64)
    pairs = 0
    for fixture in range(count):
        for at in range(bounds[fixture], bounds[fixture + 1]):
            entry = entries[at]
            earliest = first[entry] - horizon
            other = entry
            while other > 0 and blocks[other - 1] == blocks[entry] and first[other - 1] >= earliest - reach:
                other -= 1
            while other < blocks.size and blocks[other] == blocks[entry] and first[other] <= last[entry]:
                if last[other] >= earliest and met[fixtures[other]] != fixture:
                    met[fixtures[other]] = fixture
                    if pairs == of.size:
                        of, beside = np.append(of, np.empty_like(of)), np.append(beside, np.empty_like(beside))
                    of[pairs], beside[pairs] = fixture, fixtures[other]
                    pairs += 1
                other += 1
    return of[:pairs], beside[:pairs]


@kernel
def fold_schedule(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Collect a fixture's own revision and its neighbours', and write rest and congestion of both sides.

    State: count, own start, home, away and day, then the same four of its neighbours; more of them than it has room
    for returns -1. Row: the fields of each side, then whether the fixture itself is on the schedule.
    """
    n_rows = 0
    state = np.zeros(1 + _WIDTH + SLOTS * _WIDTH)
    for e in range(bounds.size - 1):
        state[: 1 + _WIDTH] = 0.0
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == RESET:
                state[: 1 + _WIDTH] = 0.0
            elif ops[t] == FOLD:
                if not collect(state, values[args[t]]):
                    return -1
            else:
                emit_schedule(state, rows[n_rows], params)
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
    return n_rows


@kernel
def collect(state: Floats, fact: Floats) -> bool:
    """Keep a fact of a fixture itself, or of a neighbour in the next free place; return whether there was one.

    State: the number of neighbours, what the fixture's own fact says, then the same of each neighbour. ``fact[0]``
    says which of them it is.
    """
    width = fact.size - 1
    at = 1
    if fact[0] != 1.0:
        state[0] += 1.0
        at += np.int64(state[0]) * width
    if at + width > state.size:
        return False
    state[at : at + width] = fact[1:]
    return True


@kernel
def emit_schedule(state: Floats, row: Floats, params: Floats) -> None:
    """Write one side after the other; neighbours stand in order of their starts."""
    row[SCHEDULED] = 1.0 if state[1] > 0.0 else 0.0
    for side in range(2):
        team = state[2 + side]
        rest, congestion = np.nan, 0.0
        back_to_back, in_four, in_seven = 0.0, 0.0, 0.0
        for n in range(np.int64(state[0])):
            at = 1 + _WIDTH + n * _WIDTH
            start = state[at]
            if start < state[1] and (state[at + 1] == team or state[at + 2] == team):
                days = (state[1] - start) / DAY
                nights = state[4] - state[at + 3]
                if days <= params[0]:
                    rest = days
                if days <= min(params[0], FORTNIGHT):
                    congestion += 1.0
                if nights <= 1.0:
                    back_to_back = 1.0
                if nights <= 3.0:
                    in_four += 1.0
                if nights <= 6.0:
                    in_seven += 1.0
        at = _FIELDS * side
        row[at], row[at + 1], row[at + 2] = rest, congestion, back_to_back
        row[at + 3], row[at + 4] = in_four, in_seven


@kernel
def read_schedule(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read the fields of both sides that ``params`` name after the horizon."""
    for i in range(out.shape[0]):
        out[i, :] = np.nan
        if found[i, 0] >= 0 and rows[found[i, 0], SCHEDULED] == 1.0:
            row = rows[found[i, 0]]
            for c in range(out.shape[1]):
                out[i, c] = row[np.int64(params[1 + c])]


def _columns(side: str, sport: Sport) -> dict[str, Column]:
    """Return a side's columns by the fields of the row that they show."""

    def column(name: str, unit: str, null: str, formula: str) -> Column:
        name = f"schedule.{name}.{side}"
        return Column(name=name, unit=unit, parity="swap", null=null, formula=formula)

    first = f"null without a scheduled game of the season in the {sport.rest_horizon.days} days before"
    days = min(sport.rest_horizon.days, int(FORTNIGHT))
    counted = f"scheduled starts of the season in the {days} days before"
    every = {
        "rest": column("rest.now", "days", first, "scheduled start minus the previous scheduled start of the season"),
        "games": column(f"games.{days}d", "games", "never", counted),
    }
    if not sport.touring:
        return every
    nights = "scheduled starts of the season before this one, on this day of the league's calendar and the {} before"
    return every | {
        "back_to_back": column(
            "back_to_back.now", "flag", "never", "whether a start lies on this day or the one before"
        ),
        "games_4n": column(
            "games.4n", "games", "never", f"{nights.format('three')}; two make this the third in four nights"
        ),
        "games_7n": column("games.7n", "games", "never", nights.format("six")),
    }


def schedule(sport: Sport) -> Group:
    """Return the group; every sport has it."""
    shown = {f"{side}.{name}": column for side in ("home", "away") for name, column in _columns(side, sport).items()}
    return Group(
        name="schedule",
        version=4,
        facts=_facts,
        values=VALUES,
        row=ROW,
        fold=fold_schedule,
        read=read_schedule,
        roles=("fixture",),
        params=np.array([float(sport.rest_horizon.days), *(float(ROW.index(field)) for field in shown)]),
        columns=tuple(shown.values()),
    )
