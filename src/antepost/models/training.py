"""The one training path: families walk forward, the blend eats only what is out of fold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from antepost.domain import from_micros
from antepost.errors import FamilyDied, LeakageError, ModelError
from antepost.evaluation import Fold, WalkForward
from antepost.models.arrays import Compiled, OddArrays
from antepost.models.blend import fit_blend, fit_refits
from antepost.models.bundle import Bundle
from antepost.models.families import check_families, get_family
from antepost.models.families.family import Fitted, ScoreFamily, Setup
from antepost.models.families.on_trial import OnTrial
from antepost.models.frame import Frame, OutOfFold
from antepost.models.manifest import FeatureLock, Manifest
from antepost.models.recipes import Recipe
from antepost.telemetry import Progress

# No part of the betting policy, which may change after a bundle was signed with its refits inside.
REFITS = 200


def fit_family(name: str, frame: Frame, recipe: Recipe, own: OnTrial | None = None) -> Fitted:
    """Return the family ``name``, or your ``own`` of that name, fitted on every row of ``frame`` by the recipe.

    Where it is chance who is named first, what it says is made odd, see ``OddArrays``.
    """
    fitted = _fitted(name, frame, recipe, own)
    if not frame.odd or frame.mirror is None:
        return fitted
    mirror = frame.mirror
    return replace(fitted, arrays=OddArrays(part=fitted.arrays, places=mirror.places, signs=mirror.signs))


def _fitted(name: str, frame: Frame, recipe: Recipe, own: OnTrial | None) -> Fitted:
    X, y, scores = frame.both_ways()
    setup = Setup(columns=frame.columns, seed=recipe.seed, threads=recipe.threads, recipe={})
    if own is not None and name == own.name:
        return own.fit(X, y, setup)
    family, setup = get_family(name, frame.target), replace(setup, recipe=recipe.of(name, frame.target))
    if isinstance(family, ScoreFamily):
        return family.fit_scores(X, scores, setup)
    return family.fit(X, y, setup)


def walk_forward(
    frame: Frame,
    families: Sequence[str],
    recipe: Recipe,
    splitter: WalkForward,
    progress: Progress | None = None,
    *,
    seasons: Collection[int] | None = None,
    keep: Callable[[str, str, Compiled], None] | None = None,
    own: OnTrial | None = None,
) -> OutOfFold:
    """Return what each family said of each row when it had been fitted on earlier ones only.

    A fold learns from the answers as they stood when its first question was asked; a later correction is none of its
    business. With ``seasons``, only folds that test one of those are fitted. ``keep`` is handed each fold's and
    family's name, and what was fitted. One of the names may be that of your ``own``. A family whose process dies is
    left out and the others go on.

    Raises:
        LeakageError: a fold would learn from a label that was not known when its first question was asked.
        ModelError: a family cannot be fitted.
        FamilyDied: all of them have died.
    """
    p = np.full((frame.y.size, len(families)), np.nan)
    first = frame.first_known_at
    folds = list(splitter.folds(frame.season, frame.week, frame.as_of, first))
    if seasons is not None:
        folds = [fold for fold in folds if int(frame.season[fold.test[0]]) in seasons]
    lost: dict[str, str] = {}
    for done, fold in enumerate(folds):
        _refuse_hindsight(first, frame.as_of, fold)
        earlier = frame.where(_mask(fold.train, frame.y.size)).as_known(fold.cut)
        for column, name in enumerate(families):
            if progress is not None:
                progress(f"{name} {fold.name}", (done + column / len(families)) / len(folds))
            if name in lost:
                continue
            try:
                fitted = fit_family(name, earlier, recipe, own).arrays
            except FamilyDied as error:
                if len(lost) + 1 == len(families):
                    raise
                lost[name] = f"in fold {fold.name}: {error}"
                continue
            p[fold.test, column] = fitted.score(frame.X[fold.test])
            if keep is not None:
                keep(fold.name, name, fitted)
    if progress is not None:
        progress("walked forward", 1.0)
    return OutOfFold(p=p, families=tuple(families)).without(lost)


def fit_bundle(
    frame: Frame,
    oof: OutOfFold,
    families: Sequence[str],
    recipe: Recipe,
    *,
    sport: str,
    target: str,
    set: str,  # noqa: A002  # the field's name everywhere
    lock: FeatureLock,
    batch: int,
    simulated: bool,
    sequence: int = 1,
    refits: int = REFITS,
) -> Bundle:
    """Return the bundle of families fitted on all of ``frame``, blended and calibrated out of fold.

    ``frame`` has one answer a row, see ``Frame.as_known``; the last of them to become known is what the bundle is
    ``trained_through``.

    ``refits`` is the number of bootstrap refits kept for low quantiles; ``sequence`` numbers the bundles of
    one name.

    Raises:
        ModelError: a family that may not learn in this set, rows that do not match, or none tested out of
            fold.
        FamilyDied: the process of a family died that had lived through all folds.
    """
    names = check_families(families, set)
    if target != frame.target:
        raise ModelError(f"the labels of these rows answer {frame.target!r}, not {target!r}", target=target)
    if oof.families != tuple(families) or len(oof.p) != frame.y.size:
        raise ModelError(
            f"out-of-fold rows of {oof.families} ({len(oof.p)}) are not of {tuple(families)} ({frame.y.size})"
        )
    rows = oof.complete
    P = np.ascontiguousarray(oof.p[rows][:, [oof.families.index(name) for name in names]])
    blend = fit_blend(P, frame.y[rows], frame.season[rows], odd=frame.odd)
    drawn = fit_refits(
        P, frame.y[rows], frame.match_day[rows],
        kind=blend.calibrator.kind, draws=refits, seed=recipe.seed, odd=frame.odd,
    )  # fmt: skip
    fitted = {name: fit_family(name, frame, recipe) for name in names}
    manifest = Manifest(
        sport=sport,
        target=target,
        set=set,
        sequence=sequence,
        lock=lock.digest,
        columns=frame.columns,
        families=names,
        weights=tuple(blend.weights.tolist()),
        calibrator=blend.calibrator.kind,
        refits=refits,
        batch=batch,
        simulated=simulated,
        trained_through=from_micros(int(frame.label_known_at.max())).isoformat(timespec="microseconds"),
        seasons=(int(frame.season.min()), int(frame.season.max())),
        rows=int(frame.y.size),
        rows_out_of_fold=len(P),
        recipe=recipe.model_dump(mode="json"),
        libraries=tuple(fit.library for fit in fitted.values() if fit.library is not None),
    )
    return Bundle(
        manifest=manifest,
        features=lock.entries,
        families={name: fit.arrays for name, fit in fitted.items()},
        blend=blend,
        refits=drawn,
        native={fit.native_name: fit.native for fit in fitted.values() if fit.native_name and fit.native},
    )


def _mask(rows: NDArray[np.intp], size: int) -> NDArray[np.bool_]:
    mask = np.zeros(size, dtype=np.bool_)
    mask[rows] = True
    return mask


def _refuse_hindsight(known_at: NDArray[np.int64], as_of: NDArray[np.int64], fold: Fold) -> None:
    """Ask again what the splitter promised, because everything rests on it."""
    asked = int(as_of[fold.test].min())
    if fold.cut > asked or int(known_at[fold.train].max()) >= asked:
        raise LeakageError(
            f"fold {fold.name} would learn from a label known after its first question; check the splitter",
            fold=fold.name,
        )
