"""How seasons are judged: what is asked and checked beforehand, and the walk that answers it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from antepost.desk.examples import Examples, unpriced_leagues
from antepost.desk.judges import Judges, Kept, judges_of
from antepost.errors import DataError, PolicyError
from antepost.models import Blend, OutOfFold, Recipe, check_families, fit_blend, read_recipe, walk_forward
from antepost.models.arrays import Compiled
from antepost.models.families import left_out
from antepost.models.families.on_trial import OnTrial, on_trial
from antepost.models.frame import UNDECIDED
from antepost.sports import get_sport
from antepost.telemetry import Progress

Refit = Literal["season", "week"]
REFITS: tuple[Refit, ...] = get_args(Refit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be judged and how, checked before any work starts."""

    sport: str
    target: str
    set: str
    seasons: list[int]
    league: str
    refit: Refit
    recipe: Recipe
    families: tuple[str, ...]
    left_out: dict[str, str]
    model: OnTrial | None = None

    @property
    def unpriced(self) -> bool:
        """Whether no closing prices of the league are at hand."""
        return self.league in unpriced_leagues(get_sport(self.sport))


def plan_of(
    sport: str, target: str, set: str, seasons: Iterable[int], league: str | None, refit: Refit,  # noqa: A002
    families: str | Iterable[str] | None, own: Path | None = None, model: object = None,
) -> Plan:  # fmt: skip
    """Return the plan by the sport's recipe, or by your ``own``.

    A ``model`` of your own is judged by itself, or beside the families that are named.

    Raises:
        PolicyError, ModelError, DataError: as ``evaluate``.
    """
    wanted = sorted({int(season) for season in seasons})
    if not wanted:
        raise DataError("evaluate needs at least one season")
    about = get_sport(sport)
    if refit not in REFITS:
        raise DataError(f"unknown refit {refit!r}; choose from {', '.join(REFITS)}", refit=refit)
    league = _league(about.leagues, league)
    recipe = read_recipe(sport, own)
    check_seasons(sport, wanted, recipe)
    tried = None if model is None else on_trial(model)
    alone = tried is not None and families is None
    names = () if alone else check_families(families, set, recipe.families)
    return Plan(
        sport=sport,
        target=about.check_target(target),
        set=set,
        seasons=wanted,
        league=league,
        refit=refit,
        recipe=recipe,
        families=names if tried is None else (*names, tried.name),
        left_out=left_out(set, recipe.families) if families is None and not alone else {},
        model=tried,
    )


def judged_of(plan: Plan, rows: Examples) -> np.ndarray:
    """Return which rows have every rival's word: those of the league and the seasons with a price and ratings.

    Where no prices of the league are at hand, ratings do.
    """
    frame = rows.frame
    judged = np.isin(frame.season, plan.seasons) & (rows.league == plan.league) & ~np.isnan(rows.elo_p)
    return judged if plan.unpriced else judged & ~np.isnan(frame.market_p)


def check_judged(plan: Plan, rows: Examples, judged: np.ndarray) -> None:
    """Refuse a season without a judged game.

    Raises:
        DataError: there is one.
    """
    missing = [season for season in plan.seasons if not (judged & (rows.frame.season == season)).any()]
    if missing:
        held = sorted({int(s) for s in rows.frame.season})
        having = "result and ratings" if plan.unpriced else "result and price"
        raise DataError(
            f"no {plan.sport} game with {having} in {missing}; there are seasons "
            f"{f'{held[0]}-{held[-1]}' if held else 'none'} in set {plan.set}"
        )


def check_seasons(sport: str, seasons: Iterable[int], recipe: Recipe) -> None:
    """Refuse seasons that the recipe was tuned on.

    Raises:
        PolicyError: one of them is at or before ``tuned_through``.
    """
    early = [season for season in seasons if season <= recipe.tuned_through]
    if early:
        raise PolicyError(
            f"{sport} recipe was tuned through {recipe.tuned_through}, so {early} cannot judge it; choose later ones"
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Walked:
    """What was said of the judged rows: by blend, and by each family; weights and calibrator of the last season.

    ``left_out`` says why a family did not learn that was to, or would have by default.
    """

    p: np.ndarray
    family_p: dict[str, np.ndarray]
    weights: dict[str, float]
    calibrator: str
    judges: Judges
    left_out: dict[str, str]


def walk(plan: Plan, rows: Examples, judged: np.ndarray, progress: Progress | None = None) -> Walked:
    """Return what families and blend say of the ``judged`` rows, having learnt only what was known before.

    Raises:
        DataError: there is no season out of fold before one of the plan's.
    """
    frame, recipe, names = rows.frame, plan.recipe, plan.families
    until = [int(season) for season in np.unique(frame.season) if season <= plan.seasons[-1]]
    kept: Kept = {}

    def keep(fold: str, name: str, fitted: Compiled) -> None:
        kept.setdefault(fold, {})[name] = fitted

    oof = walk_forward(
        frame, names, recipe, recipe.splitter(frame.season), progress, seasons=until, keep=keep, own=plan.model
    )
    if plan.refit == "week":
        weekly = walk_forward(
            frame, oof.families, recipe, recipe.splitter(frame.season, "week"), progress,
            seasons=plan.seasons, keep=keep, own=plan.model,
        )  # fmt: skip
        oof = oof.without(weekly.left_out).replaced(weekly, np.isin(frame.season, plan.seasons))
    # Of a family that died, what was fitted before judges nothing.
    names = oof.families
    kept = {fold: {name: fitted[name] for name in names} for fold, fitted in kept.items()}
    p = np.full(frame.y.size, np.nan)
    blends = {season: _blend(plan, rows, oof, season) for season in plan.seasons}
    for season, blend in blends.items():
        here = judged & (frame.season == season)
        p[here] = blend.apply(oof.p[here])
    last = blends[plan.seasons[-1]]
    return Walked(
        p=p[judged],
        family_p={name: oof.p[judged, i] for i, name in enumerate(names)},
        weights=dict(zip(names, (float(w) for w in last.weights), strict=True)),
        calibrator=last.calibrator.kind,
        judges=judges_of(frame, judged, recipe.splitter(frame.season, plan.refit), kept, blends),
        left_out={**plan.left_out, **oof.left_out},
    )


def _blend(plan: Plan, rows: Examples, oof: OutOfFold, season: int) -> Blend:
    """Return the blend of a season, fitted to what was said of earlier ones out of fold."""
    frame = rows.frame
    y, _ = frame.answers(rows.cut(season))
    earlier = (frame.season < season) & oof.complete & (y != UNDECIDED)
    if not earlier.any():
        raise DataError(f"no out-of-fold season before {season} in set {plan.set} to blend from; choose a later one")
    return fit_blend(oof.p[earlier], y[earlier], frame.season[earlier], odd=frame.odd)


def _league(leagues: Mapping[str, str], league: str | None) -> str:
    if league is None:
        return next(iter(leagues))
    if league not in leagues:
        raise DataError(f"unknown league {league!r}; choose from {', '.join(leagues)}", league=league)
    return league
