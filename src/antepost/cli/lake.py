"""Commands about the lake: what it holds as of a moment, what changed, what was refused, where a row came from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from antepost.cli.options import AsJson, SportName, desk, known_sport, span
from antepost.cli.output import out, print_frame, print_json, print_table
from antepost.cli.star import star
from antepost.lake.schemas import table_of

lake = typer.Typer(help="What is known, and since when: read, diff, trace, report, quarantine.", no_args_is_help=True)
identities = typer.Typer(help="Names that nobody knows: whom they may stand for.", no_args_is_help=True)
lake.add_typer(identities, name="identities")
lake.add_typer(star, name="star")

STAMPS = ("event_at", "known_at", "known_how", "event_precision", "batch")
Moment = Annotated[str | None, typer.Option("--as-of", help="2023-09-10T17:00Z, close, T-24h, T-6d; default: now.")]
Limit = Annotated[int, typer.Option(help="Rows to show.", min=1, max=10**9)]


@lake.command("read")
def read(
    table: Annotated[str, typer.Argument(help="fixtures, results, prices, team_stats …")],
    sport: SportName,
    as_of: Moment = None,
    seasons: Annotated[str | None, typer.Option(help="A season or a span, 2010:2023.")] = None,
    fixture: Annotated[str | None, typer.Option(help="One fixture only.")] = None,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """Show a table as it stood at a moment.

    Example: `antepost lake read prices soccer --as-of T-24h --seasons 2023`
    """
    at = desk()
    over = at.lake
    first, last = span(seasons) if seasons else (None, None)
    chosen = range(first, last + 1) if first is not None and last is not None else None
    rows = over.prices(sport, as_of=as_of) if table == "prices" else over.read(table, sport, as_of=as_of)
    if chosen is not None:
        rows = rows.filter(pl.col("season").is_in(list(chosen)))
    if fixture is not None:
        over.require(sport, fixture)
        rows = rows.filter(pl.col("fixture") == fixture)
    hidden = [name for name in rows.columns if name in {"sport", "raw"} or rows[name].null_count() == rows.height]
    # What a fact says comes before its stamps, which a narrow window leaves out first.
    stamps = [name for name in rows.columns if name in STAMPS and name not in hidden]
    told = rows.drop(hidden).select(pl.exclude(stamps), *stamps)
    print_frame(f"{table} of {sport}", told, limit, as_json=as_json, simulated=at.simulated(sport))


@lake.command("diff")
def diff(
    sport: SportName,
    fixture: Annotated[str, typer.Argument(help="A fixture's id, as `antepost lake read fixtures` shows it.")],
    since: Annotated[str, typer.Argument(help="From this moment on.")],
    until: Annotated[str, typer.Argument(help="Before this one.")],
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """Show what became known of a fixture between two moments.

    Example: `antepost lake diff nfl nfl-2023-01-DET-KC 2023-09-07 2023-09-09`
    """
    from antepost.desk.lake import moment

    at = desk()
    rows = at.diff(sport, fixture, moment(since), moment(until))
    title = f"{fixture}, from {since} to {until}"
    print_frame(title, rows, limit, as_json=as_json, simulated=at.simulated(sport))


@lake.command("trace")
def trace(
    table: Annotated[str, typer.Argument(help="fixtures, results, prices …")],
    sport: SportName,
    fixture: Annotated[str, typer.Argument(help="A fixture's id.")],
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """Show where a fixture's rows came from: load, file, bytes.

    Example: `antepost lake trace results nfl nfl-2023-01-DET-KC`
    """
    at = desk()
    rows = at.lake.trace(table, sport, fixture)
    stamps = ("known_at", "known_how", "batch", "source", "part", "received_at", "raw", "origin")
    key = [name for name in table_of(table, sport).key if name != "fixture" and rows[name].null_count() < rows.height]
    told = rows.select(*key, *stamps)
    print_frame(f"{table} of {fixture}", told, limit, as_json=as_json, simulated=at.simulated(sport))


@lake.command("report")
def report(
    sport: Annotated[str | None, typer.Argument(callback=known_sport, help="Default: every sport at hand.")] = None,
    by_season: Annotated[bool, typer.Option("--by-season", help="A row for each season.")] = False,
    limit: Limit = 500,
    as_json: AsJson = False,
) -> None:
    """Count what each source brought and how its moments are known, and show where much was refused or is old.

    What the checks say of the rows themselves, `antepost lake findings` shows as well.

    Example: `antepost lake report soccer --by-season`
    """
    over = desk().lake
    rows = over.report([sport] if sport else None)
    found = over.findings([sport] if sport else None, rows=False)
    if not by_season and rows.height:
        hows = [(pl.col(how) * pl.col("rows")).sum() / pl.col("rows").sum() for how in rows.columns[-4:]]
        seasons = [pl.col("season").min().alias("first"), pl.col("season").max().alias("last")]
        rows = rows.group_by("sport", "source", "table", maintain_order=True).agg(
            *seasons, pl.col("newest").max(), *hows, pl.col("rows").sum()
        )
    if as_json:
        shown = rows.head(limit)
        told = {"rows": rows.height, "shown": shown.height, "data": shown.to_dicts(), "findings": found.to_dicts()}
        print_json(told)
        return
    print_frame("rows by source and table", rows, limit, as_json=False)
    grave = found.filter(~pl.col("passed")).sort("severity", "sport", "source")
    print_frame(f"checks that did not pass, of {found.height:,}", grave, limit, as_json=False)


@lake.command("quarantine")
def quarantine(
    sport: SportName,
    reason: Annotated[str | None, typer.Option(help="Show the rows whose reason holds this text.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Show what was refused: the reasons, or with --reason the rows themselves.

    Example: `antepost lake quarantine atp --reason "unmapped name"`
    """
    at = desk()
    rows = at.lake.quarantine(sport, reason)
    if reason is None:
        rows = rows.group_by("source", "reason").len("rows").sort("rows", "source", "reason", descending=True)
    else:
        rows = rows.select("source", "batch", "reason", "row")
    print_frame(f"refused of {sport}", rows, limit, as_json=as_json, simulated=at.simulated(sport))


@identities.command("review")
def review(
    sport: SportName,
    accept: Annotated[
        float | None, typer.Option(help="Accept what scores so high (0 to 1), of names nobody bears.", min=0, max=1)
    ] = None,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """Show whom refused names may stand for, by the games that say so; with --accept write them into the home's map.

    Example: `antepost lake identities review atp --accept 0.95`
    """
    told = desk().lake.identities(sport, accept)
    print_frame(f"names of {sport} that wait", told, limit, as_json=as_json)
    if accept is not None and not as_json:
        count = told["accepted"].sum()
        then = f"; run: antepost ingest {sport}" if count else ""
        out.print(f"{count} accepted into names/{sport}.csv of this home{then}")


@lake.command("add")
def add(
    file: Annotated[Path, typer.Argument(help="CSV, JSON lines (.jsonl) or parquet: one row a fact.", exists=True)],
    name: Annotated[str, typer.Option(help="The table, which is made where there is none.")],
    event_at: Annotated[str, typer.Option(help="The column that says when it happens.")],
    known_at: Annotated[str, typer.Option(help="The column that says from when on it could be known outside.")],
    key: Annotated[str | None, typer.Option(help="The columns that name a fact, a,b; default: fixture.")] = None,
    how: Annotated[
        str, typer.Option(help="How known_at is known: recorded, published, bounded or assumed.")
    ] = "assumed",
    as_json: AsJson = False,
) -> None:
    """Take facts of your own from a file. Moments are ISO text; no zone is UTC. A row that changed is a correction.

    Example: `antepost lake add mood.csv --name mood --event-at kickoff --known-at said_at`
    """
    from antepost.desk.own_file import read_facts

    facts = read_facts(file, event_at, known_at)
    names = [column.strip() for column in key.split(",")] if key else None
    added = desk().lake.add(facts, name=name, event_at=event_at, known_at=known_at, key=names, how=how)
    if as_json:
        print_json({"name": name, "offered": facts.height, "added": added})
        return
    out.print(f"{added} of {facts.height} rows were new to {name}; read them by: antepost lake own {name}")


@lake.command("own")
def own(
    name: Annotated[str | None, typer.Argument(help="A table of yours; default: list them.")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="A moment, 2023-09-10T17:00Z; default: now.")] = None,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """Show facts of your own as they stood at a moment, or which tables of them there are.

    Example: `antepost lake own mood --as-of 2023-09-10T17:00Z`
    """
    over = desk().lake
    rows = over.own_tables() if name is None else over.read_own(name, as_of=as_of)
    hidden = [column for column in ("batch", "raw") if name is not None]
    print_frame(name or "facts of your own", rows.drop(hidden), limit, as_json=as_json)


@lake.command("compact")
def compact(as_json: AsJson = False) -> None:
    """Make few files of many in every table; rows, revisions and the log stay as they are.

    Example: `antepost lake compact`
    """
    print_frame("files of each table", desk().lake.compact(), 1000, as_json=as_json)


@lake.command("model")
def model(
    as_page: Annotated[bool, typer.Option("--markdown", help="Print docs/data-model.md.")] = False,
) -> None:
    """Show the tables and what names a fact in each.

    Example: `antepost lake model --markdown > docs/data-model.md`
    """
    from antepost.lake.model import ABOUT, markdown
    from antepost.lake.schemas import TABLES

    if as_page:
        print(markdown(), end="")
        return
    rows = [(name, ABOUT[name], ", ".join(table.key)) for name, table in TABLES.items()]
    print_table("tables", ("table", "a row says", "key"), rows)


@lake.command("disputes")
def disputes(sport: SportName, limit: Limit = 50, as_json: AsJson = False) -> None:
    """Show where two sources contradict each other, and which stands.

    Example: `antepost lake disputes nba --limit 10`
    """
    at = desk()
    print_frame(f"disputes of {sport}", at.lake.disputes(sport), limit, as_json=as_json, simulated=at.simulated(sport))


@lake.command("sources")
def sources(as_json: AsJson = False) -> None:
    """List every source: what it covers, its tier, cadence and terms.

    Example: `antepost lake sources --json`
    """
    from antepost.desk.lake import sources as every

    print_frame("sources", every(), 1000, as_json=as_json)


@lake.command("loads")
def loads(as_json: AsJson = False) -> None:
    """Show what has been loaded here: files, rows in, rows refused.

    Example: `antepost lake loads`
    """
    rows = desk().lake.loads()
    if rows.is_empty() and not as_json:
        out.print("nothing has been loaded here; run: antepost ingest nfl")
        return
    print_frame("loads", rows, 1000, as_json=as_json)
