"""The commands."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from antepost.cli.output import err, out, print_json, print_table, progress_bar
from antepost.errors import AntepostError
from antepost.sports import SPORTS

app = typer.Typer(
    name="antepost",
    help="Sport, priced before it happens: every number carries the moment it could first be known.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
features_app = typer.Typer(help="The feature catalogue: list, build, prove, lock.", no_args_is_help=True)
app.add_typer(features_app, name="features")


def _known_sport(value: str) -> str:
    if value not in SPORTS:
        raise typer.BadParameter(f"unknown sport {value!r}; choose from {', '.join(SPORTS)}")
    return value


def _sport_or_all(value: str) -> str:
    return value if value == "all" else _known_sport(value)


def _known_set(value: str) -> str:
    if value not in ("none", "open", "close"):
        raise typer.BadParameter(f"unknown information set {value!r}; choose none, open or close")
    return value


def _span(value: str) -> tuple[int, int]:
    first, _, last = value.partition(":")
    try:
        span = int(first), int(last or first)
    except ValueError:
        raise typer.BadParameter(f"{value!r} is not a season like 2023 or a span like 2010:2023") from None
    if span[0] > span[1]:
        raise typer.BadParameter(f"{value!r} ends before it begins")
    return span


SportName = Annotated[str, typer.Argument(metavar="SPORT", callback=_known_sport, help="nfl")]
SetName = Annotated[
    str, typer.Option("--odds", callback=_known_set, help="Information set: none, open or close.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def _desk() -> Any:  # noqa: ANN401  # typed where it is used; importing it here would slow --help
    from antepost.desk import open_desk

    return open_desk()


@app.command()
def ingest(
    sport: Annotated[str, typer.Argument(metavar="SPORT|all", callback=_sport_or_all)],
    seasons: Annotated[str | None, typer.Option(help="A season or a span, 2010:2023.")] = None,
    mirror: Annotated[str | None, typer.Option(help="Folder or URL that answers for upstream.")] = None,
    simulated: Annotated[bool, typer.Option("--simulated", help="Load the simulated league.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load a sport's facts.

    Example: `antepost ingest nfl --seasons 2010:2023 --mirror ./mirror`
    """
    from dataclasses import asdict

    span = _span(seasons) if seasons else None
    desk = _desk()
    reports = []
    for name in SPORTS if sport == "all" else (sport,):
        with progress_bar(f"ingest {name}", quiet=as_json) as tell:
            reports.append(
                desk.ingest(name, mirror=mirror, seasons=span, simulate=simulated, progress=lambda what: tell(what, 0.5))
            )
    if as_json:
        print_json({"loads": [asdict(report) for report in reports]})
        return
    for report in reports:
        came = f"batch {report.batch}" if report.batch else "nothing new"
        title = f"{report.sport} from {report.source}{' (SIMULATED)' if report.simulated else ''}: {came}"
        print_table(title, ("table", "rows offered", "rows added"), _counts(report))
        hows = ", ".join(f"{how} {share:.0%}" for how, share in report.known_how.items())
        out.print(f"{report.refused} rows quarantined · known_at: {hows} · raw {report.raw[:12]} · {report.origin}")


def _counts(report: Any) -> list[tuple[str, int, int]]:  # noqa: ANN401
    return [(name, offered, report.added.get(name, 0)) for name, offered in report.offered.items()]


@features_app.command("list")
def features_list(
    sport: Annotated[str | None, typer.Option(callback=lambda v: v and _known_sport(v))] = None,
    as_json: AsJson = False,
) -> None:
    """List the catalogue.

    Example: `antepost features list --sport nfl --json`
    """
    from dataclasses import asdict

    from antepost.features import features_of

    found = [feature for name in ([sport] if sport else SPORTS) for feature in features_of(name)]
    if as_json:
        print_json({"features": [asdict(feature) for feature in found]})
        return
    rows = [(f.name, f.sport, f.group, f.unit, f.moment, f.parity, f.hash) for f in found]
    print_table(f"{len(found)} features", ("name", "sport", "group", "unit", "from", "parity", "hash"), rows)


@features_app.command("build")
def features_build(sport: SportName) -> None:
    """Build every column of a sport into the gold cache and write features.lock."""
    desk = _desk()
    with progress_bar(f"build {sport}"):
        path = desk.build(sport)
    out.print(f"features of {sport} are built; catalogue locked in {path}")


@features_app.command("lock")
def features_lock(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("feature_store/features.lock"),
) -> None:
    """Write the lock from the declarations."""
    from antepost.features import render_lock

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_lock())
    out.print(f"wrote {path}")


@features_app.command("prove")
def features_prove(
    sport: Annotated[str, typer.Argument(callback=_known_sport)] = "nfl",
    draw: Annotated[int, typer.Option(help="How many fixtures to draw.")] = 300,
    seed: Annotated[int, typer.Option(help="Seed of the draw.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Run the leak and parity proofs over this home's facts; exit 1 if one fails.

    Example: `antepost features prove nfl --draw 300 --seed 7`
    """
    desk = _desk()
    with progress_bar(f"prove {sport}, seed {seed}", quiet=as_json):
        proofs = desk.prove(sport, draw=draw, seed=seed)
    if as_json:
        shown = [{"name": p.name, "cells": p.cells, "holds": p.holds, "differing": list(p.differing)} for p in proofs]
        print_json({"sport": sport, "seed": seed, "proofs": shown})
    else:
        rows = [(p.name, p.fixtures, p.cells, "holds" if p.holds else ", ".join(p.differing[:4])) for p in proofs]
        print_table(f"{sport}, seed {seed}", ("proof", "fixtures", "cells", "outcome"), rows)
    if not all(proof.holds for proof in proofs):
        raise typer.Exit(1)


@app.command()
def train(
    sport: SportName,
    odds: SetName = "none",
    families: Annotated[str | None, typer.Option(help="Some of market,elo,logistic,xgboost,lightgbm.")] = None,
    before: Annotated[int | None, typer.Option(help="Train on seasons before this one only.")] = None,
    register: Annotated[bool, typer.Option("--register", help="Register it and move the alias champion.")] = False,
    as_json: AsJson = False,
) -> None:
    """Train families, blend and calibrator; store a signed bundle.

    Example: `antepost train nfl --odds close --families market,elo,logistic`
    """
    desk = _desk()
    with progress_bar(f"train {sport}.{odds}", quiet=as_json) as tell:
        trained = desk.train(sport, odds, before=before, families=_names(families), progress=tell)
        version = desk.register(sport, trained.digest) if register else None
    shown = {
        "name": trained.name, "digest": trained.digest, "n": trained.n, "seasons": list(trained.seasons),
        "version": version, "trained_through": trained.manifest.trained_through,
    }  # fmt: skip
    if as_json:
        print_json(shown)
    else:
        print_table(trained.name, ("what", "is"), [(name, str(value)) for name, value in shown.items()])


def _names(families: str | None) -> tuple[str, ...] | None:
    return tuple(name.strip() for name in families.split(",") if name.strip()) if families else None


@app.command()
def evaluate(
    sport: SportName,
    season: Annotated[str, typer.Option(help="Season (the year it begins in) or span, 2015:2023.")],
    odds: SetName = "none",
    league: Annotated[str | None, typer.Option()] = None,
    refit: Annotated[str, typer.Option(help="season or week.")] = "season",
    families: Annotated[str | None, typer.Option(help="Some of the families.")] = None,
    as_json: AsJson = False,
) -> None:
    """Score a season by what was trained on everything before it, beside the close, base rate and Elo.

    Example: `antepost evaluate nfl --season 2023 --odds close --json`
    """
    if refit not in ("season", "week"):
        raise typer.BadParameter(f"unknown refit {refit!r}; choose season or week", param_hint="--refit")
    first, last = _span(season)
    desk = _desk()
    with progress_bar(f"evaluate {sport}.{odds}", quiet=as_json) as tell:
        found = desk.evaluate(
            sport, range(first, last + 1), odds, league=league, refit=refit, families=_names(families), progress=tell
        )
        figures = found.figures()
        plots = found.save_plots(desk.settings.reports)
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
    for path in plots:
        out.print(f"plot {path}")


def _table(figures: dict[str, Any]) -> list[tuple[str, float, float | None]]:
    rows: list[tuple[str, float, float | None]] = [
        (f"blend, calibrated by {figures['calibrator']}", figures["log_loss"], None),
        ("closing line", figures["market_log_loss"], None),
        ("Elo", figures["elo_log_loss"], None),
        (f"base: {figures['base']}", figures["base_log_loss"], None),
    ]
    return rows + [(f"family {name}", f["log_loss"], f["weight"]) for name, f in figures["families"].items()]


@app.command()
def predict(
    sport: SportName,
    week: Annotated[int | None, typer.Option(help="A week, each game as of its kick-off.")] = None,
    season: Annotated[int | None, typer.Option(help="Season of the week; the newest by default.")] = None,
    date: Annotated[str | None, typer.Option(help="A day, YYYY-MM-DD UTC, each game as of its kick-off.")] = None,
    upcoming: Annotated[bool, typer.Option("--upcoming", help="All games ahead, as of now.")] = False,
    odds: Annotated[str | None, typer.Option(callback=lambda v: v and _known_set(v), help="Force a set.")] = None,
    as_json: AsJson = False,
) -> None:
    """Seal predictions by the champions.

    Example: `antepost predict nfl --week 18`
    """
    if (week is not None) + (date is not None) + upcoming != 1:
        raise typer.BadParameter("give exactly one of --week, --date, --upcoming")
    desk = _desk()
    if upcoming:
        asked = desk.upcoming(sport)
    else:
        asked = desk.at_kickoff(sport, season=season, week=week, day=_day(date) if date else None)
    if asked.is_empty():
        where = "ahead" if upcoming else f"in week {week}" if week is not None else f"on {date}"
        if as_json:
            print_json({"predictions": [], "simulated": desk.simulated(sport)})
        else:
            out.print(f"no {sport} fixture {where}; antepost ingest {sport} loads newer ones")
        return
    with progress_bar(f"predict {sport}", quiet=as_json):
        made = desk.predict(sport, asked, odds)
    if as_json:
        print_json({"predictions": made, "simulated": desk.simulated(sport)})
    else:
        print_predictions(made)


def _day(text: str) -> Any:  # noqa: ANN401
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  # a calendar day has no zone
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day like 2024-01-07", param_hint="--date") from None


def print_predictions(made: list[dict[str, Any]]) -> None:
    """Print sealed records as a table."""
    flagged = " · SIMULATED" if any(record["simulated"] for record in made) else ""
    rows = [
        (
            str(r["start"])[:16], r["fixture"], r["set"], r["probability"]["home"], r["fair_odds"]["home"],
            r["market_odds"] and r["market_odds"]["home"], r["side"], r["edge"], r["tier"], r["stake"],
            "late" if r["late"] else "", str(r["hash"])[:12],
        )
        for r in made
    ]  # fmt: skip
    columns = ("start", "fixture", "set", "p(home)", "fair", "market", "side", "edge", "tier", "stake", "", "seal")
    print_table(f"{len(made)} sealed predictions{flagged}", columns, rows)


@app.command()
def rebuild(
    hash: Annotated[str | None, typer.Argument(metavar="HASH")] = None,  # noqa: A002
    record: Annotated[Path | None, typer.Option(help="The sealed record as a JSON file, instead of the ledger.")] = None,
    as_json: AsJson = False,
) -> None:
    """Recompute a sealed prediction from raw bytes and say whether it is equal, or where it differs.

    Example: `antepost rebuild 3f1c… --record seal.json`
    """
    if hash is None and record is None:
        raise typer.BadParameter("give a HASH, or --record FILE")
    desk = _desk()
    faults: list[str] = []
    if record is None:
        sealed = desk.prediction(hash)
        faults = desk.verify_ledger()
    else:
        sealed = _read_record(record)
        if hash is not None and sealed.get("hash") != hash:
            raise typer.BadParameter(f"{record} holds {sealed.get('hash')}, not {hash}")
    found = desk.rebuild(sealed)
    problems = [*found.differences, *faults]
    if as_json:
        shown = {"hash": found.hash, "equal": not problems, "to_the_bit": found.to_the_bit}
        print_json({**shown, "same_platform": found.same_platform, "differences": problems})
    elif problems:
        err.print(f"{found.hash} is NOT what this home gives again:")
        for line in problems:
            err.print(f"  {line}", markup=False)
    else:
        how = "to the bit" if found.to_the_bit else "within 1e-9, on another platform than the seal names"
        out.print(f"{found.hash} is equal {how}")
    if problems:
        raise typer.Exit(1)


def _read_record(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{path} is not a sealed record in JSON: {error}") from None
    if not isinstance(value, dict):
        raise typer.BadParameter(f"{path} holds no JSON object")
    return value


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Loopback unless you know why not.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
) -> None:
    """Run the HTTP API until interrupted.

    Example: `antepost serve --port 8000`, then open http://127.0.0.1:8000/docs
    """
    from antepost.serving import serve as run

    run(_desk(), host, port)


@app.command()
def demo(
    as_json: AsJson = False,
) -> None:
    """Run the main job in eight steps, from bytes to a sealed, served prediction."""
    from antepost.cli.demo import run

    run(_desk(), as_json=as_json)


@app.command()
def doctor(
    ntp: Annotated[str, typer.Option(help="Time server to compare with.")] = "pool.ntp.org",
    as_json: AsJson = False,
) -> None:
    """Check machine, clock and each configured server, and say what to do."""
    from dataclasses import asdict

    from antepost.desk.doctor import examine

    desk = _desk()
    found = examine(desk.settings, desk.clock, ntp)
    if as_json:
        print_json({"findings": [asdict(finding) for finding in found]})
    else:
        print_table("doctor", ("what", "state", "seen"), [(f.name, f.state, f.text) for f in found])
    if any(finding.state == "fail" for finding in found):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; our own errors are one line on stderr and exit code 1."""
    try:
        app()
    except AntepostError as error:
        err.print(f"{type(error).__name__}: {error}", markup=False, style="red")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
