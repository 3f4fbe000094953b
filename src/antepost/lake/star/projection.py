"""The projection: what silver says now, shown in the star schema; each change is one transaction with its watermark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, Engine, text

from antepost.errors import DataError
from antepost.lake.star import partitions, roles
from antepost.lake.star.copying import copy, refusals
from antepost.lake.star.frames import PRICE, SHAPES, Frames, shaped
from antepost.lake.star.merging import forget, merge, note_gone
from antepost.telemetry import boundary

type Told = Callable[[str, str, int], None]
"""Is given a sport, a table, and how many of its rows were copied since it was told last."""

_LOCK = 7_310_240_002


@dataclass(frozen=True, slots=True, kw_only=True)
class Projected:
    """What the star schema now shows of a sport, and how many rows of each table were copied for it."""

    sport: str
    batch: int
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What silver holds of a sport: its tables, all revisions, up to the load ``batch``."""

    sport: str
    batch: int
    facts: Mapping[str, pl.DataFrame]


def rebuild(engine: Engine, reads: Iterable[Callable[[], Held]], told: Told | None = None) -> list[Projected]:
    """Return what was rebuilt from silver, whatever was shown before; all of it appears at one moment.

    Until then readers see what was there, and they are waited for. Each of ``reads`` gives a sport's facts; it is
    called once nobody else projects, and what it gave is let go before the next one.

    Raises:
        DataError: a table or column is missing, or a fact breaks a rule of the star.
        EngineError: somebody goes on reading, or this database user is no owner of the star.
    """
    with engine.begin() as connection, refusals():
        roles.as_owner(connection)
        _alone(connection)
        done = [_rebuilt(connection, read(), told or _nothing) for read in reads]
        partitions.swap(connection, [each.sport for each in done])
        forget(connection)
    boundary("star.projected")
    return done


def project(
    engine: Engine, sport: str, facts: Mapping[str, pl.DataFrame], batch: int, since: int | None = None
) -> Projected:
    """Return what was copied: each fact's newest revision, under watermark ``batch``.

    With ``since`` the facts are those of later loads, and what is shown of others stays; it takes a writer's rights
    only. Without it all of the sport's rows are replaced. A projection of an older batch than the one shown changes
    nothing: somebody was faster.

    Args:
        engine: a migrated database.
        sport: the sport whose rows are brought up to date.
        facts: the tables of silver that ``frames`` names, all revisions.
        batch: the newest load in ``facts``.
        since: the newest load that is not in ``facts``.

    Raises:
        DataError: as ``rebuild``, or the star no longer shows the load ``since``.
        EngineError: as ``rebuild``.
    """
    frames = shaped(sport, facts)
    with engine.begin() as connection, refusals():
        if since is None:
            roles.as_owner(connection)
        _alone(connection)
        seen = watermark(connection, sport)
        if seen is not None and seen > batch:
            return Projected(sport=sport, batch=seen, rows={})
        if since is None:
            _laid(connection, sport, frames, _nothing)
            _mark(connection, sport, batch)
            partitions.swap(connection, [sport])
            forget(connection)
        else:
            if seen is None or seen < since:
                raise DataError(f"the star no longer shows {sport} up to load {since}; run it again", sport=sport)
            for shape in SHAPES:
                merge(connection, shape, frames[shape.name], _no_rows, beside=not shape.fact)
            _mark(connection, sport, batch)
    boundary("star.projected")
    return _projected(sport, batch, frames)


def shown(engine: Engine, sport: str) -> int | None:
    """Return the batch up to which the star schema shows ``sport``, None where it does not."""
    with engine.connect() as connection:
        return watermark(connection, sport)


def watermark(connection: Connection, sport: str) -> int | None:
    """Return the batch up to which ``sport`` is shown, None where it is not."""
    found = connection.execute(text("SELECT batch FROM star.watermark WHERE sport = :sport"), {"sport": sport})
    return found.scalar()


def _alone(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _rebuilt(connection: Connection, held: Held, told: Told) -> Projected:
    frames = shaped(held.sport, held.facts)
    _laid(connection, held.sport, frames, told)
    _mark(connection, held.sport, held.batch)
    return _projected(held.sport, held.batch, frames)


def _mark(connection: Connection, sport: str, batch: int) -> None:
    mark = (
        "INSERT INTO star.watermark (sport, batch) VALUES (:sport, :batch) "
        "ON CONFLICT (sport) DO UPDATE SET batch = excluded.batch"
    )
    connection.execute(text(mark), {"sport": sport, "batch": batch})


def _laid(connection: Connection, sport: str, frames: Frames, told: Told) -> None:
    """Lay out all rows of a sport, its prices in a partition that nobody sees yet."""
    new = watermark(connection, sport) is None
    connection.execute(text("INSERT INTO star.sport VALUES (:sport) ON CONFLICT DO NOTHING"), {"sport": sport})
    for shape in SHAPES:
        frame = frames[shape.name]

        def count(rows: int, name: str = shape.name) -> None:
            told(sport, name, rows)

        if shape is PRICE:
            partitions.build(connection, sport, frame, count)
        elif new and shape.of_sport:
            copy(connection, ("star", shape.name), frame, count)
        else:
            merge(connection, shape, frame, count)
            if shape.of_sport:
                note_gone(connection, sport, shape)
        if shape.fact and shape is not PRICE:
            # The foreign keys of what comes next are checked by a join, which is planned by what is known of this.
            connection.execute(text(f"ANALYZE star.{shape.name}"))


def _projected(sport: str, batch: int, frames: Frames) -> Projected:
    return Projected(sport=sport, batch=batch, rows={name: frame.height for name, frame in frames.items()})


def _nothing(_sport: str, _table: str, _rows: int) -> None:
    """Tell nobody."""


def _no_rows(_rows: int) -> None:
    """Tell nobody."""
