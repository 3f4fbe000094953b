from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import check_grad
from scipy.stats import poisson

from antepost.errors import ModelError
from antepost.evaluation import WalkForward
from antepost.models import Frame, Recipe, fit_bundle, get_family, walk_forward
from antepost.models.arrays import pack, unpack
from antepost.models.bundle import assemble
from antepost.models.families.family import Setup
from antepost.models.families.goals import Goals
from antepost.models.goals import GoalArrays, loss_of_goals, shares
from antepost.models.manifest import FeatureLock

COLUMNS = ("never.read", "pi.margin.now.fixture", "strengths.total.now.fixture")


def _arrays(rho: float, *, of_draw: bool) -> GoalArrays:
    return GoalArrays(
        columns=np.array([1, 2], dtype=np.int32), impute=np.zeros(2), center=np.zeros(2), scale=np.ones(2),
        total=np.array([0.0, 0.2, 0.3]), supremacy=np.array([0.4, 0.0, 0.1]), rho=rho, of_draw=of_draw,
    )  # fmt: skip


def _grid(home: float, away: float, rho: float) -> np.ndarray:
    """Return the chances of all scores, straight from the paper."""
    goals = np.arange(60)
    grid = np.outer(poisson.pmf(goals, home), poisson.pmf(goals, away))
    grid[0, 0] *= 1 - home * away * rho
    grid[0, 1] *= 1 + home * rho
    grid[1, 0] *= 1 + away * rho
    grid[1, 1] *= 1 - rho
    return grid


@pytest.mark.parametrize("rho", [-0.12, 0.0, 0.08])
@pytest.mark.parametrize(("margin", "total"), [(0.0, 0.0), (1.3, -0.5), (-2.0, 1.0), (0.4, 4.0)])
def test_chances_are_those_of_the_grid_of_scores(margin: float, total: float, rho: float) -> None:
    home = math.exp(0.3 + 0.2 * total + 0.1 + 0.4 * margin)
    away = math.exp(0.3 + 0.2 * total - 0.1 - 0.4 * margin)
    grid = _grid(home, away, rho)
    drawn, won = np.trace(grid), np.tril(grid, -1).sum()
    X = np.array([[9.0, margin, total]])
    np.testing.assert_allclose(_arrays(rho, of_draw=True).grid(X[0]), grid[:48, :48], atol=1e-12)
    assert _arrays(rho, of_draw=True).score(X)[0] == pytest.approx(drawn, abs=1e-12)
    assert _arrays(rho, of_draw=False).score(X)[0] == pytest.approx(won / (1 - drawn), abs=1e-12)


def test_one_goal_makes_the_difference_as_often_as_the_grid_says() -> None:
    grid = _grid(1.7, 1.1, 0.0)
    expected = (np.trace(grid), np.tril(grid, -1).sum(), np.trace(grid, -1), np.trace(grid, 1))
    np.testing.assert_allclose(shares(1.7, 1.1), expected, rtol=1e-12)


@pytest.mark.parametrize("decided", [False, True])
def test_the_gradient_is_that_of_the_likelihood(decided: bool) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(60, 2))
    scores = rng.poisson(1.2, size=(60, 2)).astype(np.float64)
    scores = scores[scores[:, 0] != scores[:, 1]] if decided else scores
    x = x[: len(scores)]

    def value(theta: np.ndarray) -> float:
        return loss_of_goals(x, scores, theta[:3], theta[3:6], theta[6], decided)[0]

    def gradient(theta: np.ndarray) -> np.ndarray:
        _, total, supremacy, rho = loss_of_goals(x, scores, theta[:3], theta[3:6], theta[6], decided)
        return np.array([*total, *supremacy, rho])

    at = np.array([0.1, -0.2, 0.2, 0.3, 0.1, 0.1, -0.07])
    assert check_grad(value, gradient, at) < 1e-4 * np.abs(gradient(at)).max()


def _played(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and final scores of invented games with the weights of ``_arrays`` and rho -0.1."""
    rng = np.random.default_rng(seed)
    X = np.clip(rng.normal(size=(n, 3)), -1.5, 1.5)
    home = np.exp(0.3 + 0.2 * X[:, 2] + 0.1 + 0.4 * X[:, 1])
    away = np.exp(0.3 + 0.2 * X[:, 2] - 0.1 - 0.4 * X[:, 1])
    scores = np.empty((n, 2))
    for i in range(n):
        grid = _grid(home[i], away[i], -0.1)[:20, :20].ravel()
        scores[i] = divmod(rng.choice(400, p=grid / grid.sum()), 20)
    return X, scores


def test_both_questions_find_the_world_they_were_played_in() -> None:
    X, scores = _played(3000, 8)
    even = scores[:, 0] == scores[:, 1]
    for family, rows in ((Goals(of_draw=True), slice(None)), (Goals(), ~even)):
        fitted = family.fit_scores(
            X[rows], scores[rows], Setup(columns=COLUMNS, seed=0, threads=1, recipe={"l2": 1.0})
        ).arrays
        truth = _arrays(-0.1, of_draw=family.of_draw).score(X)
        assert np.abs(fitted.score(X) - truth).mean() < 0.02
        # One row and many agree to the bit, and so does what was stored.
        said = pack(unpack(fitted)).score(X)
        assert said.tobytes() == fitted.score(X).tobytes()
        assert all(fitted.score(X[i : i + 1])[0] == said[i] for i in range(0, 3000, 97))


def test_without_scores_or_strengths_there_is_nothing_to_learn() -> None:
    X, scores = np.zeros((100, 3)), np.ones((100, 2))
    for columns, told in ((("a", "b", "c"), scores), (COLUMNS, np.empty((0, 2)))):
        with pytest.raises(ModelError, match="goals"):
            Goals().fit_scores(X, told, Setup(columns=columns, seed=0, threads=1, recipe={"l2": 1.0}))


def test_each_question_has_its_own() -> None:
    assert (get_family("goals").of_draw, get_family("goals", "draw").of_draw) == (False, True)


def test_a_fold_knows_no_score_of_its_season_or_of_later_ones(
    frame: Frame, recipe: Recipe, splitter: WalkForward
) -> None:
    own = recipe.model_copy(update={"families": {**recipe.families, "goals": {"l2": 1.0}}})
    fewer = np.random.default_rng(2).poisson(1.0, size=frame.y.size)
    scores = np.column_stack([fewer + 2 * frame.y, fewer + 1]).astype(np.float64)
    poisoned = np.where((frame.season >= 2006)[:, None], scores[:, ::-1] + 3.0, scores)
    told, lied = (walk_forward(replace(frame, scores=s), ("goals",), own, splitter).p for s in (scores, poisoned))
    early, late = frame.season <= 2006, frame.season == 2007
    assert told[early].tobytes() == lied[early].tobytes()
    assert not np.isnan(told[late]).any()
    assert (told[late] != lied[late]).all()


def test_a_bundle_on_draws_says_the_same_once_it_was_stored(
    frame: Frame, recipe: Recipe, splitter: WalkForward, lock: FeatureLock
) -> None:
    rng = np.random.default_rng(3)
    scores = rng.poisson(1.1, size=(frame.y.size, 2)).astype(np.float64)
    drawn = (scores[:, 0] == scores[:, 1]).astype(np.int8)
    rows = replace(frame, target="draw", y=drawn, scores=scores)
    own = recipe.model_copy(update={"families": {**recipe.families, "goals": {"l2": 1.0}}})
    names = ("elo", "goals", "logistic")
    oof = walk_forward(rows, names, own, splitter)
    kept = {"sport": "soccer", "set": "none", "lock": lock, "batch": 3, "simulated": True, "refits": 3}
    bundle = fit_bundle(rows, oof, names, own, target="draw", **kept)
    assert bundle.manifest.name == "soccer.draw.none"
    again = assemble(bundle.manifest, bundle.files, {})
    assert again.digest == bundle.digest
    assert again.predict(rows.X).tobytes() == bundle.predict(rows.X).tobytes()
    with pytest.raises(ModelError, match="answer 'draw', not 'winner'"):
        fit_bundle(rows, oof, names, own, target="winner", **kept)
