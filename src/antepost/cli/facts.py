"""Commands about facts and features: ingest, and the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from antepost.cli.options import AsJson, OneOrAll, SportName, desk, known_sport, span
from antepost.cli.output import out, print_json, print_table, progress_bar
from antepost.errors import DataError, SourceAbsent, SourceError
from antepost.sports import SPORTS
from antepost.telemetry import Progress

if TYPE_CHECKING:
    from antepost.desk import Desk
    from antepost.ingestion import IngestReport, Loads

features = typer.Typer(help="The feature catalogue: list, explain, build, lock, prove, audit.", no_args_is_help=True)


def ingest(
    sport: OneOrAll = None,
    seasons: Annotated[str | None, typer.Option(help="A season or a span, 2010:2023.")] = None,
    source: Annotated[str | None, typer.Option(help="One source only; default: all of the sport.")] = None,
    mirror: Annotated[str | None, typer.Option(help="Folder or URL that answers for upstream.")] = None,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="Load the invented sport, whose true chances are known.")
    ] = False,
    live: Annotated[
        str | None,
        typer.Option("--check-live", metavar="SOURCE", help="Load nothing; ask once whether a feed is as we know it."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Load a sport's facts from all its sources; exit 1 if one was refused. Or look whether a feed's layout drifted.

    Example: `antepost ingest nfl --seasons 2010:2023 --mirror ./mirror`

    Real and simulated facts never share a home: `ANTEPOST_HOME=./invented antepost ingest nba --simulated`
    """
    from dataclasses import asdict

    from antepost.ingestion import Loads

    if live:
        _check_live(live, mirror, as_json=as_json)
        return
    if sport is None:
        raise typer.BadParameter("say which SPORT to load, or all of them by 'all'")
    if source and simulated:
        raise typer.BadParameter("--source and --simulated name two things to load; give one of them")
    chosen = span(seasons) if seasons else None
    over = desk()
    found: list[Loads] = []
    for name in SPORTS if sport == "all" else (sport,):
        with progress_bar(f"ingest {name}", quiet=as_json) as tell:

            def told(what: str, tell: Progress = tell) -> None:
                tell(what, 0.5)

            if source:
                one = over.ingest(name, source=source, mirror=mirror, seasons=chosen, progress=told)
                found.append(Loads(reports=(one,), left_out={}, refused={}))
            else:
                found.append(_of_sport(over, name, mirror, chosen, told, simulated=simulated, alone=sport != "all"))
    reports = [report for loads in found for report in loads.reports]
    left_out = {name: why for loads in found for name, why in loads.left_out.items()}
    refused = {name: why for loads in found for name, why in loads.refused.items()}
    if as_json:
        print_json({"loads": [asdict(report) for report in reports], "left_out": left_out, "refused": refused})
    else:
        _show_all(reports, left_out, refused)
    if refused or not reports:
        raise typer.Exit(1)


def _of_sport(
    over: Desk, sport: str, mirror: str | None, seasons: tuple[int, int] | None, tell: Callable[[str], None], *,
    simulated: bool, alone: bool,
) -> Loads:  # fmt: skip
    from antepost.ingestion import Loads

    try:
        return over.ingest_all(sport, mirror=mirror, seasons=seasons, simulate=simulated, progress=tell)
    except (SourceError, DataError) as error:
        # Of all sports, one without the source that decides its fixtures does not stop the others.
        if alone:
            raise
        why, absent = {sport: str(error)}, isinstance(error, SourceAbsent)
        return Loads(reports=(), left_out=why if absent else {}, refused={} if absent else why)


def _show_all(reports: Iterable[IngestReport], left_out: Mapping[str, str], refused: Mapping[str, str]) -> None:
    for report in reports:
        _show(report)
    for name, why in left_out.items():
        out.print(f"{name} was left out: {why}")
    if refused:
        print_table("refused, what was loaded before stays", ("what", "why"), refused.items())


def _check_live(source: str, mirror: str | None, *, as_json: bool) -> None:
    from dataclasses import asdict

    from antepost.ingestion import check_live

    over = desk()
    found = check_live(over.settings, source, over.clock, mirror=mirror)
    if as_json:
        print_json({**asdict(found), "drifted": found.drifted})
    else:
        out.print(f"{found.source} {found.part}: bytes {found.size}, rows {found.rows} · {found.origin}")
        if found.quota is not None:
            out.print(f"requests left: {found.quota}")
        if found.refused:
            out.print(f"refused: {found.refused}")
        out.print(f"read and not there: {', '.join(found.missing) or 'nothing'}")
        out.print(f"there and not read: {', '.join(found.unread) or 'nothing'}")
        out.print("the layout drifted" if found.drifted else "the layout is as we know it")
    if found.drifted:
        raise typer.Exit(1)


def _show(report: IngestReport) -> None:
    came = f"batch {report.batch}" if report.batch else "nothing new"
    title = f"{report.sport} from {report.source}{' (SIMULATED)' if report.simulated else ''}: {came}"
    files = f"files read: {len(report.payloads)}, as before: {report.unchanged}, not there: {report.absent}"
    if report.quota is not None:
        files += f", requests left: {report.quota}"
    if not report.payloads:
        out.print(f"{title} · {files} · {report.origin}")
        return
    rows = [(name, offered, report.added.get(name, 0)) for name, offered in report.offered.items()]
    print_table(title, ("table", "rows offered", "rows added"), rows)
    hows = ", ".join(f"{how} {share:.1%}" for how, share in report.known_how.items())
    out.print(f"rows quarantined: {report.refused} · known_at: {hows} · {files} · {report.origin}")
    if report.newcomers:
        shown = ", ".join(report.newcomers[:10])
        more = len(report.newcomers) - 10
        out.print(f"new sides: {shown}{f' and {more} more' if more > 0 else ''}")


@features.command("list")
def features_list(
    sport: Annotated[str | None, typer.Option(callback=known_sport)] = None,
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option(help="The whole catalogue as the page docs/features.md.")] = False,
    told: Annotated[bool, typer.Option("--told", help="Also since or until when this home's facts tell each.")] = False,
) -> None:
    """List the catalogue.

    Example: `antepost features list --sport nfl --told`
    """
    from antepost.features import features_of, page

    if markdown:
        print(page.markdown(), end="")
        return
    found = [feature for name in ([sport] if sport else SPORTS) for feature in features_of(name)]
    since: dict[tuple[str, str], str] = {}
    if told:
        over = desk()
        with progress_bar("seasons told", quiet=as_json):
            for name in [sport] if sport else over.sports():
                since |= {(name, column): seasons for column, seasons in over.told(name).items()}
    if as_json:
        every = [
            asdict(feature) | ({"told": since.get((feature.sport, feature.name))} if told else {}) for feature in found
        ]
        print_json({"features": every})
        return
    # What was asked for stands first: a narrow window shows the first columns only.
    heads = ("name", *(("values",) if told else ()), "sport", "group", "unit", "from", "parity", "hash")
    rows = [
        (f.name, *((since.get((f.sport, f.name), "-"),) * told), f.sport, f.group, f.unit, f.moment, f.parity, f.hash)
        for f in found
    ]
    print_table(f"{len(found)} features", heads, rows)


@features.command("build")
def features_build(sport: SportName) -> None:
    """Build every column of a sport into the gold cache and write features.lock."""
    over = desk()
    with progress_bar(f"build {sport}"):
        path = over.build(sport)
    out.print(f"features of {sport} are built; catalogue locked in {path}")


@features.command("lock")
def features_lock(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("feature_store/features.lock"),
) -> None:
    """Write the lock from the declarations."""
    from antepost.features import render_lock

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_lock())
    out.print(f"wrote {path}")


@features.command("prove")
def features_prove(
    sport: Annotated[str, typer.Argument(callback=known_sport)] = "nfl",
    draw: Annotated[int, typer.Option(min=1, help="How many fixtures to draw.")] = 300,
    seed: Annotated[int, typer.Option(help="Seed of the draw.")] = 0,
    most: Annotated[
        int | None, typer.Option(min=1, help="Take the newest seasons of more fixtures than these; default: 7,000.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run the leak and parity proofs over this home's facts; exit 1 if one fails.

    Example: `antepost features prove nfl --draw 300 --seed 7`, `antepost features prove atp --most 2500`
    """
    over = desk()
    with progress_bar(f"prove {sport}, seed {seed}", quiet=as_json):
        proofs = over.prove(sport, draw=draw, seed=seed, most=most)
    if as_json:
        shown = [{"name": p.name, "cells": p.cells, "holds": p.holds, "differing": list(p.differing)} for p in proofs]
        print_json({"sport": sport, "seed": seed, "proofs": shown})
    else:
        rows = [(p.name, "holds" if p.holds else ", ".join(p.differing[:4]), p.fixtures, p.cells) for p in proofs]
        print_table(f"{sport}, seed {seed}", ("proof", "outcome", "fixtures", "cells"), rows)
    if not all(proof.holds for proof in proofs):
        raise typer.Exit(1)


@features.command("audit")
def features_audit(
    sport: Annotated[str, typer.Argument(callback=known_sport)] = "nfl",
    as_json: AsJson = False,
) -> None:
    """Look for padding over this home's facts: constant, empty and equal columns; exit 1 if there is one.

    Example: `antepost features audit nfl --json`
    """
    over = desk()
    with progress_bar(f"audit {sport}", quiet=as_json):
        found = over.audit(sport)
    if as_json:
        print_json({**asdict(found), "share": found.share, "faults": found.faults})
    else:
        out.print(
            f"{sport}: {found.columns} columns of {found.statistics} statistics over {found.fixtures:,} fixtures; "
            f"{found.components} components ({found.share:.0%} of the columns) hold 99 % of the variance"
        )
        for fault in found.faults:
            out.print(fault, soft_wrap=True)
    if found.faults:
        raise typer.Exit(1)
