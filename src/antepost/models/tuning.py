"""The search for a family's settings: many workers on one study of Optuna's, judged on inner seasons only.

A configuration is worth the log-loss of its family walking forward over seasons, each judged by what was fitted on
earlier ones, and is given up where after some of them it lies behind the median of those tried before.

Source: Akiba et al. (2019), Optuna; its sampler: Bergstra et al. (2011), Algorithms for hyper-parameter optimization.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np

from antepost.errors import DataError, EngineError, MissingExtra, ModelError
from antepost.evaluation import WalkForward, losses
from antepost.models.families import space_of
from antepost.models.families.space import Parameter, Space
from antepost.models.frame import UNDECIDED, Floats, Frame
from antepost.models.recipes import Recipe
from antepost.models.training import walk_forward
from antepost.telemetry import Progress

LEAST_SEASONS = 2
_RESTS_ON, _PRESENT, _FAULT = "rests_on", "present", "fault"


class Turns(Protocol):
    """Who works on which trial, told among workers by locks that fall with whoever holds them."""

    def alone(self) -> AbstractContextManager[None]:
        """Wait until no other worker is inside, then be inside."""
        ...

    def take(self, number: int) -> bool:
        """Take trial ``number`` unless a living worker has it; return whether it is ours."""
        ...

    def give(self, number: int) -> None:
        """Give trial ``number`` back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Search:
    """What is searched, and where what was tried is kept.

    ``frame`` ends with the last season that may be looked at, ``y`` (n,) are its answers as they were known when the
    next one opened. ``storage`` is the URL of a database that Optuna keeps its tables in; of all families' studies in
    it, those called ``study`` belong together. ``trials`` are asked for of each family, by all workers together.
    """

    frame: Frame
    y: np.ndarray
    recipe: Recipe
    storage: str
    study: str
    trials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What came of the search for one family's settings.

    ``log_loss`` is the best one's over ``seasons`` (``n`` games) and ``present`` that of the recipe as it stands; of
    the configurations ``tried`` so many were ``pruned``, and ``faults`` could not be fitted. ``settings`` are the
    best's, what was not searched among them.
    """

    family: str
    study: str
    seasons: tuple[int, int]
    n: int
    tried: int
    pruned: int
    faults: int
    log_loss: float
    present: float
    settings: dict[str, Parameter]


def search_family(asked: Search, family: str, turns: Turns, progress: Progress | None = None) -> Searched:
    """Return the best settings of ``family`` in its study, after so many trials as are asked for.

    What other workers and earlier runs have tried counts; a trial whose worker died is tried again. One worker finds
    the same whether it was interrupted or not: each trial's sampler is seeded by how many were before it.

    Raises:
        MissingExtra: Optuna is not installed.
        ModelError: the family has nothing to search, no configuration could be fitted, or the study of this name rests
            on other rows, settings or ranges.
        DataError: fewer than two seasons can be tested.
        EngineError: the study was stored by an Optuna that this one cannot read.
    """
    work = _Work(asked, family)
    study = _study(asked, work.name, work.rests_on(), work.present, turns)
    while (trial := work.ask(study, turns)) is not None:
        if progress is not None:
            progress(f"{family} trial {trial.number}", (_counted(study) - 1) / asked.trials)
        try:
            work.run(study, trial)
        finally:
            turns.give(trial.number)
    return _found(study, work)


class _Work:
    """One family's trials: what they read, what they vary, and how each is judged."""

    def __init__(self, asked: Search, family: str) -> None:
        self.asked, self.family = asked, family
        self.name = f"{asked.study}/{family}"
        settings = asked.recipe.of(family, asked.frame.target)
        declared = space_of(family)
        self.space: Space = {key: declared[key] for key in settings if key in declared}
        if not self.space:
            raise ModelError(
                f"family {family!r} has nothing to search in the {asked.recipe.sport} recipe: it names none of "
                f"{', '.join(declared) or 'no ranges'}",
                family=family,
            )
        self.present = {key: settings[key] for key in self.space}
        self.fixed = {key: value for key, value in settings.items() if key not in self.space}
        frame, first = asked.frame, asked.recipe.first_train_seasons
        held = np.unique(frame.season)
        self.seasons = [int(season) for season in held if season >= held[0] + first] if held.size else []
        if len(self.seasons) < LEAST_SEASONS:
            raise DataError(
                f"{len(self.seasons)} of the {held.size} seasons up to there can be tested after {first} to learn "
                f"from; a search needs {LEAST_SEASONS}"
            )

    def rests_on(self) -> dict[str, str]:
        """Return what makes the trials of a study comparable, in short texts."""
        recipe, frame = self.asked.recipe, self.asked.frame
        return {
            "rows": _digest(frame, self.asked.y),
            "ranges": " ".join(f"{key}={range_!r}" for key, range_ in self.space.items()),
            "fixed": json.dumps(self.fixed, sort_keys=True),
            "walk": f"first_train_seasons={recipe.first_train_seasons} seed={recipe.seed} threads={recipe.threads}",
        }

    def ask(self, study: Any, turns: Turns) -> Any | None:
        """Return the next trial, its values drawn, taken by us; None where there have been enough."""
        optuna = import_module("optuna")
        states = optuna.trial.TrialState
        with turns.alone():
            for number in _running(study):
                if turns.take(number):
                    # Nobody holds it; and unless it was finished meanwhile, nobody lives who did.
                    if (left := _running(study).get(number)) is not None:
                        study.tell(number, state=states.FAIL)
                        study.enqueue_trial(left.params, user_attrs=left.user_attrs)
                    turns.give(number)
            before = _counted(study)
            if before >= self.asked.trials:
                return None
            study.sampler = optuna.samplers.TPESampler(seed=self.asked.recipe.seed + before)
            trial = study.ask()
            self.drawn(trial)
            turns.take(trial.number)
            return trial

    def drawn(self, trial: Any) -> dict[str, Parameter]:
        """Return the values of a trial, drawn now or before."""
        return {key: its.draw(key, self.present[key], trial) for key, its in self.space.items()}

    def run(self, study: Any, trial: Any) -> None:
        """Try what was drawn, and tell the study what came of that."""
        state = import_module("optuna").trial.TrialState
        tried = self.drawn(trial)
        total, games = 0.0, 0
        try:
            for step, season in enumerate(self.seasons):
                lost = self._losses(tried, season)
                total, games = total + float(lost.sum()), games + lost.size
                trial.report(total / games, step)
                # What stands is judged to the end, whatever the others say.
                if not trial.user_attrs.get(_PRESENT) and trial.should_prune():
                    study.tell(trial, state=state.PRUNED)
                    return
        except ModelError as error:
            trial.set_user_attr(_FAULT, str(error))
            study.tell(trial, state=state.FAIL)
            return
        trial.set_user_attr("n", games)
        study.tell(trial, total / games)

    def _losses(self, tried: Mapping[str, Parameter], season: int) -> Floats:
        recipe, frame = self.asked.recipe, self.asked.frame
        own = recipe.model_copy(
            update={"families": {**recipe.families, self.family: {**self.fixed, **tried}}, "targets": {}}
        )
        splitter = WalkForward(cadence="season", first_train_seasons=recipe.first_train_seasons)
        p = walk_forward(frame, (self.family,), own, splitter, seasons=[season]).p[:, 0]
        here = (frame.season == season) & (self.asked.y != UNDECIDED) & ~np.isnan(p)
        return losses(p[here], self.asked.y[here])


def _study(asked: Search, name: str, rests_on: dict[str, str], present: dict[str, Parameter], turns: Turns) -> Any:
    """Return the study called ``name``, made where there is none; the first trial is what stands."""
    if find_spec("optuna") is None:
        raise MissingExtra("a search needs the extra tuning, which is not installed; run: uv sync --extra tuning")
    optuna = import_module("optuna")
    # Errors say what matters; a line a trial would break the progress bar.
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with turns.alone():
        try:
            storage = optuna.storages.RDBStorage(asked.storage, engine_kwargs={"pool_pre_ping": True})
        except RuntimeError as error:
            raise EngineError(
                f"the studies in the database were stored by another Optuna than {optuna.__version__}: {error}"
            ) from error
        study = optuna.create_study(
            storage=storage, study_name=name, direction="minimize", load_if_exists=True,
            pruner=optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=1),
        )  # fmt: skip
        held = study.user_attrs.get(_RESTS_ON)
        if held is None:
            study.set_user_attr(_RESTS_ON, rests_on)
            study.enqueue_trial(present, user_attrs={_PRESENT: True})
        elif held != rests_on:
            others = [key for key in rests_on if held.get(key) != rests_on[key]]
            raise ModelError(
                f"study {name} in the database rests on other {' and '.join(others)} than you ask for, so its trials "
                "say nothing about them; begin another by giving it a name",
                study=name, differs=others,
            )  # fmt: skip
    return study


def _running(study: Any) -> dict[int, Any]:
    states = import_module("optuna").trial.TrialState
    return {each.number: each for each in study.get_trials(deepcopy=False, states=(states.RUNNING,))}


def _counted(study: Any) -> int:
    """Return how many trials are done or being done; one whose worker died is none."""
    states = import_module("optuna").trial.TrialState
    every = study.get_trials(deepcopy=False)
    lost = sum(each.state == states.FAIL and _FAULT not in each.user_attrs for each in every)
    return len(every) - lost - sum(each.state == states.WAITING for each in every)


def _found(study: Any, work: _Work) -> Searched:
    optuna = import_module("optuna")
    states = optuna.trial.TrialState
    every = study.get_trials(deepcopy=False)
    whole = [each for each in every if each.state == states.COMPLETE]
    faults = [each.user_attrs[_FAULT] for each in every if _FAULT in each.user_attrs]
    present = [each.value for each in whole if each.user_attrs.get(_PRESENT)]
    if not present:
        said = faults[0] if faults else "another worker is still at it"
        raise ModelError(f"study {work.name} has not judged the recipe as it stands: {said}", study=work.name)
    best = min(whole, key=lambda each: (each.value, each.number))
    chosen = work.present if best.user_attrs.get(_PRESENT) else work.drawn(optuna.trial.FixedTrial(best.params))
    return Searched(
        family=work.family, study=work.name, seasons=(work.seasons[0], work.seasons[-1]), n=best.user_attrs["n"],
        tried=_counted(study), pruned=sum(each.state == states.PRUNED for each in every), faults=len(faults),
        log_loss=best.value, present=present[0], settings={**work.fixed, **chosen},
    )  # fmt: skip


def _digest(frame: Frame, y: np.ndarray) -> str:
    """Return a short digest of all that a trial learns from and is judged by."""
    seen = hashlib.sha256("\x1f".join((frame.target, *frame.columns, *frame.fixture)).encode())
    for array in (frame.X, frame.y, y, frame.scores, frame.season, frame.as_of, frame.label_known_at):
        seen.update(np.ascontiguousarray(array).tobytes())
    if frame.mirror is not None:
        seen.update(frame.mirror.places.tobytes() + frame.mirror.signs.tobytes())
    seen.update(repr(frame.superseded).encode())
    return seen.hexdigest()[:16]
