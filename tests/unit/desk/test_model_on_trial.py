"""An estimator of somebody's own, judged over invented seasons beside what the platform trains."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from antepost.desk import Desk, open_desk
from antepost.errors import ModelError
from antepost.ingestion import ingest
from antepost.settings import get_settings

TREES = HistGradientBoostingClassifier(max_iter=5)
IMPUTED = make_pipeline(
    SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler(), LogisticRegression(C=0.003)
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, mlflow_url: str) -> Desk:
    """A desk over a home with an invented league, its figures kept by the run's one MLflow."""
    home: Path = tmp_path_factory.mktemp("trial") / "home"
    desk = open_desk(settings=get_settings(home=home, mirror=None, database_url=None, mlflow_url=mlflow_url))
    ingest(desk.settings, "nfl", desk.clock, source="simulated", seasons=(2009, 2013))
    return desk


def test_an_estimator_is_judged_on_the_same_games_and_kept_as_a_trial_that_is_never_served(
    desk: Desk, mlflow_url: str
) -> None:
    from mlflow import MlflowClient

    ours = desk.evaluate("nfl", 2013, families=("elo", "logistic"))
    found = desk.evaluate("nfl", 2013, model=IMPUTED)
    assert found.fixtures == ours.fixtures
    assert list(found.family_p) == ["Pipeline.LogisticRegression"]
    said, theirs = found.family_p["Pipeline.LogisticRegression"], ours.family_p["logistic"]
    assert np.abs(said - theirs).max() < 1e-3, "the platform's own family does the same"
    client = MlflowClient(tracking_uri=mlflow_url)
    run = client.get_run(str(found.run))
    assert (run.data.tags["trial"], run.data.tags["judged_on"]) == ("true", "2013")
    assert run.data.params["logisticregression__C"] == "0.003"
    assert run.data.metrics["log_loss"] == pytest.approx(found.figures()["log_loss"])
    assert len(client.list_artifacts(str(found.run), "plots")) == 2
    assert ours.run is None

    with pytest.raises(ModelError, match=r"Pipeline\.LogisticRegression was judged on trial and is not served"):
        desk.register("nfl", "a" * 64, found)
    with pytest.raises(ModelError, match="family 'HistGradientBoostingClassifier' is not in set"):
        desk.train("nfl", families=("elo", "HistGradientBoostingClassifier"))


def test_beside_families_that_are_named_it_is_blended_with_them(desk: Desk) -> None:
    found = desk.evaluate("nfl", 2013, model=TREES, families="elo")
    assert list(found.weights) == ["elo", "HistGradientBoostingClassifier"]
    assert sum(found.weights.values()) == pytest.approx(1.0)


def test_one_that_takes_no_gaps_says_what_to_do(desk: Desk) -> None:
    with pytest.raises(ModelError, match="put an imputer before it"):
        desk.evaluate("nfl", 2013, model=LogisticRegression())
