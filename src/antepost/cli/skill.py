"""Commands about models: tune, train, evaluate and report."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from antepost.cli.options import AsJson, SetName, SportName, TargetName, desk, families_in, league_of, span, target_of
from antepost.cli.output import out, print_json, print_table, progress_bar
from antepost.models import FAMILIES

_FAMILIES = f"Some of {','.join(FAMILIES)}."
_RIVALS = {"elo": "Elo", "margin_filter": "margin filter"}

if TYPE_CHECKING:
    from antepost.models.frame import Dichotomy

Explained = Annotated[
    str | None, typer.Option(metavar="REASON", help="Why a result that is too good to be true is true all the same.")
]


RecipeFile = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="A recipe file of your own; default: the sport's.")
]


def tune(
    sport: SportName,
    odds: SetName = "none",
    target: Annotated[str, typer.Option(help="winner, or draw where one can be bet on.")] = "winner",
    families: Annotated[str | None, typer.Option(help=f"{_FAMILIES} Default: all with anything to search.")] = None,
    through: Annotated[
        int | None,
        typer.Option(help="Last season to look at; it and those before judge nobody then. Default: the recipe's."),
    ] = None,
    trials: Annotated[int, typer.Option(min=1, help="Configurations of each family, by all workers together.")] = 40,
    study: Annotated[str | None, typer.Option(help="A name, to begin another search beside one that stands.")] = None,
    recipe: RecipeFile = None,
    as_json: AsJson = False,
) -> None:
    """Search the settings of a recipe's families on early seasons; write the best into its file.

    Trials lie in the database: run it again to go on where it was broken off, or beside it to share the work.

    Example: `antepost tune nfl --through 2011 --trials 40 --families logistic,xgboost`
    """
    chosen = families_in(families, odds)
    over = desk()
    with progress_bar(f"tune {sport}.{target}.{odds}", quiet=as_json) as tell:
        question = cast("Dichotomy", target_of(sport, target))
        found = over.tune(
            sport, odds, target=question, families=chosen, through=through, trials=trials, study=study, recipe=recipe,
            progress=tell,
        )  # fmt: skip
    if as_json:
        searched = [asdict(one) for one in found.searched]
        print_json({
            "sport": sport, "target": target, "set": odds, "through": found.through, "searched": searched,
            "recipe": str(found.file), "tuned_through": found.recipe.tuned_through,
            "configurations": found.recipe.configurations,
        })  # fmt: skip
        return
    rows = [
        (one.family, one.tried, one.pruned, one.faults, one.present, one.log_loss,
         " ".join(f"{key} {value}" for key, value in one.settings.items()))
        for one in found.searched
    ]  # fmt: skip
    first, last = found.searched[0].seasons
    title = f"{sport} {target} {first}:{last}, set {odds}, log-loss over {found.searched[0].n} games"
    print_table(title, ("family", "tried", "pruned", "faults", "as it stood", "best", "settings"), rows)
    out.print(
        f"recipe {found.file}: tuned through {found.recipe.tuned_through}, "
        f"{found.recipe.configurations} configurations tried in all",
        soft_wrap=True,
    )


def train(
    sport: SportName,
    odds: SetName = "none",
    target: TargetName = None,
    families: Annotated[str | None, typer.Option(help=_FAMILIES)] = None,
    before: Annotated[int | None, typer.Option(help="Train on seasons before this one only.")] = None,
    recipe: RecipeFile = None,
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

    Example: `antepost train nfl --odds close --families market,elo,logistic`, `antepost train soccer --register`
    """
    chosen, target = families_in(families, odds), target_of(sport, target)
    over = desk()
    with progress_bar(f"train {sport}.{target}.{odds}", quiet=as_json) as tell:
        trained = over.train(sport, odds, target=target, before=before, families=chosen, recipe=recipe, progress=tell)
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
    target: TargetName = None,
    league: Annotated[str | None, typer.Option()] = None,
    refit: Annotated[str, typer.Option(help="season or week.")] = "season",
    families: Annotated[str | None, typer.Option(help=_FAMILIES)] = None,
    recipe: RecipeFile = None,
    explained: Explained = None,
    as_json: AsJson = False,
) -> None:
    """Score a season by what was trained on everything before it, beside the close, base rate and Elo.

    Example: `antepost evaluate nfl --season 2023 --odds close --json`,
    `antepost evaluate soccer --league E0 --season 2014:2023`
    """
    if refit not in ("season", "week"):
        raise typer.BadParameter(f"unknown refit {refit!r}; choose season or week", param_hint="--refit")
    first, last = span(season)
    chosen, league, target = families_in(families, odds), league_of(sport, league), target_of(sport, target)
    over, seasons = desk(), range(first, last + 1)
    with progress_bar(f"evaluate {sport}.{target}.{odds}", quiet=as_json) as tell:
        if target == "1x2":
            found = over.evaluate_three_way(
                sport, seasons, odds, league=league, refit=refit, families=chosen, recipe=recipe, explained=explained,
                progress=tell,
            )  # fmt: skip
        else:
            question = cast("Dichotomy", target)
            found = over.evaluate(
                sport, seasons, odds, target=question, league=league, refit=refit, families=chosen, recipe=recipe,
                explained=explained, progress=tell,
            )  # fmt: skip
        figures = found.figures()
        plots = found.save_plots(over.settings.reports)
    if as_json:
        print_json({**figures, "plots": [str(path) for path in plots]})
        return
    flagged = " · SIMULATED" if found.simulated else ""
    title = f"{sport} {target} {found.span}, set {odds}, refit each {refit}: n = {found.n}{flagged}"
    weight = "draw / winner" if target == "1x2" else "blend weight"
    print_table(title, ("forecast", "log-loss", weight), _table(figures))
    if figures["G"] is not None:
        out.print(
            f"G {figures['G']:.3f} [{figures['G_low']:.3f}, {figures['G_high']:.3f}] "
            f"(0 = base rate, 1 = closing line; block bootstrap by match-day)"
        )
    for name, rival in cast("dict[str, dict[str, float]]", figures.get("rivals", {})).items():
        within = f"[{rival['saved_low']:+.4f}, {rival['saved_high']:+.4f}]"
        out.print(f"saved against {_RIVALS[name]} {rival['saved']:+.4f} {within} nats a game", markup=False)
    beside = {"brier": "Brier", "rps": "RPS", "accuracy": "accuracy", "ece": "ECE"}
    out.print(" · ".join(f"{told} {figures[name]:.4f}" for name, told in beside.items() if name in figures))
    devig = f", {figures['devig']} de-vig" if figures["devig"] else ""
    out.print(f"dropped {figures['dropped']} · market: {figures['market_source']}{devig}")
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
    target: TargetName = None,
    card: Annotated[bool, typer.Option("--card", help="Write models/cards/SPORT-TARGET-SET.md too.")] = False,
    recipe: RecipeFile = None,
    learning: Annotated[bool, typer.Option(help="Draw the learning curve, which fits families again.")] = True,
    explained: Explained = None,
    as_json: AsJson = False,
) -> None:
    """Write one page on a sport's models: skill, reliability, where they fail and why, what they go by, what moved.

    Example: `antepost report nfl --odds none --card`, `antepost report soccer --season 2019:2023`
    """
    asked = target_of(sport, target)
    chosen = None if season is None else range(span(season)[0], span(season)[1] + 1)
    over = desk()
    with progress_bar(f"report {sport}.{asked}.{odds}", quiet=as_json) as tell:
        found = over.report(
            sport, chosen, odds, target=asked, recipe=recipe, explained=explained, learning=learning, progress=tell
        )
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


def _table(figures: dict[str, Any]) -> list[tuple[str, float, str]]:
    rivals = figures.get("rivals", {"elo": {"log_loss": figures["elo_log_loss"]}})
    rows: list[tuple[str, float, str]] = [
        (f"blend, calibrated by {_parts(figures['calibrator'])}", figures["log_loss"], ""),
        *([("closing line", figures["market_log_loss"], "")] if figures["G"] is not None else []),
        *((_RIVALS[name], rival["log_loss"], "") for name, rival in rivals.items()),
        (f"base: {figures['base']}", figures["base_log_loss"], ""),
    ]
    return rows + [(f"family {name}", f["log_loss"], _parts(f["weight"])) for name, f in figures["families"].items()]


def _parts(told: object) -> str:
    """Return a value, or where two questions make a target, that on draws and that on who wins."""
    if isinstance(told, dict):
        return " / ".join(_parts(value) for value in cast("dict[str, object]", told).values())
    return f"{told:.4f}" if isinstance(told, float) else str(told)
