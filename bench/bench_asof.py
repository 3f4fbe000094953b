"""The newest price of each outcome before each fixture's own moment: lake.asof.visible against others' as-of joins.

The rivals are pandas merge_asof, polars join_asof and DuckDB's ASOF JOIN, as far as they are installed. All start from
the same invented frames: prices as ``asof.facts`` gives them, in order of start, key and load, and one moment a
fixture. The sorting that a rival asks for is part of its time; its time without it is printed beside. Every answer is
checked to be the same; ours also asserts, within its time, that its input is in order and that nothing leaks. Prints
seconds (min / median / max over rounds run in turn) and the ratios.

    python bench/bench_asof.py [--fixtures 460000] [--prices 3000000] [--rounds 5]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec

import numpy as np
import polars as pl

from antepost.lake.asof import visible

KEY = ("fixture", "outcome")
MOMENT = pl.Datetime("us", "UTC")
MINUTE = 60_000_000

type Work = Callable[[], object]


def world(fixtures: int, prices: int, seed: int = 0) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return invented prices and (fixture, as_of); each fixture has two outcomes, quoted over its last six days."""
    draw = np.random.default_rng(seed)
    first = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
    start = first + np.arange(fixtures, dtype=np.int64) * 20 * MINUTE
    names = pl.Series("fixture", np.arange(fixtures)).cast(pl.String).str.zfill(7)
    of = np.concatenate([np.repeat(np.arange(fixtures), 2), draw.integers(0, fixtures, prices - 2 * fixtures)])
    outcome = np.concatenate([np.tile([0, 1], fixtures), draw.integers(0, 2, prices - 2 * fixtures)])
    known = start[of] - draw.integers(1, 6 * 24 * 60 * MINUTE, prices)
    rows = pl.DataFrame(
        {
            "event_at": start[of], "fixture": names.gather(of), "outcome": np.array(["away", "home"])[outcome],
            "odds": draw.uniform(1.1, 9.0, prices).round(2), "known_at": known,
        }
    )  # fmt: skip
    # Loads come one after another, so that of one fact the later revision is of the later load.
    batch = pl.col("known_at").rank("ordinal").over(KEY).cast(pl.Int64).alias("batch")
    moments = pl.col("event_at", "known_at").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    spread = draw.integers(0, 4 * 24 * 60 * MINUTE, fixtures)
    as_of = pl.DataFrame({"fixture": names, "as_of": pl.Series(start - spread).cast(pl.Datetime("us"))})
    frame = rows.with_columns(batch, moments).sort("event_at", *KEY, "batch")
    return frame, as_of.with_columns(pl.col("as_of").dt.replace_time_zone("UTC"))


def ours(prices: pl.DataFrame, moments: pl.DataFrame) -> Work:
    """Return the work of the lake, with the assertions that its input is in order and its answer leaks nothing."""

    def work() -> pl.DataFrame:
        if not prices["event_at"].is_sorted():
            raise SystemExit("the prices are not in order of start")
        found = visible(prices, KEY, moments)
        beside = found.select("fixture", "known_at").join(moments, on="fixture", how="left")
        if (beside["known_at"] >= beside["as_of"]).any():
            raise SystemExit("a price is seen at the moment at which it is known, or before it")
        return found

    return work


def asked(moments: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each fixture and outcome, which is what a join asks for."""
    return moments.join(pl.DataFrame({"outcome": ["away", "home"]}), how="cross")


def in_polars(prices: pl.DataFrame, moments: pl.DataFrame, *, sort: bool) -> Work:
    """Return the work of polars; its rows are sorted by time beforehand unless ``sort``."""
    left, right = asked(moments), prices
    if not sort:
        left, right = left.sort("as_of"), right.sort("known_at")

    def work() -> pl.DataFrame:
        a, b = (left.sort("as_of"), right.sort("known_at")) if sort else (left, right)
        found = a.join_asof(
            b, left_on="as_of", right_on="known_at", by=list(KEY), allow_exact_matches=False, coalesce=False,
            check_sortedness=False,
        )  # fmt: skip
        return found.filter(pl.col("known_at").is_not_null())

    return work


def in_pandas(prices: pl.DataFrame, moments: pl.DataFrame, *, sort: bool) -> Work:
    """Return the work of pandas."""
    import pandas as pd

    left, right = asked(moments).to_pandas(), prices.to_pandas()
    if not sort:
        left, right = left.sort_values("as_of"), right.sort_values("known_at")

    def work() -> pl.DataFrame:
        a, b = (left.sort_values("as_of"), right.sort_values("known_at")) if sort else (left, right)
        found = pd.merge_asof(a, b, left_on="as_of", right_on="known_at", by=list(KEY), allow_exact_matches=False)
        return found.dropna(subset="known_at")  # type: ignore[return-value]

    return work


def in_duckdb(prices: pl.DataFrame, moments: pl.DataFrame) -> Work:
    """Return the work of DuckDB, which needs no order."""
    import duckdb

    held = duckdb.connect()
    held.execute("SET TimeZone = 'UTC'")
    held.execute("SET threads = 2")
    held.register("prices_arrow", prices.to_arrow())
    held.register("asked_arrow", asked(moments).to_arrow())
    held.execute("CREATE TABLE prices AS FROM prices_arrow")
    held.execute("CREATE TABLE asked AS FROM asked_arrow")
    question = """
        SELECT p.* FROM asked AS a ASOF JOIN prices AS p
        ON a.fixture = p.fixture AND a.outcome = p.outcome AND a.as_of > p.known_at
    """
    return lambda: held.sql(question).to_arrow_table()


def answer(found: object) -> pl.DataFrame:
    """Return what was found in one order and one shape, to be compared."""
    frame = pl.DataFrame(found)
    known = pl.col("known_at").cast(MOMENT).dt.epoch("us").alias("known_at")
    return frame.select(*KEY, "odds", known, pl.col("batch").cast(pl.Int64)).sort(KEY)


def contenders(prices: pl.DataFrame, moments: pl.DataFrame) -> dict[str, Work]:
    """Return the work of everybody who is here, ours first."""
    found: dict[str, Work] = {"antepost": ours(prices, moments)}
    for sort in (True, False):
        left_out = "" if sort else ", sorted before"
        found[f"polars{left_out}"] = in_polars(prices, moments, sort=sort)
        if find_spec("pandas"):
            found[f"pandas{left_out}"] = in_pandas(prices, moments, sort=sort)
    if find_spec("duckdb"):
        found["duckdb"] = in_duckdb(prices, moments)
    return found


def timed(work: Work) -> float:
    """Return the seconds of one run."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """Check the answers, run the rounds and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fixtures", type=int, default=460_000)
    parser.add_argument("--prices", type=int, default=3_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    prices, moments = world(options.fixtures, options.prices)
    works = contenders(prices, moments)
    expected = answer(works["antepost"]())
    others = [name for name, work in works.items() if not answer(work()).equals(expected)]
    if others:
        raise SystemExit(f"{', '.join(others)} answer otherwise than antepost")
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(options.rounds):
        for name, work in works.items():
            seconds[name].append(timed(work))
    print(
        f"{options.fixtures:,} fixtures x {options.prices:,} prices: {expected.height:,} rows, {options.rounds} rounds"
    )
    for name, taken in seconds.items():
        print(f"  {name:<22} {min(taken):.3f} / {statistics.median(taken):.3f} / {max(taken):.3f} s")
    for name in list(works)[1:]:
        ratios = [b / a for a, b in zip(seconds["antepost"], seconds[name], strict=True)]
        print(f"  {name} takes {statistics.median(ratios):.2f} x of ours ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
