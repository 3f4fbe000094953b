"""An invented little league: rows with gaps, a lock, a small recipe, and one bundle trained on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from antepost.evaluation import WalkForward
from antepost.models import Bundle, Frame, OutOfFold, Recipe, fit_bundle, walk_forward

COLUMNS = ("market.logit.now.fixture", "elo.logit.now.fixture", "form.a", "form.b", "never.known", "constant")
FAMILIES = ("market", "elo", "logistic", "xgboost", "lightgbm")
SEASONS, GAMES = range(2001, 2009), 60
DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class InventedLock:
    digest: str
    entries: tuple[tuple[str, str], ...]


@pytest.fixture(scope="session")
def lock() -> InventedLock:
    """A lock of invented features."""
    return InventedLock("lock-1", tuple((name, f"hash of {name}") for name in COLUMNS))


@pytest.fixture(scope="session")
def frame() -> Frame:
    """Eight invented seasons of sixty games, four a day, each column a noisy view of one true logit."""
    rng = np.random.default_rng(7)
    season = np.repeat(np.array(SEASONS, dtype=np.int32), GAMES)
    week = np.tile(np.arange(GAMES, dtype=np.int32) // 4, len(SEASONS))
    as_of = ((season.astype(np.int64) - 1970) * 365 + week * 7) * DAY
    truth = rng.normal(0.2, 0.8, size=season.size)
    X = truth[:, None] + rng.normal(size=(season.size, len(COLUMNS))) * (0.1, 0.4, 1.0, 1.0, 1.0, 1.0)
    X[rng.random(X.shape) < (0.0, 0.0, 0.2, 0.2, 0.0, 0.0)] = np.nan
    X[:, 4], X[:, 5] = np.nan, 3.0
    return Frame(
        fixture=[f"invented-{i}" for i in range(season.size)],
        season=season,
        week=week,
        as_of=as_of,
        label_known_at=as_of + DAY // 6,
        match_day=as_of // DAY,
        X=X,
        columns=COLUMNS,
        y=(rng.random(season.size) < 1.0 / (1.0 + np.exp(-truth))).astype(np.int8),
        market_p=1.0 / (1.0 + np.exp(-X[:, 0])),
    )


@pytest.fixture(scope="session")
def recipe() -> Recipe:
    """Few and shallow trees: these tests are about the path, not about skill."""
    return Recipe.model_validate(
        {
            "sport": "nfl",
            "tuned_through": 2002,
            "seed": 5,
            "threads": 1,
            "walk_forward": {"first_train_seasons": 3},
            "families": {
                "market": {},
                "elo": {},
                "logistic": {"C": 0.1},
                "xgboost": {"trees": 8, "max_depth": 2, "eta": 0.2, "subsample": 0.8},
                "lightgbm": {"trees": 8, "num_leaves": 4, "min_data_in_leaf": 10, "learning_rate": 0.2},
            },
        }
    )


@pytest.fixture(scope="session")
def splitter() -> WalkForward:
    """A walk by seasons."""
    return WalkForward(cadence="season", first_train_seasons=3)


@pytest.fixture(scope="session")
def oof(frame: Frame, recipe: Recipe, splitter: WalkForward) -> OutOfFold:
    """What every family said of the last five seasons."""
    return walk_forward(frame, FAMILIES, recipe, splitter)


@pytest.fixture(scope="session")
def bundle(frame: Frame, oof: OutOfFold, recipe: Recipe, lock: InventedLock) -> Bundle:
    """All families in one bundle, with thirty refits."""
    return fit_bundle(
        frame, oof, FAMILIES, recipe, sport="nfl", target="winner", set="close", lock=lock, batch=3,
        simulated=True, refits=30,
    )  # fmt: skip
