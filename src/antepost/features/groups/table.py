"""Where both sides stand in their league's table, as it could be drawn up at ``as_of``.

The entity is a season of a league and its row holds the sums of every side; places and gaps are reckoned when read.
Regular-season results count alone. Points taken away by a league are not at hand, and a win counts three points
throughout, as everywhere since 1995. Level sides are told apart by goal difference and goals, not by their meetings.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group
from antepost.features.facts import finish, number, revisions
from antepost.features.kernels import FOLD, RESET, Floats, Integers, Ops
from antepost.features.spine import HOME_NUMBER
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("counts", "home_number", "away_number", "home_score", "away_score")
# A season has as many sides at most, and as many go down at its end (in some years one of them by a play-off).
SIDES = 40
RELEGATED = 3
_SUMS = ("number", "played", "points", "margin", "scored")
NUMBER, PLAYED, POINTS, MARGIN, SCORED, FIELDS = range(len(_SUMS) + 1)
_POSITION, _POINTS, _BEHIND, _ABOVE = range(4)
_FOR_A_WIN = {"points": 3.0, "share": 2.0}


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    ranked = tables["results"].filter(pl.col("league").is_in(list(sport.reference_close)))
    games = revisions(ranked, tables["fixtures"], ("stage",))
    # What does not count stays a fact, so that a game whose stage or score is corrected leaves the table again.
    counts = (pl.col("stage") == sport.stages[0]) & pl.all_horizontal(pl.col("home_score", "away_score").is_not_null())
    frame = games.select(
        (pl.col("league") + "|" + pl.col("season").cast(pl.String)).alias("entity"),
        pl.col("fixture").alias("key"),
        pl.col("fixture").alias("source"),
        pl.lit(0, pl.Int64).alias("sequence"),
        "event_at", "known_at", "batch",
        counts.fill_null(value=False).alias("counts"),
        number("home").alias("home_number"),
        number("away").alias("away_number"),
        pl.col("home_score").fill_null(0),
        pl.col("away_score").fill_null(0),
    )  # fmt: skip
    return finish(frame, VALUES)


@kernel
def fold_table(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Add up every side's games; return the row count, or -1 where there are more than ``SIDES`` sides.

    ``params[0]`` is what a win counts; a draw counts 1. Row: ``_SUMS`` of each side, a side that has not played 0.
    """
    n_rows = 0
    table = np.zeros((SIDES, FIELDS))
    for e in range(bounds.size - 1):
        table[:] = 0.0
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == RESET:
                table[:] = 0.0
            elif ops[t] == FOLD:
                fact = values[args[t]]
                for side in range(2 if fact[0] == 1.0 else 0):
                    at = line_of(table, fact[1 + side])
                    if at < 0:
                        return -1
                    margin = fact[3 + side] - fact[4 - side]
                    table[at, NUMBER] = fact[1 + side]
                    table[at, PLAYED] += 1.0
                    table[at, POINTS] += params[0] if margin > 0.0 else (1.0 if margin == 0.0 else 0.0)
                    table[at, MARGIN] += margin
                    table[at, SCORED] += fact[3 + side]
            else:
                rows[n_rows] = table.ravel()
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
    return n_rows


@kernel
def line_of(table: Floats, side: float) -> int:
    """Return where ``side`` stands in ``table``, or the first free line, or -1."""
    for at in range(table.shape[0]):
        if table[at, PLAYED] == 0.0 or table[at, NUMBER] == side:
            return at
    return -1


@kernel
def read_table(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Reckon both sides' places and gaps; ``params``: what a win counts, whether shares rank, fields a side."""
    fields = np.int64(params[2])
    told = np.empty(4)
    for i in range(out.shape[0]):
        out[i, :] = np.nan
        if found[i, 0] < 0:
            continue
        table = rows[found[i, 0]].reshape(SIDES, FIELDS)
        for side in range(2):
            at = line_of(table, spine[i, HOME_NUMBER + side])
            if at >= 0 and table[at, PLAYED] > 0.0:
                stand(table, table[at], params[1] == 1.0, told)
                out[i, side * fields : (side + 1) * fields] = told[:fields]
                if params[1] == 1.0:
                    out[i, side * fields + 1] = told[_BEHIND]


@kernel
def stand(table: Floats, own: Floats, by_share: bool, told: Floats) -> None:
    """Write place, points, gap to the leader and lead over the best of the last ``RELEGATED``, NaN with no others.

    By share the gap is in games: half of what wins less losses lack to the most of them.
    """
    place, most = 1.0, -np.inf
    lowest = np.full(RELEGATED, np.inf)
    sides = 0
    for at in range(table.shape[0]):
        other = table[at]
        if other[PLAYED] == 0.0:
            break
        sides += 1
        # Shares are compared across, so that they stay whole numbers.
        theirs = other[POINTS] * (own[PLAYED] if by_share else 1.0)
        ours = own[POINTS] * (other[PLAYED] if by_share else 1.0)
        ahead = theirs > ours
        if theirs == ours and not by_share:
            level = other[MARGIN] == own[MARGIN]
            ahead = other[MARGIN] > own[MARGIN] or (level and other[SCORED] > own[SCORED])
        place += 1.0 if ahead else 0.0
        most = max(most, other[POINTS] - (other[PLAYED] if by_share else 0.0))
        points = other[POINTS]
        for k in range(RELEGATED):
            if points < lowest[k]:
                points, lowest[k] = lowest[k], points
    told[_POSITION], told[_POINTS] = place, own[POINTS]
    told[_BEHIND] = (most - own[POINTS] + own[PLAYED]) / 2.0 if by_share else most - own[POINTS]
    told[_ABOVE] = own[POINTS] - lowest[RELEGATED - 1] if sides > RELEGATED else np.nan


def _columns(sport: Sport, side: str) -> tuple[Column, ...]:
    def column(name: str, unit: str, formula: str, null: str = "null before the side's first game") -> Column:
        name = f"table.{name}.season.{side}"
        return Column(name=name, unit=unit, parity="swap", null=f"{null} of the regular season", formula=formula)

    if sport.standings == "share":
        return (
            column("position", "rank", "1 and the number of sides of the league with a greater share of wins"),
            column("games_behind", "games", "half of (most wins less losses of a side - own wins less losses)"),
        )
    return (
        column("position", "rank", "place by points, then goal difference, then goals"),
        column("points", "points", "three for a win, one for a draw"),
        column("behind_leader", "points", "most points of a side less the own"),
        column(
            "above_relegation",
            "points",
            f"points less those of the best of the last {RELEGATED}",
            f"null until more than {RELEGATED} sides, and the side, have had a game",
        ),
    )


def table(sport: Sport) -> Group | None:
    """Return the group where a league's seasons make a table."""
    if not sport.standings:
        return None
    sides = [_columns(sport, side) for side in ("home", "away")]
    return Group(
        name="table",
        version=1,
        facts=_facts,
        values=VALUES,
        row=tuple(f"{side}.{name}" for side in range(SIDES) for name in _SUMS),
        fold=fold_table,
        read=read_table,
        roles=("competition",),
        columns=(*sides[0], *sides[1]),
        params=np.array([_FOR_A_WIN[sport.standings], float(sport.standings == "share"), float(len(sides[0]))]),
    )
