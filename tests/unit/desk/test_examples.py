"""A score that is corrected years later changes nothing of what was known before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from antepost.desk import Desk, open_desk, predict
from antepost.desk.examples import examples
from antepost.desk.train import Trained
from antepost.domain import from_micros
from antepost.features import lock_of
from antepost.ingestion import ingest
from antepost.models import load_bundle
from antepost.models.bundle import ARRAYS
from antepost.models.frame import UNDECIDED
from antepost.settings import get_settings
from tests import league

SEASONS = range(2013, 2019)
FAMILIES = ("elo", "logistic")
# A season that is tested out of fold, so that families, blend and base rate all could learn from it: what the home side
# scored by the first load and by the second. One that won has lost, one that lost has drawn, a draw has been lost.
FIRST = {"2016_01_JAX_DEN": "34", "2016_01_HOU_NYJ": "22", "2016_01_NYG_TB": "20"}
LATER = {"2016_01_JAX_DEN": "0", "2016_01_HOU_NYJ": "29", "2016_01_NYG_TB": "3"}


def _told(scores: dict[str, str]) -> pl.DataFrame:
    """Return the league's games, with ``scores`` for the home sides of some."""
    table = league.games(SEASONS)
    named = pl.col("game_id").replace_strict(scores, default=None, return_dtype=pl.String)
    return table.with_columns(pl.coalesce(named, "home_score").alias("home_score"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk over a home with the league as it was told first."""
    desk = open_desk(settings=get_settings(home=tmp_path / "home", mirror=None, database_url=None, mlflow_url=None))
    ingest(desk.settings, "nfl", desk.clock, mirror=league.mirror_in(tmp_path / "mirror", _told(FIRST)))
    return desk


def _arrays(desk: Desk, trained: Trained) -> bytes:
    return (desk.settings.bundles / trained.digest / ARRAYS).read_bytes()


def test_a_corrected_score_leaves_bundles_and_forecasts_of_before_as_they_were(desk: Desk, tmp_path: Path) -> None:
    """The whole past was once trained through the day of the correction, and no champion could predict any of it."""
    was = desk.train("nfl", "none", before=2018, families=FAMILIES)
    judged = desk.evaluate("nfl", 2018, "none", families=FAMILIES)
    later = league.mirror_in(tmp_path / "later", _told(LATER))
    assert ingest(desk.settings, "nfl", desk.clock, mirror=later).added == {"results": 3}

    now = desk.train("nfl", "none", before=2018, families=FAMILIES)
    assert _arrays(desk, now) == _arrays(desk, was)
    assert now.manifest == was.manifest.model_copy(update={"batch": 2})
    bundle = load_bundle(desk.settings.bundles, now.digest, lock=lock_of("nfl"))
    assert predict.records(
        predict.loaded(desk.settings, "nfl"), bundle, desk.finale("nfl", 2018), desk.policy, desk.clock
    )

    again = desk.evaluate("nfl", 2018, "none", families=FAMILIES)
    for name in ("p", "y", "elo_p", "base_p", "market_p"):
        assert getattr(again, name).tobytes() == getattr(judged, name).tobytes(), name
    assert again.weights == judged.weights

    # Whoever learns from everything learns from the scores as they stand now.
    frame = examples(desk.settings, "nfl", "none").frame
    corrected = [f"nfl-{name.replace('_', '-')}" for name in LATER]
    stands = dict(zip(frame.fixture, frame.y.tolist(), strict=True))
    assert [stands[name] for name in corrected] == [0, UNDECIDED, 0]
    assert {(old.fixture, old.y) for old in frame.superseded} == set(zip(corrected, (1, 0, UNDECIDED), strict=True))
    assert from_micros(int(frame.as_known().label_known_at.max())) > desk.clock.now() - timedelta(minutes=10)
    assert corrected[1] not in frame.as_known().fixture
