"""Commands about models: train, evaluate and report."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from antepost.cli.options import AsJson, SetName, SportName, desk, families_in, league_of, span
from antepost.cli.output import out, print_json, print_table, progress_bar
from antepost.models import FAMILIES

_FAMILIES = f"Some of {','.join(FAMILIES)}."

Explained = Annotated[
    str | None, typer.Option(metavar="REASON", help="Why a result that is too good to be true is true all the same.")
]


def train(
    sport: SportName,
    odds: SetName = "none",
    families: Annotated[str | None, typer.Option(help=_FAMILIES)] = None,
    before: Annotated[int | None, typer.Option(help="Train on seasons before this one only.")] = None,
    register: Annotated[
        bool,
        typer.Option(
            "--register",
            help="Register it and move the alias champion. The same bundle again keeps its version and figures; "
            "desk.register(sport, digest, evaluation) adds figures, also later, and of each the newest stands.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Train families, blend and calibrator; store a signed bundle.

    Example: `antepost train nfl --odds close --families market,elo,logistic`
    """
    chosen = families_in(families, odds)
    over = desk()
    with progress_bar(f"train {sport}.{odds}", quiet=as_json) as tell:
        trained = over.train(sport, odds, before=before, families=chosen, progress=tell)
        version = over.register(sport, trained.digest) if register else None
    shown = {
        "name": trained.name, "digest": trained.digest, "n": trained.n, "seasons": list(trained.seasons),
        "version": version, "trained_through": trained.manifest.trained_through, "left_out": trained.left_out,
    }  # fmt: skip
    if as_json:
        print_json(shown)
    else:
        rows = [(name, str(value)) for name, value in shown.items() if name != "left_out"]
        print_table(trained.name, ("what", "is"), rows)
        _print_left_out(trained.left_out)


def evaluate(
    sport: SportName,
    season: Annotated[str, typer.Option(help="Season (the year it begins in) or span, 2015:2023.")],
    odds: SetName = "none",
    league: Annotated[str | None, typer.Option()] = None,
    refit: Annotated[str, typer.Option(help="season or week.")] = "season",
    families: Annotated[str | None, typer.Option(help=_FAMILIES)] = None,
    explained: Explained = None,
    as_json: AsJson = False,
) -> None:
    """Score a season by what was trained on everything before it, beside the close, base rate and Elo.

    Example: `antepost evaluate nfl --season 2023 --odds close --json`
    """
    if refit not in ("season", "week"):
        raise typer.BadParameter(f"unknown refit {refit!r}; choose season or week", param_hint="--refit")
    first, last = span(season)
    chosen, league = families_in(families, odds), league_of(sport, league)
    over = desk()
    with progress_bar(f"evaluate {sport}.{odds}", quiet=as_json) as tell:
        found = over.evaluate(
            sport, range(first, last + 1), odds,
            league=league, refit=refit, families=chosen, explained=explained, progress=tell,
        )  # fmt: skip
        figures = found.figures()
        plots = found.save_plots(over.settings.reports)
    if as_json:
        print_json({**figures, "plots": [str(path) for path in plots]})
        return
    flagged = " · SIMULATED" if found.simulated else ""
    title = f"{sport} {found.span}, set {odds}, refit each {refit}: n = {found.n}{flagged}"
    print_table(title, ("forecast", "log-loss", "blend weight"), _table(figures))
    out.print(
        f"G {figures['G']:.3f} [{figures['G_low']:.3f}, {figures['G_high']:.3f}] "
        f"(0 = base rate, 1 = closing line; block bootstrap by match-day)"
    )
    out.print(f"Brier {figures['brier']:.4f} · accuracy {figures['accuracy']:.3f} · ECE {figures['ece']:.3f}")
    out.print(f"dropped {figures['dropped']} · market: {figures['market_source']}, {figures['devig']} de-vig")
    _print_left_out(found.left_out)
    for path in plots:
        out.print(f"plot {path}")


def _print_left_out(families: dict[str, str]) -> None:
    for name, reason in families.items():
        out.print(f"without {name}: {reason}", markup=False)


def report(
    sport: SportName,
    season: Annotated[str | None, typer.Option(help="Season or span, 2015:2023; the nine newest by default.")] = None,
    odds: SetName = "none",
    card: Annotated[bool, typer.Option("--card", help="Write models/cards/SPORT-winner-SET.md too.")] = False,
    learning: Annotated[bool, typer.Option(help="Draw the learning curve, which fits families again.")] = True,
    explained: Explained = None,
    as_json: AsJson = False,
) -> None:
    """Write one page on a sport's models: skill, reliability, where they fail and why, what they go by, what moved.

    Example: `antepost report nfl --odds none --card`
    """
    chosen = None if season is None else range(span(season)[0], span(season)[1] + 1)
    over = desk()
    with progress_bar(f"report {sport}.{odds}", quiet=as_json) as tell:
        found = over.report(sport, chosen, odds, explained=explained, learning=learning, progress=tell)
        page = found.save(over.settings.reports)
        written = found.save_card() if card else None
    if as_json:
        print_json({**found.as_json(), "page": str(page), "card": None if written is None else str(written)})
        return
    figures = found.figures
    out.print(f"{found.name}: n = {figures['n']}, log-loss {figures['log_loss']:.4f}, G {figures['G']:.3f}")
    for part, gap, n in found.behind.select("part", "G", "n").iter_rows():
        out.print(f"worse than the base rate: {part} (G {gap:.2f}, n {n})", markup=False)
    out.print(f"page {page}", soft_wrap=True)
    if written is not None:
        out.print(f"card {written}", soft_wrap=True)


def _table(figures: dict[str, Any]) -> list[tuple[str, float, float | None]]:
    rows: list[tuple[str, float, float | None]] = [
        (f"blend, calibrated by {figures['calibrator']}", figures["log_loss"], None),
        ("closing line", figures["market_log_loss"], None),
        ("Elo", figures["elo_log_loss"], None),
        (f"base: {figures['base']}", figures["base_log_loss"], None),
    ]
    return rows + [(f"family {name}", f["log_loss"], f["weight"]) for name, f in figures["families"].items()]
