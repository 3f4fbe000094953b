"""The command about one feature: what it means and how it has been."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from antepost.cli.options import AsJson, SportName, desk
from antepost.cli.output import out, print_json, print_table, progress_bar


def explain(
    sport: SportName,
    name: Annotated[str, typer.Argument(metavar="FEATURE", help="form.margin.10.home")],
    importance: Annotated[bool, typer.Option(help="Ask the champions what they rely on; starts MLflow.")] = True,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the picture here, a PNG.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what a feature means, how it was distributed season by season, what it rests on and who uses it.

    Example: `antepost features explain nfl form.margin.10.home --plot margin.png`
    """
    over = desk()
    with progress_bar(f"explain {name}", quiet=as_json):
        found = over.explain_feature(name, sport, importance=importance)
        drawn = None if plot is None else found.save_plot(plot)
    if as_json:
        print_json({**found.as_json(), "plot": None if drawn is None else str(drawn)})
        return
    for line in found.lines():
        out.print(line, markup=False, soft_wrap=True)
    # Ten columns fit a window of eighty; --json has the others.
    seasons = found.seasons.select(
        "season", "n", "coverage", "mean", "sd", "q05", "median", "q95", "drift", "by_chance"
    )
    rows = [[f"{value:.3g}" if isinstance(value, float) else value for value in row] for row in seasons.iter_rows()]
    print_table("as of the close, by season", seasons.columns, rows, tight=True)
    print_table("source tables and their known_how", found.rests_on.columns, found.rests_on.iter_rows())
    if found.importance.height:
        print_table("what champions rely on it for", found.importance.columns, found.importance.iter_rows())
    if drawn is not None:
        out.print(f"plot {drawn}", soft_wrap=True)
