"""Pictures of an evaluation and of a feature, as files."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from antepost.evaluation import losses, outcomes, reliability

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from antepost.desk.evaluate import Evaluation
    from antepost.desk.explain import Explanation, ThreeWayExplanation
    from antepost.desk.explain_feature import FeatureExplanation
    from antepost.desk.three_way import ThreeWay


RIVALS = {"p": "model", "market_p": "closing line", "elo_p": "Elo", "base_p": "base rate"}

HOME, AWAY = "tab:blue", "tab:orange"


def reliability_figure(evaluation: Evaluation) -> Figure:
    """Return observed against predicted frequency, with the number of games in each bin."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 6), layout="constrained")
    axes = figure.add_subplot()
    _reliability(axes, evaluation.p, evaluation.y)
    axes.set(xlabel=f"predicted chance: {evaluation.target}", ylabel="observed share", xlim=(0, 1), ylim=(0, 1))
    axes.set_title(_title(evaluation, "reliability"))
    axes.legend()
    return figure


def three_way_reliability(found: ThreeWay) -> Figure:
    """Return observed against predicted frequency of home, draw and away, side by side."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 5), layout="constrained")
    came, said = found.came, found.chances()
    for k, (axes, name) in enumerate(zip(figure.subplots(1, 3, sharey=True), ("home", "draw", "away"), strict=True)):
        _reliability(axes, said[:, k], came == k)
        axes.set(xlabel=f"predicted chance: {name}", xlim=(0, 1), ylim=(0, 1))
    figure.suptitle(_title(found, "reliability"))
    return figure


def _reliability(axes: Axes, p: np.ndarray, y: np.ndarray) -> None:
    table = reliability(p, y)
    held = table.count > 0
    error = wilson(table.observed[held], table.count[held])
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, label="perfect")
    axes.errorbar(
        table.predicted[held], table.observed[held], yerr=error, fmt="o", capsize=3, label="model, 95 % interval"
    )
    for x, seen, n in zip(table.predicted[held], table.observed[held], table.count[held], strict=True):
        axes.annotate(str(n), (x, seen), textcoords="offset points", xytext=(6, -10), fontsize=8)


def skill_figure(evaluation: Evaluation) -> Figure:
    """Return cumulative log-loss saved against the base rate, game by game, beside the closing line's and Elo's."""
    told = [name for name in RIVALS if evaluation.priced or name != "market_p"]
    return _skill({name: losses(getattr(evaluation, name), evaluation.y) for name in told}, evaluation)


def three_way_skill(found: ThreeWay) -> Figure:
    """Return cumulative three-way log-loss saved against the base rates, beside the closing line's and Elo's."""
    return _skill({name: outcomes.losses(found.chances(name), found.came) for name in RIVALS}, found)


def _skill(lost: Mapping[str, np.ndarray], found: Evaluation | ThreeWay) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 5), layout="constrained")
    axes = figure.add_subplot()
    for name in ("p", "market_p", "elo_p"):
        if name not in lost:
            continue
        saved = np.cumsum(lost["base_p"] - lost[name])
        axes.plot(np.arange(1, saved.size + 1), saved, label=RIVALS[name])
    axes.axhline(0, color="grey", linewidth=1)
    axes.set(xlabel="games, in order of kick-off", ylabel="nats saved against the base rate")
    axes.set_title(_title(found, "cumulative skill"))
    axes.legend()
    return figure


def feature_figure(explained: FeatureExplanation) -> Figure:
    """Return the quantiles of a feature by season, and below them its coverage and its drift."""
    from matplotlib.figure import Figure

    told = explained.seasons
    x = told["season"].to_numpy()

    def line(name: str) -> np.ndarray:
        return told[name].cast(float).fill_null(float("nan")).to_numpy()

    figure = Figure(figsize=(9, 6), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    for low, high, alpha in (("q05", "q95", 0.2), ("q25", "q75", 0.4)):
        share = "90 %" if low == "q05" else "half"
        upper.fill_between(
            x, line(low), line(high), alpha=alpha, color="tab:blue", linewidth=0, label=f"{share} of games"
        )
    upper.plot(x, line("median"), color="tab:blue", label="median")
    upper.set(ylabel=explained.feature.unit)
    flagged = " · SIMULATED" if explained.simulated else ""
    upper.set_title(f"{explained.name} of {explained.feature.sport}, as of the close{flagged}")
    upper.legend()
    lower.bar(x, line("coverage"), color="lightgrey", label="coverage")
    lower.plot(x, line("drift"), marker="o", color="tab:red", label="drift against all seasons before")
    lower.plot(x, line("by_chance"), color="tab:red", linestyle=":", label="exceeded by chance in 5 %")
    lower.set(xlabel="season", ylabel="share", ylim=(0, 1.02))
    lower.legend(loc="center left")
    return figure


def explanation_figure(explained: Explanation, n: int) -> Figure:
    """Return a bar for each of the ``n`` largest factors and one for the rest, to the right for the first outcome."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 0.42 * (len(explained.top(n)) + 1) + 1.6), layout="constrained")
    _explain(figure.add_subplot(), explained, n)
    return figure


def three_way_explanation(explained: ThreeWayExplanation, n: int) -> Figure:
    """Return the same of whether a game is drawn, and below it of who wins if it is not."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 2 * (0.42 * (len(explained.draw.top(n)) + 1) + 1.6)), layout="constrained")
    for axes, part in zip(figure.subplots(2, 1), (explained.draw, explained.winner), strict=True):
        _explain(axes, part, n)
    return figure


def _explain(axes: Axes, explained: Explanation, n: int) -> None:
    shown = explained.top(n)
    rest = sum(one.log_odds for one in explained.factors[n:])
    bars = [(one.words, one.log_odds) for one in shown] + [(f"{len(explained.factors) - len(shown)} others", rest)]
    sizes = [size for _, size in bars]
    axes.barh(range(len(bars)), sizes, color=[HOME if size >= 0.0 else AWAY for size in sizes])
    axes.set_yticks(range(len(bars)), [textwrap.fill(words, 70) for words, _ in bars], fontsize=8)
    axes.invert_yaxis()
    axes.axvline(0.0, color="grey", linewidth=1)
    one, other = explained.outcomes
    axes.set(xlabel=f"log-odds: left for {other}, right for {one}; base {explained.base:+.3f}")
    flagged = " · SIMULATED" if explained.simulated else ""
    axes.set_title(f"{one} {explained.probability:.1%} against {other}, set {explained.set}{flagged}")


def wilson(share: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Return how far the 95 % interval of a share reaches below and above it, shape (2, bins).

    Source: Wilson (1927), Probable inference, the law of succession, and statistical inference.
    """
    z = 1.96
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.maximum(np.stack([share - (middle - reach), middle + reach - share]), 0.0)


def save(figure: Figure, path: Path) -> Path:
    """Write the figure as a PNG and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110, metadata={"Software": None})
    return path


def _title(evaluation: Evaluation | ThreeWay, what: str) -> str:
    simulated = " · SIMULATED" if evaluation.simulated else ""
    return f"{evaluation.sport} {evaluation.span} · set {evaluation.set} · {what} · n = {evaluation.n}{simulated}"
