"""The model card of a report, in Markdown: what it is, what it reached, where not to trust it, how to get it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from antepost.desk.report import Report
from antepost.desk.report_page import behind
from antepost.sports import get_sport

_ASKED = {
    "winner": "Who wins a game of the {}; ties are left out.",
    "draw": "Whether a game of {} is drawn.",
}


def card(report: Report) -> str:
    """Return the card, every figure with its n and interval."""
    found, about = report.evaluation, get_sport(report.evaluation.sport)
    seen = "no price" if found.set == "none" else f"prices up to the {found.set}"
    simulated = " **The games are simulated.**" if found.simulated else ""
    span = found.span.replace(":", " to ")
    lines = [
        f"# {report.name}",
        "",
        f"{_ASKED[found.target].format(about.title)} It sees {seen}.{simulated}",
        f"Seasons {span}, n = {found.n:,} games, each judged by models that had learnt from earlier ones only;",
        f"the recipe is tuned through {report.tuned_through}. Intervals: 95 %, match-days drawn with replacement.",
        "",
        *_figures(report),
        "",
        "| rival, same games | its log-loss | its G | saved, nats a game | 95 % |",
        "|---|---|---|---|---|",
        *(
            f"| {rival} | {loss:.4f} | {gap:.2f} | {saved:+.4f} | [{low:+.4f}, {high:+.4f}] |"
            for rival, loss, gap, saved, low, high in report.rivals.iter_rows()
        ),
        "",
        *_words(report),
        "",
        "Not for: games whose facts the lake does not hold; a stake without a price. A chance is an estimate.",
        "",
        f"    {report.command} --card",
        "",
    ]
    return "\n".join(lines)


def _figures(report: Report) -> list[str]:
    figure = {name: value for name, value in report.figures.items() if isinstance(value, float)}
    n = f"n = {report.evaluation.n:,}"
    return [
        f"- G (0 base rate, 1 closing line) {figure['G']:.3f} [{figure['G_low']:.3f}, {figure['G_high']:.3f}], {n}",
        f"- log-loss {figure['log_loss']:.4f} [{figure['log_loss_low']:.4f}, {figure['log_loss_high']:.4f}], {n}",
        f"- Brier {figure['brier']:.4f}, accuracy {figure['accuracy']:.1%}, ECE {figure['ece']:.3f}, {n}",
        f"- miscalibration {figure['miscalibration']:.4f} nats (isotonic, without bins), {n}",
    ]


def _words(report: Report) -> list[str]:
    families = cast("Mapping[str, Mapping[str, float]]", report.figures["families"])
    blend = ", ".join(f"{name} {told['weight']:.2f}" for name, told in families.items())
    groups = ", ".join(report.groups["group"].head(5).str.replace_all("_", " "))
    worse = ", ".join(f"{part} (G {gap:.2f}, n {n})" for part, gap, n in behind(report)) or "none"
    return [
        f"Blend of the last season: {blend}; calibrator {report.figures['calibrator']}.",
        f"Groups of features that move it most: {groups}.",
        f"Slices of 30 games or more on which it is worse than the base rate: {worse}.",
    ]
