"""A league of which no prices are at hand: judged against ratings, with nothing said of a close."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from antepost.desk import Desk, open_desk
from antepost.desk.evaluate import Evaluation, evaluation_of
from antepost.desk.examples import examples
from antepost.desk.judging import judged_of, plan_of, walk
from antepost.desk.margin_rival import margin_filter_p
from antepost.errors import DataError
from antepost.evaluation import losses
from antepost.ingestion import ingest
from antepost.models.frame import UNDECIDED
from antepost.settings import get_settings


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk over a home with invented seasons of the CFL, of which no book's closing price counts."""
    home: Path = tmp_path_factory.mktemp("cfl") / "home"
    desk = open_desk(settings=get_settings(home=home, mirror=None, database_url=None, mlflow_url=None))
    ingest(desk.settings, "cfl", desk.clock, source="simulated_cfl")
    return desk


@pytest.fixture(scope="module")
def judged(desk: Desk) -> Evaluation:
    """The newest season."""
    plan = plan_of("cfl", "winner", "none", desk.seasons("cfl")[-1:], None, "season", ("elo", "logistic"))
    walked = plan.recipe.walk_forward.model_copy(update={"first_train_seasons": 2})
    plan = replace(plan, recipe=plan.recipe.model_copy(update={"walk_forward": walked}))
    rows = examples(desk.settings, "cfl", "none").learnt_by(plan.recipe)
    here = judged_of(plan, rows) & (rows.frame.y != UNDECIDED)
    return evaluation_of(desk.settings, plan, rows, here, walk(plan, rows, here), "winner")


def test_nothing_is_said_of_a_close_and_both_ratings_are_rivals(judged: Evaluation) -> None:
    shown = judged.figures()
    assert judged.n > 60
    assert not judged.priced
    assert (shown["G"], shown["market_log_loss"], shown["market_source"]) == (None, None, "no prices at hand")
    rivals = shown["rivals"]
    assert isinstance(rivals, dict)
    assert list(rivals) == ["elo", "margin_filter"]
    for name, p in (("elo", judged.elo_p), ("margin_filter", judged.filter_p)):
        assert p is not None
        saved = losses(p, judged.y) - losses(judged.p, judged.y)
        assert rivals[name]["saved"] == pytest.approx(saved.mean())
        assert rivals[name]["saved_low"] < saved.mean() < rivals[name]["saved_high"]
        assert rivals[name]["log_loss"] < shown["base_log_loss"]
    assert "no prices" in repr(judged)


def test_its_plots_leave_the_close_out(judged: Evaluation, tmp_path: Path) -> None:
    reliability, skill = judged.save_plots(tmp_path)
    assert reliability.stat().st_size > 1000
    assert skill.stat().st_size > 1000
    assert [line.get_label() for line in judged.plot_skill().axes[0].get_lines()[:2]] == ["model", "Elo"]


def test_the_filter_knows_nothing_of_the_season_it_is_asked_of_beforehand(desk: Desk) -> None:
    plan = plan_of("cfl", "winner", "none", desk.seasons("cfl")[-1:], None, "season", ("elo",))
    rows = examples(desk.settings, "cfl", "none")
    frame, opens = rows.frame, rows.cut(plan.seasons[0])
    spoilt = np.where((frame.label_known_at < opens)[:, None], frame.scores, frame.scores[:, ::-1])
    told = margin_filter_p(plan, rows, "winner")
    turned = margin_filter_p(plan, replace(rows, frame=replace(frame, scores=spoilt)), "winner")
    assert told is not None
    assert turned is not None
    first = frame.as_of <= frame.label_known_at[frame.season == plan.seasons[0]].min()
    np.testing.assert_array_equal(told[first], turned[first])
    assert not np.array_equal(told, turned)


def test_a_set_with_prices_has_no_games_there(desk: Desk) -> None:
    with pytest.raises(DataError, match="no cfl game with result and ratings"):
        desk.evaluate("cfl", desk.newest_season("cfl"), "close", families=("elo",))
