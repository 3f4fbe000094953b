"""Words that several commands take, checked before any work starts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from antepost.domain import SETS
from antepost.errors import ModelError
from antepost.lake.schemas import TABLES
from antepost.sports import SPORTS

if TYPE_CHECKING:
    from antepost.desk import Desk


def known_sport(value: str | None) -> str | None:
    """Return ``value``, or end with exit code 2 where there is no such sport."""
    if value is not None and value not in SPORTS:
        raise typer.BadParameter(f"unknown sport {value!r}; choose from {', '.join(SPORTS)}")
    return value


def known_table(value: str | None) -> str | None:
    """Return ``value``, or end with exit code 2 where there is no such table."""
    if value is not None and value not in TABLES:
        raise typer.BadParameter(f"no table {value!r}; choose from {', '.join(TABLES)}")
    return value


def sport_or_all(value: str | None) -> str | None:
    """Return ``value`` where it is ``all`` or a sport."""
    return value if value == "all" else known_sport(value)


def known_set(value: str | None) -> str | None:
    """Return ``value``, or end with exit code 2 where there is no such information set."""
    if value is not None and value not in SETS:
        raise typer.BadParameter(f"unknown information set {value!r}; choose from {', '.join(SETS)}")
    return value


def a_hash(value: str | None) -> str | None:
    """Return ``value`` where it is a hash or begins one."""
    if value is not None and not re.fullmatch("[0-9a-f]{4,64}", value):
        raise typer.BadParameter(f"{value!r} is no hash: give at least its first 4 hexadecimal digits")
    return value


def span(value: str) -> tuple[int, int]:
    """Return first and last season of ``2023`` or ``2010:2023``."""
    first, _, last = value.partition(":")
    try:
        found = int(first), int(last or first)
    except ValueError:
        raise typer.BadParameter(f"{value!r} is not a season like 2023 or a span like 2010:2023") from None
    if found[0] > found[1]:
        raise typer.BadParameter(f"{value!r} ends before it begins")
    return found


def families_in(value: str | None, information_set: str) -> tuple[str, ...] | None:
    """Return the families in a list like ``elo,logistic``, None where nothing was said.

    Ends with exit code 2 where one of them does not exist or may not learn in the set, or none is named.
    """
    from antepost.models import check_families

    if value is None:
        return None
    try:
        return check_families([name.strip() for name in value.split(",") if name.strip()], information_set)
    except ModelError as error:
        raise typer.BadParameter(str(error), param_hint="--families") from error


def league_of(sport: str, value: str | None) -> str | None:
    """Return ``value``, or end with exit code 2 where ``sport`` has no such league."""
    leagues = SPORTS[sport].leagues
    if value is not None and value not in leagues:
        raise typer.BadParameter(
            f"{sport} has no league {value!r}; choose from {', '.join(leagues)}", param_hint="--league"
        )
    return value


def target_of(sport: str, value: str | None) -> str:
    """Return ``value``, by default the sport's headline, or end with exit code 2 where it has no such target."""
    targets = SPORTS[sport].targets
    if value is None:
        return SPORTS[sport].headline
    if value not in targets:
        raise typer.BadParameter(
            f"{sport} has no target {value!r}; choose from {', '.join(targets)}", param_hint="--target"
        )
    return value


def desk() -> Desk:
    """Return a desk over the home that the environment names; imported late, so that --help is quick."""
    from antepost.desk import open_desk

    return open_desk()


SportName = Annotated[str, typer.Argument(metavar="SPORT", callback=known_sport, help="nfl")]
OneOrAll = Annotated[str | None, typer.Argument(metavar="SPORT|all", callback=sport_or_all)]
TargetName = Annotated[
    str | None,
    typer.Option("--target", help="winner; where a draw can be bet on draw, or 1x2 for all three, the default there."),
]
SetName = Annotated[str, typer.Option("--odds", callback=known_set, help="Information set: none, open or close.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
