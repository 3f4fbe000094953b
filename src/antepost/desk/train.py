"""Train one registered model: families, blend, calibrator and their bootstrap, as a signed bundle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from antepost import features
from antepost.desk.examples import examples
from antepost.desk.tables import is_simulated
from antepost.errors import DataError
from antepost.evaluation import WalkForward
from antepost.models import Manifest, check_families, fit_bundle, read_recipe, save_bundle, walk_forward
from antepost.models.families import left_out
from antepost.models.frame import DICHOTOMIES, NEVER, Dichotomy
from antepost.settings import Settings
from antepost.sports import get_sport
from antepost.telemetry import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What training left behind, and why a family is not in it that was to be, or would have been by default."""

    name: str
    digest: str
    seasons: tuple[int, int]
    n: int
    manifest: Manifest
    left_out: dict[str, str]


def train(
    settings: Settings,
    sport: str,
    set: str,  # noqa: A002
    *,
    target: Dichotomy = "winner",
    before: int | None = None,
    families: str | Iterable[str] | None = None,
    recipe: Path | None = None,
    progress: Progress | None = None,
) -> Trained:
    """Return the bundle trained on all seasons, or on those before season ``before`` only.

    With ``before`` it learns from what was known when that season opened, so that a score that is corrected later
    neither changes it nor makes it too late for that season's games.
    What is forecast in three ways is two models, one for each of its two-way questions. ``recipe`` is a file of your
    own by which to train.

    Raises:
        DataError: there are no seasons to train on, or no such question about this sport.
    """
    if get_sport(sport).check_target(target) not in DICHOTOMIES[target]:
        parts = " and ".join(DICHOTOMIES[target])
        raise DataError(f"target {target!r} is two models; train {parts} one after the other", target=target)
    by = read_recipe(sport, recipe)
    names = check_families(families, set, by.families)
    absent = left_out(set, by.families) if families is None else {}
    found = examples(settings, sport, set, target).learnt_by(by)
    every, cut = found.frame, NEVER
    if before is not None:
        every, cut = every.where(every.season < before), found.cut(before)
    frame = every.as_known(cut)
    if not frame.y.size:
        span = "" if before is None else f" before season {before}"
        raise DataError(f"no finished {sport} games{span} in set {set} to train on; antepost ingest {sport} loads more")
    splitter = WalkForward(cadence="season", first_train_seasons=by.first_train_seasons)
    # Each fold has a cut of its own, before which an answer may have stood that no longer stands at this one.
    oof = walk_forward(every, names, by, splitter, progress).where(np.isin(every.fixture, frame.fixture))
    parts = fit_bundle(
        frame, oof, oof.families, by,
        sport=sport, target=target, set=set, lock=features.lock_of(sport),
        batch=found.batch, simulated=is_simulated(settings, sport),
    )  # fmt: skip
    digest = save_bundle(settings, parts)
    seasons = np.unique(frame.season)
    return Trained(
        name=f"{sport}.{target}.{set}", digest=digest, seasons=(int(seasons[0]), int(seasons[-1])),
        n=int(frame.y.size), manifest=parts.manifest, left_out={**absent, **oof.left_out},
    )  # fmt: skip
