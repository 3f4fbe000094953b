"""The main job in eight steps, on real NFL seasons, or on the simulated league where there is no way to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from antepost.desk.desk import Desk
from antepost.domain import Record
from antepost.errors import EngineError, SourceUnreachable
from antepost.features import sets_of

if TYPE_CHECKING:
    from antepost.desk.evaluate import Evaluation
    from antepost.desk.train import Trained

SPORT = "nfl"
SETS = sets_of(SPORT)
JUDGED_SEASONS = 9


@dataclass(slots=True, kw_only=True)
class Demo:
    """What the steps hand on to each other."""

    desk: Desk
    season: int = 0
    lock: Path | None = None
    trained: dict[str, Trained] = field(default_factory=dict[str, "Trained"])
    judged: dict[str, Evaluation] = field(default_factory=dict[str, "Evaluation"])
    sealed: list[Record] = field(default_factory=list[Record])


def ingest(demo: Demo) -> str:
    """Load the games; without mirror and route, simulate a league and say so."""
    desk = demo.desk
    try:
        report = desk.ingest(SPORT, simulate=desk.simulated(SPORT))
    except SourceUnreachable as error:
        if desk.sports():
            demo.season = desk.newest_season(SPORT)
            return f"no route to upstream; going on with what this home holds ({error})"
        report = desk.ingest(SPORT, simulate=True)
    demo.season = desk.newest_season(SPORT)
    came = f"batch {report.batch}" if report.batch else "nothing new"
    kind = "SIMULATED league" if report.simulated else report.source
    return f"{report.games:,} games from {kind} ({came}, rows quarantined: {report.refused})"


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
    return "; ".join(
        f"{trained.name} on {trained.seasons[0]}-{trained.seasons[1]} (n {trained.n:,})"
        for trained in demo.trained.values()
    )


def evaluate(demo: Demo) -> str:
    """Judge both sets on held-back seasons, with plots."""
    seasons = range(demo.season - JUDGED_SEASONS + 1, demo.season + 1)
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
    return " | ".join(lines)


def register(demo: Demo) -> str:
    """Register both bundles and move the alias champion."""
    versions = [
        f"{trained.name} version {demo.desk.register(SPORT, trained.digest, demo.judged[name])}"
        for name, trained in demo.trained.items()
    ]
    return ", ".join(versions) + ", alias champion"


def predict(demo: Demo) -> str:
    """Seal the newest season's last regular-season week and its play-offs, each as of its kick-off."""
    desk = demo.desk
    asked = desk.finale(SPORT, demo.season)
    demo.sealed = [record for name in SETS for record in desk.predict(SPORT, asked, name)]
    late = sum(bool(record["late"]) for record in demo.sealed)
    faults = desk.verify_ledger()
    state = "chain whole" if not faults else f"CHAIN BROKEN: {faults[0]}"
    return f"{len(demo.sealed)} sealed ({late} late, as all history is), {state}"


def serve(demo: Demo, url: str) -> dict[str, object]:
    """Ask the API at ``url`` for one of the sealed predictions."""
    wanted = next(record for record in reversed(demo.sealed) if record["set"] == "close")
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
