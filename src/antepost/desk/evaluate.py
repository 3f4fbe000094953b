"""Skill of a sport's models on seasons they were not trained on, beside every rival on the same games."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from antepost.desk.examples import DROPPED, Examples, examples
from antepost.desk.judges import Judges
from antepost.desk.judging import Plan, Refit, Walked, check_judged, judged_of, plan_of, walk
from antepost.desk.margin_rival import margin_filter_p
from antepost.desk.plausible import require_plausible
from antepost.desk.tables import is_simulated
from antepost.evaluation import (
    accuracy,
    block_bootstrap,
    brier,
    ece,
    log_loss,
    losses,
    market_gap,
)
from antepost.models import Recipe
from antepost.models.families.on_trial import OnTrial
from antepost.models.frame import UNDECIDED, Dichotomy
from antepost.settings import Settings
from antepost.sports import get_sport
from antepost.telemetry import Progress

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BASES = {
    "winner": "home rate of all earlier seasons, a half at neutral sites",
    "draw": "rate of draws in all earlier seasons",
    "1x2": "rates of home, draw and away in all earlier seasons",
}
"""What the base rate of a target is."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evaluation:
    """Figures on one set of games, with the arrays they come from (``p``, ``y`` and the rivals', (n,)).

    ``market_p`` is NaN throughout where no prices are at hand; ``filter_p`` is the margin filter's word there, None
    where it has none. ``left_out`` says why a family did not learn that was to, or would have by default. ``model`` is
    an estimator of somebody's own where one was judged, and ``run`` the run of MLflow's that says so.
    """

    sport: str
    target: str
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
    recipe: Recipe
    devig: str = "multiplicative"
    explained: str | None = None
    model: OnTrial | None = None
    run: str | None = None
    filter_p: np.ndarray | None = None

    @property
    def priced(self) -> bool:
        """Whether there are closing prices to compare with."""
        return not np.isnan(self.market_p).any()

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
            filter_p=None if self.filter_p is None else self.filter_p[mask],
            judges=self.judges.where(mask),
        )

    def figures(self) -> dict[str, object]:
        """Return every figure by name, as ``evaluate --json`` prints them; without prices those on them are None."""
        loss = losses(self.p, self.y)
        low, high = self._interval(loss)
        return {
            "sport": self.sport, "target": self.target, "set": self.set, "season": self.span,
            "refit": self.refit, "n": self.n, "dropped": self.dropped, "simulated": self.simulated,
            "log_loss": float(loss.mean()), "log_loss_low": low, "log_loss_high": high,
            "brier": brier(self.p, self.y), "accuracy": accuracy(self.p, self.y), "ece": ece(self.p, self.y),
            **self._against_market(loss), "rivals": self._against_ratings(loss),
            "base": BASES[self.target], "base_rate": float(self.base_p.mean()),
            "base_log_loss": log_loss(self.base_p, self.y), "elo_log_loss": log_loss(self.elo_p, self.y),
            "explained": self.explained, "calibrator": self.calibrator,
            "families": {
                name: {"log_loss": log_loss(p, self.y), "brier": brier(p, self.y), "weight": self.weights[name]}
                for name, p in self.family_p.items()
            },
            "left_out": self.left_out,
            "tuned_through": self.recipe.tuned_through, "configurations": self.recipe.configurations,
        }  # fmt: skip

    def _against_market(self, loss: np.ndarray) -> dict[str, object]:
        if not self.priced:
            names = ("market_log_loss", "behind_market", "behind_market_low", "behind_market_high", "devig")
            return {**dict.fromkeys((*names, "G", "G_low", "G_high")), "market_source": self.market_source}
        market = losses(self.market_p, self.y)
        gap = market_gap(loss, market, losses(self.base_p, self.y), self.match_day)
        low, high = self._interval(loss - market)
        return {
            "market_log_loss": float(market.mean()), "market_source": self.market_source, "devig": self.devig,
            "behind_market": float((loss - market).mean()), "behind_market_low": low, "behind_market_high": high,
            "G": gap.G, "G_low": gap.low, "G_high": gap.high,
        }  # fmt: skip

    def _against_ratings(self, loss: np.ndarray) -> dict[str, dict[str, float]]:
        """Return each rating's log-loss, and by how much ``loss`` is less, with its interval."""
        told: dict[str, dict[str, float]] = {}
        for name, p in (("elo", self.elo_p), ("margin_filter", self.filter_p)):
            if p is not None:
                theirs = losses(p, self.y)
                low, high = self._interval(theirs - loss)
                saved = float((theirs - loss).mean())
                told[name] = {"log_loss": float(theirs.mean()), "saved": saved, "saved_low": low, "saved_high": high}
        return told

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

        stem = f"{self.sport}-{self.target}-{self.set}-{self.span.replace(':', '-')}"
        return [
            save(self.plot_reliability(), folder / f"{stem}-reliability.png"),
            save(self.plot_skill(), folder / f"{stem}-skill.png"),
        ]

    def __repr__(self) -> str:
        shown = self.figures()
        beside = (
            f"close {shown['market_log_loss']:.4f}, G {shown['G']:.3f} [{shown['G_low']:.3f}, {shown['G_high']:.3f}]"
            if self.priced
            else f"Elo {shown['elo_log_loss']:.4f}, no prices"
        )
        return (
            f"Evaluation({self.sport}.{self.target} {self.span}, set {self.set}: n {self.n}, "
            f"log-loss {shown['log_loss']:.4f}, {beside})"
        )


def evaluate(
    settings: Settings,
    sport: str,
    seasons: Iterable[int],
    set: str,  # noqa: A002
    *,
    target: Dichotomy = "winner",
    league: str | None = None,
    refit: Refit = "season",
    families: str | Iterable[str] | None = None,
    recipe: Path | None = None,
    model: object = None,
    explained: str | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Return the skill in a two-way question on ``seasons``, each scored by what was trained on everything before it.

    Families walk forward; blend weights and calibrator of a season come from the out-of-fold predictions of
    earlier seasons only. All of them learn from the scores that were known when it opened, and it is judged by those
    that stand now. All figures are on games with a result, a reference price and a rating of both sides; on who wins,
    on those without a tie. Where no prices of a league are at hand, they are left out of the comparison, and a margin
    filter joins it where scores measure strength. ``recipe`` is a file of your own by which to train, ``model`` an
    estimator of scikit-learn's interface, judged instead of the families, or beside those that are named. ``explained``
    is why a result that is too good to be true is true, see ``require_plausible``.

    Raises:
        PolicyError: a season at or before ``tuned_through`` of the sport's recipe, or a result that is too good.
        ModelError: a family that may not learn in the set, or an estimator that cannot be judged.
        DataError: a season without a judged game, or a target, league or refit that there is not.
    """
    plan = plan_of(sport, target, set, seasons, league, refit, families, recipe, model)
    rows = examples(settings, sport, set, target).learnt_by(plan.recipe)
    judged = judged_of(plan, rows) & (rows.frame.y != UNDECIDED)
    check_judged(plan, rows, judged)
    found = evaluation_of(settings, plan, rows, judged, walk(plan, rows, judged, progress), target)
    right = np.where(found.p == 0.5, 0.5, (found.p > 0.5) == (found.y == 1))
    require_plausible(sport, target, set, found.season, right, explained)
    return replace(found, explained=explained)


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


def evaluation_of(
    settings: Settings, plan: Plan, rows: Examples, judged: np.ndarray, walked: Walked, target: Dichotomy
) -> Evaluation:
    """Return the figures on the ``judged`` rows of one two-way question."""
    frame = rows.frame
    dropped = [rows.dropped.get((plan.league, season), {}) for season in plan.seasons]
    about = get_sport(plan.sport)
    filtered = margin_filter_p(plan, rows, target)
    return Evaluation(
        sport=plan.sport,
        target=target,
        set=plan.set,
        span=span_of(plan.seasons),
        refit=plan.refit,
        simulated=is_simulated(settings, plan.sport),
        market_source=(
            "no prices at hand" if plan.unpriced else f"{' > '.join(about.reference_close[plan.league])} {about.winner}"
        ),
        fixtures=tuple(np.array(frame.fixture, dtype=object)[judged]),
        match_day=frame.match_day[judged],
        season=frame.season[judged],
        y=frame.y[judged],
        p=walked.p,
        market_p=frame.market_p[judged],
        elo_p=rows.elo_p[judged],
        base_p=rows.base_p[judged],
        filter_p=None if filtered is None else filtered[judged],
        family_p=walked.family_p,
        weights=walked.weights,
        calibrator=walked.calibrator,
        judges=walked.judges,
        dropped={reason: sum(d.get(reason, 0) for d in dropped) for reason in DROPPED},
        left_out=dict(walked.left_out),
        recipe=plan.recipe,
        model=plan.model,
    )
