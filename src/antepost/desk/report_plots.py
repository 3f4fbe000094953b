"""The pictures of a report, each as an image that lies inside the page."""

from __future__ import annotations

import base64
import io
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import polars as pl

from antepost.desk.evaluate import Evaluation
from antepost.evaluation import losses
from antepost.evaluation.corp import Corp

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, GREY, FAINT = "#1d2433", "#6b7280", "#e5e7eb"
MODEL, CLOSE, ELO, BAD = "#2563eb", "#0f766e", "#b45309", "#dc2626"
_STYLE = {
    "font.family": "DejaVu Sans", "font.size": 9.5, "text.color": INK, "axes.labelcolor": GREY, "axes.edgecolor": FAINT,
    "xtick.color": GREY, "ytick.color": GREY, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
    "grid.color": FAINT, "grid.linewidth": 0.8, "axes.axisbelow": True, "legend.frameon": False,
    "figure.facecolor": "white", "svg.fonttype": "path", "svg.hashsalt": "antepost",
}  # fmt: skip


@contextmanager
def _drawn(width: float, height: float, images: list[str]) -> Generator[Axes]:
    """Yield axes in the report's style; what is drawn on them goes to ``images`` as a data URI."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(cast("dict[Any, Any]", _STYLE)):
        figure: Figure = Figure(figsize=(width, height), layout="constrained")
        yield figure.add_subplot()
        content = io.BytesIO()
        figure.savefig(content, format="svg", metadata={"Date": None})
        images.append("data:image/svg+xml;base64," + base64.b64encode(content.getvalue()).decode())


def skill_image(found: Evaluation) -> str:
    """Return nats saved against the base rate, game by game, by model, closing line and Elo."""
    images: list[str] = []
    base = losses(found.base_p, found.y)
    lines = (
        ("model", found.p, MODEL, 2.2),
        ("closing line", found.market_p, CLOSE, 1.4),
        ("Elo", found.elo_p, ELO, 1.4),
    )
    with _drawn(10.4, 3.9, images) as axes:
        places = np.flatnonzero(np.diff(found.season, prepend=-1))
        for name, p, colour, width in lines:
            saved = np.cumsum(base - losses(p, found.y))
            axes.plot(saved, color=colour, linewidth=width)
            axes.annotate(f" {name}", (saved.size, saved[-1]), color=colour, va="center", fontweight="bold")
        axes.axhline(0.0, color=GREY, linewidth=1)
        axes.set_xticks(places, [str(found.season[i]) for i in places], ha="left")
        axes.set(ylabel="nats saved against the base rate", xlim=(0, found.n * 1.1))
        axes.grid(visible=False, axis="x")
    return images[0]


_OF = {"winner": "the home side", "draw": "a draw"}


def reliability_image(table: Corp, found: Evaluation) -> str:
    """Return said against seen with the band of consistency, and below it how often each chance was said."""
    images: list[str] = []
    with _drawn(5.1, 4.6, images) as axes:
        axes.fill_between(
            table.said, table.low, table.high, color=MODEL, alpha=0.14, linewidth=0, label="90 % by chance"
        )
        axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle=":")
        axes.step(table.said, table.seen, where="mid", color=MODEL, linewidth=2, label="seen")
        counts, edges = np.histogram(found.p, bins=40, range=(0.0, 1.0))
        axes.bar(
            edges[:-1], 0.16 * counts / counts.max(), width=0.022, align="edge", color=GREY, alpha=0.4, linewidth=0
        )
        axes.set(
            xlim=(0, 1), ylim=(0, 1), xlabel=f"chance of {_OF[found.target]}, as said", ylabel="share that came true"
        )
        axes.legend(loc="upper left")
    return images[0]


def slices_image(table: pl.DataFrame) -> str:
    """Return G of each slice with its interval, red where the model is worse than the base rate."""
    images: list[str] = []
    middle, low, high = (table[name].to_numpy() for name in ("G", "G_low", "G_high"))
    with _drawn(5.1, 0.27 * table.height + 0.9, images) as axes:
        y = np.arange(table.height)
        colours = [BAD if value < 0.0 else MODEL for value in middle]
        axes.hlines(y, np.clip(low, *_SHOWN), np.clip(high, *_SHOWN), color=colours, linewidth=2.6, alpha=0.35)
        axes.scatter(np.clip(middle, *_SHOWN), y, color=colours, s=26, zorder=3)
        axes.axvline(0.0, color=GREY, linewidth=1)
        axes.axvline(1.0, color=CLOSE, linewidth=1, linestyle="--")
        axes.set_yticks(y, [f"{part}  (n {n:,})" for part, n in table.select("part", "n").iter_rows()])
        axes.set(xlabel="G: 0 base rate, 1 closing line", xlim=_SHOWN, ylim=(table.height - 0.4, -0.6))
        axes.grid(visible=False, axis="y")
    return images[0]


# Beyond this a slice has too few games to say anything; its interval is cut off.
_SHOWN = (-1.5, 2.5)


def groups_image(table: pl.DataFrame, top: int = 16) -> str:
    """Return the largest groups of features: mean size of their part, and the loss without them."""
    images: list[str] = []
    shown = table.head(top)
    with _drawn(5.1, 0.27 * shown.height + 1.0, images) as axes:
        y = np.arange(shown.height)
        axes.barh(y, shown["shap"], color=MODEL, alpha=0.85, height=0.62)
        axes.set_yticks(y, shown["group"].str.replace_all("_", " ").to_list())
        axes.set_ylim(shown.height - 0.4, -0.6)
        axes.set(xlabel="mean |SHAP| of the group, log-odds")
        axes.grid(visible=False, axis="y")
    return images[0]


def learning_image(table: pl.DataFrame) -> str:
    """Return the log-loss by how many seasons were learnt from."""
    images: list[str] = []
    with _drawn(5.1, 3.4, images) as axes:
        x = np.arange(table.height)
        axes.fill_between(x, table["G_low"], table["G_high"], color=MODEL, alpha=0.14, linewidth=0)
        axes.plot(x, table["G"], color=MODEL, marker="o", linewidth=2)
        axes.set_xticks(x, [str(size) for size in table["seasons"]])
        axes.axhline(0.0, color=GREY, linewidth=1)
        axes.set(xlabel="seasons learnt from", ylabel="G, 95 % interval")
    return images[0]
