"""How far each side has come: kilometres and time zones since its last scheduled ground, and how high the new one lies.

From the schedule and the grounds as they stand at ``as_of``: a neighbour that is moved to another ground, or a ground
that becomes known, restates it. Neighbours and their facts are those of ``schedule``.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.facts import finish, number
from antepost.features.groups.schedule import DAY, SLOTS, collect, neighbours
from antepost.features.kernels import FOLD, RESET, Floats, Integers, Ops
from antepost.kernelcache import kernel
from antepost.lake.asof import newest
from antepost.sports import Sport

PLACE = ("latitude", "longitude", "altitude", "offset")
VALUES = ("own", "start", "home_number", "away_number", *PLACE)
# Where those stand in what is kept of a fixture.
START, HOME, LATITUDE, LONGITUDE, ALTITUDE, OFFSET = 0, 1, 3, 4, 5, 6
ROW = ("home.distance", "home.far", "home.zones", "away.distance", "away.far", "away.zones", "altitude")
_WIDTH = len(VALUES) - 1
# The mean radius of the IUGG, in kilometres.
EARTH = 6371.0088
HOUR = 3_600.0


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    games = _placed(tables["fixtures"], tables["places"])
    pairs = neighbours(tables["fixtures"], sport).join(games, left_on="neighbour", right_on="fixture")
    frame = pairs.select(
        pl.col("fixture").alias("entity"),
        pl.col("neighbour").alias("key"),
        (pl.col("fixture") + "|" + pl.col("neighbour")).alias("source"),
        pl.col("start").alias("event_at"),
        "known_at", "batch", pl.col("sequence").cast(pl.Int64),
        (pl.col("fixture") == pl.col("neighbour")).alias("own"),
        pl.col("start").dt.epoch("us").alias("start"),
        number("home").alias("home_number"),
        number("away").alias("away_number"),
        *PLACE,
    )  # fmt: skip
    return finish(frame, VALUES)


def _placed(fixtures: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Return the fixtures with their ground, one row for every moment at which the entry or the ground changed.

    ``offset`` is the ground's clock ahead of UTC at the start, in seconds.
    """
    grounds = places.select(
        "venue", "latitude", "longitude", "altitude", "timezone",
        pl.col("event_at").alias("since"), pl.col("known_at").alias("told_at"), pl.col("batch").alias("told_in"),
    )  # fmt: skip
    first = fixtures.group_by("fixture").agg(pl.col("known_at").min().alias("first"))
    told = fixtures.select("fixture", "venue").unique().join(grounds, on="venue").join(first, on="fixture")
    later = told.filter(pl.col("told_at") > pl.col("first")).select("fixture", pl.col("told_at").alias("moment"))
    moments = pl.concat([fixtures.select("fixture", pl.col("known_at").alias("moment")), later]).unique()
    seen = moments.join(fixtures, on="fixture").filter(pl.col("known_at") <= pl.col("moment"))
    entries = newest(seen, ("fixture", "moment")).drop("known_at").rename({"moment": "known_at"})
    stands = (pl.col("since") <= pl.col("start")) & (pl.col("told_at") <= pl.col("known_at"))
    here = entries.select("fixture", "known_at", "venue", "start").join(grounds, on="venue").filter(stands)
    here = here.sort("since", "told_in", "told_at").unique(["fixture", "known_at"], keep="last", maintain_order=True)
    zones = here["timezone"].drop_nulls().unique().sort().to_list()
    ahead = [pl.when(pl.col("timezone") == zone).then(_ahead(zone)) for zone in zones]
    offset = pl.coalesce(*ahead, pl.lit(None, pl.Int64)).alias("offset")
    here = here.with_columns(offset).select("fixture", "known_at", "told_in", *PLACE)
    joined = entries.join(here, on=["fixture", "known_at"], how="left")
    return joined.with_columns(pl.max_horizontal("batch", "told_in").alias("batch"))


def _ahead(zone: str) -> pl.Expr:
    local = pl.col("start").dt.convert_time_zone(zone)
    return (local.dt.base_utc_offset() + local.dt.dst_offset()).dt.total_seconds()


@kernel
def kilometres(a: Floats, b: Floats) -> float:
    """Return the great-circle distance between two fixtures' grounds by the haversine formula, NaN if one is unknown.

    Source: R. W. Sinnott, Virtues of the Haversine, Sky and Telescope 68 (1984).
    """
    one, other = np.radians(a[LATITUDE]), np.radians(b[LATITUDE])
    across = np.sin((one - other) / 2.0) ** 2
    along = np.sin(np.radians(a[LONGITUDE] - b[LONGITUDE]) / 2.0) ** 2
    root = np.sqrt(across + np.cos(one) * np.cos(other) * along)
    # Opposite points may come out a bit above 1; what is unknown stays so, which ``min`` would not do.
    return 2.0 * EARTH * np.arcsin(min(root, 1.0))


@kernel
def fold_travel(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Collect a fixture's own revision and its neighbours' as ``collect`` does, and write both sides' travels."""
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
                emit_travel(state, rows[n_rows], params)
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
    return n_rows


@kernel
def emit_travel(state: Floats, row: Floats, params: Floats) -> None:
    """Write for each side the last leg, all legs within the horizon and the zones crossed; then the altitude."""
    row[:] = np.nan
    own = state[1 : 1 + _WIDTH]
    if own[START] == 0.0:
        return
    for side in range(2):
        team = own[HOME + side]
        last = 0
        far = 0.0
        for n in range(1, np.int64(state[0]) + 1):
            game = state[1 + n * _WIDTH : 1 + (n + 1) * _WIDTH]
            near = game[START] < own[START] and own[START] - game[START] <= params[0] * DAY
            if near and (game[HOME] == team or game[HOME + 1] == team):
                if last > 0:
                    far += kilometres(state[1 + last * _WIDTH : 1 + (last + 1) * _WIDTH], game)
                last = n
        if last > 0:
            game = state[1 + last * _WIDTH : 1 + (last + 1) * _WIDTH]
            row[3 * side] = kilometres(game, own)
            row[3 * side + 1] = far + row[3 * side]
            row[3 * side + 2] = (own[OFFSET] - game[OFFSET]) / HOUR
    row[6] = own[ALTITUDE]


@kernel
def read_travel(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read the row as it stands."""
    for i in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[i, c] = np.nan if found[i, 0] < 0 else rows[found[i, 0], c]


def _columns(side: str, days: int) -> tuple[Column, ...]:
    def column(name: str, unit: str, formula: str) -> Column:
        null = f"null without a scheduled game of the season in the {days} days before, or where a ground is not known"
        return Column(name=f"travel.{name}.{side}", unit=unit, parity="swap", null=null, formula=formula)

    return (
        column("distance.now", "km", "great circle from the ground of the previous scheduled game"),
        column(f"distance.{days}d", "km", f"the same from game to game, summed over the {days} days before"),
        column("zones.now", "hours", "clock at the ground less clock at the previous one: east is positive"),
    )


def travel(sport: Sport) -> Group | None:
    """Return the group where it is known which ground a fixture is on, and where that lies."""
    if not sport.placed:
        return None
    days = sport.rest_horizon.days
    return Group(
        name="travel",
        version=1,
        facts=_facts,
        values=VALUES,
        row=ROW,
        fold=fold_travel,
        read=read_travel,
        roles=("fixture",),
        params=np.array([float(days)]),
        columns=(
            *_columns("home", days),
            *_columns("away", days),
            Column(
                name="travel.altitude.now.fixture",
                unit="metres",
                parity="even",
                null="null where the ground is not known",
                formula="height of the ground above the sea",
            ),
        ),
    )
