"""What every registered model family keeps to."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from antepost.errors import ModelError
from antepost.models import FAMILIES, get_family, read_recipe
from antepost.models.arrays import pack, unpack
from antepost.models.families.family import Fitted

COLUMNS = ("market.logit.now.fixture", "elo.logit.now.fixture", "form.a", "form.b")


def rows() -> tuple[np.ndarray, np.ndarray]:
    """Return four hundred invented rows; a fifth of the form columns is missing."""
    rng = np.random.default_rng(21)
    truth = rng.normal(0.2, 0.8, size=400)
    X = truth[:, None] + rng.normal(size=(400, 4))
    X[:, 2:][rng.random((400, 2)) < 0.2] = np.nan
    return X, (rng.random(400) < 1.0 / (1.0 + np.exp(-truth))).astype(np.int8)


def fitted(name: str) -> Fitted:
    X, y = rows()
    recipe = read_recipe("nfl")
    return get_family(name).fit(X, y, columns=COLUMNS, seed=recipe.seed, threads=recipe.threads, recipe=recipe.of(name))


def bits(fit: Fitted) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in unpack(fit.arrays).items()}


@pytest.fixture(scope="module", params=FAMILIES)
def name(request: pytest.FixtureRequest) -> str:
    """Every registered family in turn."""
    return request.param


@pytest.fixture(scope="module")
def fit(name: str) -> Fitted:
    """The family fitted by the NFL recipe."""
    return fitted(name)


def test_it_is_called_what_it_is_registered_as(name: str) -> None:
    assert get_family(name).name == name


def test_it_says_probabilities_that_differ_between_rows(fit: Fitted) -> None:
    p = fit.arrays.score(rows()[0])
    assert ((p > 0.0) & (p < 1.0)).all()
    assert len(np.unique(p)) > 5


def test_fitting_again_gives_the_same_bits(name: str, fit: Fitted) -> None:
    assert bits(fitted(name)) == bits(fit)


def test_one_row_and_all_rows_agree_to_the_bit(fit: Fitted) -> None:
    X = rows()[0]
    alone = [fit.arrays.score(X[i : i + 1])[0] for i in range(len(X))]
    assert alone == fit.arrays.score(X).tolist()


def test_its_arrays_hold_no_objects_and_survive_being_stored(fit: Fitted) -> None:
    stored = unpack(fit.arrays)
    assert {array.dtype.kind for array in stored.values()} <= set("fiub")
    X = rows()[0]
    assert pack(stored).score(X).tobytes() == fit.arrays.score(X).tobytes()


def test_a_native_file_has_a_name_and_a_library_and_the_other_way_round(fit: Fitted) -> None:
    assert (fit.native is None) == (fit.native_name is None)
    assert fit.native is None or fit.library is not None


def test_a_family_that_learns_refuses_rows_of_one_outcome(name: str, fit: Fitted) -> None:
    if fit.library is None:
        return
    X, y = rows()
    with pytest.raises(ModelError, match="fewer than two outcomes"):
        get_family(name).fit(X, np.ones_like(y), columns=COLUMNS, seed=1, threads=1, recipe=read_recipe("nfl").of(name))


def test_a_family_that_reads_one_column_refuses_to_do_without_it(name: str, fit: Fitted) -> None:
    if fit.library is not None:
        return
    X, y = rows()
    with pytest.raises(ModelError, match=name):
        get_family(name).fit(X[:, 2:], y, columns=COLUMNS[2:], seed=1, threads=1, recipe={})


def test_naming_it_loads_no_library(name: str) -> None:
    code = (
        f"import sys; from antepost.models import get_family; get_family({name!r})\n"
        "print(*{'sklearn', 'xgboost', 'lightgbm', 'pandas'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
