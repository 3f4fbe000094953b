"""Estimators of scikit-learn's interface on the little league's folds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.pipeline import make_pipeline

from antepost.errors import ModelError
from antepost.evaluation import WalkForward
from antepost.models import Frame, Recipe, fit_blend, walk_forward
from antepost.models.arrays import Compiled, OddArrays, unpack
from antepost.models.estimator import EstimatorScore
from antepost.models.explain import attribute_blend
from antepost.models.families.on_trial import on_trial
from antepost.models.frame import Mirror
from antepost.models.training import fit_family

IMPUTED = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), LogisticRegression(C=0.1))
TREES = HistGradientBoostingClassifier(max_iter=10, max_leaf_nodes=4, max_features=0.5)


def test_an_estimator_is_cloned_for_each_fold_and_learns_only_what_was_known(
    frame: Frame, recipe: Recipe, splitter: WalkForward
) -> None:
    model = clone(IMPUTED)
    own = on_trial(model)
    kept: dict[str, Compiled] = {}
    found = walk_forward(
        frame, ("elo", own.name), recipe, splitter, seasons=(2004, 2005), own=own,
        keep=lambda fold, name, fitted: kept.update({f"{fold} {name}": fitted}),
    )  # fmt: skip
    assert found.families == ("elo", "Pipeline.LogisticRegression")
    assert not hasattr(model[-1], "coef_"), "what was handed over is left as it was"
    for season in (2004, 2005):
        earlier, tested = frame.season < season, frame.season == season
        X = np.where(np.isnan(frame.X).all(axis=0), 0.0, frame.X)
        by_hand = clone(IMPUTED).fit(X[earlier], frame.y[earlier])
        np.testing.assert_array_equal(found.p[tested, 1], by_hand.predict_proba(X[tested])[:, 1])
    assert len({id(each) for each in kept.values()}) == 4


def test_what_draws_at_random_is_seeded_by_the_recipe(frame: Frame, recipe: Recipe) -> None:
    own, known = on_trial(TREES), frame.as_known()
    first, second = (fit_family(own.name, known, recipe, own).arrays.score(frame.X) for _ in range(2))
    other = fit_family(own.name, known, recipe.model_copy(update={"seed": 6}), own).arrays.score(frame.X)
    assert first.tobytes() == second.tobytes() != other.tobytes()
    fixed = on_trial(clone(TREES).set_params(random_state=6))
    assert fit_family(fixed.name, known, recipe, fixed).arrays.score(frame.X).tobytes() == other.tobytes()


def test_where_sides_change_places_it_is_odd_too(frame: Frame, recipe: Recipe) -> None:
    mirror = Mirror(places=np.array([0, 1, 3, 2, 4, 5]), signs=np.array([-1.0, -1.0, 1.0, 1.0, 1.0, 1.0]))
    own = on_trial(TREES)
    fitted = fit_family(own.name, replace(frame, mirror=mirror).as_known(), recipe, own).arrays
    assert isinstance(fitted, OddArrays)
    np.testing.assert_allclose(fitted.score(frame.X) + fitted.score(mirror.of(frame.X)), 1.0, rtol=0.0, atol=1e-12)


def test_one_that_takes_no_gaps_is_refused_with_what_to_do(frame: Frame, recipe: Recipe) -> None:
    own = on_trial(LogisticRegression())
    with pytest.raises(ModelError, match=r"LogisticRegression takes no NaN, and 2 of 6 columns .* make_pipeline\("):
        fit_family(own.name, frame.as_known(), recipe, own)
    full = replace(frame, X=np.nan_to_num(frame.X)).as_known()
    fitted = fit_family(own.name, full, recipe, own).arrays
    with pytest.raises(ModelError, match="takes no NaN"):
        fitted.score(frame.X)


class Strange(ClassifierMixin, BaseEstimator):
    """It says log-odds where chances were asked for."""

    def fit(self, X: np.ndarray, y: np.ndarray) -> Strange:
        self.classes_ = np.unique(y)
        if not X.size:
            raise ValueError("an own fault of it")
        return self

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        return np.column_stack([-X[:, 0], X[:, 0]])


class logistic(Strange):  # noqa: N801  # the name of a family
    """It is called as a family is."""


def test_what_says_no_probabilities_is_refused_and_its_own_faults_are_its_own(frame: Frame, recipe: Recipe) -> None:
    own, known = on_trial(Strange()), frame.as_known()
    with pytest.raises(ModelError, match="what Strange says of 480 rows are no probabilities"):
        fit_family(own.name, known, recipe, own).arrays.score(frame.X)
    with pytest.raises(ValueError, match="an own fault of it"):
        fit_family(own.name, replace(known, X=known.X[:, :0], columns=()), recipe, own)
    with pytest.raises(ModelError, match="fewer than two outcomes"):
        fit_family(own.name, known.where(known.y == 1), recipe, own)


@pytest.mark.parametrize("model", [LogisticRegression, RidgeClassifier(), "elo", object()])
def test_what_is_no_estimator_or_only_decides_is_refused(model: object) -> None:
    with pytest.raises(ModelError, match="hand over an instance with fit, predict_proba and get_params"):
        on_trial(model)


def test_a_class_that_is_called_as_a_family_is_refused() -> None:
    with pytest.raises(ModelError, match="there is a family 'logistic' already"):
        on_trial(logistic())


def test_it_is_neither_stored_nor_taken_apart(frame: Frame, recipe: Recipe) -> None:
    own = on_trial(TREES)
    fitted = fit_family(own.name, frame.as_known(), recipe, own).arrays
    assert isinstance(fitted, EstimatorScore)
    with pytest.raises(ModelError, match=r"HistGradientBoostingClassifier is on trial: .*make a family of it"):
        unpack(fitted)
    said = fitted.score(frame.X)[:, None]
    blend = fit_blend(said, frame.y, frame.season)
    with pytest.raises(ModelError, match="on trial and has no arrays"):
        attribute_blend({own.name: fitted}, blend, frame.X, said)
