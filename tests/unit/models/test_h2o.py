from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from antepost.errors import FamilyDied, MissingExtra, ModelError
from antepost.models.families import NO_JAVA
from antepost.models.families.child import Question
from antepost.models.families.h2o import _started, _uploaded, fit_here

RECIPE = {"models": 2, "algorithms": "GLM", "memory_mib": 64}
X, Y = np.random.default_rng(0).normal(size=(80, 2)), np.tile([0, 1], 40).astype(np.int8)


def asked(folder: Path, **recipe: int | str) -> Question:
    return Question(folder=str(folder), seed=1, threads=1, recipe={**RECIPE, **recipe})


@pytest.mark.parametrize(
    ("y", "recipe", "text"),
    [
        (Y, {"algorithms": "GLM,DeepLearning"}, "DeepLearning"),
        (Y[:20], {}, "20 training rows"),
        (np.concatenate([Y[:60], np.ones(20, np.int8)]), {}, "three pieces"),
    ],
)
def test_what_cannot_be_searched_is_refused_before_java_starts(
    y: np.ndarray, recipe: dict[str, str], text: str, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=text):
        fit_here(X[: y.size], y, asked(tmp_path, **recipe))
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def own_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that alone is searched for a Java."""
    monkeypatch.setattr("antepost.models.families._BUNDLED_JAVA", "no_such_module")
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_a_missing_java_is_named(own_java: Path) -> None:
    with pytest.raises(MissingExtra, match=NO_JAVA):
        fit_here(X, Y, asked(own_java))


def test_a_java_that_h2o_does_not_run_on_is_quoted(own_java: Path) -> None:
    java = own_java / "java"
    java.write_text("#!/bin/sh\necho Java 21 is not supported\nexit 1\n")
    java.chmod(0o755)
    with pytest.raises(FamilyDied, match="Java 21 is not supported"):
        fit_here(X, Y, asked(own_java))


@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
def test_h2o_holds_the_very_bits_of_the_rows(tmp_path: Path) -> None:
    told = np.random.default_rng(1).normal(size=40).cumsum() / 7.0
    told[::5] = np.nan
    near = told.astype(np.float32).astype(np.float64)
    h2o = _started(asked(tmp_path, memory_mib=512))
    try:
        frame = _uploaded(h2o, np.column_stack([told, near]), Y[:40], tmp_path / "rows.parquet")
        # H2O tells fifteen digits: enough of what is left, and not of the numbers themselves.
        left = (frame["c0"] - frame["c1"]).as_data_frame(use_multi_thread=True).to_numpy()[:, 0]
        assert frame["outcome"].as_data_frame(use_multi_thread=True)["outcome"].tolist() == ["away", "home"] * 20
    finally:
        h2o.cluster().shutdown()
    np.testing.assert_allclose(left, told - near, rtol=1e-12)
