"""A report on a sport's models: every figure with its n and interval, where they fail, and why; a page and a card."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from antepost import features
from antepost.desk.evaluate import Evaluation, evaluate
from antepost.desk.examples import examples, unpriced_leagues
from antepost.desk.explain import names_of
from antepost.desk.skill import Miss, against_rivals, attributed, by_group, learning_curve, slices, worst
from antepost.desk.tables import load
from antepost.errors import DataError
from antepost.evaluation.corp import Corp, corp
from antepost.features.drift import stability
from antepost.models.frame import Dichotomy
from antepost.settings import Settings
from antepost.sports import get_sport
from antepost.telemetry import Progress


@dataclass(frozen=True, kw_only=True, eq=False)
class Report:
    """What there is to say of the models of one two-way question and set, over the games of ``evaluation``.

    Tables are those of ``desk.skill`` and ``features.drift.stability``; ``drift`` is of the newest season judged
    against the judged ones before, empty where there is one alone. ``learning`` is None where it was not asked for.
    """

    evaluation: Evaluation
    figures: dict[str, object]
    reliability: Corp
    rivals: pl.DataFrame
    slices: pl.DataFrame
    groups: pl.DataFrame
    drift: pl.DataFrame
    worst: list[Miss]
    learning: pl.DataFrame | None
    tuned_through: int

    @property
    def behind(self) -> pl.DataFrame:
        """The slices on which the model is worse than the base rate."""
        return self.slices.filter(pl.col("G") < 0.0)

    @property
    def name(self) -> str:
        """The name of the models, as they are registered."""
        return f"{self.evaluation.sport}.{self.evaluation.target}.{self.evaluation.set}"

    @property
    def command(self) -> str:
        """The command that makes this report again."""
        return command_of(self.evaluation.sport, self.evaluation.target, self.evaluation.set, self.evaluation.season)

    def html(self) -> str:
        """Return the page, which needs nothing beside itself."""
        from antepost.desk.report_page import render

        return render(self)

    def save(self, folder: Path) -> Path:
        """Write the page below ``folder`` and return its path."""
        found = self.evaluation
        asked = "" if found.target == "winner" else f"{found.target}-"
        return written(self.html(), folder / f"{found.sport}-{asked}{found.set}-{found.span.replace(':', '-')}.html")

    def card(self) -> str:
        """Return the model card: what it is, what it reached, where not to trust it, and how to get all that again."""
        from antepost.desk.report_card import card

        return card(self)

    def save_card(self, folder: Path | None = None) -> Path:
        """Write the card into ``folder``, by default ``models/cards`` of the checkout that antepost runs from.

        Raises:
            DataError: it runs from no checkout, and no folder was named.
        """
        return written(self.card(), cards(folder) / f"{self.name.replace('.', '-')}.md")

    def as_json(self) -> dict[str, object]:
        """Return figures and tables, as ``report --json`` prints them."""
        return {
            **self.figures, "rivals": self.rivals.to_dicts(), "slices": self.slices.to_dicts(),
            "behind_base": self.behind.select("by", "part").to_dicts(), "groups": self.groups.to_dicts(),
            "drifted": self.drift.filter("drifted").to_dicts() if self.drift.height else [],
            "learning": None if self.learning is None else self.learning.to_dicts(),
            "worst": [{**miss.game, "p": miss.p, "market_p": miss.market_p, "loss": miss.loss} for miss in self.worst],
            "tuned_through": self.tuned_through, "command": self.command,
        }  # fmt: skip


def report(
    settings: Settings,
    sport: str,
    seasons: Iterable[int],
    set: str,  # noqa: A002
    *,
    target: Dichotomy = "winner",
    recipe: Path | None = None,
    explained: str | None = None,
    learning: bool = True,
    progress: Progress | None = None,
) -> Report:
    """Return the report on ``seasons``, each judged by what was trained on everything before it.

    Raises:
        PolicyError: a season at or before ``tuned_through`` of the recipe, or a result too good to be true that nobody
            ``explained``.
        DataError: a season without a judged game, or a league of which no prices are at hand.
    """
    require_prices(sport)
    found = evaluate(
        settings, sport, seasons, set, target=target, recipe=recipe, explained=explained, progress=progress
    )
    return put_together(settings, found, learning=learning)


def require_prices(sport: str) -> None:
    """Refuse a sport whose league that is judged has no closing prices.

    Raises:
        DataError: it has none.
    """
    about = get_sport(sport)
    league = next(iter(about.leagues))
    if league in unpriced_leagues(about):
        raise DataError(
            f"a report measures against the closing line, and no prices of {sport} are at hand; "
            f"antepost evaluate {sport} measures against ratings",
            sport=sport,
        )


def command_of(sport: str, target: str, set: str, season: np.ndarray) -> str:  # noqa: A002
    """Return the command that makes a report again."""
    asked = "" if target == get_sport(sport).headline else f" --target {target}"
    return f"antepost report {sport} --season {int(season.min())}:{int(season.max())} --odds {set}{asked}"


def written(text: str, path: Path) -> Path:
    """Write ``text`` to ``path`` and return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def cards(folder: Path | None) -> Path:
    """Return ``folder``, by default ``models/cards`` of the checkout that antepost runs from.

    Raises:
        DataError: it runs from no checkout, and no folder was named.
    """
    if folder is not None:
        return folder
    root = Path(features.__file__).parents[3]
    if not (root / "pyproject.toml").is_file():
        raise DataError(f"antepost runs from {root}, which is no checkout; name the folder for the card")
    return root / "models" / "cards"


def put_together(settings: Settings, found: Evaluation, *, learning: bool = True) -> Report:
    """Return the report on the games of an evaluation."""
    games = _games(settings, found.sport)
    parts = attributed(found)
    figures = found.figures()
    table = corp(found.p, found.y)
    figures |= {
        "miscalibration": table.miscalibration, "discrimination": table.discrimination,
        "uncertainty": table.uncertainty, "sharpness": float(np.std(found.p)),
    }  # fmt: skip
    asked: Dichotomy = "draw" if found.target == "draw" else "winner"
    rows = examples(settings, found.sport, found.set, asked).learnt_by(found.recipe) if learning else None
    return Report(
        evaluation=found,
        figures=figures,
        reliability=table,
        rivals=against_rivals(found),
        slices=slices(found, games),
        groups=by_group(found, parts),
        drift=_drift(found),
        worst=worst(found, parts, games),
        learning=None if rows is None else learning_curve(found, rows, found.recipe),
        tuned_through=found.recipe.tuned_through,
    )


def _drift(found: Evaluation) -> pl.DataFrame:
    newest = found.season == found.season.max()
    if newest.all():
        return pl.DataFrame()
    return stability(found.judges.X, found.judges.columns, newest, found.match_day)


def _games(settings: Settings, sport: str) -> pl.DataFrame:
    """Return fixture, start, stage, home and away by name, and the score, in the newest version of each."""
    facts = load(settings, sport, also=("entities",))
    newest = facts["fixtures"].sort("batch", "known_at", maintain_order=True).unique("fixture", keep="last")
    scores = facts["results"].sort("batch", "known_at", maintain_order=True).unique("fixture", keep="last")
    told = names_of(sport, facts["entities"], {*newest["home"], *newest["away"]})
    named = [pl.col(side).replace(told) for side in ("home", "away")]
    return newest.select("fixture", pl.col("event_at").alias("start"), "stage", *named).join(
        scores.select("fixture", "home_score", "away_score"), on="fixture", how="left"
    )
