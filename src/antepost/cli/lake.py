"""Commands about the lake: what it holds as of a moment, what changed, what was refused, where a row came from."""

from __future__ import annotations

from typing import Annotated

import polars as pl
import typer

from antepost.cli.options import AsJson, SportName, desk, known_sport, span
from antepost.cli.output import out, print_frame, print_table
from antepost.cli.star import star

lake = typer.Typer(help="What is known, and since when: read, diff, trace, report, quarantine.", no_args_is_help=True)
identities = typer.Typer(help="Names that nobody knows: whom they may stand for.", no_args_is_help=True)
lake.add_typer(identities, name="identities")
lake.add_typer(star, name="star")

Moment = Annotated[str | None, typer.Option("--as-of", help="2023-09-10T17:00Z, close, T-24h, T-6d; default: now.")]
Limit = Annotated[int, typer.Option(help="Rows to show.", min=1)]


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
    over = desk().lake
    first, last = span(seasons) if seasons else (None, None)
    chosen = range(first, last + 1) if first is not None and last is not None else None
    rows = over.prices(sport, as_of=as_of) if table == "prices" else over.read(table, sport, as_of=as_of)
    if chosen is not None:
        rows = rows.filter(pl.col("season").is_in(list(chosen)))
    if fixture is not None:
        rows = rows.filter(pl.col("fixture") == fixture)
    hidden = [name for name in rows.columns if name in {"sport", "raw"} or rows[name].null_count() == rows.height]
    print_frame(f"{table} of {sport}", rows.drop(hidden), limit, as_json=as_json)


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

    rows = desk().diff(sport, fixture, moment(since), moment(until))
    print_frame(f"{fixture}, from {since} to {until}", rows, limit, as_json=as_json)


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
    rows = desk().lake.trace(table, sport, fixture)
    told = rows.select("known_at", "known_how", "batch", "source", "part", "received_at", "raw", "origin")
    print_frame(f"{table} of {fixture}", told, limit, as_json=as_json)


@lake.command("report")
def report(
    sport: Annotated[str | None, typer.Argument(callback=known_sport, help="Default: every sport at hand.")] = None,
    by_season: Annotated[bool, typer.Option("--by-season", help="A row for each season.")] = False,
    limit: Limit = 500,
    as_json: AsJson = False,
) -> None:
    """Count what each source brought, and how its moments are known.

    Example: `antepost lake report soccer --by-season`
    """
    rows = desk().lake.report([sport] if sport else None)
    if not by_season and rows.height:
        hows = [(pl.col(how) * pl.col("rows")).sum() / pl.col("rows").sum() for how in rows.columns[-4:]]
        seasons = [pl.col("season").min().alias("first"), pl.col("season").max().alias("last")]
        rows = rows.group_by("sport", "source", "table", maintain_order=True).agg(*seasons, *hows, pl.col("rows").sum())
    print_frame("rows by source and table", rows, limit, as_json=as_json)


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
    rows = desk().lake.quarantine(sport, reason)
    if reason is None:
        rows = rows.group_by("source", "reason").len("rows").sort("rows", "source", "reason", descending=True)
    else:
        rows = rows.select("source", "batch", "reason", "row")
    print_frame(f"refused of {sport}", rows, limit, as_json=as_json)


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
    print_frame(f"disputes of {sport}", desk().lake.disputes(sport), limit, as_json=as_json)


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
