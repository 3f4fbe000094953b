"""The projection: what silver says now, copied into the star schema in one transaction."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection, Engine, text

from antepost.errors import DataError, EngineError
from antepost.lake.asof import newest
from antepost.telemetry import boundary

_LOCK = 7_310_240_002
_STAMPS = ("known_at", "known_how", "batch")
_MOMENT = "%Y-%m-%dT%H:%M:%S%.6f+00:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of facts: its key and its other columns, named as in silver."""

    name: str
    silver: str
    key: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns in the order in which they are copied."""
        return ("sport", *self.key, *self.values, *_STAMPS)


_FIXTURE = ("league", "season", "start", "stage", "week", "home", "away", "neutral", "venue", "sequence")
_RESULT = ("home_score", "away_score", "overtime", "outcome", "ending")
_PRICE_KEY = ("fixture", "book", "market", "player", "outcome", "label")

# In the order of their foreign keys.
FACTS = (
    Table(name="fixture", silver="fixtures", key=("fixture",), values=_FIXTURE),
    Table(name="result", silver="results", key=("fixture",), values=_RESULT),
    Table(name="price", silver="prices", key=_PRICE_KEY, values=("line", "odds")),
)
_EMPTIED = ("price", "result", "fixture", "team", "league")


@dataclass(frozen=True, slots=True, kw_only=True)
class Projected:
    """What the star schema now shows of a sport."""

    sport: str
    batch: int
    rows: Mapping[str, int]


def project(engine: Engine, sport: str, facts: Mapping[str, pl.DataFrame], batch: int) -> Projected:
    """Return what was copied: each key's newest revision, under watermark ``batch``.

    All of a sport's rows are replaced at once, so the projection can be repeated, and a reader sees the old or
    the new. A projection of an older batch than the one shown changes nothing: somebody was faster.

    Args:
        engine: a migrated database.
        sport: the sport whose rows are replaced.
        facts: silver tables by name, all revisions; ``fixtures``, ``results`` and ``prices`` are used.
        batch: the newest batch in ``facts``.

    Raises:
        DataError: a table or column is missing, or a fact names a fixture that is not in ``facts``.
    """
    frames = {table.name: _newest(table, facts, sport) for table in FACTS}
    frames["price"] = _of_fixtures(frames["price"].with_columns(pl.col("player").fill_null("")), frames["fixture"])
    frames = {**_dimensions(sport, frames["fixture"]), **frames}
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        shown = watermark(connection, sport)
        if shown is None or shown <= batch:
            _replace(connection, sport, frames, batch)
    boundary("star.projected")
    return Projected(
        sport=sport,
        batch=batch if shown is None else max(shown, batch),
        rows={name: frame.height for name, frame in frames.items()},
    )


def _of_fixtures(prices: pl.DataFrame, fixtures: pl.DataFrame) -> pl.DataFrame:
    lost = prices.join(fixtures, on="fixture", how="anti")["fixture"].sort()
    if lost.len():
        raise DataError(f"{lost.len()} prices name no fixture, the first {lost[0]!r}", table="price", fixture=lost[0])
    return prices


def shown(engine: Engine, sport: str) -> int | None:
    """Return the batch up to which the star schema shows ``sport``, None where it does not."""
    with engine.connect() as connection:
        return watermark(connection, sport)


def watermark(connection: Connection, sport: str) -> int | None:
    """Return the batch up to which ``sport`` is shown, None where it is not."""
    found = connection.execute(text("SELECT batch FROM star.watermark WHERE sport = :sport"), {"sport": sport})
    return found.scalar()


def _newest(table: Table, facts: Mapping[str, pl.DataFrame], sport: str) -> pl.DataFrame:
    if table.silver not in facts:
        raise DataError(f"the facts of {sport} hold no table {table.silver}", table=table.silver)
    frame = facts[table.silver]
    missing = [column for column in table.columns if column not in frame.columns]
    if missing:
        raise DataError(f"silver.{table.silver} of {sport} lacks {', '.join(missing)}", columns=missing)
    return newest(frame.filter(pl.col("sport") == sport), table.key).select(table.columns).sort(table.key)


def _dimensions(sport: str, fixtures: pl.DataFrame) -> dict[str, pl.DataFrame]:
    leagues = fixtures.select("sport", "league").unique().sort("league")
    teams = pl.concat([fixtures["home"], fixtures["away"]]).unique().sort().rename("team")
    return {"league": leagues, "team": pl.DataFrame({"sport": [sport] * teams.len(), "team": teams})}


def _replace(connection: Connection, sport: str, frames: Mapping[str, pl.DataFrame], batch: int) -> None:
    for name in _EMPTIED:
        # The names are ours.
        connection.execute(text(f"DELETE FROM star.{name} WHERE sport = :sport"), {"sport": sport})  # noqa: S608
    mark = {"sport": sport, "batch": batch}
    connection.execute(text("INSERT INTO star.sport VALUES (:sport) ON CONFLICT DO NOTHING"), mark)
    for name, frame in frames.items():
        _copy(connection, name, frame)
    connection.execute(
        text(
            "INSERT INTO star.watermark (sport, batch) VALUES (:sport, :batch) "
            "ON CONFLICT (sport) DO UPDATE SET batch = excluded.batch"
        ),
        mark,
    )


def _copy(connection: Connection, name: str, frame: pl.DataFrame) -> None:
    columns = sql.SQL(", ").join(sql.Identifier(column) for column in frame.columns)
    command = sql.SQL("COPY star.{} ({}) FROM STDIN WITH (FORMAT csv)").format(sql.Identifier(name), columns)
    # A quoted empty field is an empty text, an unquoted one is NULL: both sides mean the same by it.
    rows = io.BytesIO(frame.write_csv(include_header=False, datetime_format=_MOMENT).encode())
    cursor = connection.connection.cursor()
    try:
        cursor.copy_expert(command, rows)
    except (psycopg2.DataError, psycopg2.IntegrityError) as error:
        raise DataError(f"star.{name} refuses the facts: {str(error).strip()}", table=name) from error
    except psycopg2.errors.DiskFull as error:
        raise EngineError("Postgres's disk is full: free some room, then project again", table=name) from error
    finally:
        cursor.close()
