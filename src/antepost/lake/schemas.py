"""The silver tables: what one row of each holds, and which columns make it the same fact.

Every row carries the three stamps (``event_at``, ``known_at``, ``batch``) beside its values. A fact is named
by its table's key; two rows with one key are revisions of one fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from antepost.errors import DataError

type Schema = Mapping[str, pl.DataType]

MOMENT = pl.Datetime("us", "UTC")
TEXT = pl.String()
WHOLE = pl.Int32()
COUNT = pl.Int64()
NUMBER = pl.Float64()
FLAG = pl.Boolean()

CLAIM: Schema = {
    "sport": TEXT,
    "league": TEXT,
    "season": WHOLE,
    "fixture": TEXT,
    "event_at": MOMENT,
    "event_precision": TEXT,
    "known_at": MOMENT,
    "known_how": TEXT,
}
"""What a source says of every row; ``known_how`` is recorded, published, bounded or assumed."""

ORIGIN: Schema = {"batch": COUNT, "raw": TEXT}
"""How a row came to us: the numbered load, and the SHA-256 of the bytes it was parsed from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One kind of fact: its name, the columns that identify a fact, and its values with their types."""

    name: str
    key: tuple[str, ...]
    values: Schema

    @property
    def claimed(self) -> dict[str, pl.DataType]:
        """Return the columns of a parsed row, which no load has brought yet."""
        return {**CLAIM, **self.values}

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Return the columns of a stored row."""
        return {**CLAIM, **ORIGIN, **self.values}

    def empty(self) -> pl.DataFrame:
        """Return the table without rows."""
        return pl.DataFrame(schema=self.schema)


FIXTURES = Table(
    name="fixtures",
    key=("fixture",),
    values={
        "start": MOMENT,
        "home": TEXT,
        "away": TEXT,
        "neutral": FLAG,
        "stage": TEXT,
        "week": WHOLE,
        "venue": TEXT,
        "venue_name": TEXT,
        "sequence": WHOLE,
    },
)
RESULTS = Table(
    name="results",
    key=("fixture",),
    values={"home": TEXT, "away": TEXT, "home_score": COUNT, "away_score": COUNT, "overtime": FLAG},
)
PRICES = Table(
    name="prices",
    key=("fixture", "book", "market", "outcome", "label"),
    # ``line`` is the points by which that side is favoured (spread) or the total; ``odds`` are decimal.
    values={"book": TEXT, "market": TEXT, "outcome": TEXT, "label": TEXT, "line": NUMBER, "odds": NUMBER},
)
VENUES = Table(name="venues", key=("fixture",), values={"roof": TEXT, "surface": TEXT})
ROSTERS = Table(
    name="rosters",
    key=("fixture", "role"),
    values={"role": TEXT, "team": TEXT, "player": TEXT, "name": TEXT},
)
OFFICIALS = Table(name="officials", key=("fixture", "role"), values={"role": TEXT, "name": TEXT})
# Fahrenheit and miles an hour, as observed at the game.
WEATHER = Table(name="weather", key=("fixture",), values={"temp": NUMBER, "wind": NUMBER})

TABLES: dict[str, Table] = {
    table.name: table for table in (FIXTURES, RESULTS, PRICES, VENUES, ROSTERS, OFFICIALS, WEATHER)
}

QUARANTINE: Schema = {"sport": TEXT, "source": TEXT, **ORIGIN, "reason": TEXT, "row": TEXT}
"""A refused row as JSON, and why; it is kept so that nothing a vendor said is lost."""


def check(frame: pl.DataFrame, schema: Schema, where: str) -> pl.DataFrame:
    """Return ``frame`` with exactly the columns of ``schema``, in its order.

    Raises:
        DataError: a column is missing, surplus or of another type; the message names it.
    """
    expected, found = dict(schema), dict(frame.schema)
    wrong = {name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)}
    if wrong:
        told = ", ".join(f"{name}: {found.get(name)} for {expected.get(name)}" for name in sorted(wrong))
        raise DataError(f"{where} does not fit its schema ({told})", columns=sorted(wrong))
    return frame.select(list(expected))
