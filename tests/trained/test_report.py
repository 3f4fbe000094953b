"""The report on models that were really judged: what it says, and that it stands alone."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from antepost.desk.report import Report, put_together
from antepost.desk.skill import attributed
from antepost.evaluation import log_loss
from tests.prepared import Prepared


@pytest.fixture(scope="module")
def report(prepared: Prepared) -> Report:
    """The report on the two newest judged seasons."""
    found = prepared.judged["none"]
    return put_together(prepared.desk.settings, found.where(found.season >= prepared.newest - 1), learning=False)


def test_every_game_is_taken_apart_by_the_models_that_judged_it(report: Report) -> None:
    found = report.evaluation
    parts = attributed(found)
    served = np.log(found.p) - np.log1p(-found.p)
    for season in np.unique(found.season):
        rest = (served - parts.sum(axis=1))[found.season == season]
        assert np.ptp(rest) < 1e-6, "what is left is the season's base, the same for all its games"


def test_the_parts_of_the_games_are_slices_that_cover_them(report: Report) -> None:
    seasons = report.slices.filter(by="season")
    assert seasons["n"].sum() == report.evaluation.n
    assert (seasons["log_loss"] * seasons["n"]).sum() / report.evaluation.n == pytest.approx(
        log_loss(report.evaluation.p, report.evaluation.y)
    )
    assert set(report.slices["by"]) == {"season", "odds", "month", "stage"}
    assert report.slices["n"].min() >= 30


def test_the_worst_calls_are_the_dearest_games_and_say_what_misled(report: Report) -> None:
    found = report.evaluation
    loss = -np.log(np.where(found.y == 1, found.p, 1.0 - found.p))
    assert [miss.loss for miss in report.worst] == pytest.approx(np.sort(loss)[::-1][:20].tolist())
    for miss in report.worst:
        lost_at_home = miss.game["away_score"] > miss.game["home_score"]  # type: ignore[operator]
        assert all((one.log_odds > 0.0) == lost_at_home or abs(one.log_odds) < 0.02 for one in miss.factors)


def test_every_group_is_ranked_and_elo_is_among_what_counts(report: Report) -> None:
    assert report.groups["columns"].sum() == len(report.evaluation.judges.columns)
    assert report.groups["group"][0] in {"elo", "strengths", "glicko"}


def test_the_page_stands_alone(report: Report, tmp_path: Path) -> None:
    path = report.save(tmp_path)
    page = path.read_text()
    assert page.startswith("<!doctype html>")
    assert page.count("data:image/svg+xml;base64,") >= 6
    assert not re.search(r'(src|href)="(?!data:)', page)
    assert ("SIMULATED" in page) == report.evaluation.simulated
    assert report.command in page
    assert "nan" not in re.sub(r"data:image[^\"]+", "", page).casefold().replace("finance", "")


def test_the_card_is_short_and_gives_each_figure_its_n_and_its_interval(report: Report, tmp_path: Path) -> None:
    path = report.save_card(tmp_path)
    assert path.name == "nfl-winner-none.md"
    text = path.read_text()
    assert len(text.splitlines()) < 40
    assert text.count(f"n = {report.evaluation.n:,}") >= 5
    assert f"{report.command} --card" in text
