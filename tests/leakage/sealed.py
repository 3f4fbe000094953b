"""Whether the lake, asked for what it held at a load, tells of no later one: the prover is given tables and no lake."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from antepost.lake import facts, silver
from antepost.lake.batches import Batch, commit
from antepost.settings import get_settings
from tests.worlds import Tables

CORRECTED = ("results", "rosters")


def beyond(home: Path, tables: Tables) -> list[str]:
    """Return the tables of which a rebuild at the first load is not what the first load left.

    ``tables`` are put into a lake in ``home`` in the two loads that their batches name.
    """
    place = get_settings(home=home, mirror=None, database_url=None, mlflow_url=None)
    received = datetime(2031, 9, 7, 17, tzinfo=UTC)
    left = {}
    for number in (1, 2):
        for name in CORRECTED:
            silver.append(place, name, tables[name].filter(pl.col("batch") == number), number)
        commit(place, Batch(number=number, sport="nfl", source="x", payloads=(), received_at=received, parser="1"))
        left[number] = facts(place, "nfl", tables=CORRECTED)
    again = {number: facts(place, "nfl", batch=number, tables=CORRECTED) for number in left}
    return [f"lake.{name}" for name in CORRECTED if any(not again[n][name].equals(left[n][name]) for n in left)]
