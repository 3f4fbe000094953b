from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.features import build_states, feature_frame, read_states, select, spine
from antepost.features.catalogue import groups_of
from tests.worlds import (
    GAME,
    TINY,
    Game,
    Row,
    at,
    fixture_row,
    price_row,
    result_row,
    starter_row,
    tables_of,
    venue_row,
)

FIRST = Game(fixture="f1", season=2001, start=at("2001-09-02T17:00"), home="ANT", away="BEE")
LISTED = at("2001-08-01T00:00")
WEEK = timedelta(days=7)
COLUMNS = tuple(column.name for group in groups_of(TINY) for column in group.columns)


def later(number: int, **changes: object) -> Game:
    """Return the same pairing some weeks later."""
    return replace(FIRST, fixture=f"f{number + 1}", start=FIRST.start + number * WEEK, listed=LISTED, **changes)


def ask(
    games: Sequence[Game], fixture: str, as_of: str | datetime = "close", extra: dict[str, list[Row]] | None = None
) -> dict[str, float]:
    """Return all columns of one fixture, null as NaN."""
    tables = tables_of(games, extra)
    asked = spine(tables, TINY, as_of).filter(pl.col("fixture") == fixture)
    return dict(zip(COLUMNS, read_states(TINY, build_states(TINY, tables), asked, COLUMNS)[0], strict=True))


def test_before_any_game_histories_are_null_and_counts_are_zero() -> None:
    said = ask([FIRST], "f1")
    counts = ("form.games.season", "schedule.games", "head_to_head.meetings")
    assert all(said[name] == 0.0 for name in COLUMNS if name.startswith(counts))
    histories = [n for n in COLUMNS if n.startswith(("elo", "form", "starter", "head_to_head")) and n not in counts]
    assert all(math.isnan(said[name]) for name in histories if not name.startswith(counts))


def test_before_it_was_announced_a_fixture_shows_neither_ground_nor_price() -> None:
    said = ask([replace(FIRST, listed=LISTED)], "f1", at("2001-08-20T00:00"))
    assert said["venue.neutral.now.fixture"] == 0.0
    late = [name for name in COLUMNS if name.startswith(("venue.indoors", "venue.grass", "market", "starter"))]
    assert all(math.isnan(said[name]) for name in late)


def test_a_game_counts_for_the_next_one_only_once_it_is_over() -> None:
    games = [FIRST, later(1)]
    assert ask(games, "f2", FIRST.start + GAME)["form.games.season.home"] == 0.0
    assert ask(games, "f2", FIRST.start + GAME + timedelta(microseconds=1))["form.games.season.home"] == 1.0


def test_a_new_season_starts_its_means_afresh_and_keeps_the_windows() -> None:
    games = [FIRST, later(1), later(53, season=2002)]
    said = ask(games, "f54")
    assert math.isnan(said["form.margin.season.fixture"])
    assert said["form.games.season.home"] == 0.0
    assert said["starter.starts.all.home"] == 2.0
    assert said["form.margin.10.home"] == 3.0


def test_windows_count_the_newest_games() -> None:
    games = [later(number, home_score=number, away_score=0) for number in range(8)]
    said = ask(games, "f8")
    assert said["form.margin.3.fixture"] == 5.0 - -5.0
    assert said["form.margin.10.away"] == -3.0
    assert said["form.win_rate.5.fixture"] == 1.0


def test_meetings_are_turned_towards_the_home_side() -> None:
    games = [FIRST, later(1, home="BEE", away="ANT")]
    said = ask(games, "f2")
    assert said["head_to_head.margin.5.fixture"] == -3.0
    assert said["head_to_head.meetings.all.fixture"] == 1.0


def test_a_starter_carries_his_games_from_team_to_team() -> None:
    games = [FIRST, later(1, home="CAT", home_qb="bert", away="DOG", away_qb="cleo")]
    said = ask(games, "f2")
    assert said["starter.starts.all.home"] == 1.0
    assert math.isnan(said["starter.starts.all.away"])
    assert math.isnan(said["starter.margin.10.fixture"])


def test_two_starters_are_told_by_what_one_has_over_the_other() -> None:
    games = [FIRST, later(1, home="BEE", home_qb="bert", away="ANT", away_qb="anna")]
    assert ask(games, "f2")["starter.margin.10.fixture"] == -3.0 - 3.0


def test_a_starter_whose_only_start_was_taken_back_has_none() -> None:
    games = [FIRST, later(1)]
    corrected = starter_row(FIRST, "home", "cleo", FIRST.start + timedelta(days=2), 2)
    said = ask(games, "f2", extra={"rosters": [corrected]})
    assert math.isnan(said["starter.starts.all.home"])


def test_a_corrected_score_is_seen_from_its_correction_on() -> None:
    games = [FIRST, later(1)]
    told = FIRST.start + timedelta(days=3)
    extra = {"results": [result_row(replace(FIRST, home_score=40), told, 2)]}
    assert ask(games, "f2", told, extra)["form.margin.10.home"] == 3.0
    assert ask(games, "f2", "close", extra)["form.margin.10.home"] == 23.0


def test_rest_and_congestion_are_the_schedules_not_the_results() -> None:
    games = [FIRST, later(1), replace(later(2), start=FIRST.start + timedelta(days=12))]
    for as_of in (FIRST.start - timedelta(days=1), "close"):
        said = ask(games, "f3", as_of)
        assert said["schedule.rest.now.home"] == 5.0
        assert said["schedule.games.14d.home"] == 2.0


def test_a_neighbour_that_is_moved_restates_the_rest_from_then_on() -> None:
    told = FIRST.start - timedelta(days=2)
    moved = replace(FIRST, start=FIRST.start + timedelta(days=1))
    extra = {"fixtures": [fixture_row(moved, told, 2)]}
    assert ask([FIRST, later(1)], "f2", told, extra)["schedule.rest.now.home"] == 7.0
    assert ask([FIRST, later(1)], "f2", "close", extra)["schedule.rest.now.home"] == 6.0


def test_a_rest_of_more_than_four_weeks_is_none() -> None:
    assert math.isnan(ask([FIRST, later(5)], "f6")["schedule.rest.now.home"])


def test_the_ground_is_read_as_announced() -> None:
    said = ask([replace(FIRST, roof="closed", surface="fieldturf", neutral=True)], "f1")
    assert [said[f"venue.{name}.now.fixture"] for name in ("indoors", "grass", "neutral")] == [1.0, 0.0, 1.0]
    assert math.isnan(ask([replace(FIRST, surface=None)], "f1")["venue.grass.now.fixture"])


def test_a_changed_ground_is_read_as_it_stands() -> None:
    changed = venue_row(replace(FIRST, roof="outdoors"), FIRST.start - timedelta(minutes=30), 2)
    assert ask([FIRST], "f1", extra={"venues": [changed]})["venue.indoors.now.fixture"] == 0.0


def test_the_market_is_the_newest_price_of_the_first_ranked_book() -> None:
    early = [
        price_row(FIRST, "moneyline", side, odds=1.9, book="second", known_at=FIRST.start - timedelta(days=1))
        for side in ("home", "away")
    ]
    said = ask([FIRST], "f1", FIRST.start - timedelta(hours=1), {"prices": early})
    assert said["market.logit.now.fixture"] == 0.0
    said = ask([FIRST], "f1", "close", {"prices": early})
    assert said["market.logit.now.fixture"] == pytest.approx(math.log(2.1 / 1.8), abs=1e-15)
    assert said["market.overround.now.fixture"] == 1 / 1.8 + 1 / 2.1
    assert said["market.spread.now.fixture"] == 2.5
    assert said["market.total.now.fixture"] == 47.0


def test_ratings_agree_with_a_calculation_by_hand() -> None:
    # Equal sides at 1505: the home side is 65 points better and wins by 3.
    chance = 1.0 / (1.0 + 10.0 ** (-65.0 / 400.0))
    shift = 20.0 * math.log(4.0) * 2.2 / (65.0 * 0.001 + 2.2) * (1.0 - chance)
    said = ask([FIRST, later(1)], "f2")
    assert said["elo.rating.now.home"] == pytest.approx(1505.0 + shift, abs=1e-9)
    assert said["elo.rating.now.away"] == pytest.approx(1505.0 - shift, abs=1e-9)
    assert said["elo.logit.now.fixture"] == pytest.approx((2.0 * shift + 65.0) * math.log(10.0) / 400.0, abs=1e-12)


def test_a_new_season_draws_ratings_back_by_a_third_and_a_neutral_ground_helps_nobody() -> None:
    last = ask([FIRST, later(1)], "f2")["elo.rating.now.home"]
    said = ask([FIRST, later(53, season=2002, neutral=True)], "f54")
    assert said["elo.rating.now.home"] == pytest.approx(1505.0 + (last - 1505.0) * 2.0 / 3.0, abs=1e-9)
    expected = (said["elo.rating.now.home"] - said["elo.rating.now.away"]) * math.log(10.0) / 400.0
    assert said["elo.logit.now.fixture"] == pytest.approx(expected, abs=1e-12)


def test_a_tie_between_unequal_sides_moves_points_to_the_weaker() -> None:
    said = ask([replace(FIRST, away_score=20), later(1)], "f2")
    assert said["elo.rating.now.home"] < said["elo.rating.now.away"]


def test_a_frame_of_features_stands_beside_its_spine_and_gives_null_for_nothing() -> None:
    tables = tables_of([FIRST])
    asked = spine(tables, TINY)
    columns = select("nfl", prices=True)[:5]
    frame = feature_frame(TINY, tables, asked, columns)
    assert frame.columns == [*asked.columns, *columns]
    assert frame.select(columns).null_count().row(0) == (1,) * 5


def test_columns_come_in_the_order_they_were_asked_for() -> None:
    tables = tables_of([FIRST, later(1)])
    states, asked = build_states(TINY, tables), spine(tables, TINY)
    whole = read_states(TINY, states, asked, COLUMNS)
    some = read_states(TINY, states, asked, (COLUMNS[40], COLUMNS[3]))
    assert some.tobytes() == whole[:, [40, 3]].tobytes()
    with pytest.raises(DataError, match=r"nfl has no feature 'form.margin.99.home'"):
        read_states(TINY, states, asked, ("form.margin.99.home",))
