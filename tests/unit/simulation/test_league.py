"""The invented league is the same for one seed, shaped like the real one, and honest about its chances."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antepost.simulation import SEASONS, SEED, simulate, true_chance, truth
from antepost.simulation.league import COLUMNS
from antepost.sports.nfl import NFL

type Row = dict[str, str]


@pytest.fixture(scope="module")
def league() -> list[Row]:
    return list(csv.DictReader(io.StringIO(simulate(SEED, SEASONS).decode())))


def of(league: Sequence[Row], season: int) -> list[Row]:
    return [row for row in league if row["season"] == str(season)]


def log_loss(pairs: Sequence[tuple[float, bool]]) -> float:
    return -sum(math.log(p if won else 1.0 - p) for p, won in pairs) / len(pairs)


def decided(league: Sequence[Row]) -> list[Row]:
    return [row for row in league if row["home_score"] != row["away_score"]]


def won(row: Row) -> bool:
    return int(row["home_score"]) > int(row["away_score"])


def test_one_seed_gives_the_same_bytes_and_another_gives_others() -> None:
    assert simulate(7, range(2006, 2008)) == simulate(7, range(2006, 2008))
    assert simulate(7, range(2006, 2008)) != simulate(8, range(2006, 2008))


def test_later_seasons_do_not_change_earlier_ones() -> None:
    assert simulate(SEED, range(2006, 2009)).startswith(simulate(SEED, range(2006, 2007)))


@pytest.mark.parametrize("season", [2006, 2023])
def test_a_season_has_seventeen_full_weeks_and_play_offs(league: list[Row], season: int) -> None:
    rows = of(league, season)
    assert Counter(row["game_type"] for row in rows) == {"REG": 272, "WC": 4, "DIV": 4, "CON": 2, "SB": 1}
    for week in range(1, 18):
        playing = [row for row in rows if row["week"] == str(week)]
        sides = [row["home_team"] for row in playing] + [row["away_team"] for row in playing]
        assert sorted(sides) == sorted(NFL.teams)
    at_home = Counter(row["home_team"] for row in rows if row["game_type"] == "REG")
    assert set(at_home.values()) <= {7, 8, 9, 10}


def test_nobody_meets_twice_in_a_regular_season(league: list[Row]) -> None:
    rows = [row for row in of(league, 2010) if row["game_type"] == "REG"]
    assert len({frozenset((row["home_team"], row["away_team"])) for row in rows}) == 272


def test_play_off_winners_go_on_and_losers_do_not(league: list[Row]) -> None:
    for season in SEASONS:
        out: set[str] = set()
        for row in of(league, season):
            if row["game_type"] == "REG":
                continue
            assert not out & {row["home_team"], row["away_team"]}
            assert row["home_score"] != row["away_score"]
            out.add(row["away_team"] if won(row) else row["home_team"])
        assert len(out) == 11


def test_games_come_in_order_of_their_rounds_and_the_final_is_neutral(league: list[Row]) -> None:
    for season in SEASONS:
        rows = of(league, season)
        ends = {stage: max(row["gameday"] for row in rows if row["game_type"] == stage) for stage in NFL.stages}
        starts = {stage: min(row["gameday"] for row in rows if row["game_type"] == stage) for stage in NFL.stages}
        for before, after in zip(NFL.stages, NFL.stages[1:], strict=False):
            assert ends[before] < starts[after]
        assert [row["game_type"] for row in rows if row["location"] == "Neutral"] == ["REG", "SB"]


def test_there_are_ties_and_they_are_rare(league: list[Row]) -> None:
    ties = len(league) - len(decided(league))
    assert 0 < ties < 40
    assert all(row["overtime"] == "1" for row in league if row["home_score"] == row["away_score"])


def test_the_true_chances_are_true_and_nobody_beats_them(league: list[Row]) -> None:
    """Calibrated in tenths within four standard errors; and truth < closing line < base rate in log-loss."""
    chances = truth(SEED, SEASONS)
    games = decided(league)
    exact = [(chances[row["game_id"]], won(row)) for row in games]
    for tenth in range(1, 9):
        cell = [pair for pair in exact if tenth / 10 <= pair[0] < (tenth + 1) / 10]
        if len(cell) > 50:
            expected = sum(p for p, _ in cell)
            error = math.sqrt(sum(p * (1 - p) for p, _ in cell))
            assert abs(sum(result for _, result in cell) - expected) < 4 * error
    base = sum(won(row) for row in games) / len(games)
    market = [(implied(row), won(row)) for row in games]
    assert log_loss(exact) < log_loss(market) < log_loss([(base, won(row)) for row in games]) - 0.03


def implied(row: Row) -> float:
    home, away = (payout(row[f"{side}_moneyline"]) for side in ("home", "away"))
    return away / (home + away)


def payout(american: str) -> float:
    odds = int(american)
    return 1 + odds / 100 if odds > 0 else 1 - 100 / odds


def test_every_column_of_the_layout_is_filled_where_it_has_to_be(league: list[Row]) -> None:
    may_be_blank = {"temp", "wind"}
    assert tuple(league[0]) == COLUMNS
    assert {name for row in league for name, value in row.items() if not value} <= may_be_blank


@given(edge=st.floats(-40, 40), tie=st.booleans())
def test_a_chance_is_a_probability_and_fair_to_both_sides(edge: float, *, tie: bool) -> None:
    chance = true_chance(edge, tie_allowed=tie)
    assert 0.0 <= chance <= 1.0
    assert chance + true_chance(-edge, tie_allowed=tie) == pytest.approx(1.0)
