"""Trained bundles as they lie on disk: the same bits again, and the same opinion as the libraries that made them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from antepost.desk.examples import examples
from antepost.desk.frames import to_matrix
from antepost.errors import LeakageError, ModelError
from antepost.features import lock_of
from antepost.models import Bundle, load_bundle
from antepost.models.kernels import Floats
from tests.prepared import Prepared

SETS = ("none", "close")


def _stored(prepared: Prepared, name: str) -> Bundle:
    return load_bundle(prepared.desk.settings.bundles, prepared.trained[name].digest, lock=lock_of("nfl"))


def _rows(prepared: Prepared, name: str) -> Floats:
    """Return rows of the newest ten seasons: in the first of all, no team has a rating yet."""
    frame = examples(prepared.desk.settings, "nfl", name).frame
    return frame.X[frame.season > prepared.newest - 10]


@pytest.mark.parametrize("name", SETS)
def test_one_row_and_all_rows_give_the_same_bits(prepared: Prepared, name: str) -> None:
    bundle, X = _stored(prepared, name), _rows(prepared, name)
    together, (low_home, low_away) = bundle.predict(X), bundle.p_low(X, 0.05)
    for i in range(0, len(X), 29):
        assert bundle.predict(X[i : i + 1])[0] == together[i]
        assert [low[0] for low in bundle.p_low(X[i : i + 1], 0.05)] == [low_home[i], low_away[i]]


@pytest.mark.parametrize("name", SETS)
def test_a_stored_bundle_says_what_its_libraries_say(prepared: Prepared, name: str, tmp_path: Path) -> None:
    import catboost
    import lightgbm
    import xgboost

    bundle, X = _stored(prepared, name), _rows(prepared, name)
    booster = xgboost.Booster(model_file=bytearray(bundle.native["xgboost.json"]))
    (tmp_path / "model.json").write_bytes(bundle.native["catboost.json"])
    symmetric = catboost.CatBoostClassifier().load_model(str(tmp_path / "model.json"), format="json")
    native = {
        "catboost": symmetric.predict_proba(X)[:, 1],
        "xgboost": np.asarray(booster.predict(xgboost.DMatrix(X))),
        "lightgbm": np.asarray(lightgbm.Booster(model_str=bundle.native["lightgbm.txt"].decode()).predict(X)),
    }
    compiled = dict(zip(bundle.manifest.families, bundle.family_probabilities(X).T, strict=True))
    for family, said in native.items():
        assert np.abs(compiled[family] - said).max() < 1e-6


def test_training_again_gives_the_same_bundle(prepared: Prepared) -> None:
    again = prepared.desk.train("nfl", "close", before=prepared.newest)
    assert again.digest == prepared.trained["close"].digest


@pytest.mark.parametrize("name", SETS)
def test_a_bundle_was_trained_before_the_newest_season_only(prepared: Prepared, name: str) -> None:
    manifest = _stored(prepared, name).manifest
    first = prepared.desk.fixtures("nfl", prepared.newest)["event_at"].min()
    assert isinstance(first, datetime)
    assert manifest.seasons[1] == prepared.newest - 1
    assert datetime.fromisoformat(manifest.trained_through) < first
    assert manifest.batch == 1


@pytest.mark.parametrize("name", SETS)
def test_a_sealed_probability_is_what_the_whole_matrix_gives(prepared: Prepared, name: str) -> None:
    bundle = _stored(prepared, name)
    frame = prepared.desk.features("nfl", seasons=range(prepared.newest - 5, prepared.newest + 1), set=name)
    frame = frame.drop_nulls("market.logit.now.fixture") if name == "close" else frame
    p = dict(zip(frame["fixture"], bundle.predict(to_matrix(frame, bundle.manifest.columns)), strict=True))
    sealed = [record for record in prepared.sealed if record["set"] == name]
    assert len(sealed) > 20
    assert [record["probability"] for record in sealed] == [
        {"home": p[record["fixture"]], "away": 1.0 - p[record["fixture"]]} for record in sealed
    ]


def test_a_price_in_the_matrix_of_no_prices_is_refused(prepared: Prepared) -> None:
    with pytest.raises(LeakageError, match=r"market\.logit\.now\.fixture"):
        prepared.desk.features("nfl", set="none", columns=("market.logit.now.fixture",))


@pytest.mark.parametrize("name", SETS)
def test_a_champion_that_has_learnt_from_later_games_predicts_nothing(prepared: Prepared, name: str) -> None:
    before = len(prepared.desk.predictions(limit=1000))
    asked = prepared.desk.at_kickoff("nfl", season=prepared.newest - 1, week=3)
    with pytest.raises(LeakageError, match="trained through"):
        prepared.desk.predict("nfl", asked, name)
    assert len(prepared.desk.predictions(limit=1000)) == before


def test_one_game_that_comes_too_early_refuses_the_whole_request(prepared: Prepared) -> None:
    early = prepared.desk.at_kickoff("nfl", season=prepared.newest - 1, week=3).head(1)
    good = prepared.desk.at_kickoff("nfl", season=prepared.newest, week=3)
    with pytest.raises(LeakageError):
        prepared.desk.predict("nfl", pl.concat([good, early]), "none")


def test_a_bundle_of_another_feature_lock_is_refused_by_name(prepared: Prepared) -> None:
    class Changed:
        digest = "0" * 16
        entries = (("elo.rating.now.home", "another definition"), *lock_of("nfl").entries[1:])

    with pytest.raises(ModelError, match=r"elo\.rating\.now\.home"):
        load_bundle(prepared.desk.settings.bundles, prepared.trained["none"].digest, lock=Changed())
