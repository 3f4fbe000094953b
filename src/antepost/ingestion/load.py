"""From what a source claims to new rows, and from raw bytes to all tables again; pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from antepost.errors import DataError
from antepost.ingestion.checks import sound
from antepost.ingestion.gather import Gathered, gather, refuse_strangers
from antepost.ingestion.matching import restated
from antepost.ingestion.periods import without_contradictions
from antepost.ingestion.sheet import refused_of
from antepost.ingestion.source import Parsed, Source
from antepost.ingestion.sources import get_source
from antepost.lake import asof
from antepost.lake.batches import Batch
from antepost.lake.schemas import QUARANTINE, TABLES, Table, table_of
from antepost.sports import get_sport

type Tables = dict[str, pl.DataFrame]

MISSING_ALLOWED = 3
"""Games of a season that may vanish from a later payload (a cancelled one) before it counts as cut off."""

SHARED = frozenset({"prices", "disputes"})
"""Tables in which every source has rows of its own; of the others the first source to speak holds the fact."""

FILLED = frozenset({"team_stats", "player_stats", "venues"})
"""Tables in which the first source to speak holds a column of a row, and others may fill what it left empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one payload said, and the SHA-256 of its bytes."""

    parsed: Parsed
    raw: str


def new_rows(
    known: Mapping[str, pl.DataFrame],
    readings: Sequence[Reading],
    source: Source,
    batch: Batch,
    names: bytes,
    mine: Collection[int],
) -> Tables:
    """Return the facts and refusals that a load adds to the tables ``known``, quarantine among them.

    A fact not seen before is known by its source's rule. A fact that changed is a correction, known from its
    receipt, or by the rule where that is later: a closing price that moves on Wednesday is still the closing
    price of Sunday. A fact that did not change adds nothing. A source is compared with what it said itself.
    A load that was refused as a whole adds its refusals and no fact.

    Args:
        known: every table of the sport, all revisions.
        readings: the payloads, in the order in which their rows count.
        source: where they came from.
        batch: the load; its number and receipt stamp the rows.
        names: the source's map of names, as CSV.
        mine: the loads that this source brought before.

    Raises:
        NamesError: too many names stand for nobody we know.
        DataError: a primary source lost games that it had.
    """
    gathered = gather(known, [(reading.parsed, reading.raw) for reading in readings], source, names)
    held = known["quarantine"].filter(pl.col("source") == source.name)
    if batch.refused:
        return {"quarantine": _quarantined(held, gathered.refused, batch)}
    refuse_strangers(gathered, sum(reading.parsed.games for reading in readings), source)
    if source.primary and not source.window:
        refuse_shrunk(known["fixtures"], gathered.tables["fixtures"])
    tables, contradicted = without_contradictions(gathered.tables, get_sport(source.sport))
    refused = [gathered.refused, contradicted]
    rows: Tables = {}
    for name, frame in tables.items():
        kept, broken = sound(name, frame)
        table = table_of(name, source.sport)
        once, again = _once(table, kept)
        refused += [broken, again]
        about = _about(table, known[name], once)
        if name in FILLED:
            once = _filled(table, about, once, mine)
        elif name not in SHARED:
            once = _unclaimed(table, about, once, mine)
        rows[name] = _revised(table, about, once, mine, batch)
    rows = _dated(known, rows, gathered, source, batch)
    if source.live or (batch.polled and mine):
        rows = {name: _received(frame, batch) for name, frame in rows.items()}
    return {**rows, "quarantine": _quarantined(held, pl.concat(refused), batch)}


def refuse_shrunk(known: pl.DataFrame, fixtures: pl.DataFrame) -> None:
    """Refuse a payload that lacks games we know of in a league's season that it covers.

    Raises:
        DataError: more than a few are missing, as when a file was cut off between two rows.
    """
    offered = fixtures.select("league", "season", "fixture")
    held = known.select("league", "season", "fixture").unique()
    covered = held.join(offered, on=["league", "season"], how="semi")
    lost = covered.join(offered, on="fixture", how="anti").group_by("league", "season").len("lost").sort("season")
    gaps = lost.filter(pl.col("lost") > MISSING_ALLOWED)
    if gaps.height:
        league, season, count = gaps.row(0)
        raise DataError(
            f"the payload lacks {count} games of season {season} ({league}) that were ingested before; it is cut off "
            "or another feed: fetch it again, or set another ANTEPOST_HOME",
            season=season,
            lost=count,
        )


def replay_all(batches: Iterable[Batch], read_raw: Callable[[str], bytes]) -> Tables:
    """Return every table, the quarantine too, as the loads ``batches`` of one sport made it.

    Raises:
        DataError: a load was read by another version of its parser, or its bytes are gone.
    """
    log = list(batches)
    tables = empty_tables(log[0].sport) if log else {}
    mine: dict[str, set[int]] = {}
    for batch in log:
        source = get_source(batch.source)
        source.require_parser(batch.parser)
        readings = [_reread(source, payload.part, payload.raw, batch, read_raw) for payload in batch.payloads]
        names = read_raw(batch.names) if batch.names else b""
        added = new_rows(tables, readings, source, batch, names, mine.setdefault(source.name, set()))
        mine[source.name].add(batch.number)
        for name, frame in added.items():
            tables[name] = pl.concat([tables[name], frame])
    return tables


def replay(batches: Iterable[Batch], read_raw: Callable[[str], bytes]) -> Tables:
    """Return a sport's facts by table, from raw bytes and batch log alone, in the order of ``lake.facts``.

    Raises:
        DataError: a load was read by another version of its parser, or its bytes are gone.
    """
    tables = replay_all(batches, read_raw)
    return {name: asof.canonical(name, tables[name]) for name in TABLES if name in tables}


def empty_tables(sport: str) -> Tables:
    """Return every table of ``sport`` without rows, the quarantine among them."""
    tables: Tables = {name: table_of(name, sport).empty() for name in TABLES}
    return {**tables, "quarantine": pl.DataFrame(schema=dict(QUARANTINE))}


def _reread(source: Source, name: str, sha: str, batch: Batch, read_raw: Callable[[str], bytes]) -> Reading:
    part = source.part(name, batch.received_at.year)
    if part is None:
        raise DataError(
            f"{source.name} has no part {name!r} any more; rebuild with the release that read it", part=name
        )
    return Reading(parsed=source.read(read_raw(sha), part).within(batch.seasons), raw=sha)


def _once(table: Table, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return one row a fact, and the refusals of rows that contradict each other; what stands for good counts once."""
    key = list(table.key)
    if table.standing:
        first = frame.sort("event_at", maintain_order=True).unique(key, keep="first", maintain_order=True)
        return first, refused_of(frame.clear().with_columns(pl.lit("").alias("reason")))
    values = [name for name in table.claimed if name not in {"known_at", "known_how"}]
    once = frame.unique(values, keep="first", maintain_order=True)
    clash = pl.struct(key).is_duplicated()
    told = once.filter(clash).with_columns(
        pl.lit(f"{table.name}: rows that contradict each other for one {', '.join(key)}").alias("reason")
    )
    return once.filter(~clash), refused_of(told)


def _about(table: Table, known: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of ``known`` that can be revisions of facts in ``frame``: a day's load is of few of them."""
    first = table.key[0]
    return known.filter(pl.col(first).is_in(frame[first].unique().implode()) | pl.col(first).is_null())


def _unclaimed(table: Table, known: pl.DataFrame, frame: pl.DataFrame, mine: Collection[int]) -> pl.DataFrame:
    """Return the facts of ``frame`` that no other source holds."""
    key = list(table.key)
    theirs = known.filter(~pl.col("batch").is_in(list(mine))).select(key).unique()
    return frame.join(theirs, on=key, how="anti", nulls_equal=True, maintain_order="left")


def _filled(table: Table, known: pl.DataFrame, frame: pl.DataFrame, mine: Collection[int]) -> pl.DataFrame:
    """Return ``frame`` with what other sources said first in its place, column by column, and their other figures.

    Rows that tell nothing new are as the newest known, which is no revision.
    """
    own = [name for name in table.values if name not in table.key]
    key = list(table.key)
    about = known.join(frame.select(key).unique(), on=key, how="semi", nulls_equal=True)
    if about.is_empty() or about["batch"].is_in(list(mine)).all():
        return frame
    first = about.group_by(key).agg(
        pl.col("batch").filter(pl.col(name).is_not_null()).min().alias(name) for name in own
    )
    stands = asof.newest(about, table.key).select(*key, *own)
    beside = frame.join(first, on=key, how="left", suffix="_first", nulls_equal=True, maintain_order="left")
    beside = beside.join(stands, on=key, how="left", suffix="_now", nulls_equal=True, maintain_order="left")
    theirs = {name: ~pl.col(f"{name}_first").is_in(list(mine)).fill_null(value=True) for name in own}
    return beside.with_columns(
        pl.when(held).then(f"{name}_now").otherwise(name).alias(name) for name, held in theirs.items()
    ).select(frame.columns)


def _revised(
    table: Table, known: pl.DataFrame, parsed: pl.DataFrame, mine: Collection[int], batch: Batch
) -> pl.DataFrame:
    unkeyed = {*table.key, "known_at", "known_how"}
    compared = [name for name in (table.values if table.standing else table.claimed) if name not in unkeyed]
    said = known.filter(pl.col("batch").is_in(list(mine)))
    spoke = said.select(*table.key, pl.lit(True).alias("_spoke")).unique(list(table.key))
    last = asof.newest(known if table.name in FILLED else said, table.key).select(
        *table.key, pl.lit(True).alias("_seen"), *compared, "known_at", "known_how"
    )
    beside = parsed.join(
        last, on=list(table.key), how="left", suffix="_before", nulls_equal=True, maintain_order="left"
    )
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in compared)
    changed = beside.filter(pl.col("_seen").is_null() | differs).join(
        spoke, on=list(table.key), how="left", nulls_equal=True, maintain_order="left"
    )
    receipt = _receipt(batch)
    late = pl.col("_spoke").is_not_null() & (receipt >= pl.col("known_at"))
    # Figures that fill a row are a first word, and no correction; but a correction that they stand beside stays one.
    beside_late = (pl.col("known_how_before") == "recorded") & (pl.col("known_at_before") > pl.col("known_at"))
    # A row that is filled shows the first source's figures again, and those no earlier than they were known.
    fills = pl.col("_spoke").is_null() & pl.col("_seen").is_not_null()
    by_rule = pl.when(fills).then(pl.max_horizontal("known_at", "known_at_before")).otherwise("known_at")
    return changed.with_columns(
        pl.when(late).then(receipt).when(beside_late).then("known_at_before").otherwise(by_rule).alias("known_at"),
        pl.when(late | beside_late).then(pl.lit("recorded")).otherwise("known_how").alias("known_how"),
        pl.lit(batch.number, pl.Int64).alias("batch"),
    ).select(list(table.schema))


def _dated(known: Mapping[str, pl.DataFrame], rows: Tables, gathered: Gathered, source: Source, batch: Batch) -> Tables:
    """Return ``rows`` and the facts that stand anew because a source gave a fixture's day or clock."""
    if not gathered.links.height or not gathered.links["finer"].any():
        return rows
    finer = pl.col("fixture").is_in(gathered.links.filter("finer")["fixture"].implode())
    newest = {
        name: asof.newest(known[name].filter(finer) if "fixture" in table.key else known[name], table.key)
        for name, table in TABLES.items()
    }
    raw = str(gathered.links["raw"][0])
    again = restated(newest, gathered.links, get_sport(source.sport), batch.number, raw)
    for name, frame in again.items():
        if name in rows:
            key = list(TABLES[name].key)
            left = frame.join(rows[name], on=key, how="anti", nulls_equal=True, maintain_order="left")
            rows[name] = pl.concat([rows[name], left])
        else:
            rows[name] = frame
    return rows


def _receipt(batch: Batch) -> pl.Expr:
    return pl.lit(batch.received_at).dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC"))


def _received(rows: pl.DataFrame, batch: Batch) -> pl.DataFrame:
    """Return what a feed said that is asked again and again: none of it was ours before we had it."""
    receipt = _receipt(batch)
    later = receipt > pl.col("known_at")
    return rows.with_columns(
        pl.when(later).then(receipt).otherwise("known_at").alias("known_at"),
        pl.when(later).then(pl.lit("recorded")).otherwise("known_how").alias("known_how"),
    )


def _quarantined(held: pl.DataFrame, refused: pl.DataFrame, batch: Batch) -> pl.DataFrame:
    """Return the quarantine rows of a load: what it refused and the quarantine does not hold yet."""
    fresh = refused.unique(["reason", "row"], maintain_order=True)
    fresh = fresh.join(held, on=["reason", "row"], how="anti", maintain_order="left")
    stamps = {"sport": batch.sport, "source": batch.source, "batch": batch.number}
    return fresh.with_columns(pl.lit(value).alias(name) for name, value in stamps.items()).select(
        pl.col(name).cast(kind) for name, kind in QUARANTINE.items()
    )
