"""The main job in eight steps, on real NFL seasons, or on the simulated league where there is no way to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import polars as pl

from antepost.desk.desk import Desk
from antepost.desk.predict import loaded, richest_set
from antepost.domain import Record
from antepost.errors import EngineError, SettingsError, SourceUnreachable
from antepost.features import sets_of

if TYPE_CHECKING:
    from antepost.desk.evaluate import Evaluation
    from antepost.desk.train import Trained

SPORT = "nfl"
SETS = sets_of(SPORT)
JUDGED_SEASONS = 9


@dataclass(slots=True, kw_only=True)
class Demo:
    """What the steps hand on to each other; ``mirror`` stands before the one in the settings."""

    desk: Desk
    mirror: str | None = None
    season: int = 0
    lock: Path | None = None
    trained: dict[str, Trained] = field(default_factory=dict[str, "Trained"])
    judged: dict[str, Evaluation] = field(default_factory=dict[str, "Evaluation"])
    sealed: list[Record] = field(default_factory=list[Record])


def ingest(demo: Demo) -> str:
    """Load the games; without mirror and route, simulate a league and say so."""
    desk = demo.desk
    refuse_mixture(desk, demo.mirror)
    try:
        report = desk.ingest(SPORT, mirror=demo.mirror, simulate=desk.simulated(SPORT))
    except SourceUnreachable as error:
        held = desk.sports()
        if SPORT in held:
            demo.season = desk.newest_season(SPORT)
            return f"no route to upstream; going on with what this home holds ({error})"
        if real := [sport for sport in held if not desk.simulated(sport)]:
            raise SettingsError(
                f"no route to upstream, and {desk.settings.lake} holds real facts of {', '.join(real)}, beside which "
                f"no league is invented; name a mirror by ANTEPOST_MIRROR or --mirror, or set another ANTEPOST_HOME",
                home=desk.settings.lake,
            ) from error
        report = desk.ingest(SPORT, simulate=True)
    demo.season = desk.newest_season(SPORT)
    came = f"batch {report.batch}" if report.batch else "nothing new"
    kind = "SIMULATED league" if report.simulated else report.source
    return f"{report.games:,} games from {kind} ({came}, rows quarantined: {report.refused})"


def refuse_mixture(desk: Desk, mirror: str | None = None) -> None:
    """Refuse to go on with the simulated league where a mirror names real games.

    Raises:
        SettingsError: this home holds the league, and there is a mirror.
    """
    named = mirror or desk.settings.mirror
    if named and desk.simulated(SPORT):
        raise SettingsError(
            f"{desk.settings.lake} holds the simulated league, and the mirror {named} has real games, which never mix; "
            f"set another ANTEPOST_HOME for them, or name no mirror to go on with the league",
            home=desk.settings.lake, mirror=named,
        )  # fmt: skip


def lake(demo: Demo) -> str:
    """Say what silver holds; the star schema was brought up by the load."""
    fixtures = demo.desk.fixtures(SPORT)
    seasons = f"{fixtures['season'].min()}-{fixtures['season'].max()}"
    return f"{fixtures.height:,} fixtures, seasons {seasons}, in silver and in Postgres (schema star)"


def features(demo: Demo) -> str:
    """Build every column and write the lock."""
    demo.lock = demo.desk.build(SPORT)
    columns, rows = len(demo.desk.columns(SPORT, "close")), demo.desk.features(SPORT, set="close").height
    return f"{columns} columns x {rows:,} fixtures as of each kick-off, locked in {demo.lock.name}"


def train(demo: Demo) -> str:
    """Train both information sets on seasons before the newest."""
    for name in SETS:
        demo.trained[name] = demo.desk.train(SPORT, name, before=demo.season)
    lines = "; ".join(
        f"{trained.name} on {trained.seasons[0]}-{trained.seasons[1]} (n {trained.n:,})"
        for trained in demo.trained.values()
    )
    left_out = {name: reason for trained in demo.trained.values() for name, reason in trained.left_out.items()}
    return "\n".join([lines, *(f"without {name}: {reason}" for name, reason in left_out.items())])


def evaluate(demo: Demo) -> str:
    """Judge both sets on held-back seasons, with plots."""
    seasons = demo.desk.seasons(SPORT)[-JUDGED_SEASONS:]
    lines: list[str] = []
    for name in SETS:
        found = demo.judged[name] = demo.desk.evaluate(SPORT, seasons, name)
        shown = found.figures()
        lines.append(
            f"{name}: log-loss {shown['log_loss']:.4f} (close {shown['market_log_loss']:.4f}, "
            f"Elo {shown['elo_log_loss']:.4f}, base {shown['base_log_loss']:.4f}), "
            f"G {shown['G']:.3f} [{shown['G_low']:.3f}, {shown['G_high']:.3f}], n {found.n:,}"
        )
        found.save_plots(demo.desk.settings.reports)
    return "\n".join(lines)


def register(demo: Demo) -> str:
    """Register both bundles and move the alias champion."""
    versions = [
        f"{trained.name} version {demo.desk.register(SPORT, trained.digest, demo.judged[name])}"
        for name, trained in demo.trained.items()
    ]
    return ", ".join(versions) + ", alias champion"


def predict(demo: Demo) -> str:
    """Seal the newest season's last played week and its play-offs, each as of its kick-off."""
    desk = demo.desk
    demo.sealed, left_out = seal_finale(desk, demo.season)
    late = sum(bool(record["late"]) for record in demo.sealed)
    faults = desk.verify_ledger()
    state = "chain whole" if not faults else f"CHAIN BROKEN: {faults[0]}"
    without = f"; no price, so not in set close: {', '.join(left_out)}" if left_out else ""
    return f"{len(demo.sealed)} sealed ({late} late, as all history is), {state}{without}"


def seal_finale(desk: Desk, season: int) -> tuple[list[Record], list[str]]:
    """Return the seals of a season's last played week and its play-offs, and the games that set ``none`` alone prices.

    For those no price was known at their kick-off.
    """
    asked = desk.finale(SPORT, season)
    left_out = richest_set(loaded(desk.settings, SPORT), asked).get("none", [])
    sealed: list[Record] = []
    for name in SETS:
        chosen = asked if name == "none" else asked.filter(~pl.col("fixture").is_in(left_out))
        sealed += [] if chosen.is_empty() else desk.predict(SPORT, chosen, name)
    return sealed, left_out


def serve(demo: Demo, url: str) -> dict[str, object]:
    """Ask the API at ``url`` for one of the sealed predictions."""
    wanted = next((record for record in reversed(demo.sealed) if record["set"] == "close"), demo.sealed[-1])
    answer = httpx.get(f"{url}/api/v1/predictions/{wanted['hash']}", timeout=30, trust_env=False)
    if not answer.is_success:
        raise EngineError(f"the API answered {answer.status_code}: {answer.text[:300]}")
    return answer.json()


STEPS: dict[str, Callable[[Demo], str]] = {
    "ingest": ingest,
    "lake": lake,
    "features": features,
    "train": train,
    "evaluate": evaluate,
    "register": register,
    "predict": predict,
}
