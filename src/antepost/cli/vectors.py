"""Commands of the hot state: lay out what stands for the fixtures ahead, and ask for one fixture's vector."""

from __future__ import annotations

import math
import time
from dataclasses import asdict
from typing import Annotated

import typer

from antepost.cli.options import AsJson, SetName, SportName, desk
from antepost.cli.output import out, print_json, print_table, progress_bar

Moment = Annotated[str | None, typer.Option("--as-of", help="A moment, 2023-09-10T17:00Z; default: now.")]


def refresh(sport: SportName, as_of: Moment = None, as_json: AsJson = False) -> None:
    """Lay out what stands for every fixture that starts after a moment, in Valkey and Postgres.

    Run it after a load; an embedded Valkey holds what it was given while `antepost up` keeps it running.

    Example: `antepost features refresh nfl`
    """
    from antepost.desk.lake import moment

    with progress_bar(f"lay out {sport}", quiet=as_json):
        found = desk().hot.refresh(sport, None if as_of is None else moment(as_of))
    if as_json:
        print_json({**asdict(found), "as_of": found.as_of.isoformat()})
        return
    out.print(
        f"{found.fixtures:,} {sport} fixtures after {found.as_of:%Y-%m-%d %H:%M}Z stand ready, from loads up to "
        f"{found.batch}; ask for one: antepost features vector {sport} FIXTURE"
    )


def vector(
    sport: SportName,
    fixture: Annotated[
        str, typer.Argument(metavar="FIXTURE", help="nfl-2023-01-DET-KC; antepost lake read fixtures nfl lists them.")
    ],
    odds: SetName = "none",
    as_of: Moment = None,
    as_json: AsJson = False,
) -> None:
    """Show the features of one fixture as of a moment, from where they are found first.

    Example: `antepost features vector nfl nfl-2023-01-DET-KC --as-of 2023-09-07T20:00Z`
    """
    from antepost.desk.lake import moment

    over, asked = desk(), None if as_of is None else moment(as_of)
    began = time.perf_counter()
    found = over.hot.vector(sport, fixture, odds, asked)
    seconds = time.perf_counter() - began
    values = {
        name: None if math.isnan(value) else value
        for name, value in zip(found.columns, found.values.tolist(), strict=True)
    }
    told = {"sport": sport, "fixture": fixture, "set": odds, "as_of": found.as_of.isoformat(), "batch": found.batch}
    if as_json:
        print_json({**told, "source": found.source, "values": values})
        return
    title = f"{fixture} as of {found.as_of:%Y-%m-%d %H:%M}Z, load {found.batch}, from {found.source}"
    print_table(title, ("feature", "value"), [(name, _shown(value)) for name, value in values.items()])
    out.print(f"{len(values)} features in {1e3 * seconds:,.1f} ms; null where nothing is known")


def _shown(value: float | None) -> str:
    return "null" if value is None else f"{value:.6g}"
