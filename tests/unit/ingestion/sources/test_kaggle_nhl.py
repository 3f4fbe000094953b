"""The Kaggle set of the NHL: no days, level shoot-outs, rows that are there twice."""

from __future__ import annotations

import pytest

from antepost.ingestion.source import Part
from antepost.ingestion.sources.kaggle_nhl import KAGGLE_NHL
from antepost.ingestion.stamps import UNDATED
from tests.payloads.nhl import KAGGLE

PARSED = KAGGLE_NHL.read(KAGGLE, Part(name="game_teams_stats", path=""))


def test_a_game_has_a_season_and_no_day() -> None:
    fixtures = PARSED.tables["fixtures"]
    assert set(fixtures["season"]) == {2013}
    assert set(fixtures["start"]) == {UNDATED}


def test_a_shoot_outs_winner_gets_the_goal_that_the_set_leaves_out() -> None:
    results = PARSED.tables["results"].select("home", "away", "home_score", "away_score", "ending").rows()
    assert results == [("BOS", "NYR", 3, 2, "shootout"), ("BOS", "UTA", 5, 2, "regulation")]


def test_a_row_that_is_there_twice_counts_once() -> None:
    assert PARSED.tables["team_stats"].height == 4
    assert PARSED.refused["reason"].to_list() == ["the same row again", "a team that nobody knows"]


def test_shares_are_shares_and_coaches_have_a_role() -> None:
    assert PARSED.tables["team_stats"]["faceoffs_won"].to_list()[0] == pytest.approx(0.448)
    assert PARSED.tables["rosters"]["role"].to_list()[:2] == ["away_coach", "home_coach"]
