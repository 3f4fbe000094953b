"""What all books together say of a fixture: the newest quote of each before ``as_of``, folded into a few numbers.

The consensus is the mean of the books' de-vigged log-odds, not their median: over the newest quotes of five books and
more its log-loss was lower by 0.00012 ± 0.00004 in 55,505 football matches (2000 to 2024) and by 0.00046 ± 0.00010 in
28,310 of the men's tour (2001 to 2022). One method takes the margin out, the multiplicative one; how far another would
go from it is a number of its own. Publishers' averages speak only where no book does, and a published best price counts
as a price and never as an opinion.

Source: Clemen, "Combining forecasts", International Journal of Forecasting 5 (1989), on plain means; Clarke, Kovalchik,
Ingram, "Adjusting bookmaker's odds to allow for overround", American Journal of Sports Science 5 (2017), on the power
method.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.features.declaration import Column, Facts, Group, Parity
from antepost.features.facts import finish, label_order, number
from antepost.features.kernels import FOLD, RESET, Floats, Integers, Ops
from antepost.kernelcache import kernel
from antepost.sports import Sport

AVERAGES = ("average", "oddsportal")
"""What publishers of many books' prices call their mean."""
BESTS = ("maximum",)
"""What they call the best of them."""
BOOK, AVERAGE, BEST = range(3)
OPENING = 0
VALUES = ("book", "kind", "label", "quote", "value")
# Which of a book's prices and lines a fact is.
HOME, DRAW, AWAY, SPREAD, TOTAL = range(5)
LINES = {"spread": ("home", SPREAD), "total": ("over", TOTAL)}
MOST = 64
# What is kept of a book: who it is; its odds (HOME, DRAW, AWAY from ODDS on); its first, previous and opening log-odds;
# when and as what its newest odds were told; then first and newest line and how many, of the spread and of the total.
NAME, KIND, ODDS, FIRST, BEFORE, OPENED, TOLD, TOLD_AS, LINE = 0, 1, 2, 5, 6, 7, 8, 9, 10
KEPT = 16
ROW = (
    "consensus", "opening", "dispersion", "edge_home", "edge_away", "hold", "count", "movement", "steam", "power",
    "spread_move", "total_move",
)  # fmt: skip
STEPS = 60


def _facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    names = {f"{sport.winner}|{side}": at for at, side in enumerate(("home", "draw", "away"))}
    names |= {f"{market}|{told[0]}": told[1] for market, told in LINES.items() if market in sport.openings}
    quotes = pl.DataFrame({"name": list(names), "quote": list(names.values())})
    priced = tables["prices"].filter(pl.col("market").is_in([sport.winner, *LINES]))
    named = priced.with_columns((pl.col("market") + "|" + pl.col("outcome")).alias("name")).join(quotes, on="name")
    of_a_line = pl.col("quote").is_in([SPREAD, TOTAL])
    quoted_at = pl.col("quoted_at").dt.epoch("us").cast(pl.String).fill_null("")
    key = pl.concat_str("book", "label", quoted_at, "name", separator="|")
    label = label_order()
    kind = pl.when(pl.col("book").is_in(AVERAGES)).then(AVERAGE).when(pl.col("book").is_in(BESTS)).then(BEST)
    frame = named.select(
        pl.col("fixture").alias("entity"),
        key.alias("key"),
        (pl.col("fixture") + "|" + key).alias("source"),
        pl.col("known_at").alias("event_at"),
        label.alias("sequence"),
        "known_at",
        "batch",
        number("book"),
        kind.otherwise(BOOK).alias("kind"),
        label.alias("label"),
        "quote",
        pl.when(of_a_line).then("line").otherwise("odds").alias("value"),
    )
    return finish(frame, VALUES)


@kernel
def fold_books(
    ops: Ops, args: Integers, bounds: Integers, events: Integers, values: Floats, carry: Floats,
    rows: Floats, row_entity: Integers, row_known: Integers, params: Floats,
) -> int:  # fmt: skip
    """Keep every book's newest quotes and its first; return the row count, -1 with more than ``MOST`` books.

    ``params``: 1 where a draw is priced, then the fields that are read. Row: ``ROW``.
    """
    n_rows = 0
    draws = params[0] == 1.0
    state = np.empty((MOST, KEPT))
    for e in range(bounds.size - 1):
        books = 0
        for t in range(bounds[e], bounds[e + 1]):
            if ops[t] == RESET:
                books = 0
            elif ops[t] == FOLD:
                fact = values[args[t]]
                at = 0
                while at < books and state[at, NAME] != fact[0]:
                    at += 1
                if at == MOST:
                    return -1
                if at == books:
                    state[at] = np.nan
                    state[at, NAME] = fact[0]
                    state[at, KIND] = fact[1]
                    state[at, LINE + 2] = 0.0
                    state[at, LINE + 5] = 0.0
                    books += 1
                quote = int(fact[3])
                if quote in (SPREAD, TOTAL):
                    take_line(state[at, LINE + 3 * (quote - SPREAD) :], fact[4])
                else:
                    take_odds(state[at], quote, fact[4], fact[2], np.float64(events[args[t]]), draws)
            else:
                emit_books(state[:books], draws, rows[n_rows])
                row_entity[n_rows] = e
                row_known[n_rows] = args[t]
                n_rows += 1
    return n_rows


@kernel
def take_line(kept: Floats, line: float) -> None:
    """Keep a book's newest line beside its first."""
    if np.isnan(line):
        return
    if kept[2] == 0.0:
        kept[0] = line
    kept[1] = line
    kept[2] += 1.0


@kernel
def take_odds(book: Floats, quote: int, odds: float, label: float, told: float, draws: bool) -> None:
    """Keep a book's newest odds of one outcome; before the first of a new quote, what the last one said."""
    if book[TOLD] != told or book[TOLD_AS] != label:
        if whole(book, draws):
            book[BEFORE] = logit(book)
        book[TOLD] = told
        book[TOLD_AS] = label
    book[ODDS + quote] = odds
    if whole(book, draws):
        if np.isnan(book[FIRST]):
            book[FIRST] = logit(book)
        if label == OPENING and np.isnan(book[OPENED]):
            book[OPENED] = logit(book)


@kernel
def whole(book: Floats, draws: bool) -> bool:
    """Return whether a book quotes every outcome."""
    sides = book[ODDS + HOME] > 1.0 and book[ODDS + AWAY] > 1.0
    return sides and (not draws or book[ODDS + DRAW] > 1.0)


@kernel
def logit(book: Floats) -> float:
    """Return a book's log-odds of the home against the away side, from which a multiplicative margin falls out."""
    return np.log(book[ODDS + AWAY]) - np.log(book[ODDS + HOME])


@kernel
def emit_books(state: Floats, draws: bool, row: Floats) -> None:
    """Write the row: what the books have said so far, newest and first."""
    row[:] = np.nan
    lines(state, row)
    kind = np.float64(AVERAGE)
    for book in state:
        if book[KIND] == BOOK and whole(book, draws):
            kind = np.float64(BOOK)
    count = sides = drawn = hold = 0.0
    for book in state:
        if book[KIND] == kind and whole(book, draws):
            count += 1.0
            sides += logit(book)
            implied = 1.0 / book[ODDS + HOME] + 1.0 / book[ODDS + AWAY]
            if draws:
                drawn -= np.log(book[ODDS + DRAW]) + np.log(implied)
                implied += 1.0 / book[ODDS + DRAW]
            hold += implied - 1.0
    if count == 0.0:
        return
    row[0] = sides / count
    row[1] = opening(state)
    row[5] = hold / count
    row[6] = count if kind == BOOK else 0.0
    if kind == BOOK and count > 1.0:
        squares = 0.0
        for book in state:
            if book[KIND] == BOOK and whole(book, draws):
                squares += (logit(book) - row[0]) ** 2
        row[2] = np.sqrt(squares / (count - 1.0))
    moves(state, draws, row)
    either = 1.0 / (1.0 + np.exp(drawn / count)) if draws else 1.0
    home, away = either / (1.0 + np.exp(-row[0])), either / (1.0 + np.exp(row[0]))
    row[3] = np.log(home * best(state, HOME))
    row[4] = np.log(away * best(state, AWAY))
    row[9] = power_less_multiplicative(home, away, 1.0 - either, 1.0 + row[5])


@kernel
def opening(state: Floats) -> float:
    """Return the mean of the openings of books, or of averages where no book is said to have opened."""
    for kind in (BOOK, AVERAGE):
        total = count = 0.0
        for book in state:
            if book[KIND] == kind and not np.isnan(book[OPENED]):
                total += book[OPENED]
                count += 1.0
        if count > 0.0:
            return total / count
    return np.nan


@kernel
def moves(state: Floats, draws: bool, row: Floats) -> None:
    """Write how far those have moved who have told more than once, and which way most books went last."""
    for kind in (AVERAGE, BOOK):
        count = moved = way = 0.0
        for book in state:
            if book[KIND] == kind and whole(book, draws) and not np.isnan(book[BEFORE]):
                now = logit(book)
                count += 1.0
                moved += now - book[FIRST]
                way += np.sign(now - book[BEFORE])
        if count > 0.0:
            row[7] = moved / count
            if kind == BOOK:
                row[8] = way / count


@kernel
def best(state: Floats, outcome: int) -> float:
    """Return the highest odds of an outcome that a book has or that is published as the best; NaN without any."""
    highest = np.nan
    for book in state:
        odds = book[ODDS + outcome]
        if book[KIND] != AVERAGE and odds > 1.0 and not highest >= odds:
            highest = odds
    return highest


@kernel
def lines(state: Floats, row: Floats) -> None:
    """Write how far the lines of spread and total have moved, over those who have told more than one."""
    for at in range(2):
        for kind in (AVERAGE, BOOK):
            count = moved = 0.0
            for book in state:
                line = book[LINE + 3 * at : LINE + 3 * at + 3]
                if book[KIND] == kind and line[2] > 1.0:
                    count += 1.0
                    moved += line[1] - line[0]
            if count > 0.0:
                row[10 + at] = moved / count


@kernel
def power_less_multiplicative(home: float, away: float, draw: float, total: float) -> float:
    """Return the favourite's chance by the power method less that by the multiplicative, which the arguments hold.

    ``total`` is what the implied chances add up to. The exponent is found by Newton's method: the sum of powers falls
    and is convex, so that it comes from one side. NaN where a chance times ``total`` is no chance.
    """
    if max(home, away, draw) * total >= 1.0:
        return np.nan
    logs = np.log(home * total), np.log(away * total), np.log(draw * total) if draw > 0.0 else -np.inf
    exponent = 1.0
    for _ in range(STEPS):
        h, a, d = np.exp(exponent * logs[0]), np.exp(exponent * logs[1]), np.exp(exponent * logs[2])
        slope = (h * logs[0] + a * logs[1]) + (d * logs[2] if draw > 0.0 else 0.0)
        step = ((h + a) + d - 1.0) / slope
        exponent -= step
        if abs(step) < 1e-15:
            break
    favourite = max(home, away, draw)
    return np.exp(exponent * np.log(favourite * total)) - favourite


@kernel
def read_books(rows: Floats, found: Integers, spine: Floats, out: Floats, params: Floats) -> None:
    """Read the newest state of the fixture's prices: the fields in ``params``."""
    for i in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[i, c] = np.nan if found[i, 0] < 0 else rows[found[i, 0], np.int64(params[1 + c])]


def _several(sport: Sport) -> bool:
    """Return whether a league is judged by more than one book, averages aside; lists of one book's prices are one."""
    return any(len([*filter(lambda name: name not in AVERAGES, names)]) > 1 for names in sport.reference_close.values())


def _columns(sport: Sport) -> dict[str, Column]:
    """Return the columns of ``sport`` by the field of the row they are read from."""
    told = "null without a quote of every outcome before as_of"
    offered = "null without a book's or a published best price before as_of"
    twice = "null before a book, or an average where no book, has told twice"
    several = {
        "consensus": _column("consensus", "log-odds", "odd", "mean over books of ln(away odds) - ln(home odds)", told),
        "dispersion": _column(
            "dispersion", "log-odds", "even", "standard deviation of the same over books", "null with fewer than two"
        ),
        **{
            f"edge_{side}": _column(
                "edge", "log", "swap", f"ln(best {side} odds x chance by the consensus), above 0 it pays", offered, side
            )
            for side in ("home", "away")
        },
        "hold": _column("hold", "share", "even", "mean over books of the sum of 1 / odds, less 1", told),
        "count": _column("count", "count", "even", "books that quote every outcome", told),
    }
    moving = {
        "opening": _column("opening", "log-odds", "odd", "consensus of the opening prices", "null without one"),
        "movement": _column("movement", "log-odds", "odd", "mean over books of newest less first log-odds", twice),
        "steam": _column(
            "steam", "share", "odd", "share of books that moved to the home side last, less those that left it",
            "null before a book has told twice",
        ),
    }  # fmt: skip
    power = "the favourite's chance by the power method less that by the multiplicative, of the consensus and its hold"
    lined: dict[str, tuple[str, Parity, str]] = {
        "spread": ("spread_move", "odd", f"{sport.score} by which the home side is favoured"),
        "total": ("total_move", "even", f"the total of {sport.score}"),
    }
    columns = several if _several(sport) else {}
    if sport.opens:
        columns |= moving
    columns |= {"power": _column("power", "share", "even", power, told)}
    for market, (name, parity, line) in lined.items():
        if market in sport.openings:
            columns[name] = _column(
                name, sport.score, parity, f"mean over books of newest less first line: {line}", twice
            )
    return columns


def _column(name: str, unit: str, parity: Parity, formula: str, null: str, side: str = "fixture") -> Column:
    return Column(name=f"books.{name}.now.{side}", unit=unit, parity=parity, null=null, formula=formula, price=True)


def books(sport: Sport) -> Group | None:
    """Return the group where a closing price counts; without openings nothing moves, with one book nobody differs."""
    if not any(sport.reference_close.values()):
        return None
    columns = _columns(sport)
    fields = [float(ROW.index(name)) for name in columns]
    return Group(
        name="books",
        version=1,
        facts=_facts,
        values=VALUES,
        row=ROW,
        fold=fold_books,
        read=read_books,
        roles=("fixture",),
        columns=tuple(columns.values()),
        params=np.array([float(sport.winner == "1x2"), *fields]),
    )
