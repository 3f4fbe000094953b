from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

from antepost.features.groups.table import table
from antepost.sports.atp import ATP
from tests.worlds import TINY, Game, Row, at, fixture_row, result_row, said

POINTS = replace(TINY, standings="points")
NOW = Game(
    fixture="now", season=2001, start=at("2001-12-02T18:00"), home="ANT", away="BEE", listed=at("2001-08-01T00:00")
)


def played(days: int, home: str, away: str, score: tuple[int, int], **changes: object) -> Game:
    """Return a game so many days before, with its score."""
    game = replace(NOW, fixture=f"{days}-{home}", start=NOW.start - timedelta(days=days), home=home, away=away)
    return replace(game, home_score=score[0], away_score=score[1], **changes)


# ANT has 6 points, BEE and CAT 4 each, DOG and EEL 1.
ROUND = [
    played(20, "ANT", "CAT", (1, 0)),
    played(19, "BEE", "DOG", (2, 2)),
    played(12, "DOG", "ANT", (0, 3)),
    played(11, "CAT", "BEE", (0, 1)),
    played(6, "CAT", "DOG", (4, 1)),
    played(5, "CAT", "EEL", (1, 1)),
]


def ask(*games: Game, extra: dict[str, list[Row]] | None = None) -> dict[str, float]:
    """Return what the table says of the game in question."""
    values = said(POINTS, [NOW, *games], "now", extra=extra)
    return {name: value for name, value in values.items() if name.startswith("table.")}


def test_places_go_by_points_then_goal_difference() -> None:
    values = ask(*ROUND)
    assert values["table.position.season.home"] == 1.0
    assert values["table.points.season.home"] == 6.0
    # BEE and CAT have 4 points and a difference of one goal; CAT has scored five.
    assert values["table.position.season.away"] == 3.0
    assert values["table.behind_leader.season.away"] == 2.0


def test_the_lead_over_those_who_go_down_is_over_the_best_of_them() -> None:
    values = ask(*ROUND)
    assert values["table.above_relegation.season.home"] == 2.0
    assert values["table.above_relegation.season.away"] == 0.0
    assert math.isnan(ask(ROUND[0])["table.above_relegation.season.home"])


def test_a_side_without_a_game_this_season_stands_nowhere() -> None:
    values = ask(ROUND[0], played(400, "BEE", "CAT", (9, 0), season=2000))
    assert math.isnan(values["table.position.season.away"])
    assert values["table.position.season.home"] == 1.0


def test_a_play_off_moves_nothing() -> None:
    final = played(2, "BEE", "ANT", (9, 0))
    row = {**fixture_row(final, batch=2), "stage": "SB"}
    assert ask(*ROUND, final, extra={"fixtures": [row]}) == ask(*ROUND)


def test_a_corrected_score_restates_everybodys_place() -> None:
    told = NOW.start - timedelta(days=1)
    fixed = result_row(replace(ROUND[0], home_score=0, away_score=2), told, 2)
    before = said(POINTS, [NOW, *ROUND], "now", told, {"results": [fixed]})
    after = ask(*ROUND, extra={"results": [fixed]})
    assert before["table.position.season.home"] == 1.0
    assert after["table.position.season.home"] == 3.0
    assert after["table.behind_leader.season.home"] == 4.0


def test_where_shares_rank_a_tie_is_half_a_win_and_level_sides_share_a_place() -> None:
    games = [played(20, "ANT", "CAT", (1, 0)), played(19, "BEE", "DOG", (2, 0)), played(9, "CAT", "DOG", (2, 2))]
    values = said(TINY, [NOW, *games], "now")
    assert values["table.position.season.home"] == values["table.position.season.away"] == 1.0
    assert said(TINY, [NOW, *games, played(3, "ANT", "DOG", (0, 1))], "now")["table.games_behind.season.home"] == 0.5


def test_players_have_no_table() -> None:
    assert table(ATP) is None
