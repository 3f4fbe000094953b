from __future__ import annotations

import math

import numpy as np
import pytest

from antepost.errors import ModelError
from antepost.models import get_family
from antepost.models.arrays import pack, unpack
from antepost.models.davidson import DavidsonArrays, fit_log_nu
from antepost.models.families.elo import COLUMN
from antepost.models.families.family import Setup


def test_equals_draw_as_nu_says_and_nobody_expects_a_draw_of_a_mismatch() -> None:
    said = DavidsonArrays(column=1, log_nu=math.log(0.5)).score(np.array([[9.0, 0.0], [9.0, 4.0], [9.0, -4.0]]))
    spread = math.exp(2.0) + math.exp(-2.0)
    np.testing.assert_allclose(said, [0.5 / 2.5, 0.5 / (spread + 0.5), 0.5 / (spread + 0.5)], rtol=1e-14)
    far = DavidsonArrays(column=0, log_nu=0.0).score(np.array([[5000.0], [np.nan]]))
    assert far[0] == 0.0
    assert math.isnan(far[1])


def test_the_fit_finds_the_nu_of_the_world_and_no_other_is_likelier() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(0.3, 1.2, size=20_000)
    truth = DavidsonArrays(column=0, log_nu=-0.4).score(x[:, None])
    drawn = (rng.random(x.size) < truth).astype(np.int8)
    found = fit_log_nu(x, drawn)
    assert found == pytest.approx(-0.4, abs=0.05)

    def likelihood(log_nu: float) -> float:
        p = DavidsonArrays(column=0, log_nu=log_nu).score(x[:, None])
        return float(np.log(np.where(drawn == 1, p, 1.0 - p)).sum())

    assert likelihood(found) > max(likelihood(found - 0.01), likelihood(found + 0.01))


def test_elo_answers_the_question_of_draws_from_its_own_column() -> None:
    rng = np.random.default_rng(6)
    X = rng.normal(size=(400, 2))
    X[0, 1] = np.nan
    y = (rng.random(400) < 0.27).astype(np.int8)
    fitted = get_family("elo", "draw").fit(X, y, Setup(columns=("a", COLUMN), seed=0, threads=1, recipe={})).arrays
    said = pack(unpack(fitted)).score(X)
    assert said.tobytes() == fitted.score(X).tobytes()
    assert said[1:].mean() == pytest.approx(y[1:].mean(), abs=1e-9)
    assert fitted.score(X[7:8])[0] == said[7]
    with pytest.raises(ModelError, match="not among the columns"):
        get_family("elo", "draw").fit(X, y, Setup(columns=("a", "b"), seed=0, threads=1, recipe={}))
    with pytest.raises(ModelError, match="two outcomes"):
        get_family("elo", "draw").fit(
            X, np.zeros(400, np.int8), Setup(columns=("a", COLUMN), seed=0, threads=1, recipe={})
        )
