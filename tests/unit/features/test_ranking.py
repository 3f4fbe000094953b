from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from antepost.errors import DataError
from antepost.features.groups.ranking import LISTS
from antepost.sports.ranking import Ranking
from tests.worlds import TINY, Game, Row, at, ranking_row, said

NOW = Game(
    fixture="now", season=2001, start=at("2001-12-02T18:00"), home="ANT", away="BEE", listed=at("2001-08-01T00:00")
)
LISTED = at("2001-11-26T00:00")
TOUR = replace(
    TINY,
    ranking=Ranking(
        stands=timedelta(days=364), statistics=("log_rank", "points", "rise_4w", "rise_52w", "best", "years")
    ),
)
POLL = replace(
    TINY,
    ranking=Ranking(stands=timedelta(days=7), places=25, statistics=("log_rank", "best_52w", "polls_52w")),
)


def ask(*rows: Row, sport: object = TOUR, as_of: str | datetime = "close") -> dict[str, float]:
    """Return what the lists say of the game in question."""
    values = said(sport if sport is POLL else TOUR, [NOW], "now", as_of, {"rankings": list(rows)})
    return {name.removeprefix("ranking."): value for name, value in values.items() if name.startswith("ranking.")}


def before(weeks: int, team: str, rank: int, points: int | None = 100) -> Row:
    """Return a place on the list so many weeks before the newest one."""
    return ranking_row(team, LISTED - timedelta(weeks=weeks), rank, points)


def test_the_better_rank_is_on_the_positive_side() -> None:
    values = ask(before(0, "ANT", 2, 800), before(0, "BEE", 8, 200))
    assert values["log_rank.now.home"] == math.log(2)
    assert values["log_rank.now.away"] == math.log(8)
    assert values["log_points.now.fixture"] == pytest.approx(math.log(4))


def test_a_list_is_read_once_it_is_known() -> None:
    rows = (before(0, "ANT", 2), before(1, "ANT", 9), before(0, "BEE", 3))
    known = LISTED + timedelta(days=1)
    assert ask(*rows, as_of=known)["log_rank.now.home"] == math.log(9)
    assert ask(*rows, as_of=known + timedelta(microseconds=1))["log_rank.now.home"] == math.log(2)


def test_a_rise_compares_with_what_stood_weeks_before() -> None:
    values = ask(
        before(0, "ANT", 10), before(3, "ANT", 90), before(5, "ANT", 40), before(60, "ANT", 5),
        before(0, "BEE", 10), before(4, "BEE", 10), before(52, "BEE", 20),
    )  # fmt: skip
    assert values["rise.4w.fixture"] == pytest.approx(math.log(4))
    assert values["rise.52w.fixture"] == pytest.approx(math.log(1 / 2) - math.log(2))
    assert values["career_high.all.fixture"] == pytest.approx(math.log(2))
    assert values["years.all.fixture"] == pytest.approx(8 * 7 / 365.25)


def test_points_that_are_not_told_are_null() -> None:
    assert math.isnan(ask(before(0, "ANT", 1, 0), before(0, "BEE", 2, 5))["log_points.now.fixture"])
    assert math.isnan(ask(before(0, "ANT", 1, None), before(0, "BEE", 2, 5))["log_points.now.fixture"])


def test_a_rank_of_long_ago_stands_no_more_but_the_career_high_does() -> None:
    values = ask(before(53, "ANT", 1), before(0, "BEE", 7))
    assert math.isnan(values["log_rank.now.home"])
    assert values["career_high.all.fixture"] == pytest.approx(math.log(7))


def test_who_is_not_on_a_poll_stands_just_below_it() -> None:
    values = ask(before(0, "ANT", 5), before(2, "ANT", 3), before(6, "BEE", 13), sport=POLL)
    assert values["log_rank.now.away"] == math.log(26)
    assert values["high.52w.fixture"] == pytest.approx(math.log(13 / 3))
    assert values["polls.52w.fixture"] == 1.0


def test_more_lists_than_a_year_can_have_are_refused() -> None:
    daily = [ranking_row("ANT", LISTED - timedelta(days=day), 1, 1) for day in range(LISTS + 1)]
    with pytest.raises(DataError, match="ranking"):
        ask(*daily)
