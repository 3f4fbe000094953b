"""Skill in forecasts of home, draw and away, put together from the two questions they are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from antepost.desk.evaluate import BASES, Evaluation, evaluation_of
from antepost.desk.examples import all_examples
from antepost.desk.judging import Plan, Refit, check_judged, judged_of, plan_of, walk
from antepost.desk.plausible import require_plausible
from antepost.evaluation import block_bootstrap, market_gap, outcomes
from antepost.models.frame import DICHOTOMIES, UNDECIDED
from antepost.models.three_way import compose
from antepost.settings import Settings
from antepost.telemetry import Progress

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from antepost.models.families.on_trial import OnTrial

HOME, DRAW, AWAY = range(3)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ThreeWay:
    """Figures on one set of games: whether each was drawn, and on the same games who wins if it is not.

    Where a game was drawn, ``winner.y`` is UNDECIDED.
    """

    draw: Evaluation
    winner: Evaluation

    @property
    def sport(self) -> str:
        """The sport's name."""
        return self.draw.sport

    @property
    def set(self) -> str:
        """The information set."""
        return self.draw.set

    @property
    def span(self) -> str:
        """The seasons in short."""
        return self.draw.span

    @property
    def simulated(self) -> bool:
        """Whether the games are invented."""
        return self.draw.simulated

    @property
    def model(self) -> OnTrial | None:
        """The estimator of somebody's own that was judged, if any was."""
        return self.draw.model

    @property
    def n(self) -> int:
        """Number of games judged."""
        return self.draw.n

    @property
    def left_out(self) -> dict[str, str]:
        """Why a family did not learn one of the two questions, or both."""
        return {**self.draw.left_out, **self.winner.left_out}

    @property
    def came(self) -> np.ndarray:
        """Which outcome came, (n,): 0 home, 1 draw, 2 away."""
        return np.where(self.draw.y == 1, DRAW, np.where(self.winner.y == 1, HOME, AWAY))

    def chances(self, name: str = "p") -> np.ndarray:
        """Return the chances of home, draw and away, (n, 3), by ``p``, ``market_p``, ``elo_p`` or ``base_p``."""
        return compose(getattr(self.draw, name), getattr(self.winner, name))

    def figures(self) -> dict[str, object]:
        """Return every figure by name, as ``evaluate --json`` prints them."""
        came, P = self.came, self.chances()
        market = outcomes.losses(self.chances("market_p"), came)
        base, elo = (outcomes.losses(self.chances(name), came) for name in ("base_p", "elo_p"))
        loss = outcomes.losses(P, came)
        gap = market_gap(loss, market, base, self.draw.match_day)
        elo_gap = market_gap(elo, market, base, self.draw.match_day)
        low, high = self._interval(loss)
        behind_low, behind_high = self._interval(loss - market)
        return {
            "sport": self.sport, "target": "1x2", "set": self.set, "season": self.span, "refit": self.draw.refit,
            "n": self.n, "dropped": self.draw.dropped, "simulated": self.simulated,
            "log_loss": float(loss.mean()), "log_loss_low": low, "log_loss_high": high,
            "brier": float(outcomes.brier(P, came).mean()), "rps": float(outcomes.rps(P, came).mean()),
            "accuracy": float(outcomes.hits(P, came).mean()),
            "market_log_loss": float(market.mean()), "market_source": self.draw.market_source,
            "devig": self.draw.devig, "market_rps": float(outcomes.rps(self.chances("market_p"), came).mean()),
            "behind_market": float((loss - market).mean()),
            "behind_market_low": behind_low, "behind_market_high": behind_high,
            "base": BASES["1x2"], "base_log_loss": float(base.mean()),
            "elo_log_loss": float(elo.mean()), "elo_G": elo_gap.G,
            "G": gap.G, "G_low": gap.low, "G_high": gap.high,
            "calibrator": {name: part.calibrator for name, part in self._parts().items()},
            "families": {
                name: {
                    "log_loss": float(outcomes.losses(compose(drawn, self.winner.family_p[name]), came).mean()),
                    "weight": {part: found.weights[name] for part, found in self._parts().items()},
                }
                for name, drawn in self.draw.family_p.items()
                if name in self.winner.family_p
            },
        }  # fmt: skip

    def save_plots(self, folder: Path) -> list[Path]:
        """Write the reliability of all three chances and the cumulative skill below ``folder``; return their paths."""
        from antepost.desk.plots import save

        stem = f"{self.sport}-1x2-{self.set}-{self.span.replace(':', '-')}"
        return [
            save(self.plot_reliability(), folder / f"{stem}-reliability.png"),
            save(self.plot_skill(), folder / f"{stem}-skill.png"),
        ]

    def plot_reliability(self) -> Figure:
        """Return the reliability plot."""
        from antepost.desk.plots import three_way_reliability

        return three_way_reliability(self)

    def plot_skill(self) -> Figure:
        """Return the cumulative-skill plot."""
        from antepost.desk.plots import three_way_skill

        return three_way_skill(self)

    def _parts(self) -> dict[str, Evaluation]:
        return {"draw": self.draw, "winner": self.winner}

    def _interval(self, values: np.ndarray) -> tuple[float, float]:
        return block_bootstrap(values[:, None], self.draw.match_day, lambda means: means[:, 0])

    def __repr__(self) -> str:
        shown = self.figures()
        return (
            f"ThreeWay({self.sport}.1x2 {self.span}, set {self.set}: n {self.n}, log-loss {shown['log_loss']:.4f}, "
            f"close {shown['market_log_loss']:.4f}, G {shown['G']:.3f} [{shown['G_low']:.3f}, {shown['G_high']:.3f}])"
        )


def evaluate_three_way(
    settings: Settings,
    sport: str,
    seasons: Iterable[int],
    set: str,  # noqa: A002
    *,
    league: str | None = None,
    refit: Refit = "season",
    families: str | Iterable[str] | None = None,
    recipe: Path | None = None,
    explained: str | None = None,
    progress: Progress | None = None,
) -> ThreeWay:
    """Return the skill of three-way forecasts on ``seasons``, each scored by what was trained on everything before it.

    Each of the two questions has its own families, blend and calibrator and walks forward by itself; see
    ``models.frame`` for why their losses add up to the three-way one. All figures are on games with a result, a
    reference price of all three outcomes and a rating of both sides. ``recipe`` is a file of your own by which to
    train, ``explained`` why a result that is too good to be true is true all the same.

    Raises:
        PolicyError, ModelError, DataError: as ``evaluate``.
    """
    found = judge_three_way(settings, plan_of(sport, "1x2", set, seasons, league, refit, families, recipe), progress)
    right = outcomes.hits(found.chances(), found.came)
    require_plausible(sport, "1x2", set, found.draw.season, right, explained)
    return found


def judge_three_way(settings: Settings, plan: Plan, progress: Progress | None = None) -> ThreeWay:
    """Return what comes of ``plan``.

    Raises:
        DataError: a season without a judged game, or without any before it to blend from.
    """
    asked = all_examples(settings, plan.sport, plan.set, DICHOTOMIES[plan.target])
    found = {name: rows.learnt_by(plan.recipe) for name, rows in asked.items()}
    draws, winners = found["draw"], found["winner"]
    judged = judged_of(plan, draws) & judged_of(plan, winners) & (draws.frame.y != UNDECIDED)
    check_judged(plan, draws, judged)
    said = {name: walk(plan, rows, judged, progress) for name, rows in found.items()}
    return ThreeWay(
        draw=evaluation_of(settings, plan, draws, judged, said["draw"], "draw"),
        winner=evaluation_of(settings, plan, winners, judged, said["winner"], "winner"),
    )
