"""Commands about predictions: predict, explain and rebuild."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date as day
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from antepost.cli.options import AsJson, SportName, TargetName, a_hash, desk, known_set, target_of
from antepost.cli.output import err, out, print_json, print_table, progress_bar


def predict(
    sport: SportName,
    week: Annotated[int | None, typer.Option(help="A week, each game as of its kick-off, or of now.")] = None,
    season: Annotated[int | None, typer.Option(help="Season of --week; the newest by default.")] = None,
    date: Annotated[str | None, typer.Option(help="A day, YYYY-MM-DD UTC, each game likewise.")] = None,
    upcoming: Annotated[bool, typer.Option("--upcoming", help="All games ahead, as of now.")] = False,
    odds: Annotated[str | None, typer.Option(callback=known_set, help="Force a set.")] = None,
    target: TargetName = None,
    as_json: AsJson = False,
) -> None:
    """Seal predictions by the champions.

    Example: `antepost predict nfl --week 18`, `antepost predict soccer --date 2024-05-04`
    """
    target = target_of(sport, target)
    if (week is not None) + (date is not None) + upcoming != 1:
        raise typer.BadParameter("give exactly one of --week, --date, --upcoming")
    if season is not None and week is None:
        other = "--upcoming" if upcoming else "--date"
        raise typer.BadParameter(
            f"a season goes with --week only; {other} names its games already", param_hint="--season"
        )
    over = desk()
    if upcoming:
        asked = over.upcoming(sport)
    else:
        asked = over.at_kickoff(sport, season=season, week=week, day=_day(date) if date else None)
    if asked.is_empty():
        where = "ahead" if upcoming else f"in week {week}" if week is not None else f"on {date}"
        if as_json:
            print_json({"predictions": [], "simulated": over.simulated(sport), "sealed_under_another_policy": []})
        else:
            out.print(f"no {sport} fixture {where}; antepost ingest {sport} loads newer ones")
        return
    with progress_bar(f"predict {sport}", quiet=as_json):
        made = over.predict(sport, asked, odds, target)
    older = over.sealed_under_another_policy(made)
    if as_json:
        simulated = over.simulated(sport)
        print_json({"predictions": made, "simulated": simulated, "sealed_under_another_policy": older})
        return
    print_predictions(made)
    if older:
        out.print(
            f"{len(older)} of them stood sealed under another policy than this home's, and stay as they were: "
            f"{', '.join(name[:10] for name in older)}"
        )


def _day(text: str) -> day:
    try:
        return day.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day like 2024-01-07", param_hint="--date") from None


def print_predictions(made: Sequence[Mapping[str, Any]]) -> None:
    """Print sealed records as a table a set, each as wide as a terminal of 80 columns."""
    columns = ("fixture", "start", "on", "p", "fair", "odds", "edge", "tier", "stake", "seal")
    for target, name in dict.fromkeys((record["target"], record["set"]) for record in made):
        chosen = [record for record in made if (record["target"], record["set"]) == (target, name)]
        late = sum(record["late"] for record in chosen)
        flagged = " · SIMULATED" if any(record["simulated"] for record in chosen) else ""
        what = f"{target}, " if target != "winner" else ""
        title = f"{what}set {name}: {len(chosen)} sealed, {late} of them late; UTC{flagged}"
        print_table(title, columns, map(_decided, chosen), tight=True)


def _decided(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a line about the side that was decided on; numbers are text of one width, so that they stand in line."""
    side, prices, edge = record["side"], record["market_odds"], record["edge"]
    return (
        record["fixture"],
        record["start"][5:16].replace("T", " "),
        record.get(side, side),
        f"{record['probability'][side]:.3f}",
        _odds(record["fair_odds"][side]),
        _odds(prices[side]) if prices else "   -",
        f"{edge:6.1%}" if edge is not None else "     -",
        record["tier"],
        f"{record['stake']:5.1%}",
        record["hash"][:10],
    )


def _odds(price: float) -> str:
    return f"{price:4.2f}" if price < 10 else f"{price:4.1f}"


def explain(
    sport: SportName,
    fixture: Annotated[str, typer.Argument(metavar="FIXTURE|HASH", help="A fixture, or a seal's hash.")],
    odds: Annotated[str | None, typer.Option(callback=known_set, help="Force a set.")] = None,
    target: TargetName = None,
    top: Annotated[int, typer.Option(min=1, help="How many factors to show.")] = 10,
    plot: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the picture here, a PNG.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say why a prediction is what it is: what each feature adds to its log-odds, the largest first.

    The newest seal of the fixture is explained, else what the champion says of it as of kick-off or now.

    Example: `antepost explain nfl nfl-2023-22-SF-KC --odds none`
    """
    asked = None if target is None else target_of(sport, target)
    over = desk()
    with progress_bar(f"explain {fixture}", quiet=as_json):
        found = over.explain(sport, fixture, odds, asked)
        drawn = None if plot is None else found.save_plot(plot, top)
    if as_json:
        print_json({**found.as_json(top), "plot": None if drawn is None else str(drawn)})
        return
    head, sums, *factors = found.lines(top)
    out.print(head, markup=False, soft_wrap=True)
    out.print(sums, markup=False, soft_wrap=True)
    for line in factors:
        out.print(f"  {line}", markup=False, soft_wrap=True)
    if drawn is not None:
        out.print(f"plot {drawn}", soft_wrap=True)


def rebuild(
    hash: Annotated[  # noqa: A002
        str | None, typer.Argument(metavar="HASH", help="The seal's hash, or its first characters.", callback=a_hash)
    ] = None,
    record: Annotated[
        Path | None, typer.Option(help="The sealed record as a JSON file, instead of the ledger.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Recompute a sealed prediction from raw bytes and say whether it is equal, or where it differs.

    Example: `antepost rebuild 3f1c… --record seal.json`
    """
    over = desk()
    faults: list[str] = []
    if record is not None:
        sealed = _read_record(record)
        if hash is not None and not str(sealed.get("hash")).startswith(hash):
            raise typer.BadParameter(f"{record} holds {sealed.get('hash')}, not {hash}")
    elif hash is not None:
        sealed = over.prediction(hash)
        faults = over.verify_ledger()
    else:
        raise typer.BadParameter("give a HASH, or --record FILE")
    found = over.rebuild(sealed)
    problems = [*found.differences, *faults]
    # A whole hash that was noted elsewhere vouches for a file as the chain does for the ledger's records.
    unchecked = [] if record is None or hash == found.hash else list(found.stated)
    if as_json:
        print_json(
            {
                "hash": found.hash, "equal": not problems, "to_the_bit": found.to_the_bit,
                "same_platform": found.same_platform, "same_policy": found.same_policy,
                "unchecked": unchecked, "differences": problems,
            }
        )  # fmt: skip
    elif problems:
        err.print(f"{found.hash} is NOT what this home gives again:")
        for line in problems:
            err.print(f"  {line}", markup=False)
    else:
        how = "to the bit" if found.to_the_bit else "within 1e-9, on another platform than the seal names"
        out.print(f"{found.hash} is equal {how}", soft_wrap=True)
        if not found.same_policy:
            out.print("recomputed under the policy it was sealed with, which is not this home's now")
        if unchecked:
            out.print(f"not checked against a ledger, so only as the file states them: {', '.join(unchecked)}")
    if problems:
        raise typer.Exit(1)


def _read_record(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{path} is not a sealed record in JSON: {error}") from None
    if not isinstance(value, dict):
        raise typer.BadParameter(f"{path} holds no JSON object")
    return cast("dict[str, Any]", value)
