"""fastRhockey's boxes: how a close game ended, who was in goal, and goalies of another game."""

from __future__ import annotations

import polars as pl

from antepost.ingestion.source import Parsed, Part
from antepost.ingestion.sources.sportsdataverse_nhl_boxes import SPORTSDATAVERSE_NHL_PLAYERS, SPORTSDATAVERSE_NHL_TEAMS
from antepost.ingestion.stamps import ANNOUNCED, UNDATED
from tests.payloads.nhl import parquet, player_box, team_box

TOLD = ("fixture", "home_score", "away_score", "outcome", "ending")


def players(frame: pl.DataFrame) -> Parsed:
    return SPORTSDATAVERSE_NHL_PLAYERS.read(parquet(frame), Part(name="player_box_2023", path=""))


def test_a_shoot_out_gives_its_winner_a_goal_that_no_skater_scored() -> None:
    results = players(player_box()).tables["results"]
    assert results.select(TOLD).rows()[:2] == [
        ("nhl-2022020001", 4, 3, "home", "shootout"), ("nhl-2022020002", 2, 3, "away", "overtime"),
    ]  # fmt: skip


def test_a_close_game_of_sixty_minutes_is_told_by_its_goalies() -> None:
    assert players(player_box()).tables["results"]["ending"].to_list()[2] == "regulation"


def test_goalies_of_another_game_are_refused_and_its_ending_left_open() -> None:
    """The goalies of 2019/20 stand in games of teams that they did not play for."""
    parsed = players(player_box(goalies=("SEA", "NYR")))
    assert dict(parsed.refused["reason"].value_counts().rows()) == {
        "a goalie of another game: his team does not play in this one": 2, "no game": 1,
    }  # fmt: skip
    assert "nhl-2022020003" not in parsed.tables["results"]["fixture"]
    assert "nhl-2022020003" in parsed.tables["player_stats"]["fixture"]


def test_a_goalie_has_shots_by_strength_and_a_skater_has_none() -> None:
    rows = players(player_box()).tables["player_stats"].filter(pl.col("fixture") == "nhl-2022020001")
    goalie, skater = (rows.filter(pl.col("role") == role).row(0, named=True) for role in ("G", "C"))
    assert (goalie["seconds"], goalie["even_strength_shots_against"], goalie["goals"]) == (3900, 18, None)
    assert (skater["seconds"], skater["faceoffs_won"], skater["saves"]) == (1200, 0.6, None)


def test_the_goalie_who_starts_is_known_90_minutes_before() -> None:
    rosters = players(player_box()).tables["rosters"]
    assert rosters["role"].to_list()[:2] == ["home_goalie", "away_goalie"]
    assert set(rosters["known_at"]) == {UNDATED - ANNOUNCED}


def test_team_boxes_know_how_a_game_ended_only_if_it_was_not_close() -> None:
    parsed = SPORTSDATAVERSE_NHL_TEAMS.read(parquet(team_box()), Part(name="team_box_2023", path=""))
    assert parsed.tables["results"].select(TOLD).rows() == [
        ("nhl-2022020001", 4, 3, "home", None), ("nhl-2022020002", 2, 3, "away", None),
        ("nhl-2022020003", 5, 2, "home", "regulation"),
    ]  # fmt: skip
    assert parsed.tables["team_stats"]["team"].to_list()[3] == "UTA"
