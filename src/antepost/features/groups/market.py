"""What the market says: the newest price of the league's reference book before ``as_of``, de-vigged once.

De-vigging is multiplicative, so the log-odds of the home side are simply ln(away odds) - ln(home odds).
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.errors import DataError
from antepost.features.declaration import Column, Facts, Group, Parity
from antepost.features.facts import finish
from antepost.features.kernels import FOLD, RESET, Floats, Integers, Ops
from antepost.kernelcache import kernel
from antepost.sports import Sport

VALUES = ("quote", "rank", "line", "odds")
QUOTES = ("moneyline|home", "moneyline|away", "spread|home", "total|over")
BOOKS = 4
QUOTED = len(QUOTES)
FLAGS = QUOTED * BOOKS


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    crowded = [league for league, names in sport.reference_close.items() if len(names) > BOOKS]
    if crowded:
        raise DataError(f"{sport.name} names more than {BOOKS} reference books for {crowded}; raise market.BOOKS")
    books = [(league, book, rank) for league, names in sport.reference_close.items() for rank, book in enumerate(names)]
    ranks = pl.DataFrame(books, schema=["league", "book", "rank"], orient="row")
    quotes = pl.DataFrame({"name": QUOTES, "quote": range(len(QUOTES))})
    prices = tables["prices"].join(ranks, on=["league", "book"])
    prices = prices.with_columns((pl.col("market") + "|" + pl.col("outcome")).alias("name")).join(quotes, on="name")
    key = pl.concat_str("name", "book", "label", separator="|")
    frame = prices.select(
        pl.col("fixture").alias("entity"),
        key.alias("key"),
        (pl.col("fixture") + "|" + key).alias("source"),
        pl.col("known_at").alias("event_at"),
        pl.lit(0, pl.Int64).alias("sequence"),
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

    State: for each book by rank the home odds, away odds, spread line and total line; then, from ``FLAGS`` on, a 1
    for each of them that is quoted. Row: home log-odds and overround, spread (points the home side is favoured
    by) and total, each of the first ranked book that quotes it.
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
                state[at] = fact[3] if quote < 2 else fact[2]
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
        home, away = state[book], state[book + 1]
        if home > 1.0 and away > 1.0:
            row[0] = np.log(away) - np.log(home)
            row[1] = 1.0 / home + 1.0 / away
        for line in range(2, QUOTED):
            if state[FLAGS + book + line] == 1.0:
                row[line] = state[book + line]


@kernel
def read_market(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read the newest state of the fixture's prices."""
    for i in range(out.shape[0]):
        if found[i, 0] < 0:
            out[i, :] = np.nan
        else:
            out[i, :] = rows[found[i, 0]]


def _column(name: str, unit: str, parity: Parity, formula: str) -> Column:
    null = "null without a price of the reference books before as_of"
    return Column(name=f"market.{name}.now.fixture", unit=unit, parity=parity, null=null, formula=formula, price=True)


def market(sport: Sport) -> Group:
    """Return the group; every sport has it."""
    return Group(
        name="market",
        version=1,
        facts=_facts,
        values=VALUES,
        row=("logit", "overround", "spread", "total"),
        fold=fold_market,
        read=read_market,
        roles=("fixture",),
        columns=(
            _column("logit", "log-odds", "odd", "ln(away odds) - ln(home odds)"),
            _column("overround", "share", "even", "1 / home odds + 1 / away odds"),
            _column("spread", "points", "odd", "points the home side is favoured by"),
            _column("total", "points", "even", "total points line"),
        ),
    )
