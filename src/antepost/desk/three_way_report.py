"""The report on forecasts of home, draw and away: what they are worth together, then each of the two questions."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, cast

from antepost.desk.report import Report, cards, command_of, put_together, require_prices, written
from antepost.desk.report_page import body, framed
from antepost.desk.three_way import ThreeWay, evaluate_three_way
from antepost.models.frame import UNDECIDED
from antepost.settings import Settings
from antepost.sports import get_sport
from antepost.telemetry import Progress

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.figure import Figure


@dataclass(frozen=True, kw_only=True, eq=False)
class ThreeWayReport:
    """What there is to say of ``judged``, and of its two questions: who wins is of the games that somebody won."""

    judged: ThreeWay
    figures: dict[str, object]
    draw: Report
    winner: Report

    @property
    def name(self) -> str:
        """The name of the models, as they are registered."""
        return f"{self.judged.sport}.1x2.{self.judged.set}"

    @property
    def behind(self) -> pl.DataFrame:
        """The slices on which the model of who wins is worse than the base rate."""
        return self.winner.behind

    @property
    def command(self) -> str:
        """The command that makes this report again."""
        return command_of(self.judged.sport, "1x2", self.judged.set, self.judged.draw.season)

    def html(self) -> str:
        """Return the page, which needs nothing beside itself."""
        found, about = self.judged, get_sport(self.judged.sport)
        flagged = ' <span class="flag">SIMULATED</span>' if found.simulated else ""
        span = found.span.replace(":", " to ")
        seen = "no price of any kind" if found.set == "none" else f"prices up to the {found.set}"
        head = (
            f"<header><div><h1>{escape(about.title)}: home, draw and away{flagged}</h1><p>Seasons {escape(span)}, "
            f"{found.n:,} games, each judged by models that had learnt from earlier ones only and saw {seen}."
            "</p></div></header>"
        )
        decided = f"<p>{self.winner.evaluation.n:,} games with a winner.</p>"
        inside = "".join((
            self._tiles(), _section("Over the seasons", _image(found.plot_skill(), "cumulative skill")),
            _section("Does it keep its word?", _image(found.plot_reliability(), "reliability")), self._rivals(),
            _section("First question: is it drawn?", f"<p>{self.draw.evaluation.n:,} games.</p>"), body(self.draw),
            _section("Second question: who wins, if somebody does?", decided), body(self.winner),
            _section("How to get this page again", f"<code>{escape(self.command)}</code>"),
        ))  # fmt: skip
        return framed(f"{self.name} {span}", head, inside)

    def save(self, folder: Path) -> Path:
        """Write the page below ``folder`` and return its path."""
        found = self.judged
        return written(self.html(), folder / f"{found.sport}-1x2-{found.set}-{found.span.replace(':', '-')}.html")

    def card(self) -> str:
        """Return the model card: what both questions reach together, and the card of each."""
        number = {name: value for name, value in self.figures.items() if isinstance(value, float)}
        n = f"n = {self.judged.n:,}"
        simulated = " **The games are simulated.**" if self.judged.simulated else ""
        return "\n".join((
            f"# {self.name}", "",
            f"Home, draw and away, from two questions whose cards stand below.{simulated}", "",
            f"- G (0 base rates, 1 close) {number['G']:.3f} [{number['G_low']:.3f}, {number['G_high']:.3f}], {n}",
            f"- log-loss {number['log_loss']:.4f} [{number['log_loss_low']:.4f}, {number['log_loss_high']:.4f}], {n}",
            f"- ranked probability score {number['rps']:.4f}, accuracy {number['accuracy']:.1%}, {n}", "",
            f"    {self.command} --card", "", self.draw.card(), self.winner.card(),
        ))  # fmt: skip

    def save_card(self, folder: Path | None = None) -> Path:
        """Write the card into ``folder``, by default ``models/cards`` of the checkout that antepost runs from.

        Raises:
            DataError: it runs from no checkout, and no folder was named.
        """
        return written(self.card(), cards(folder) / f"{self.name.replace('.', '-')}.md")

    def as_json(self) -> dict[str, object]:
        """Return the figures of all three outcomes, and figures and tables of each question."""
        questions = {"draw": self.draw.as_json(), "winner": self.winner.as_json()}
        return {**self.figures, "questions": questions, "command": self.command}

    def _tiles(self) -> str:
        number = {name: value for name, value in self.figures.items() if isinstance(value, float)}
        market = f"closing line {number['market_log_loss']:.4f}"
        tiles = (
            (f"{number['G']:.2f}", "G: of the way from base rates to closing line",
             f"{number['G_low']:.2f} to {number['G_high']:.2f} (95 %)"),
            (f"{number['log_loss']:.4f}", "log-loss, nats a game", market),
            (f"{number['rps']:.4f}", "ranked probability score", f"closing line {number['market_rps']:.4f}"),
            (f"{number['accuracy']:.1%}", "games whose likeliest outcome came", f"n = {self.judged.n:,}"),
        )  # fmt: skip
        shown = "".join(
            f'<div class="tile"><b>{b}</b><span>{what}</span><i>{more}</i></div>' for b, what, more in tiles
        )
        return f'<div class="tiles">{shown}</div>'

    def _rivals(self) -> str:
        rows = [(name, self.figures[key]) for name, key in _RIVALS.items()]
        families = cast("Mapping[str, Mapping[str, object]]", self.figures["families"])
        rows += [(f"family {name}", told["log_loss"]) for name, told in families.items()]
        lines = "".join(f"<tr><td>{escape(name)}</td><td class='n'>{loss:.4f}</td></tr>" for name, loss in rows)
        top = "<tr><th>forecast</th><th class='n'>log-loss, the same games</th></tr>"
        return _section("Against its rivals", f'<div class="wide"><table>{top}{lines}</table></div>')


_RIVALS = {
    "model": "log_loss", "closing line": "market_log_loss", "Elo with Davidson's draws": "elo_log_loss",
    "base rates": "base_log_loss",
}  # fmt: skip


def three_way_report(
    settings: Settings,
    sport: str,
    seasons: Iterable[int],
    set: str,  # noqa: A002
    *,
    recipe: Path | None = None,
    explained: str | None = None,
    learning: bool = True,
    progress: Progress | None = None,
) -> ThreeWayReport:
    """Return the report on ``seasons``, each judged by what was trained on everything before it.

    Raises:
        PolicyError, DataError: as ``report``.
    """
    require_prices(sport)
    found = evaluate_three_way(settings, sport, seasons, set, recipe=recipe, explained=explained, progress=progress)
    return three_way_put_together(settings, found, learning=learning)


def three_way_put_together(settings: Settings, found: ThreeWay, *, learning: bool = True) -> ThreeWayReport:
    """Return the report on the games of an evaluation."""
    won = found.winner.where(found.winner.y != UNDECIDED)
    return ThreeWayReport(
        judged=found,
        figures=found.figures(),
        draw=put_together(settings, found.draw, learning=learning),
        winner=put_together(settings, won, learning=learning),
    )


def _section(title: str, inside: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{inside}</section>"


def _image(figure: Figure, text: str) -> str:
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=110, metadata={"Software": None})
    return f'<img alt="{escape(text)}" src="data:image/png;base64,{base64.b64encode(content.getvalue()).decode()}">'
