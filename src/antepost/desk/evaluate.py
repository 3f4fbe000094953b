"""Skill of a sport's models on seasons they were not trained on, beside every rival on the same games."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from antepost.desk.examples import Examples, examples
from antepost.desk.judges import Judges, Kept, judges_of
from antepost.desk.plausible import require_plausible
from antepost.desk.tables import is_simulated
from antepost.errors import DataError, PolicyError
from antepost.evaluation import (
    WalkForward,
    accuracy,
    block_bootstrap,
    brier,
    ece,
    log_loss,
    losses,
    market_gap,
)
from antepost.models import Blend, OutOfFold, Recipe, check_families, fit_blend, read_recipe, walk_forward
from antepost.models.arrays import Compiled
from antepost.models.families import left_out
from antepost.models.frame import UNDECIDED
from antepost.settings import Settings
from antepost.sports import get_sport
from antepost.telemetry import Progress

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Refit = Literal["season", "week"]
REFITS: tuple[Refit, ...] = get_args(Refit)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evaluation:
    """Figures on one set of games, with the arrays they come from (``p``, ``y`` and the rivals', (n,)).

    ``left_out`` says why a family did not learn that was to, or would have by default.
    """

    sport: str
    set: str
    span: str
    refit: Refit
    simulated: bool
    market_source: str
    fixtures: tuple[str, ...]
    match_day: np.ndarray
    y: np.ndarray
    p: np.ndarray
    market_p: np.ndarray
    elo_p: np.ndarray
    base_p: np.ndarray
    family_p: dict[str, np.ndarray]
    weights: dict[str, float]
    calibrator: str
    dropped: dict[str, int]
    season: np.ndarray
    judges: Judges
    left_out: dict[str, str]
    devig: str = "multiplicative"
    explained: str | None = None

    @property
    def n(self) -> int:
        """Number of games judged."""
        return int(self.y.size)

    def where(self, mask: np.ndarray) -> Evaluation:
        """Return the same judgement on the games at which ``mask`` is true, and on no other."""
        arrays = ("match_day", "y", "p", "market_p", "elo_p", "base_p", "season")
        return replace(
            self,
            **{name: getattr(self, name)[mask] for name in arrays},
            span=span_of(sorted({int(season) for season in self.season[mask]})),
            fixtures=tuple(name for name, kept in zip(self.fixtures, mask.tolist(), strict=True) if kept),
            family_p={name: p[mask] for name, p in self.family_p.items()},
            judges=self.judges.where(mask),
        )

    def figures(self) -> dict[str, object]:
        """Return every figure by name, as ``evaluate --json`` prints them."""
        loss, market = losses(self.p, self.y), losses(self.market_p, self.y)
        gap = market_gap(loss, market, losses(self.base_p, self.y), self.match_day)
        low, high = self._interval(loss)
        behind_low, behind_high = self._interval(loss - market)
        return {
            "sport": self.sport, "set": self.set, "season": self.span, "refit": self.refit, "n": self.n,
            "dropped": self.dropped, "simulated": self.simulated,
            "log_loss": float(loss.mean()), "log_loss_low": low, "log_loss_high": high,
            "brier": brier(self.p, self.y), "accuracy": accuracy(self.p, self.y), "ece": ece(self.p, self.y),
            "market_log_loss": float(market.mean()), "market_source": self.market_source, "devig": self.devig,
            "behind_market": float((loss - market).mean()),
            "behind_market_low": behind_low, "behind_market_high": behind_high,
            "base": "home rate of all earlier seasons, a half at neutral sites", "base_rate": float(self.base_p.mean()),
            "base_log_loss": log_loss(self.base_p, self.y), "elo_log_loss": log_loss(self.elo_p, self.y),
            "G": gap.G, "G_low": gap.low, "G_high": gap.high, "explained": self.explained,
            "calibrator": self.calibrator,
            "families": {
                name: {"log_loss": log_loss(p, self.y), "brier": brier(p, self.y), "weight": self.weights[name]}
                for name, p in self.family_p.items()
            },
            "left_out": self.left_out,
        }  # fmt: skip

    def _interval(self, values: np.ndarray) -> tuple[float, float]:
        return block_bootstrap(values[:, None], self.match_day, lambda means: means[:, 0])

    def plot_reliability(self) -> Figure:
        """Return the reliability plot."""
        from antepost.desk.plots import reliability_figure

        return reliability_figure(self)

    def plot_skill(self) -> Figure:
        """Return the cumulative-skill plot."""
        from antepost.desk.plots import skill_figure

        return skill_figure(self)

    def save_plots(self, folder: Path) -> list[Path]:
        """Write both plots below ``folder`` and return their paths."""
        from antepost.desk.plots import save

        stem = f"{self.sport}-{self.set}-{self.span.replace(':', '-')}"
        return [
            save(self.plot_reliability(), folder / f"{stem}-reliability.png"),
            save(self.plot_skill(), folder / f"{stem}-skill.png"),
        ]

    def __repr__(self) -> str:
        shown = self.figures()
        return (
            f"Evaluation({self.sport} {self.span}, set {self.set}: n {self.n}, log-loss {shown['log_loss']:.4f}, "
            f"close {shown['market_log_loss']:.4f}, G {shown['G']:.3f} [{shown['G_low']:.3f}, {shown['G_high']:.3f}])"
        )


def evaluate(
    settings: Settings,
    sport: str,
    seasons: Iterable[int],
    set: str,  # noqa: A002
    *,
    league: str | None = None,
    refit: Refit = "season",
    families: str | Iterable[str] | None = None,
    explained: str | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Return the skill on ``seasons``, each scored by what was trained on everything before it.

    Families walk forward; blend weights and calibrator of a season come from the out-of-fold predictions of
    earlier seasons only. All of them learn from the scores that were known when it opened, and it is judged by those
    that stand now. All figures are on games with a result, a reference price and no tie. ``explained`` is why a result
    that is too good to be true is true, see ``require_plausible``.

    Raises:
        PolicyError: a season at or before ``tuned_through`` of the sport's recipe, or a result that is too good.
        ModelError: a family that may not learn in the set.
        DataError: a season without a judged game, or an unknown league or refit.
    """
    wanted = sorted({int(season) for season in seasons})
    about = get_sport(sport)
    league = _league(about.leagues, league)
    if refit not in REFITS:
        raise DataError(f"unknown refit {refit!r}; choose from {', '.join(REFITS)}", refit=refit)
    recipe = read_recipe(sport)
    check_seasons(sport, wanted, recipe)
    names = check_families(families, set)
    absent = left_out(set) if families is None else {}
    rows = examples(settings, sport, set)
    judged = np.isin(rows.frame.season, wanted) & ~np.isnan(rows.frame.market_p) & (rows.league == league)
    judged &= rows.frame.y != UNDECIDED
    missing = [season for season in wanted if not (judged & (rows.frame.season == season)).any()]
    if missing:
        held = sorted({int(s) for s in rows.frame.season})
        raise DataError(
            f"no {sport} game with result and price in {missing}; there are seasons {held[0]}-{held[-1]} in set {set}"
        )
    kept: Kept = {}

    def keep(fold: str, name: str, fitted: Compiled) -> None:
        kept.setdefault(fold, {})[name] = fitted

    oof = walk_forward(rows.frame, names, recipe, _splitter(recipe, "season"), progress, keep=keep)
    if refit == "week":
        weekly = walk_forward(
            rows.frame, oof.families, recipe, _splitter(recipe, "week"), progress, seasons=wanted, keep=keep
        )
        oof = oof.without(weekly.left_out).replaced(weekly, np.isin(rows.frame.season, wanted))
    # Of a family that died, what was fitted before judges nothing.
    kept = {fold: {name: fitted[name] for name in oof.families} for fold, fitted in kept.items()}
    found = _put_together(settings, sport, set, league, refit, wanted, rows, judged, oof, kept)
    right = np.where(found.p == 0.5, 0.5, (found.p > 0.5) == (found.y == 1))
    require_plausible(sport, "winner", set, found.season, right, explained)
    return replace(found, explained=explained, left_out={**absent, **found.left_out})


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


def span_of(seasons: Sequence[int]) -> str:
    """Return ascending seasons in short, a colon standing for those between.

    >>> span_of([2015, 2016, 2017, 2023])
    '2015:2017,2023'
    """
    runs: list[list[int]] = []
    for season in seasons:
        if runs and season == runs[-1][-1] + 1:
            runs[-1].append(season)
        else:
            runs.append([season])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}:{run[-1]}" for run in runs)


def _put_together(
    settings: Settings, sport: str, set: str, league: str, refit: Refit, wanted: list[int],  # noqa: A002
    rows: Examples, judged: np.ndarray, oof: OutOfFold, kept: Kept,
) -> Evaluation:  # fmt: skip
    frame = rows.frame
    p = np.full(frame.y.size, np.nan)
    blends: dict[int, Blend] = {}
    for season in wanted:
        y, _ = frame.answers(rows.cut(season))
        earlier = (frame.season < season) & oof.complete & (y != UNDECIDED)
        here = judged & (frame.season == season)
        if not earlier.any():
            raise DataError(f"no out-of-fold season before {season} in set {set} to blend from; choose a later one")
        blends[season] = fit_blend(oof.p[earlier], y[earlier], frame.season[earlier])
        p[here] = blends[season].apply(oof.p[here])
    if not blends:
        raise DataError("evaluate needs at least one season")
    blend = blends[wanted[-1]]
    dropped = [rows.dropped.get((league, season), {}) for season in wanted]
    return Evaluation(
        sport=sport,
        set=set,
        span=span_of(wanted),
        refit=refit,
        simulated=is_simulated(settings, sport),
        market_source=" > ".join(get_sport(sport).reference_close[league]) + " moneyline",
        fixtures=tuple(np.array(frame.fixture, dtype=object)[judged]),
        match_day=frame.match_day[judged],
        y=frame.y[judged],
        p=p[judged],
        market_p=frame.market_p[judged],
        elo_p=rows.elo_p[judged],
        base_p=rows.base_p[judged],
        family_p={name: oof.p[judged, i] for i, name in enumerate(oof.families)},
        weights=dict(zip(oof.families, (float(w) for w in blend.weights), strict=True)),
        calibrator=blend.calibrator.kind,
        season=frame.season[judged],
        judges=judges_of(frame, judged, _splitter(read_recipe(sport), refit), kept, blends),
        dropped={reason: sum(d.get(reason, 0) for d in dropped) for reason in ("tie", "no_price", "no_open")},
        left_out=dict(oof.left_out),
    )


def _league(leagues: Mapping[str, str], league: str | None) -> str:
    if league is None:
        return next(iter(leagues))
    if league not in leagues:
        raise DataError(f"unknown league {league!r}; choose from {', '.join(leagues)}", league=league)
    return league


def _splitter(recipe: Recipe, cadence: Refit) -> WalkForward:
    return WalkForward(cadence=cadence, first_train_seasons=recipe.first_train_seasons)
