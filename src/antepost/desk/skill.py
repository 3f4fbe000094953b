"""Skill taken apart: by season, odds, month and stage, against each rival, by group of features, by what was learnt.

All is of the games of one evaluation, each judged by what had learnt from earlier ones only.
"""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import polars as pl

from antepost.desk.evaluate import Evaluation
from antepost.desk.examples import Examples
from antepost.desk.explain import Factor, told
from antepost.evaluation import block_bootstrap, losses, market_gap
from antepost.features import features_of
from antepost.features.words import Sides
from antepost.models import Recipe
from antepost.models.explain import Attribution, attribute_blend
from antepost.models.frame import UNDECIDED
from antepost.models.training import fit_family
from antepost.sports import get_sport


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A game that cost much: what is known of it, P(home) by model and closing line, and what spoke for the loser."""

    game: Mapping[str, object]
    sides: Sides
    p: float
    market_p: float
    loss: float
    factors: tuple[Factor, ...]


BANDS = (0.5, 0.6, 0.7, 0.8, 1.0)
LEAST = 30
"""Fewer games than this make no slice."""


def against_rivals(found: Evaluation) -> pl.DataFrame:
    """Return what the model saves against each rival on the same games.

    Columns: rival, log_loss and G (the rival's own), saved (nats a game, more than 0 where the model is better), low,
    high (95 %, blocks of match-days).
    """
    own, market, base = (losses(p, found.y) for p in (found.p, found.market_p, found.base_p))
    rows: list[tuple[str, float, float, float, float, float]] = []
    for name, p in (("closing line", found.market_p), ("Elo", found.elo_p), ("base rate", found.base_p)):
        theirs = losses(p, found.y)
        saved = theirs - own
        low, high = block_bootstrap(saved[:, None], found.match_day, lambda means: means[:, 0])
        G = market_gap(theirs, market, base, found.match_day).G
        rows.append((name, float(theirs.mean()), G, float(saved.mean()), low, high))
    return pl.DataFrame(rows, schema=["rival", "log_loss", "G", "saved", "low", "high"], orient="row")


def slices(found: Evaluation, games: pl.DataFrame) -> pl.DataFrame:
    """Return the skill on parts of the games; ``games`` has fixture, start and stage.

    Columns: by (season, odds, month, stage), part, n, log_loss, market_log_loss, G, G_low, G_high. Odds are the
    favourite's chance by the closing line. Parts of fewer than 30 games are left out.
    """
    rows = [
        (by, part, *_skill(found, here))
        for by, labels, parts in _labels(found, games)
        for part in parts
        if (here := labels == part).sum() >= LEAST
    ]
    schema = ["by", "part", "n", "log_loss", "market_log_loss", "G", "G_low", "G_high"]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _labels(found: Evaluation, games: pl.DataFrame) -> Iterator[tuple[str, np.ndarray, list[str]]]:
    """Yield what games are told apart by, each game's label, and the labels in their order."""
    about = get_sport(found.sport)
    known = pl.DataFrame({"fixture": found.fixtures}).join(games, on="fixture", how="left", maintain_order="left")
    seasons, stages = found.season.astype(str), known["stage"].fill_null("unknown").to_numpy()
    yield "season", seasons, sorted(set(seasons.tolist()))
    favourite = np.maximum(found.market_p, 1.0 - found.market_p)
    bands = [f"{low:.0%} to {high:.0%}" for low, high in pairwise(BANDS)]
    yield (
        "odds",
        np.array(bands)[np.clip(np.searchsorted(BANDS, favourite, side="right") - 1, 0, len(bands) - 1)],
        bands,
    )
    first = about.starts_month - 1
    months = [month_name[(first + i) % 12 + 1] for i in range(12)]
    yield "month", known["start"].dt.strftime("%B").fill_null("unknown").to_numpy(), months
    yield "stage", stages, list(dict.fromkeys((*about.stages, *sorted(set(stages.tolist())))))


def _skill(found: Evaluation, here: np.ndarray) -> tuple[int, float, float, float, float, float]:
    own, market, base = (losses(p[here], found.y[here]) for p in (found.p, found.market_p, found.base_p))
    gap = market_gap(own, market, base, found.match_day[here])
    return int(here.sum()), float(own.mean()), float(market.mean()), gap.G, gap.low, gap.high


def attributed(found: Evaluation) -> np.ndarray:
    """Return what each column adds to the log-odds of each game, (n, columns), by the models that judged it."""
    parts = np.empty(found.judges.X.shape)
    for rows, told_by in _by_fold(found):
        parts[rows] = told_by.columns
    return parts


def _by_fold(found: Evaluation) -> Iterator[tuple[np.ndarray, Attribution]]:
    judges, names = found.judges, tuple(found.family_p)
    said = np.column_stack([found.family_p[name] for name in names])
    for fold, fitted in judges.families.items():
        rows = np.flatnonzero(judges.fold == fold)
        blend = judges.blends[int(found.season[rows[0]])]
        families = {name: fitted[name] for name in names}
        yield rows, attribute_blend(families, blend, np.ascontiguousarray(judges.X[rows]), said[rows])


def groups_of_columns(sport: str, columns: tuple[str, ...]) -> dict[str, list[int]]:
    """Return the places of each group's columns, in the catalogue's order."""
    group = {feature.name: feature.group for feature in features_of(sport)}
    places: dict[str, list[int]] = {}
    for i, name in enumerate(columns):
        places.setdefault(group[name], []).append(i)
    return places


def by_group(found: Evaluation, parts: np.ndarray, shuffles: int = 3, seed: int = 0) -> pl.DataFrame:
    """Return what the models make of each group of features on games that they had not seen.

    Columns: group, columns, shap (mean size of what the group as a whole adds to a game's log-odds), rise (of the
    log-loss, in nats a game, once the group's values are dealt out anew among the games of a fold), spread (of the rise
    over the shuffles); the largest ``shap`` first.
    """
    generator = np.random.default_rng(seed)
    whole = float(losses(found.p, found.y).mean())
    rows: list[tuple[str, int, float, float, float]] = []
    for group, places in groups_of_columns(found.sport, found.judges.columns).items():
        rise = [float(losses(_shuffled(found, places, generator), found.y).mean()) - whole for _ in range(shuffles)]
        size = float(np.abs(parts[:, places].sum(axis=1)).mean())
        rows.append((group, len(places), size, float(np.mean(rise)), float(np.std(rise))))
    table = pl.DataFrame(rows, schema=["group", "columns", "shap", "rise", "spread"], orient="row")
    return table.sort("shap", descending=True)


def _shuffled(found: Evaluation, places: list[int], generator: np.random.Generator) -> np.ndarray:
    judges, p = found.judges, found.p.copy()
    for fold, fitted in judges.families.items():
        rows = np.flatnonzero(judges.fold == fold)
        dealt = judges.X[rows]
        dealt[:, places] = dealt[generator.permutation(rows.size)][:, places]
        said = np.column_stack([fitted[name].score(dealt) for name in found.family_p])
        # Where a family has no opinion on what was dealt, as Elo on a side's first game, the game stays as it was.
        held = ~np.isnan(said).any(axis=1)
        p[rows[held]] = judges.blends[int(found.season[rows[0]])].apply(said[held])
    return p


def worst(found: Evaluation, parts: np.ndarray, games: pl.DataFrame, n: int = 20) -> list[Miss]:
    """Return the ``n`` games that cost most, each with the three factors that spoke loudest for the side that lost.

    ``games`` has fixture, start, home, away, home_score and away_score.
    """
    loss = losses(found.p, found.y)
    about = {row["fixture"]: row for row in games.iter_rows(named=True)}
    shown: list[Miss] = []
    for i in map(int, np.argsort(-loss, kind="stable")[:n]):
        row = about[found.fixtures[i]]
        sides = Sides(home=str(row["home"]), away=str(row["away"]))
        wrong = parts[i] * (1.0 if found.y[i] == 0 else -1.0)
        loud = [int(j) for j in np.argsort(-wrong, kind="stable")[:3]]
        one = Attribution(base=0.0, parts=parts[i, loud][None, None, :], log_odds=np.zeros(1))
        columns = tuple(found.judges.columns[j] for j in loud)
        factors = told(found.sport, columns, found.judges.X[i, loud], one, sides)
        shown.append(
            Miss(
                game=row, sides=sides, p=float(found.p[i]), market_p=float(found.market_p[i]), loss=float(loss[i]),
                factors=factors,
            )
        )  # fmt: skip
    return shown


def learning_curve(
    found: Evaluation, rows: Examples, recipe: Recipe, sizes: tuple[int, ...] = (2, 4, 8, 16), last: int = 3
) -> pl.DataFrame:
    """Return the skill on the ``last`` seasons by how many seasons before were learnt from.

    The blend is the one that judged the season, so what changes is what the families have seen. Columns: seasons (the
    number learnt from, the largest is all), n, log_loss, G, G_low, G_high.
    """
    frame = rows.frame
    judged = np.unique(found.season)[-last:]
    place = {name: i for i, name in enumerate(found.fixtures)}
    here = np.isin(found.season, judged)
    most = int(judged[0] - frame.season.min())
    table: list[tuple[int, int, float, float, float, float]] = []
    for size in (*(size for size in sizes if size < most), most):
        p = found.p.copy()
        for season in judged if size < most else ():
            y, _ = frame.answers(rows.cut(int(season)))
            learnt = (frame.season < season) & (frame.season >= season - size) & (y != UNDECIDED)
            part = replace(frame.where(learnt), y=y[learnt], superseded=())
            asked = np.array([place[name] for name in found.fixtures if found.season[place[name]] == season])
            fitted = [fit_family(name, part, recipe).arrays for name in found.family_p]
            said = np.column_stack([one.score(found.judges.X[asked]) for one in fitted])
            p[asked] = found.judges.blends[int(season)].apply(said)
        n, loss, _, G, low, high = _skill(replace(found, p=p), here)
        table.append((size, n, loss, G, low, high))
    return pl.DataFrame(table, schema=["seasons", "n", "log_loss", "G", "G_low", "G_high"], orient="row")
