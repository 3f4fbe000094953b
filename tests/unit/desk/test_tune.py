"""The settings of a quant's own recipe, searched over seven invented seasons."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from antepost.desk import Desk, open_desk
from antepost.desk.tune import Tuned
from antepost.domain.clock import SystemClock
from antepost.errors import DataError, ModelError, PolicyError
from antepost.ingestion import ingest
from antepost.models import read_recipe
from antepost.settings import Settings

OWN = """\
# Mine.
sport: nfl
tuned_through: 2010
seed: 3
threads: 1
walk_forward:
  first_train_seasons: 2
families:
  elo: {}
  # Little is enough.
  logistic:
    C: 0.9
"""


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A desk over a home with an invented league."""
    desk = open_desk(settings=settings)
    ingest(desk.settings, "nfl", SystemClock(), source="simulated", seasons=(2009, 2014))
    return desk


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A recipe of somebody's own."""
    file = tmp_path / "mine.yaml"
    file.write_text(OWN)
    return file


def test_the_best_is_written_into_the_recipe_and_its_seasons_judge_nobody_then(desk: Desk, own: Path) -> None:
    def tune(trials: int, **said: object) -> Tuned:
        return desk.tune("nfl", through=2012, trials=trials, recipe=own, **said)  # pyright: ignore[reportArgumentType]

    found = tune(5)
    [one] = found.searched
    assert (one.family, one.seasons, one.tried, one.study) == (
        "logistic", (2011, 2012), 5, "mine.winner.none.2012/logistic",
    )  # fmt: skip
    assert one.log_loss < one.present
    told = yaml.safe_load(own.read_text())
    assert told == {
        **yaml.safe_load(OWN),
        "tuned_through": 2012,
        "families": {"elo": {}, "logistic": one.settings},
        "tried": {one.study: 5},
    }
    assert "# Little is enough." in own.read_text()
    assert found.recipe == read_recipe("nfl", own)

    with pytest.raises(PolicyError, match=r"tuned through 2012, so \[2012\] cannot judge it"):
        desk.evaluate("nfl", (2012, 2013), recipe=own)
    with pytest.raises(PolicyError, match=r"tuned through 2012, so \[2011\] cannot judge it"):
        desk.report("nfl", 2011, recipe=own)
    shown = desk.evaluate("nfl", 2013, recipe=own).figures()
    assert (shown["tuned_through"], shown["configurations"]) == (2012, 5)
    assert list(shown["families"]) == ["elo", "logistic"]  # pyright: ignore[reportArgumentType]
    assert desk.train("nfl", recipe=own).manifest.recipe["tried"] == {one.study: 5}

    # The written values are of the same study, which goes on from where it is.
    again = tune(6)
    assert again.searched[0].tried == 6
    assert again.searched[0].log_loss <= one.log_loss
    assert tune(1, study="another").recipe.configurations == 7


def test_what_cannot_be_searched_is_said_before_any_work(desk: Desk, own: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.yaml"
    bare.write_text(OWN.replace("  logistic:\n    C: 0.9\n", ""))
    for said, error, text in (
        ({"recipe": bare}, ModelError, "no family of .*bare.yaml has settings"),
        ({"recipe": own, "families": "elo"}, ModelError, "'elo' has nothing to search"),
        ({"recipe": own, "trials": 0}, DataError, "0 trials"),
        ({"recipe": own}, DataError, "0 of the 2 seasons up to there can be tested"),
        ({"recipe": tmp_path / "none.yaml"}, ModelError, "none.yaml"),
    ):
        with pytest.raises(error, match=text):
            desk.tune("nfl", **said)  # pyright: ignore[reportArgumentType]
    with pytest.raises(ModelError, match="a recipe of nfl, not of nba"):
        read_recipe("nba", own)
    assert own.read_text() == OWN
