"""The only way to read facts: all their revisions up to a load, or what could be known before a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import polars as pl

from antepost.domain.clock import micros
from antepost.lake import silver
from antepost.lake.batches import watermark
from antepost.lake.schemas import TABLES
from antepost.settings import Settings

type Facts = dict[str, pl.DataFrame]


def facts(
    settings: Settings, sport: str, batch: int | None = None, tables: Iterable[str] = TABLES, after: int = 0
) -> Facts:
    """Return, by table, every revision of a sport's facts of loads after ``after`` and up to ``batch``, in order."""
    newest = watermark(settings)
    limit = newest if batch is None else min(batch, newest)
    return {name: canonical(name, silver.read(settings, name, sport, limit, after)) for name in tables}


def canonical(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of ``table`` ordered by start, key and load, which is one order only."""
    return frame.sort("event_at", *TABLES[table].key, "batch")


def settled(tables: Mapping[str, pl.DataFrame]) -> Facts:
    """Return ``tables`` less the revisions that a later load had replaced before they could be known.

    A match brought forward has its starters and prices earlier than the load before had said; once the moments of
    the old rows come, they must not stand up again. Whoever reads after ``known_at`` could know of the replacement.
    """
    return {name: settled_rows(frame, TABLES[name].key) for name, frame in tables.items()}


def settled_rows(frame: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """Return the revisions of one table's facts that could ever stand, see ``settled``."""
    if frame["batch"].n_unique() < 2:
        return frame
    # Most facts come with one load only; a number for each key finds the others faster than the key itself does.
    told = frame.select(pl.struct(key).hash().alias("number"), "batch")
    ends = told.group_by("number").agg(pl.col("batch").min().alias("first"), pl.col("batch").max().alias("last"))
    again = told["number"].is_in(ends.filter(pl.col("first") != pl.col("last"))["number"].implode())
    if not again.any():
        return frame
    several = frame.filter(again)
    loads = several.group_by(*key, "batch").agg(pl.col("known_at").min().alias("soonest"))
    loads = loads.sort("batch", descending=True)
    replaced = loads.select(*key, "batch", pl.col("soonest").cum_min().shift(1).over(key).alias("replaced_at"))
    beside = several.join(replaced, on=[*key, "batch"], how="left", nulls_equal=True, maintain_order="left")
    stands = pl.col("replaced_at").is_null() | (pl.col("known_at") < pl.col("replaced_at"))
    stood = again.to_numpy().copy()
    stood[stood] = beside.select(stands.alias("stands"))["stands"].to_numpy()
    return frame.filter(pl.Series(stood) | ~again)


def visible(frame: pl.DataFrame, key: tuple[str, ...], as_of: datetime | pl.DataFrame) -> pl.DataFrame:
    """Return the newest revision of each fact with ``known_at`` before ``as_of``, half open.

    ``as_of`` is one instant, or a frame (fixture, as_of) with a moment for each fixture; what belongs to another
    fixture, or to none, is then left out. Newest is what a later load said, not what is stamped later: a match
    brought forward has a closing price that is known earlier than the one it replaces.
    """
    if isinstance(as_of, datetime):
        return newest(frame.filter(pl.col("known_at") < _moment(as_of)), key)
    asked = as_of.select("fixture", "as_of")
    if asked["fixture"].n_unique() < asked.height:
        asked = asked.group_by("fixture").agg(pl.col("as_of").max())
    # The moments are looked up by themselves: to carry all columns through the join takes half as long again.
    moments = frame.select("fixture").join(asked, on="fixture", how="left", maintain_order="left")["as_of"]
    return newest(frame.filter(pl.col("known_at") < moments), key)


def newest(frame: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """Return the last revision of each fact in ``frame``, whenever it was known: ``visible`` asks for a moment."""
    left = frame.filter(~_outdone(key))
    return left.sort("batch", "known_at", maintain_order=True).unique(list(key), keep="last", maintain_order=True)


def before_start(fixtures: pl.DataFrame, span: timedelta = timedelta(0)) -> pl.DataFrame:
    """Return (fixture, as_of): the moment ``span`` before each fixture's start, as the start then stood.

    A start that was corrected afterwards counts as it was told before; a fixture nobody knew of by then is left out.
    """
    listed = fixtures.filter(pl.col("known_at") < pl.col("start") - span)
    return newest(listed, ("fixture",)).select("fixture", (pl.col("start") - span).alias("as_of"))


def _outdone(key: tuple[str, ...]) -> pl.Expr:
    """Return whether the next row is a newer revision of the same fact, as it mostly is in canonical order."""
    batch, known_at = pl.col("batch"), pl.col("known_at")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(-1)) for name in key)
    last = pl.int_range(pl.len()) == pl.len() - 1
    newer = (batch < batch.shift(-1)) | ((batch == batch.shift(-1)) & (known_at <= known_at.shift(-1)))
    return (same & newer & ~last).fill_null(value=False)


def changes(tables: Mapping[str, pl.DataFrame], fixture: str, since: datetime, until: datetime) -> pl.DataFrame:
    """Return what became known of a fixture from ``since`` on and before ``until``, a row for each changed value.

    Columns: known_at, table, fact (its key, less the fixture), column, before (null: the fact is new), after.
    """
    found = [
        _changed(name, frame.filter(pl.col("fixture") == fixture), since, until)
        for name, frame in tables.items()
        if "fixture" in frame.columns
    ]
    return pl.concat(found).sort("known_at", "table", "fact", "column")


def _changed(name: str, frame: pl.DataFrame, since: datetime, until: datetime) -> pl.DataFrame:
    table = TABLES[name]
    key = [column for column in table.key if column != "fixture"]
    stated = {"fixture", "known_at", "known_how", "batch", "raw", "sport", "league", "season", *key}
    values = [column for column in frame.columns if column not in stated]
    ordered = frame.sort("known_at", "batch")
    fact = pl.concat_str([pl.col(column).cast(pl.String).fill_null("-") for column in key], separator=" ")
    told = ordered.select(
        "known_at",
        pl.lit(name).alias("table"),
        (fact if key else pl.lit("")).alias("fact"),
        *(pl.col(column).cast(pl.String) for column in values),
    )
    first = pl.int_range(pl.len()).over("fact") == 0
    each = told.with_columns(first.alias("first")).unpivot(
        values, index=["known_at", "table", "fact", "first"], variable_name="column", value_name="after"
    )
    before = pl.col("after").shift(1).over("fact", "column").alias("before")
    moved = pl.col("after").ne_missing(pl.col("before"))
    within = (pl.col("known_at") >= _moment(since)) & (pl.col("known_at") < _moment(until))
    return (
        each.with_columns(before)
        .filter(within & moved)
        .select("known_at", "table", "fact", "column", "before", "after")
    )


def _moment(as_of: datetime) -> pl.Expr:
    # Through integers, so that a naive moment is refused instead of taken for UTC.
    return pl.lit(micros(as_of)).cast(pl.Datetime("us", "UTC"))
