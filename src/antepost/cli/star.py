"""Commands about the star schema in Postgres: what it shows, rebuild it, its URL, who may use it."""

from __future__ import annotations

from typing import Annotated

import typer

from antepost.cli.options import AsJson, desk, sport_or_all
from antepost.cli.output import err, out, print_frame, print_json, print_table, progress_bar

star = typer.Typer(help="The star schema in Postgres: show, rebuild, url, roles.", no_args_is_help=True)


@star.command("show")
def show(as_json: AsJson = False) -> None:
    """Show up to which load each sport is shown, and how many rows.

    Example: `antepost lake star show`
    """
    from antepost.desk.star import overview

    print_frame("the star schema", overview(desk().settings), 1000, as_json=as_json)


@star.command("rebuild")
def rebuild(
    sport: Annotated[str | None, typer.Argument(metavar="SPORT|all", callback=sport_or_all)] = None,
    as_json: AsJson = False,
) -> None:
    """Rebuild the schema from silver, whatever it shows; readers see the old one until the new one is whole.

    Example: `antepost lake star rebuild`
    """
    from antepost.desk.star import rebuild_all

    with progress_bar("star", quiet=as_json) as progress:
        done = rebuild_all(desk().settings, None if sport == "all" else sport, progress)
    if as_json:
        print_json({"sports": [{"sport": each.sport, "batch": each.batch, "rows": dict(each.rows)} for each in done]})
        return
    tables = ("fixture", "result", "price", "player", "team", "venue", "book")
    rows = [(each.sport, each.batch, *(each.rows[table] for table in tables)) for each in done]
    print_table("rebuilt from silver", ("sport", "batch", *tables), rows)


@star.command("url")
def url(as_json: AsJson = False) -> None:
    """Print the database's URL for psql, pandas or a BI tool; its sessions begin as the reader. A password is hidden.

    Example: `psql "$(antepost lake star url)"`
    """
    from antepost.desk.star import reader_url

    where, reads = reader_url(desk().settings)
    if as_json:
        print_json({"url": where, "reader": reads})
        return
    print(where)
    if not reads:
        err.print("there is no role antepost_reader here, so this URL may write; see: antepost lake star roles")


@star.command("roles")
def roles(as_json: AsJson = False) -> None:
    """Set the rights of the roles reader, writer and owner in this database, and show who has which.

    Example: `antepost lake star roles`
    """
    from antepost.desk.star import arrange_roles

    rows, hindered = arrange_roles(desk().settings)
    if as_json:
        print_json({"roles": rows.to_dicts(), "hindered": hindered})
        return
    print_frame("roles", rows, 10, as_json=False)
    if hindered:
        out.print(f"not all is set: {hindered}", soft_wrap=True)
