"""What every registered model family keeps to."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import numpy as np
import pytest

from antepost.errors import ModelError
from antepost.evaluation import calibration
from antepost.models import FAMILIES, Blend, get_family, read_recipe
from antepost.models.arrays import Compiled, EnsembleArrays, pack, unpack
from antepost.models.counts import KINDS
from antepost.models.explain import attribute_blend
from antepost.models.families.family import Family, Fitted, ScoreFamily, Setup

SMALL: dict[str, dict[str, int | str]] = {
    "h2o": {"models": 4, "memory_mib": 1024},
    "autogluon": {"models": "GBM,RF", "folds": 2, "trees": 15},
}
"""What a search among many models is cut down to here, so that it takes seconds."""

pytestmark = pytest.mark.xdist_group("families")

COLUMNS = ("market.logit.now.fixture", "elo.logit.now.fixture", "form.a", "form.b", "form.late")
# The families, and the kinds of goals beside Dixon and Coles'.
NAMES = (*FAMILIES, *(f"goals {kind}" for kind in KINDS))
# Of each family the first of these recipes that knows it.
SPORTS = ("nfl", "soccer")


def rows() -> tuple[np.ndarray, np.ndarray]:
    """Return four hundred invented rows; a fifth of the form is missing, and of the last column all but the newest."""
    rng = np.random.default_rng(21)
    truth = rng.normal(0.2, 0.8, size=400)
    X = truth[:, None] + rng.normal(size=(400, 5))
    X[:, 2:][rng.random((400, 3)) < 0.2] = np.nan
    X[:300, 4] = np.nan
    return X, (rng.random(400) < 1.0 / (1.0 + np.exp(-truth))).astype(np.int8)


def fitted(name: str, answers: np.ndarray | None = None) -> Fitted:
    X, y = rows()
    y = y if answers is None else answers
    name, _, kind = name.partition(" ")
    family, recipe = get_family(name), next(r for r in map(read_recipe, SPORTS) if name in r.families)
    settings, seed, threads = {**recipe.of(name), **SMALL.get(name, {})}, recipe.seed, recipe.threads
    settings |= {"kind": kind} if kind else {}
    if isinstance(family, ScoreFamily):
        goals = np.random.default_rng(22).poisson(1.3, size=X.shape[0])
        scores = np.column_stack([goals + y, goals + 1 - y]).astype(np.float64)
        return family.fit_scores(X, scores, Setup(columns=COLUMNS, seed=seed, threads=threads, recipe=settings))
    return family.fit(X, y, Setup(columns=COLUMNS, seed=seed, threads=threads, recipe=settings))


def bits_of(arrays: Compiled) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in unpack(arrays).items()}


def bits(fit: Fitted) -> dict[str, bytes]:
    return bits_of(fit.arrays)


def parts(fit: Fitted) -> tuple[Compiled, ...]:
    return fit.arrays.parts if isinstance(fit.arrays, EnsembleArrays) else (fit.arrays,)


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """Every registered family in turn."""
    return request.param


@cache
def fitted_once(name: str) -> Fitted:
    # Tests come in random order, so a fixture that is made anew for each family would be made many times.
    return fitted(name)


@pytest.fixture(scope="module")
def fit(name: str) -> Fitted:
    """The family fitted by the NFL recipe."""
    return fitted_once(name)


def test_it_is_called_what_it_is_registered_as(name: str) -> None:
    assert get_family(name.partition(" ")[0]).name == name.partition(" ")[0]


def test_it_says_probabilities_that_differ_between_rows(fit: Fitted) -> None:
    p = fit.arrays.score(rows()[0])
    assert ((p > 0.0) & (p < 1.0)).all()
    assert len(np.unique(p)) > 5


def test_fitting_again_gives_the_same_bits(name: str, fit: Fitted) -> None:
    assert bits(fitted(name)) == bits(fit)


def test_what_came_last_teaches_no_member_that_was_fitted_on_earlier_rows(name: str, fit: Fitted) -> None:
    """The inner folds of a search go forward in time only: a planted future moves the weights, not these members."""
    if name not in SMALL:
        return
    X, y = rows()
    # A future that one column gives away, so that the members which read it keep a weight.
    poisoned = fitted(name, np.where(np.arange(y.size) >= y.size - 60, X[:, 0] > 0.2, y).astype(np.int8))
    before, after = ({frozenset(bits_of(part).items()) for part in parts(found)} for found in (fit, poisoned))
    assert before & after
    assert bits(poisoned) != bits(fit)


def test_one_row_and_all_rows_agree_to_the_bit(fit: Fitted) -> None:
    X = rows()[0]
    alone = [fit.arrays.score(X[i : i + 1])[0] for i in range(len(X))]
    assert alone == fit.arrays.score(X).tolist()


def test_what_its_columns_add_sums_to_what_it_says(fit: Fitted) -> None:
    X = rows()[0][:50]
    alone = Blend(weights=np.ones(1), calibrator=calibration.fit("none", np.array([0.4, 0.6]), np.array([0, 1])))
    found = attribute_blend({"it": fit.arrays}, alone, X, fit.arrays.score(X)[:, None])
    np.testing.assert_allclose(found.base + found.columns.sum(axis=1), found.log_odds, atol=1e-6)
    assert np.abs(found.columns).sum() > 0.0


def test_its_arrays_hold_no_objects_and_survive_being_stored(fit: Fitted) -> None:
    stored = unpack(fit.arrays)
    assert {array.dtype.kind for array in stored.values()} <= set("fiub")
    X = rows()[0]
    assert pack(stored).score(X).tobytes() == fit.arrays.score(X).tobytes()


def test_gaps_everywhere_still_give_a_probability(name: str, fit: Fitted) -> None:
    if fit.library is None:
        return
    p = fit.arrays.score(np.full((1, len(COLUMNS)), np.nan))
    assert 0.0 < p[0] < 1.0


def test_a_native_file_has_a_name_and_a_library_and_the_other_way_round(fit: Fitted) -> None:
    assert (fit.native is None) == (fit.native_name is None)
    assert fit.native is None or fit.library is not None


def test_a_family_that_learns_refuses_rows_of_one_outcome(name: str, fit: Fitted) -> None:
    if fit.library is None:
        return
    with pytest.raises(ModelError, match="fewer than two outcomes"):
        fitted(name, np.ones_like(rows()[1]))


def test_a_family_that_reads_one_column_refuses_to_do_without_it(name: str, fit: Fitted) -> None:
    if fit.library is not None:
        return
    X, y = rows()
    family = get_family(name)
    assert isinstance(family, Family)
    with pytest.raises(ModelError, match=name):
        family.fit(X[:, 2:], y, Setup(columns=COLUMNS[2:], seed=1, threads=1, recipe={}))


def test_naming_it_loads_no_library(name: str) -> None:
    code = (
        f"import sys; from antepost.models import get_family; get_family({name.partition(' ')[0]!r})\n"
        "print(*{'sklearn', 'xgboost', 'lightgbm', 'catboost', 'h2o', 'autogluon', 'pandas'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
