"""Pictures of an evaluation, as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from antepost.evaluation import losses, reliability

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from antepost.desk.evaluate import Evaluation


def reliability_figure(evaluation: Evaluation) -> Figure:
    """Return observed against predicted frequency, with the number of games in each bin."""
    from matplotlib.figure import Figure

    table = reliability(evaluation.p, evaluation.y)
    held = table.count > 0
    error = wilson(table.observed[held], table.count[held])
    figure = Figure(figsize=(6, 6), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, label="perfect")
    axes.errorbar(
        table.predicted[held], table.observed[held], yerr=error, fmt="o", capsize=3, label="model, 95 % interval"
    )
    for x, y, n in zip(table.predicted[held], table.observed[held], table.count[held], strict=True):
        axes.annotate(str(n), (x, y), textcoords="offset points", xytext=(6, -10), fontsize=8)
    axes.set(xlabel="predicted chance of the home side", ylabel="observed share", xlim=(0, 1), ylim=(0, 1))
    axes.set_title(_title(evaluation, "reliability"))
    axes.legend()
    return figure


def skill_figure(evaluation: Evaluation) -> Figure:
    """Return cumulative log-loss saved against the base rate, game by game, beside the closing line's and Elo's."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 5), layout="constrained")
    axes = figure.add_subplot()
    base = losses(evaluation.base_p, evaluation.y)
    rivals = {"model": evaluation.p, "closing line": evaluation.market_p, "Elo": evaluation.elo_p}
    for name, p in rivals.items():
        saved = np.cumsum(base - losses(p, evaluation.y))
        axes.plot(np.arange(1, saved.size + 1), saved, label=name)
    axes.axhline(0, color="grey", linewidth=1)
    axes.set(xlabel="games, in order of kick-off", ylabel="nats saved against the base rate")
    axes.set_title(_title(evaluation, "cumulative skill"))
    axes.legend()
    return figure


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


def _title(evaluation: Evaluation, what: str) -> str:
    simulated = " · SIMULATED" if evaluation.simulated else ""
    return f"{evaluation.sport} {evaluation.span} · set {evaluation.set} · {what} · n = {evaluation.n}{simulated}"
