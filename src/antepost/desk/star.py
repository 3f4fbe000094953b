"""The star schema as the desk keeps it: brought up to silver after a load, rebuilt from it, and who may use it."""

from __future__ import annotations

from functools import partial

import polars as pl
from sqlalchemy import Engine, text

from antepost.desk import tables
from antepost.lake import connect
from antepost.lake.batches import batches, loaded_sports
from antepost.lake.star import Held, Projected, project, rebuild, roles, shown
from antepost.lake.star.frames import SILVER, STANDING
from antepost.settings import Settings
from antepost.telemetry import Progress

_SHOWN = ("fixture", "result", "price")
_REBUILT_ABOVE = 0.1
"""The share of a sport's rows from which on merging them takes longer than laying all of them out anew."""


def bring_up(settings: Settings, sport: str) -> Projected | None:
    """Return what was copied so that the star shows what silver holds of ``sport``, None where it does already.

    What came with later loads than the one shown is merged; where that is much, or nothing is shown, all is laid anew.
    """
    batch = tables.current_batch(settings, sport)
    engine = connect(settings)
    since = shown(engine, sport)
    if since == batch:
        return None
    if since is not None and _share(settings, sport, since) > _REBUILT_ABOVE:
        since = None
    facts = tables.revisions(settings, sport, SILVER, after=since or 0)
    facts |= tables.revisions(settings, sport, STANDING)
    return project(engine, sport, facts, batch, since)


def rebuild_all(settings: Settings, sport: str | None = None, progress: Progress | None = None) -> list[Projected]:
    """Return what was rebuilt from silver, of one sport or of all, in one transaction.

    Raises:
        DataError: nothing was ingested, or silver has lost rows.
        EngineError: somebody goes on reading the star, or this database user is no owner of it.
    """
    sports = loaded_sports(settings) if sport is None else [sport]
    total = sum(_rows(settings, each) for each in sports) or 1
    done = 0

    def read(each: str) -> Held:
        if progress is not None:
            progress(f"{each}: reading silver", done / total)
        batch = tables.current_batch(settings, each)
        facts = tables.revisions(settings, each, (*SILVER, *STANDING), batch)
        return Held(sport=each, batch=batch, facts=facts)

    def told(each: str, table: str, rows: int) -> None:
        nonlocal done
        done += rows
        if progress is not None:
            progress(f"{each}: {table}", min(done / total, 1.0))

    return rebuild(connect(settings), [partial(read, each) for each in sports], told)


def overview(settings: Settings) -> pl.DataFrame:
    """Return what the star shows of each sport that silver or it holds.

    Columns: sport, batch (up to which it is shown, null: not at all), newest (load in silver), fixture, result, price
    (rows shown).
    """
    engine = connect(settings)
    seen = _counted(engine)
    silver = {sport: tables.current_batch(settings, sport) for sport in loaded_sports(settings)}
    rows = [
        {"sport": sport, "batch": seen.get(sport, {}).get("batch"), "newest": silver.get(sport)}
        | {table: seen.get(sport, {}).get(table, 0) for table in _SHOWN}
        for sport in sorted({*seen, *silver})
    ]
    kinds = {"sport": pl.String(), **dict.fromkeys(("batch", "newest", *_SHOWN), pl.Int64())}
    return pl.DataFrame(rows, schema=kinds)


def arrange_roles(settings: Settings) -> tuple[pl.DataFrame, str | None]:
    """Return the roles (role, there, mine, may) after setting their rights, and what hinders that where something does.

    ``mine`` says whether the user we connect as has the role's rights.
    """
    with connect(settings).begin() as connection:
        hindered = roles.arrange(connection)
        missing, mine = roles.missing_roles(connection), roles.held_by_me(connection)
    rows = [(role, role not in missing, role in mine, may) for role, may in roles.ABOUT.items()]
    return pl.DataFrame(rows, schema=["role", "there", "mine", "may"], orient="row"), hindered


def reader_url(settings: Settings) -> tuple[str, bool]:
    """Return the URL of the database, and whether its sessions begin as the reader: they do where there are roles.

    A password is not shown.
    """
    engine = connect(settings)
    with engine.connect() as connection:
        reads = roles.READER in roles.held_by_me(connection)
    url = engine.url.set(drivername="postgresql").difference_update_query(["connect_timeout"])
    if reads:
        url = url.update_query_dict({"options": f"-c role={roles.READER}"})
    # A blank is %20 to libpq, for which a plus is a plus.
    return url.render_as_string(hide_password=True).replace("-c+role", "-c%20role"), reads


def _counted(engine: Engine) -> dict[str, dict[str, int]]:
    with engine.connect() as connection:
        found = {
            str(sport): {"batch": int(batch)}
            for sport, batch in connection.execute(text("SELECT sport, batch FROM star.watermark"))
        }
        for table in _SHOWN:
            # The names are the three above.
            asked = text(f"SELECT sport, count(*) FROM star.{table} GROUP BY sport")  # noqa: S608
            for sport, rows in connection.execute(asked):
                found[str(sport)][table] = int(rows)
    return found


def _rows(settings: Settings, sport: str, after: int = 0) -> int:
    loads = (batch for batch in batches(settings, sport) if batch.number > after)
    return sum(load.rows.get(table, 0) for load in loads for table in SILVER)


def _share(settings: Settings, sport: str, after: int) -> float:
    return _rows(settings, sport, after) / max(_rows(settings, sport), 1)
