"""An idea on trial: does the group leak, does it pad, and what does it add to the columns of a champion.

A champion of today's lock learns from all columns of its information set, so those are what an idea has to add to.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
import polars as pl

from antepost import features
from antepost.desk import frames, tables
from antepost.desk.evaluate import span_of
from antepost.desk.examples import Examples, examples
from antepost.desk.group_file import GroupFile, group_file
from antepost.desk.html import page
from antepost.desk.judging import check_seasons
from antepost.domain import SETS
from antepost.errors import DataError, ModelError, PolicyError
from antepost.evaluation import WalkForward, losses
from antepost.evaluation.intervals import Gain, paired_gain
from antepost.features.audit import audit, correlations
from antepost.features.candidate import declared, require_facts, sources_of, usable, values, world
from antepost.features.declaration import Declare, Group
from antepost.features.prove import LEAKS, Proof, prove
from antepost.models import Frame, Recipe, check_families, read_recipe, walk_forward
from antepost.models.frame import UNDECIDED
from antepost.settings import Settings
from antepost.sports import Sport, get_sport
from antepost.telemetry import Progress

FAMILIES = ("logistic", "lightgbm")
"""A linear one and one of trees, both quick; the mean of what they say is judged, uncalibrated."""
DRAWN, MOST = 100, 1_000
"""How many fixtures the proofs draw, and from how many of the newest at most."""
SHARE_ASIDE = 0.25
"""Which share of the seasons that may judge at all is kept aside for finished models, the newest; rounded up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the columns add: the same walk-forward folds with and without them, paired by fixture."""

    seasons: tuple[int, ...]
    families: tuple[str, ...]
    beside: int
    n: int
    log_loss_with: float
    log_loss_without: float
    gain: Gain


@dataclass(frozen=True, kw_only=True, eq=False)
class Trial:
    """What came of a trial.

    ``coverage`` has a row a column: column, coverage (the share of fixtures in which it is not null), mean, sd, like
    (the column it correlates with most) and rho. ``padding`` names what the audit found. ``judged`` is None where
    ``unjudged`` says why. ``aside`` are the seasons that no trial looks at.
    """

    group: Group
    sport: str
    set: str
    simulated: bool
    read: tuple[str, ...]
    columns: tuple[str, ...]
    proofs: tuple[Proof, ...]
    seed: int
    coverage: pl.DataFrame
    padding: tuple[str, ...]
    judged: Judged | None
    unjudged: str
    aside: tuple[int, ...]
    seconds: float
    file: GroupFile

    @property
    def leaks(self) -> tuple[str, ...]:
        """The columns that changed when only what could not be known was disturbed."""
        return tuple(sorted({name for proof in self.proofs if proof.name in LEAKS for name in proof.differing}))

    @property
    def broken(self) -> tuple[Proof, ...]:
        """The proofs that do not hold."""
        return tuple(proof for proof in self.proofs if not proof.holds)

    @property
    def silent(self) -> bool:
        """Whether no column has a value in any fixture, so that the proofs compared null with null."""
        return not self.coverage["coverage"].sum() > 0.0

    @property
    def verdict(self) -> str:
        """What to make of it, in a sentence."""
        if self.silent:
            return (
                f"refused: nothing was compared: every column of group {self.group.name} is null in every fixture; "
                "see whether its facts name an entity, and one that the spine's keys name"
            )
        if self.leaks:
            first = next(proof.name for proof in self.proofs if proof.name in LEAKS and proof.differing)
            return f"refused: group {self.group.name} leaks: {_some(self.leaks)} do not hold '{first}'"
        if self.broken:
            told = "; ".join(
                f"'{proof.name}' ({_some(proof.differing) or 'compared nothing'})" for proof in self.broken
            )
            return f"refused: group {self.group.name} does not hold {told}"
        return f"no leak found; {self._judgement()}"

    def _judgement(self) -> str:
        if self.judged is None:
            return f"not judged: {self.unjudged}"
        gain = self.judged.gain
        if gain.low > 0.0:
            return "better with it: the interval lies above 0"
        if gain.high < 0.0:
            return "worse with it: the interval lies below 0"
        return "no difference shown: the interval holds 0"

    def table(self) -> pl.DataFrame:
        """Return the proofs as a frame: proof, fixtures, cells, outcome."""
        return pl.DataFrame(
            [(p.name, p.fixtures, p.cells, "holds" if p.holds else _some(p.differing) or "-") for p in self.proofs],
            schema=["proof", "fixtures", "cells", "outcome"],
            orient="row",
        )

    def lines(self) -> list[str]:
        """Return the trial in a few lines of text."""
        flagged = " · SIMULATED" if self.simulated else ""
        asked = max((proof.fixtures for proof in self.proofs), default=0)
        held = len(self.proofs) - len(self.broken)
        told = [
            f"{self.group.name} on {self.sport}, set {self.set}{flagged}: {self.verdict}",
            f"{held} of {len(self.proofs)} proofs hold, {asked} questions at most, seed {self.seed}",
            f"its facts come from {', '.join(self.read)}",
        ]
        if self.judged is not None:
            told += _told(self.judged)
        if self.aside:
            told.append(f"kept aside for finished models: {span_of(self.aside)}")
        told += [f"padding: {fault}" for fault in self.padding]
        return [*told, f"{self.seconds:.1f} s"]

    def __repr__(self) -> str:
        with pl.Config(tbl_rows=20, fmt_str_lengths=60, tbl_hide_dataframe_shape=True):
            return "\n".join([*self.lines(), str(self.coverage)])

    def _repr_html_(self) -> str:
        head, *rest = self.lines()
        return page(head, rest, (self.table(), self.coverage))


def _told(judged: Judged) -> list[str]:
    gain = judged.gain
    nats, low, high = (1000 * value for value in (gain.nats, gain.low, gain.high))
    shown = [f"log-loss {judged.log_loss_without:.4f} without, {judged.log_loss_with:.4f} with"]
    shown.append(f"saved {nats:+.2f} thousandths of a nat a game, 95 % [{low:+.2f}, {high:+.2f}]")
    if math.isfinite(gain.G):
        shown.append(f"G {gain.G:+.4f}, 95 % [{gain.G_low:+.4f}, {gain.G_high:+.4f}]")
    else:
        shown.append("G has no meaning here: the closing line is no better than the base rate")
    taught = f"{' and '.join(judged.families)} beside {judged.beside} columns"
    shown.append(f"{judged.n:,} games of {span_of(judged.seasons)}; {taught}; paired by fixture, blocks of match-days")
    return shown


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:4]) + (f" and {len(listed) - 4} more" if len(listed) > 4 else "")


def trial(
    settings: Settings,
    declare: Declare | Group,
    sport: str,
    set: str = "none",  # noqa: A002  # an information set is called a set everywhere in this project
    *,
    seasons: Iterable[int] | None = None,
    families: str | Iterable[str] | None = FAMILIES,
    draw: int = DRAWN,
    seed: int = 0,
    progress: Progress | None = None,
) -> Trial:
    """Return what comes of a group that nobody has added yet: its proofs, its coverage and what it adds.

    The proofs are those of ``antepost features prove``, over ``draw`` fixtures of the newest ``MOST``. A group of which
    one does not hold is not judged. Else ``families`` walk forward with the set's columns and again with the group's
    beside them, over ``seasons``: by default all after ``tuned_through`` of the sport's recipe but the newest quarter
    of them, which is kept aside and refused here.

    Raises:
        DataError: the declaration breaks a rule, its facts cannot be found, or a season has no judged game.
        LeakageError: no column of the group may be used in the set.
        PolicyError: a season that the recipe was tuned on, or that is kept aside.
    """
    began = perf_counter()
    tell = progress or _silent
    about = get_sport(sport)
    asked = frames.ask(sport, set)
    group = declared(declare, about)
    file = group_file(declare, group)
    columns = usable(group, about, prices=set != "none", moment=SETS[set])
    chosen = check_families(families, set)
    read = sources_of(group, about)
    batch, told = tables.newest(settings, sport, also=read)
    require_facts(group, about, told)
    recipe, unjudged = _recipe(sport)
    judging, aside = _seasons(settings, sport, recipe, seasons) if recipe is not None else ((), ())
    tell("proofs", 0.0)
    proofs = tuple(prove(about, world(about, told, read), draw=draw, seed=seed, groups=(group,), most=MOST))
    tell("columns", 0.3)
    spine = features.spine(told, about, SETS[set])
    own = pl.DataFrame(values(group, about, told, spine, columns), schema=list(columns), orient="row").fill_nan(None)
    own = pl.concat([spine.select("fixture"), own], how="horizontal")
    whole = frames.matrix(settings, sport, told, asked, batch).join(own, on="fixture", how="left")
    coverage, padding = _coverage(sport, whole, group, columns)
    judged = None
    if not coverage["coverage"].sum() > 0.0:
        unjudged = "nothing was compared"
    elif not all(proof.holds for proof in proofs):
        unjudged = "a proof does not hold"
    elif recipe is not None:
        rows = examples(settings, sport, set).learnt_by(recipe)
        judged, unjudged = _judge(rows, own, columns, chosen, recipe, about, judging, tell)
    return Trial(
        group=group, sport=sport, set=set, simulated=tables.is_simulated(settings, sport), read=read, columns=columns,
        proofs=proofs, seed=seed, coverage=coverage, padding=padding, judged=judged, unjudged=unjudged, aside=aside,
        seconds=perf_counter() - began, file=file,
    )  # fmt: skip


def _silent(_what: str, _share: float) -> None:
    """Tell nobody."""


def _recipe(sport: str) -> tuple[Recipe | None, str]:
    try:
        return read_recipe(sport), ""
    except ModelError as error:
        return None, str(error)


def _seasons(
    settings: Settings, sport: str, recipe: Recipe, asked: Iterable[int] | None
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the seasons that judge a trial, and those kept aside for finished models.

    Raises:
        PolicyError: one of those asked for was tuned on, or is kept aside.
    """
    held = tables.load(settings, sport)["results"]["season"].unique().sort().to_list()
    fit = [s for s in held if s > recipe.tuned_through and s >= held[0] + recipe.first_train_seasons]
    aside = tuple(fit[len(fit) - math.ceil(SHARE_ASIDE * len(fit)) :])
    open_to = tuple(season for season in fit if season not in aside)
    if asked is None:
        return open_to, aside
    wanted = tuple(sorted({int(season) for season in asked}))
    check_seasons(sport, wanted, recipe)
    kept = [season for season in wanted if season in aside]
    if kept:
        raise PolicyError(
            f"{kept} are kept aside to judge finished models, so that no idea was chosen by looking at them; try it on "
            f"{span_of(open_to) or 'more seasons'}, and desk.evaluate it once it is promoted"
        )
    strange = [season for season in wanted if season not in open_to]
    if strange or not wanted:
        raise DataError(f"no {sport} season {strange} can judge a trial here; choose from {span_of(open_to) or 'none'}")
    return wanted, aside


def _coverage(
    sport: str, whole: pl.DataFrame, group: Group, columns: tuple[str, ...]
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return a row for each column, and what the audit of the whole matrix says of the group's columns."""
    seen = audit(sport, whole, dict.fromkeys(columns, group.name))
    padding = [f"{name} is constant" for name in seen.constant if name in columns]
    padding += [fault for fault in seen.faults if any(fault.startswith(f"{name} is null") for name in columns)]
    padding += [
        f"{one} and {other} are alike: rho {rho:+.6f}" for one, other, rho in seen.alike if {one, other} & {*columns}
    ]
    names = list(seen.null)
    rho = correlations(whole, names)
    np.fill_diagonal(rho, 0.0)
    places = [names.index(name) for name in columns]
    likest = [int(np.abs(rho[i]).argmax()) for i in places]
    rows = [
        (name, 1.0 - seen.null[name], whole[name].mean(), whole[name].std(), names[j], float(rho[i, j]))
        for name, i, j in zip(columns, places, likest, strict=True)
    ]
    schema = {
        "column": pl.String, "coverage": pl.Float64, "mean": pl.Float64, "sd": pl.Float64, "like": pl.String,
        "rho": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row"), tuple(padding)


def _judge(
    rows: Examples, own: pl.DataFrame, columns: tuple[str, ...], families: tuple[str, ...], recipe: Recipe,
    sport: Sport, seasons: tuple[int, ...], tell: Progress,
) -> tuple[Judged | None, str]:  # fmt: skip
    """Return what ``columns`` add in ``seasons``, or why that cannot be said."""
    # The mirror is of the catalogue's columns, so both versions do without.
    frame = replace(rows.frame, mirror=None)
    judged = np.isin(frame.season, seasons) & (rows.league == next(iter(sport.leagues)))
    judged &= ~np.isnan(frame.market_p) & (frame.y != UNDECIDED)
    if not judged.any():
        return (
            None,
            f"no {sport.name} game with result and price in {span_of(seasons) or 'any season left to judge by'}",
        )
    added = pl.DataFrame({"fixture": frame.fixture}).join(own, on="fixture", how="left", maintain_order="left")
    wider = replace(
        frame,
        X=np.ascontiguousarray(np.hstack([frame.X, frames.to_matrix(added, columns)])),
        columns=(*frame.columns, *columns),
    )
    splitter = WalkForward(cadence="season", first_train_seasons=recipe.first_train_seasons)

    def walked(version: Frame, begin: float) -> np.ndarray:
        def told(what: str, share: float) -> None:
            tell(what, begin + 0.3 * share)

        said = walk_forward(version, families, recipe, splitter, told, seasons=seasons).p[judged]
        return losses(said.mean(axis=1), frame.y[judged])

    without, with_ = walked(frame, 0.4), walked(wider, 0.7)
    close, base = (losses(p[judged], frame.y[judged]) for p in (frame.market_p, rows.base_p))
    return Judged(
        seasons=seasons, families=families, beside=len(frame.columns), n=int(judged.sum()),
        log_loss_with=float(with_.mean()), log_loss_without=float(without.mean()),
        gain=paired_gain(with_, without, close, base, frame.match_day[judged]),
    ), ""  # fmt: skip
