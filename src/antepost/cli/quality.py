"""Commands about how good the lake's facts are: findings, how prices moved, missing closes, a page for each table."""

from __future__ import annotations

from typing import Annotated

import polars as pl
import typer

from antepost.cli.lake import Limit
from antepost.cli.options import AsJson, SportName, desk, known_sport, known_table
from antepost.cli.output import out, print_frame, print_json, print_table

AnySport = Annotated[str | None, typer.Argument(callback=known_sport, help="Default: every sport at hand.")]


def findings(sport: AnySport = None, limit: Limit = 1000, as_json: AsJson = False) -> None:
    """Show what every check says of each source: an error refused rows, after a warning somebody should look.

    Example: `antepost lake findings nba`
    """
    rows = desk().lake.findings([sport] if sport else None)
    print_frame("checks of each source", rows, limit, as_json=as_json)


def movement(
    sport: SportName,
    fixture: Annotated[str, typer.Argument(help="A fixture's id, as `antepost lake read fixtures` shows it.")],
    market: Annotated[str | None, typer.Option(help="One market only.")] = None,
    limit: Limit = 200,
    as_json: AsJson = False,
) -> None:
    """Show how the prices of a fixture moved until its start, and why a closing price is missing.

    Example: `antepost lake movement nhl nhl-2023020001 --market moneyline`
    """
    lake = desk().lake
    moved, closes = lake.movement(sport, fixture), lake.closes(sport, fixture)
    if market is not None:
        moved, closes = (frame.filter(pl.col("market") == market) for frame in (moved, closes))
    missing = closes.filter(pl.col("missing").is_not_null()).select("book", "market", "missing")
    if as_json:
        print_json({"rows": moved.height, "data": moved.head(limit).to_dicts(), "missing": missing.to_dicts()})
        return
    shown = ("at", "label", "book", "market", "player", "outcome", "line", "odds", "odds_before", "moved", "jump")
    empty = [name for name in shown if moved.height and moved[name].null_count() == moved.height]
    print_frame(f"prices of {fixture}", moved.select(shown).drop(empty), limit, as_json=False)
    if missing.height:
        print_table("no closing price", missing.columns, missing.iter_rows())


def closes(
    sport: SportName,
    season: Annotated[int | None, typer.Option(help="The year in which it begins.")] = None,
    limit: Limit = 200,
    as_json: AsJson = False,
) -> None:
    """Count the closing prices of each book and market, and those that are missing by their reason.

    Example: `antepost lake closes soccer --season 2019`
    """
    rows = desk().lake.closes(sport)
    if season is not None:
        rows = rows.filter(pl.col("season") == season)
    counted = rows.group_by("league", "market", "book", "missing").len("fixtures")
    ordered = counted.sort("league", "market", "book", "fixtures", descending=[False, False, False, True])
    print_frame(f"closing prices of {sport}", ordered, limit, as_json=as_json)


def catalogue(
    table: Annotated[str | None, typer.Argument(callback=known_table, help="One table; default: all.")] = None,
    sport: Annotated[str | None, typer.Option(callback=known_sport, help="One sport only.")] = None,
    as_page: Annotated[bool, typer.Option("--markdown", help="Print the page, or all of them.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show who fills each table of this home: source, terms, tier, freshness and how surely its moments are known.

    Example: `antepost lake catalogue prices --markdown`
    """
    from antepost.desk import catalogue as pages
    from antepost.lake.model import ABOUT

    rows = desk().lake.catalogue([sport] if sport else None)
    if as_page:
        print(pages.markdown(rows, table), end="")
        return
    if rows.is_empty() and not as_json:
        out.print("nothing has been loaded here; run: antepost ingest nfl")
        return
    chosen = rows if table is None or rows.is_empty() else rows.filter(pl.col("table") == table)
    if not as_json and table is not None:
        out.print(f"{ABOUT[table]} Whose word stands: {pages.owner(table)}.")
    print_frame(f"who fills {table or 'each table'}", chosen, 1000, as_json=as_json)


COMMANDS = (findings, movement, closes, catalogue)
