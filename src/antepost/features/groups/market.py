"""What the market says: the newest price of the league's reference book before ``as_of``, de-vigged once.

De-vigging is multiplicative, so the log-odds of the home side are simply ln(away odds) - ln(home odds).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.errors import DataError
from antepost.features.declaration import Column, Facts, Group, Parity
from antepost.features.facts import finish, label_order
from antepost.features.kernels import FOLD, RESET, Floats, Integers, Ops
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("quote", "rank", "line", "odds")
# What is kept of a book, and whether its odds or its line count.
HOME, DRAW, AWAY, SPREAD, TOTAL, OVER, UNDER = range(7)
QUOTED = 7
QUOTES = {
    "moneyline|home": HOME,
    "moneyline|away": AWAY,
    "1x2|home": HOME,
    "1x2|draw": DRAW,
    "1x2|away": AWAY,
    "spread|home": SPREAD,
    "asian_handicap|home": SPREAD,
    "total|over": TOTAL,
    "total@2.5|over": OVER,
    "total@2.5|under": UNDER,
}
ROW = ("logit", "overround", "draw", "spread", "total", "over")
BOOKS = 4
FLAGS = QUOTED * BOOKS


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    crowded = [league for league, names in sport.reference_close.items() if len(names) > BOOKS]
    if crowded:
        raise DataError(f"{sport.name} names more than {BOOKS} reference books for {crowded}; raise market.BOOKS")
    books = [(league, book, rank) for league, names in sport.reference_close.items() for rank, book in enumerate(names)]
    ranks = pl.DataFrame(books, schema=["league", "book", "rank"], orient="row")
    quotes = pl.DataFrame({"name": list(QUOTES), "quote": list(QUOTES.values())})
    prices = tables["prices"].join(ranks, on=["league", "book"])
    prices = prices.with_columns((pl.col("market") + "|" + pl.col("outcome")).alias("name")).join(quotes, on="name")
    key = pl.concat_str("name", "book", "label", separator="|")
    frame = prices.select(
        pl.col("fixture").alias("entity"),
        key.alias("key"),
        (pl.col("fixture") + "|" + key).alias("source"),
        pl.col("known_at").alias("event_at"),
        label_order().alias("sequence"),
        "known_at",
        "batch",
        *VALUES,
    )
    return finish(frame, VALUES)


@kernel
def fold_market(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Keep each book's newest quotes; return the row count.

    State: for each book by rank the odds of home, draw and away, the spread and total lines, and the odds of over and
    under; then, from ``FLAGS`` on, a 1 for each of them that is quoted. Row: home against away in log-odds, overround,
    draw in log-odds, spread (points the home side is favoured by), total, over in log-odds, each of the first ranked
    book that quotes it.
    """
    n_rows = 0
    state = np.zeros(2 * FLAGS)
    for e in range(bounds.size - 1):
        state[:] = 0.0
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == RESET:
                state[:] = 0.0
            elif ops[t] == FOLD:
                fact = values[args[t]]
                quote = np.int64(fact[0])
                at = QUOTED * np.int64(fact[1]) + quote
                state[at] = fact[2] if quote in (SPREAD, TOTAL) else fact[3]
                state[FLAGS + at] = 1.0
            else:
                emit_market(state, rows[n_rows])
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
    return n_rows


@kernel
def emit_market(state: Floats, row: Floats) -> None:
    """Write the row from the highest ranked book that quotes each market."""
    row[:] = np.nan
    for back in range(BOOKS):
        book = QUOTED * (BOOKS - 1 - back)
        home, draw, away = state[book + HOME], state[book + DRAW], state[book + AWAY]
        if home > 1.0 and away > 1.0:
            row[0] = np.log(away) - np.log(home)
            row[1] = 1.0 / home + 1.0 / away
            row[2] = np.nan
            if draw > 1.0:
                row[2] = -np.log(draw) - np.log(row[1])
                row[1] += 1.0 / draw
        if state[FLAGS + book + SPREAD] == 1.0:
            row[3] = state[book + SPREAD]
        if state[FLAGS + book + TOTAL] == 1.0:
            row[4] = state[book + TOTAL]
        over, under = state[book + OVER], state[book + UNDER]
        if over > 1.0 and under > 1.0:
            row[5] = np.log(under) - np.log(over)


@kernel
def read_market(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read the newest state of the fixture's prices: the fields in ``params``."""
    for i in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[i, c] = np.nan if found[i, 0] < 0 else rows[found[i, 0], np.int64(params[c])]


def _column(name: str, unit: str, parity: Parity, formula: str) -> Column:
    null = "null without a price of the reference books before as_of"
    return Column(name=f"market.{name}.now.fixture", unit=unit, parity=parity, null=null, formula=formula, price=True)


def _columns(sport: Sport) -> tuple[Column, ...]:
    every = {
        "logit": _column("logit", "log-odds", "odd", "ln(away odds) - ln(home odds)"),
        "overround": _column("overround", "share", "even", "sum of 1 / odds, less 1 it is the bookmaker's margin"),
        "draw": _column("draw", "log-odds", "even", "ln(1 / draw odds) - ln(1 / home odds + 1 / away odds)"),
        "spread": _column("spread", sport.score, "odd", f"{sport.score} the home side is favoured by"),
        "total": _column("total", sport.score, "even", f"line of the total of {sport.score}"),
        "over": _column("over", "log-odds", "even", "ln(odds under 2.5) - ln(odds over 2.5)"),
    }
    needs = {"draw": {"1x2"}, "spread": {"spread", "asian_handicap"}, "total": {"total"}, "over": {"total@2.5"}}
    told = {"1x2", "total@2.5"} & {*sport.markets} | {*sport.lines}
    return tuple(column for name, column in every.items() if name not in needs or needs[name] & told)


def market(sport: Sport) -> Group | None:
    """Return the group where a league has a book whose closing price counts."""
    if not any(sport.reference_close.values()):
        return None
    columns = _columns(sport)
    return Group(
        name="market",
        version=3,
        facts=_facts,
        values=VALUES,
        row=ROW,
        fold=fold_market,
        read=read_market,
        roles=("fixture",),
        columns=columns,
        params=np.array([float(ROW.index(column.name.split(".")[1])) for column in columns]),
    )
