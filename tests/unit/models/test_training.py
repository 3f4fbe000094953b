from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from types import ModuleType

import numpy as np
import pytest

from antepost.domain import micros
from antepost.errors import FamilyDied, LeakageError, ModelError
from antepost.evaluation import Fold, WalkForward
from antepost.models import Bundle, Frame, OutOfFold, Recipe, fit_bundle, walk_forward
from antepost.models.arrays import Compiled, one_column
from antepost.models.families.family import Fitted, Setup
from antepost.models.frame import UNDECIDED, Superseded

CHEAP = ("elo", "logistic", "xgboost")


def test_every_row_from_the_first_tested_season_on_has_a_prediction(frame: Frame, oof: OutOfFold) -> None:
    np.testing.assert_array_equal(oof.complete, frame.season >= 2004)


def test_what_happens_later_does_not_move_an_earlier_prediction(
    frame: Frame, recipe: Recipe, splitter: WalkForward
) -> None:
    """A planted future: everything from 2006 on is turned around, and 2004 and 2005 must not notice."""
    later = frame.season >= 2006
    turned = replace(
        frame,
        y=np.where(later, 1 - frame.y, frame.y).astype(np.int8),
        X=np.where(later[:, None], -3.0 * frame.X, frame.X),
    )
    before = walk_forward(frame, CHEAP, recipe, splitter, seasons=[2004, 2005, 2006])
    after = walk_forward(turned, CHEAP, recipe, splitter, seasons=[2004, 2005, 2006])
    early = np.isin(frame.season, [2004, 2005])
    assert before.p[early].tobytes() == after.p[early].tobytes()
    changed = frame.season == 2006
    assert not np.array_equal(before.p[changed], after.p[changed])


def test_a_fold_learns_the_score_that_stood_when_its_question_was_asked(
    frame: Frame, recipe: Recipe, splitter: WalkForward
) -> None:
    """One corrected score of the first season took its game out of all folds before the correction."""
    y, known_at = frame.y.copy(), frame.label_known_at.copy()
    rows = [3, 4, 5]
    old = tuple(
        Superseded(fixture=frame.fixture[i], y=int(frame.y[i]), known_at=int(frame.label_known_at[i])) for i in rows
    )
    y[rows] = [1 - y[3], 1 - y[4], UNDECIDED]
    known_at[rows] = int(frame.as_of[frame.season == 2007].min()) - 1
    corrected = replace(frame, y=y, label_known_at=known_at, superseded=old)
    before = walk_forward(frame, CHEAP, recipe, splitter)
    after = walk_forward(corrected, CHEAP, recipe, splitter)
    unmoved = frame.season < 2007
    assert before.p[unmoved].tobytes() == after.p[unmoved].tobytes()
    assert not np.array_equal(before.p[frame.season == 2007], after.p[frame.season == 2007])
    hindsight = walk_forward(replace(corrected, superseded=()).as_known(), CHEAP, recipe, splitter)
    assert before.p[frame.season == 2004].tobytes() != hindsight.p[-300:-240].tobytes()


def test_only_the_seasons_asked_for_are_walked(frame: Frame, recipe: Recipe) -> None:
    told: list[str] = []
    by_week = WalkForward(cadence="week", first_train_seasons=3)
    weekly = walk_forward(frame, ("elo",), recipe, by_week, lambda what, _: told.append(what), seasons=[2007])
    assert len(told) == 15 + 1, "a fit a week, and the end"
    np.testing.assert_array_equal(weekly.complete, frame.season == 2007)


def test_progress_rises_to_one(frame: Frame, recipe: Recipe, splitter: WalkForward) -> None:
    told: list[tuple[str, float]] = []
    walk_forward(frame, ("elo", "market"), recipe, splitter, lambda what, share: told.append((what, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert told[1][0] == "market 2004"


@dataclass(frozen=True)
class CheatingWalk(WalkForward):
    """A walk that trains on the season it tests."""

    def folds(
        self, season: np.ndarray, block: np.ndarray, as_of: np.ndarray, label_known_at: np.ndarray
    ) -> Iterator[Fold]:
        for fold in super().folds(season, block, as_of, label_known_at):
            yield Fold(name=fold.name, cut=fold.cut, train=fold.test, test=fold.test)


def test_a_splitter_that_looks_ahead_is_stopped(frame: Frame, recipe: Recipe) -> None:
    with pytest.raises(LeakageError, match="fold 2004"):
        walk_forward(frame, ("elo",), recipe, CheatingWalk())


def test_the_manifest_says_what_the_bundle_learnt_from(frame: Frame, bundle: Bundle) -> None:
    manifest = bundle.manifest
    assert micros(datetime.fromisoformat(manifest.trained_through)) == frame.label_known_at.max()
    assert manifest.seasons == (2001, 2008)
    assert (manifest.rows, manifest.rows_out_of_fold) == (480, 300)
    assert manifest.columns == frame.columns
    assert (manifest.batch, manifest.simulated, manifest.lock) == (3, True, "lock-1")
    assert sum(manifest.weights) == pytest.approx(1.0)
    assert [name.split()[0] for name in manifest.libraries] == ["scikit-learn", "xgboost", "lightgbm"]


@dataclass(frozen=True)
class Frail:
    """A family whose process is killed from the season after ``season`` on."""

    season: int
    name: str = "logistic"

    def fit(self, X: np.ndarray, y: np.ndarray, setup: Setup) -> Fitted:
        if len(X) == len(y) > 60 * (self.season - 2000):
            raise FamilyDied("its process was killed by signal 9")
        return Fitted(arrays=one_column(setup.columns, "form.a"))


@pytest.fixture
def frail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The third family of the table, in the place of logistic."""
    module = ModuleType("frail")
    module.FAMILY = Frail(2005)
    monkeypatch.setitem(sys.modules, "antepost.models.families.logistic", module)


@pytest.mark.usefixtures("frail")
def test_a_family_whose_process_dies_is_left_out_and_the_others_go_on(
    frame: Frame, recipe: Recipe, splitter: WalkForward, oof: OutOfFold
) -> None:
    found = walk_forward(frame, ("elo", "logistic", "xgboost"), recipe, splitter)
    assert found.families == ("elo", "xgboost")
    assert found.left_out == {"logistic": "in fold 2007: its process was killed by signal 9"}
    assert found.p.tobytes() == oof.p[:, [oof.families.index(name) for name in found.families]].tobytes()
    with pytest.raises(FamilyDied, match="signal 9"):
        walk_forward(frame, ("logistic",), recipe, splitter)


def test_training_twice_gives_the_same_digest(
    frame: Frame, oof: OutOfFold, recipe: Recipe, splitter: WalkForward, bundle: Bundle
) -> None:
    again = walk_forward(frame, oof.families, recipe, splitter)
    assert again.p.tobytes() == oof.p.tobytes()
    second = fit_bundle(
        frame, again, oof.families, recipe, sport="nfl", target="winner", set="close",
        lock=_Lock(bundle), batch=3, simulated=True, refits=30,
    )  # fmt: skip
    assert second.digest == bundle.digest


def test_the_market_does_not_learn_without_prices(frame: Frame, oof: OutOfFold, recipe: Recipe, bundle: Bundle) -> None:
    with pytest.raises(ModelError, match="'market' is not in set 'none'"):
        fit_bundle(
            frame, oof, oof.families, recipe, sport="nfl", target="winner", set="none", lock=_Lock(bundle),
            batch=3, simulated=True, refits=2,
        )  # fmt: skip


def test_predictions_of_other_rows_do_not_feed_a_blend(
    frame: Frame, oof: OutOfFold, recipe: Recipe, bundle: Bundle
) -> None:
    with pytest.raises(ModelError, match="300"):
        fit_bundle(
            frame, replace(oof, p=oof.p[oof.complete]), oof.families, recipe, sport="nfl", target="winner", set="close",
            lock=_Lock(bundle), batch=3, simulated=True, refits=2,
        )  # fmt: skip


class _Lock:
    """The lock a bundle was trained under."""

    def __init__(self, bundle: Bundle) -> None:
        self.digest = bundle.manifest.lock
        self.entries = bundle.features


def test_what_judged_a_fold_can_be_kept_and_says_the_same_again(
    frame: Frame, recipe: Recipe, splitter: WalkForward, oof: OutOfFold
) -> None:
    kept: dict[tuple[str, str], Compiled] = {}

    def keep(fold: str, name: str, fitted: Compiled) -> None:
        kept[fold, name] = fitted

    walk_forward(frame, ("elo", "logistic"), recipe, splitter, keep=keep)
    seasons = sorted({int(season) for season in frame.season})[3:]
    assert list(kept) == [(str(season), name) for season in seasons for name in ("elo", "logistic")]
    for season in seasons:
        here = frame.season == season
        assert splitter.name(season, 0) == str(season)
        said = kept[str(season), "logistic"].score(frame.X[here])
        assert said.tobytes() == oof.p[here, oof.families.index("logistic")].tobytes()
