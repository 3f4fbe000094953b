"""What the lake knows, and since when: tables as of a moment, what changed, whence a row came, what was refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import polars as pl

from antepost.desk import tables
from antepost.desk.catalogue import catalogue
from antepost.desk.findings import findings
from antepost.desk.tables import revisions, settled
from antepost.domain.clock import Clock, SystemClock, micros
from antepost.errors import DataError
from antepost.ingestion import SOURCES
from antepost.ingestion.policy import QualityPolicy
from antepost.lake import TABLES, asof, movement, own, silver, upkeep
from antepost.lake.batches import OWN, batches, loaded_sports
from antepost.lake.schemas import MOMENT, table_of
from antepost.settings import Settings
from antepost.sports import get_sport

AsOf = str | datetime | pl.DataFrame | None
"""A moment, ISO text of one, a frame (fixture, as_of), or None for what is newest now."""

_BEFORE_START = re.compile(r"T-(\d+)(h|d)")
_MOST_HOURS = 100 * 366 * 24
_HOWS = ("recorded", "published", "bounded", "assumed")


class Lake:
    """The lake of one home, read through ``lake.asof`` and in no other way."""

    def __init__(self, settings: Settings, clock: Clock | None = None, quality: QualityPolicy | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self.quality = quality or QualityPolicy()

    def read(self, table: str, sport: str, *, as_of: AsOf = None, seasons: Iterable[int] | None = None) -> pl.DataFrame:
        """Return the rows of ``table`` that stood at ``as_of``, one a fact, in order of start.

        Without ``as_of`` that is now: what is stamped later is not known yet. It may also be a named moment: ``close``
        is each fixture's start as it then stood, ``T-24h`` or ``T-6d`` that long before it.

        Raises:
            DataError: there is no such table, or no data of that sport.
        """
        if table not in TABLES:
            raise DataError(f"no table {table!r}; choose from {', '.join(TABLES)}", table=table)
        frame = settled(self.settings, sport, (table,))[table]
        key = table_of(table, sport).key
        rows = asof.visible(frame, key, self._moment(sport, as_of))
        if seasons is not None:
            rows = rows.filter(pl.col("season").is_in([int(season) for season in seasons]))
        return rows.sort("event_at", *key)

    def require(self, sport: str, fixture: str) -> None:
        """Check that the sport has the fixture.

        Raises:
            DataError: it has not.
        """
        _refuse_unknown(settled(self.settings, sport, ("fixtures",))["fixtures"], sport, fixture)

    def prices(self, sport: str, *, as_of: AsOf = None, market: str | None = None) -> pl.DataFrame:
        """Return the newest price of each outcome at each book, as it stood at ``as_of``.

        Of a book's quotes the last one stands; opening, early and closing prices stand beside each other.
        """
        rows = self.read("prices", sport, as_of=as_of)
        if market is not None:
            rows = rows.filter(pl.col("market") == market)
        quote = ["fixture", "book", "market", "player", "outcome", "label"]
        last = rows.sort("quoted_at", nulls_last=False).unique(quote, keep="last", maintain_order=True)
        return last.sort("event_at", *quote)

    def diff(self, sport: str, fixture: str, since: datetime, until: datetime) -> pl.DataFrame:
        """Return what became known of a fixture between two moments.

        Columns: known_at, table, fact, column, before (null: the fact is new), after.
        """
        facts = settled(self.settings, sport, TABLES)
        _refuse_unknown(facts["fixtures"], sport, fixture)
        return asof.changes(facts, fixture, since, until)

    def movement(self, sport: str, fixture: str) -> pl.DataFrame:
        """Return how each book's prices of a fixture moved until its start, a row a change.

        Columns: see ``lake.movement.moves``; ``jump`` says whether the policy calls the change one.
        """
        facts = settled(self.settings, sport, ("fixtures", "prices"))
        _refuse_unknown(facts["fixtures"], sport, fixture)
        told = movement.moves(facts["prices"].filter(pl.col("fixture") == fixture))
        ordered = told.sort("at", "book", "market", "player", "outcome", maintain_order=True)
        return ordered.with_columns((pl.col("moved").abs() > self.quality.jump).fill_null(value=False).alias("jump"))

    def closes(self, sport: str, fixture: str | None = None) -> pl.DataFrame:
        """Return since when each closing price is known, or why there is none; of one fixture or of all.

        Asked for are the books whose close counts for the league, on who wins, and every other market with a price.

        Columns: fixture, league, season, start, book, market, closed_at, missing (one of ``lake.movement.REASONS``).
        """
        known = get_sport(sport)
        facts = settled(self.settings, sport, ("fixtures", "prices"))
        if fixture is not None:
            _refuse_unknown(facts["fixtures"], sport, fixture)
            facts = {name: frame.filter(pl.col("fixture") == fixture) for name, frame in facts.items()}
        counts = [(league, book, known.winner) for league, books in known.reference_close.items() for book in books]
        references = pl.DataFrame(counts, schema=dict.fromkeys(("league", "book", "market"), pl.String), orient="row")
        prices = asof.newest(facts["prices"], TABLES["prices"].key)
        return movement.closes(facts["fixtures"], prices, references, self.clock.now(), self.quality.close_within)

    def findings(
        self, sports: Iterable[str] | None = None, source: str | None = None, *, rows: bool = True
    ) -> pl.DataFrame:
        """Return what every check says of each source loaded here, or of one: a warning stops no row, an error has.

        Without ``rows`` only what the loads themselves tell is judged, refusals and freshness, which is quick.

        Columns: sport, source, check, severity, passed, found, judged, example.
        """
        chosen = list(sports) if sports is not None else loaded_sports(self.settings)
        for sport in chosen:
            tables.loaded(self.settings, sport)
        return findings(
            self.settings, chosen, self.report(chosen), self.loads(), self.clock.now(), self.quality, source, rows=rows
        )

    def catalogue(self, sports: Iterable[str] | None = None) -> pl.DataFrame:
        """Return which source fills which table here: a row a table, sport and source, see ``desk.catalogue``."""
        return catalogue(self.report(sports), self.loads(), self.clock.now(), self.quality)

    def trace(self, table: str, sport: str, fixture: str) -> pl.DataFrame:
        """Return every revision of a fixture's rows with where it came from.

        Columns: those of the table, then source, part, origin, received_at of the load that brought the row.
        """
        if table not in TABLES:
            raise DataError(f"no table {table!r}; choose from {', '.join(TABLES)}", table=table)
        self.require(sport, fixture)
        frame = revisions(self.settings, sport, (table,))[table].filter(pl.col("fixture") == fixture)
        log = [
            {
                "batch": batch.number, "raw": payload.raw, "source": batch.source, "part": payload.part,
                "origin": batch.origin, "received_at": batch.received_at,
            }
            for batch in batches(self.settings, sport)
            for payload in batch.payloads
        ]  # fmt: skip
        came = pl.DataFrame(log, schema_overrides={"batch": pl.Int64}).unique(["batch", "raw"], keep="first")
        return frame.join(came, on=["batch", "raw"], how="left").sort("known_at", "batch")

    def quarantine(self, sport: str, reason: str | None = None) -> pl.DataFrame:
        """Return the refused rows of a sport: source, batch, raw, reason and the row as JSON."""
        rows = silver.read(self.settings, "quarantine", sport)
        return rows if reason is None else rows.filter(pl.col("reason").str.contains(reason, literal=True))

    def identities(self, sport: str, accept: float | None = None) -> pl.DataFrame:
        """Return whom each name that was refused may stand for, by the games that support it, and accept some.

        With ``accept`` those that score so high are written into ``names/<sport>.csv`` of this home, unless somebody
        bears the name already or two score so high; the next load reads those sources again.

        Columns: source, name, entity, games, agreeing, score (0 to 1), borne (who bears the name), accepted.
        """
        from antepost.ingestion import review

        tables.loaded(self.settings, sport)
        told = review.review(self.settings, sport)
        chosen = told.clear() if accept is None else review.acceptable(told, accept)
        if chosen.height:
            review.accept(self.settings, sport, chosen)
        mark = chosen.select("source", "name", "entity", pl.lit(value=True).alias("accepted"))
        beside = told.join(mark, on=["source", "name", "entity"], how="left", maintain_order="left")
        return beside.with_columns(pl.col("accepted").fill_null(value=False))

    def add(
        self,
        frame: pl.DataFrame,
        *,
        name: str,
        event_at: str,
        known_at: str,
        key: Iterable[str] | None = None,
        how: str = "assumed",
    ) -> int:
        """Return how many facts of your own were new; they lie in a table ``name`` of yours, see ``lake.own.add``.

        ``event_at`` and ``known_at`` name columns of UTC moments. A row that changed is a correction, known from now.
        """
        return own.add(
            self.settings, name, frame, self.clock.now(), event_at=event_at, known_at=known_at, key=key, how=how
        )

    def read_own(self, name: str, *, as_of: AsOf = None) -> pl.DataFrame:
        """Return your own facts called ``name`` as they stood at ``as_of``: a moment, its text, a frame, None for now.

        Raises:
            DataError: there is no such table, or a frame (fixture, as_of) is given and it has no fixtures.
        """
        rows, key = own.rows(self.settings, name)
        if isinstance(as_of, pl.DataFrame) and "fixture" not in rows.columns:
            raise DataError(f"{name} has no column fixture; give one moment as as_of", table=name)
        return asof.visible(rows, key, self._instant(as_of)).sort("event_at", *key)

    def own_tables(self) -> pl.DataFrame:
        """Return the tables of your own facts: name, the columns that name a fact, rows, loads, when the last came."""
        log = batches(self.settings, OWN)
        told = [(batch.source, ", ".join(batch.key), batch.games, batch.received_at) for batch in log]
        kinds = {"name": pl.String(), "key": pl.String(), "rows": pl.Int64(), "last": MOMENT}
        each = pl.DataFrame(told, schema=kinds, orient="row").group_by("name", "key")
        return each.agg(pl.col("rows").sum(), pl.len().alias("loads"), pl.col("last").max()).sort("name")

    def compact(self) -> pl.DataFrame:
        """Return how many files each table had and has: many small ones become few, and no row changes."""
        done = [(each.folder, each.table, each.before, each.after) for each in upkeep.compact(self.settings)]
        kinds = {"sport": pl.String(), "table": pl.String(), "before": pl.Int64(), "after": pl.Int64()}
        return pl.DataFrame(done, schema=kinds, orient="row")

    def disputes(self, sport: str) -> pl.DataFrame:
        """Return where two sources contradict each other, and which of them stands."""
        columns = ("fixture", "event_at", "source", "field", "ours", "theirs", "rule")
        return self.read("disputes", sport).select(columns)

    def report(self, sports: Iterable[str] | None = None) -> pl.DataFrame:
        """Return what each source brought, a row a source, table and season.

        Columns: sport, source, table, season, rows, newest (the last moment before now at which any of them became
        known), and the share of each kind of ``known_at``.
        """
        chosen = list(sports) if sports is not None else loaded_sports(self.settings)
        told = [self._counted(sport, name) for sport in chosen for name in TABLES]
        return pl.concat(told).sort("sport", "source", "table", "season") if told else pl.DataFrame()

    def loads(self) -> pl.DataFrame:
        """Return what each source's payloads held: sport, source, games in, rows refused, the last load.

        Files and games of a load that was refused as a whole do not count; ``stopped`` counts such loads.
        """
        told = [
            {
                "sport": batch.sport, "source": batch.source,
                "files": 0 if batch.refused else len(batch.payloads), "games": 0 if batch.refused else batch.games,
                "stopped": int(batch.refused), "refused": batch.rows.get("quarantine", 0),
                "received_at": batch.received_at,
            }
            for batch in batches(self.settings)
        ]  # fmt: skip
        if not told:
            return pl.DataFrame()
        return (
            pl.DataFrame(told)
            .group_by("sport", "source", maintain_order=True)
            .agg(pl.col("files", "games", "refused", "stopped").sum(), pl.col("received_at").max().alias("last"))
        )

    def _counted(self, sport: str, table: str) -> pl.DataFrame:
        frame = silver.read(self.settings, table, sport).select("season", "batch", "known_at", "known_how")
        now = pl.lit(micros(self.clock.now())).cast(pl.Datetime("us", "UTC"))
        newest = pl.col("known_at").filter(pl.col("known_at") < now).max().alias("newest")
        hows = [(pl.col("known_how") == how).mean().alias(how) for how in _HOWS]
        told = frame.join(tables.loads(self.settings, sport), on="batch").group_by("source", "season")
        counted = told.agg(pl.len().alias("rows"), newest, *hows)
        names = [pl.lit(sport).alias("sport"), pl.lit(table).alias("table")]
        return counted.with_columns(names).select("sport", "source", "table", "season", "rows", "newest", *_HOWS)

    def _moment(self, sport: str, as_of: AsOf) -> datetime | pl.DataFrame:
        named = _BEFORE_START.fullmatch(as_of) if isinstance(as_of, str) else None
        if named is None and not (isinstance(as_of, str) and as_of == "close"):
            return moment(as_of, ", close, T-24h or T-6d") if isinstance(as_of, str) else self._instant(as_of)
        count, unit = (int(named[1]), named[2]) if named else (0, "h")
        hours = count * (24 if unit == "d" else 1)
        if hours > _MOST_HOURS:
            raise DataError(f"{as_of!r} is further back than a century; write T-24h or T-6d", as_of=as_of)
        return asof.before_start(settled(self.settings, sport, ("fixtures",))["fixtures"], timedelta(hours=hours))

    def _instant(self, as_of: object) -> datetime | pl.DataFrame:
        """Return the moment that is asked for; None is now, and what becomes known at this very instant is known."""
        if as_of is None:
            return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=micros(self.clock.now()) + 1)
        if isinstance(as_of, str):
            return moment(as_of)
        if isinstance(as_of, pl.DataFrame | datetime):
            return as_of
        raise DataError(f"as_of {as_of!r} is no moment; give a datetime with a zone, its text, a frame or None")


def _refuse_unknown(fixtures: pl.DataFrame, sport: str, fixture: str) -> None:
    if fixtures.filter(pl.col("fixture") == fixture).is_empty():
        raise DataError(f"{sport} has no fixture {fixture!r}; see antepost lake read fixtures {sport}", fixture=fixture)


def moment(text: str, named: str = "") -> datetime:
    """Return the instant that ISO text names; a day is its beginning, and no zone is UTC.

    ``named`` are the words that could have been written instead, for what is told of a text that is no moment.

    >>> moment("2023-09-10T17:00")
    datetime.datetime(2023, 9, 10, 17, 0, tzinfo=datetime.timezone.utc)

    Raises:
        DataError: the text is no moment.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise DataError(f"{text!r} is no moment; write 2023-09-10T17:00Z{named}", text=text) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def sources() -> pl.DataFrame:
    """Return every source there is: sport, tier, whether it decides the fixtures, cadence and terms."""
    told = [
        {
            "sport": source.sport, "source": source.name, "tier": source.tier, "decides": source.primary,
            "cadence": source.cadence, "terms": source.terms,
        }
        for source in SOURCES.values()
    ]  # fmt: skip
    return pl.DataFrame(told).sort("sport", "decides", descending=[False, True], maintain_order=True)
