"""A search over the little league's settings, its trials kept in a database of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from types import ModuleType

import numpy as np
import pytest

from antepost.errors import DataError, EngineError, MissingExtra, ModelError
from antepost.evaluation import WalkForward, log_loss
from antepost.lake import connect
from antepost.lake.database import url_of_schema
from antepost.lake.turns import turns
from antepost.models import Frame, Recipe, walk_forward
from antepost.models.arrays import one_column
from antepost.models.families import FAMILIES, space_of
from antepost.models.families.family import Fitted, Setup
from antepost.models.families.space import Real, Whole
from antepost.models.tuning import Search, Searched, search_family
from antepost.settings import Settings

THROUGH = 2007


@pytest.fixture
def asked(settings: Settings, frame: Frame, recipe: Recipe) -> Search:
    """Seven trials of each family, on the seasons through 2007."""
    rows = frame.where(frame.season <= THROUGH)
    recipe = recipe.model_copy(update={"families": {"elo": {}, "logistic": {"C": 1.0}}})
    return Search(
        frame=rows, y=rows.y, recipe=recipe, storage=url_of_schema(settings, "tuning"), study="invented", trials=7
    )


@pytest.fixture
def search(settings: Settings) -> Callable[..., Searched]:
    """A worker's search for the settings of a family."""

    def search(asked: Search, family: str = "logistic", **said: object) -> Searched:
        with turns(connect(settings), f"{asked.study}/{family}") as held:
            return search_family(asked, family, held, **said)  # pyright: ignore[reportArgumentType]

    return search


@dataclass(frozen=True)
class Frail:
    """A family that says the same by any settings, and cannot be fitted by some."""

    name: str = "logistic"

    def fit(self, _X: np.ndarray, _y: np.ndarray, setup: Setup) -> Fitted:
        if float(setup.recipe["C"]) < 0.5:
            raise ModelError("an invented fault")
        return Fitted(arrays=one_column(setup.columns, "elo.logit.now.fixture"))


class _Stopped(Exception):
    """Somebody pressed Ctrl+C."""


def stopping_in(trial: int) -> Callable[[str, float], None]:
    """Return progress that ends the worker as it begins that trial."""

    def tell(what: str, _share: float) -> None:
        if what.endswith(f"trial {trial}"):
            raise _Stopped

    return tell


def test_the_best_is_no_worse_than_what_stands_and_is_what_a_walk_by_it_gives(
    asked: Search, search: Callable[..., Searched], recipe: Recipe
) -> None:
    told: list[float] = []
    found = search(asked, progress=lambda _what, share: told.append(share))
    assert (found.study, found.seasons, found.n, found.tried, found.faults) == (
        "invented/logistic", (2004, 2007), 240, 7, 0,
    )  # fmt: skip
    assert told == [pytest.approx(i / 7) for i in range(7)]
    assert found.log_loss < found.present
    frame = asked.frame
    for settings, loss in ((found.settings, found.log_loss), ({"C": 1.0}, found.present)):
        own = recipe.model_copy(update={"families": {"logistic": settings}})
        p = walk_forward(frame, ("logistic",), own, WalkForward(first_train_seasons=3)).p[:, 0]
        tested = frame.season >= 2004
        assert log_loss(p[tested], frame.y[tested]) == pytest.approx(loss, rel=1e-12)


def test_a_search_that_was_broken_off_goes_on_where_it_was(asked: Search, search: Callable[..., Searched]) -> None:
    whole = search(asked)
    broken = replace(asked, study="broken")
    with pytest.raises(_Stopped):
        search(broken, progress=stopping_in(0))
    with pytest.raises(_Stopped):
        search(broken, progress=stopping_in(4))
    resumed: list[str] = []
    found = search(broken, progress=lambda what, _: resumed.append(what))
    assert len(resumed) == 4, "of seven trials three were done, and the one that was broken off is done again"
    assert replace(found, study=whole.study) == whole
    assert search(broken) == found, "enough is enough"


def test_two_workers_share_a_study_and_do_no_trial_twice(asked: Search, search: Callable[..., Searched]) -> None:
    told: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        work = [pool.submit(search, asked, progress=lambda what, _: told.append(what)) for _ in range(2)]
        found = [each.result() for each in work]
    assert sorted(told) == [f"logistic trial {number}" for number in range(7)]
    assert max(each.tried for each in found) == 7
    assert search(asked).tried == 7


def test_nothing_after_the_last_season_is_looked_at(
    asked: Search, search: Callable[..., Searched], frame: Frame
) -> None:
    """Were a later row read, the study would rest on other rows, and be refused."""
    found = search(asked)
    poisoned = replace(frame, X=np.where((frame.season > THROUGH)[:, None], 1e9, frame.X))
    rows = poisoned.where(poisoned.season <= THROUGH)
    assert search(replace(asked, frame=rows, y=rows.y)) == found


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda asked: replace(asked, frame=replace(asked.frame, X=asked.frame.X + 1.0)), "other rows than"),
        (lambda asked: replace(asked, recipe=asked.recipe.model_copy(update={"seed": 6})), "other walk than"),
    ],
)
def test_a_study_that_rests_on_something_else_is_refused(
    asked: Search, search: Callable[..., Searched], change: Callable[[Search], Search], what: str
) -> None:
    few = replace(asked, trials=1)
    search(few)
    with pytest.raises(ModelError, match=f"study invented/logistic in the database rests on {what}"):
        search(change(few))
    assert search(replace(change(few), study="another")).tried == 1


def test_tables_of_another_optuna_are_refused(
    asked: Search, search: Callable[..., Searched], settings: Settings
) -> None:
    search(replace(asked, trials=1))
    with connect(settings).begin() as connection:
        connection.exec_driver_sql("UPDATE tuning.alembic_version SET version_num = 'v0.9.0.a'")
    with pytest.raises(EngineError, match="another Optuna"):
        search(asked)


def test_a_configuration_that_cannot_be_fitted_is_a_fault_and_the_search_goes_on(
    asked: Search, search: Callable[..., Searched], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("frail")
    module.FAMILY, module.SPACE = Frail(), {"C": Real(0.01, 1.0)}
    monkeypatch.setitem(sys.modules, "antepost.models.families.logistic", module)
    found = search(asked)
    assert found.tried == 7
    assert 0 < found.faults < 7
    assert found.log_loss == found.present


def test_what_has_no_settings_is_not_searched(asked: Search, search: Callable[..., Searched]) -> None:
    with pytest.raises(ModelError, match="'elo' has nothing to search in the nfl recipe"):
        search(asked, "elo")
    early = asked.frame.where(asked.frame.season <= 2004)
    with pytest.raises(DataError, match="1 of the 4 seasons up to there can be tested after 3"):
        search(replace(asked, frame=early, y=early.y))


def test_without_optuna_the_extra_is_named(
    asked: Search, search: Callable[..., Searched], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("antepost.models.tuning.find_spec", lambda _name: None)
    with pytest.raises(MissingExtra, match="uv sync --extra tuning"):
        search(asked)


@pytest.mark.parametrize("family", FAMILIES)
def test_ranges_hold_what_costs_nothing_to_serve(family: str) -> None:
    """How many trees there are and how deep decides what a row costs, and default recipes may cost so much."""
    space = space_of(family)
    assert "trees" not in space
    for key in space.keys() & {"max_depth", "depth"}:
        assert space[key] == Whole(2, 4)


def test_a_family_that_is_not_there_has_no_ranges() -> None:
    with pytest.raises(ModelError, match="unknown family 'oracle'"):
        space_of("oracle")
