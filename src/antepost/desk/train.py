"""Train one registered model: families, blend, calibrator and their bootstrap, as a signed bundle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from antepost import features
from antepost.desk.examples import Examples, all_examples
from antepost.desk.tables import is_simulated
from antepost.errors import DataError
from antepost.models import Bundle, Manifest, Recipe, check_families, fit_bundle, read_recipe, save_bundle, walk_forward
from antepost.models.families import left_out
from antepost.models.frame import DICHOTOMIES, NEVER
from antepost.models.three_way import ThreeWayBundle
from antepost.settings import Settings
from antepost.sports import get_sport
from antepost.telemetry import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What training left behind, and why a family is not in it that was to be, or would have been by default.

    ``n`` counts the games: of home, draw and away all of them, though those that were drawn say nothing on who wins.
    """

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
    target: str | None = None,
    before: int | None = None,
    families: str | Iterable[str] | None = None,
    recipe: Path | None = None,
    progress: Progress | None = None,
) -> Trained:
    """Return the bundle trained on all seasons, or on those before season ``before`` only.

    With ``before`` it learns from what was known when that season opened, so that a score that is corrected later
    neither changes it nor makes it too late for that season's games. ``target`` is by default the sport's headline.
    What is forecast in three ways is one bundle with a model for each of its two-way questions, both of the same games.
    ``recipe`` is a file of your own by which to train.

    Raises:
        DataError: there are no seasons to train on, or no such question about this sport.
    """
    about = get_sport(sport)
    asked = about.check_target(about.headline if target is None else target)
    by = read_recipe(sport, recipe)
    names = check_families(families, set, by.families)
    lost = left_out(set, by.families) if families is None else {}
    fitted: dict[str, Bundle] = {}
    for part, rows in all_examples(settings, sport, set, DICHOTOMIES[asked]).items():
        fitted[part], died = _fitted(settings, sport, set, rows.learnt_by(by), names, by, before, progress)
        lost |= died
    bundle = ThreeWayBundle(**fitted) if len(fitted) > 1 else next(iter(fitted.values()))
    manifest = bundle.manifest
    return Trained(
        name=manifest.name, digest=save_bundle(settings, bundle), seasons=manifest.seasons,
        n=manifest.rows, manifest=manifest, left_out=lost,
    )  # fmt: skip


def _fitted(
    settings: Settings, sport: str, set: str, found: Examples, names: Sequence[str], recipe: Recipe,  # noqa: A002
    before: int | None, progress: Progress | None,
) -> tuple[Bundle, Mapping[str, str]]:  # fmt: skip
    """Return the bundle of one two-way question, and why a family died on the way."""
    every, cut = found.frame, NEVER
    if before is not None:
        every, cut = every.where(every.season < before), found.cut(before)
    frame = every.as_known(cut)
    if not frame.y.size:
        span = "" if before is None else f" before season {before}"
        raise DataError(f"no finished {sport} games{span} in set {set} to train on; antepost ingest {sport} loads more")
    if np.unique(every.season).size < 2:
        raise DataError(
            f"{sport} has {frame.y.size} finished games of one season in set {set}; a blend is fitted to what was said "
            f"of a later season than was learnt from, so two are needed; antepost ingest {sport} loads more",
            games=int(frame.y.size),
        )
    # Each fold has a cut of its own, before which an answer may have stood that no longer stands at this one.
    oof = walk_forward(every, names, recipe, recipe.splitter(every.season), progress).where(
        np.isin(every.fixture, frame.fixture)
    )
    bundle = fit_bundle(
        frame, oof, oof.families, recipe,
        sport=sport, target=every.target, set=set, lock=features.lock_of(sport),
        batch=found.batch, simulated=is_simulated(settings, sport),
    )  # fmt: skip
    return bundle, oof.left_out
