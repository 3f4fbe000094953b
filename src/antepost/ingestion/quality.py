"""What is refused of the rows that were read: a survivable flaw becomes a refusal with its reason."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.domain.odds import american_to_decimal

LEAST_OVERROUND, MOST_OVERROUND = 0.9, 1.5


def split(rows: pl.DataFrame, faults: Mapping[str, pl.Expr]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows without a fault, and the others with a column ``reason`` that names the first.

    ``faults`` maps a reason to the condition under which a row has it; a null condition is no fault.
    """
    reasons = [pl.when(wrong.fill_null(value=False)).then(pl.lit(reason)) for reason, wrong in faults.items()]
    judged = rows.with_columns(pl.coalesce(reasons).alias("reason"))
    kept = judged.filter(pl.col("reason").is_null()).drop("reason")
    return kept, judged.filter(pl.col("reason").is_not_null())


def split_american(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows with decimal ``odds`` from the numbers in ``american``, and those that are no price.

    A row without a number keeps null odds: it may tell a line only.
    """
    impossible = "an impossible price: American odds between -100 and 100"
    kept, refused = split(rows, {impossible: pl.col("american").abs() < 100.0})
    odds = american_to_decimal(kept["american"].cast(pl.Float64).fill_null(float("nan")).to_numpy())
    return kept.with_columns(pl.Series("odds", odds).fill_nan(None)), refused


def unsigned_zero(line: pl.Expr) -> pl.Expr:
    """Return ``line`` with 0.0 for the -0.0 that an even spread becomes when it is turned round.

    Adding zero does not do it: polars leaves the addition out wherever there are two rows or more.
    """
    return pl.when(line == 0.0).then(0.0).otherwise(line)


def split_duplicates(rows: pl.DataFrame, key: tuple[str, ...]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of which there is one a ``key``, and the others with a ``reason``.

    Of rows that are equal in everything one stays. Of rows that contradict each other none does: nothing
    tells which is right, and what is stored already stays as it is.
    """
    name = ", ".join(key)
    first = pl.struct(pl.all()).is_first_distinct()
    once = rows.filter(first)
    copies = rows.filter(~first).with_columns(pl.lit(f"the same row again for one {name}").alias("reason"))
    clash = pl.struct(*key).is_duplicated() & pl.all_horizontal(pl.col(*key).is_not_null())
    told = pl.lit(f"rows that contradict each other for one {name}").alias("reason")
    return once.filter(~clash), pl.concat([copies, once.filter(clash).with_columns(told)])


def split_prices(prices: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the prices that can be, and the others with a ``reason``.

    A price of 1 or less pays nothing. The sum of 1 / odds over a market's outcomes has to lie between 0.9 and
    1.5, else the two sides do not belong together; then both are refused.
    """
    possible, impossible = split(prices, {"an impossible price: decimal odds of 1 or less": pl.col("odds") <= 1.0})
    market = ("fixture", "book", "market", "label")
    complete = pl.col("odds").is_not_null().all().over(market) & (pl.len().over(market) > 1)
    overround = (1.0 / pl.col("odds")).sum().over(market)
    outside = complete & ~overround.is_between(LEAST_OVERROUND, MOST_OVERROUND)
    low, high = LEAST_OVERROUND, MOST_OVERROUND
    kept, unfair = split(possible, {f"the overround lies outside {low} to {high}": outside})
    return kept, pl.concat([impossible, unfair])
