from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from antepost.errors import LeakageError
from antepost.features import features_of, select
from antepost.features.groups.officials import officials
from antepost.sports.nba import NBA
from tests.worlds import TINY, Game, at, said

NOW = Game(
    fixture="now", season=2001, start=at("2001-12-02T18:00"), home="ANT", away="BEE", listed=at("2001-08-01T00:00"),
    home_score=3,
)  # fmt: skip
# The referee of an invented game follows from the home side's score: the first and the last had the one of now.
BEFORE = [
    replace(NOW, fixture=f"before-{n}", start=NOW.start - timedelta(days=7 * n), home_score=score, away_score=15)
    for n, score in ((1, 9), (2, 22), (3, 27))
]


def test_a_referee_carries_what_he_gave_in_his_own_games() -> None:
    values = said(TINY, [NOW, *BEFORE], "now")
    assert values["officials.home_win_rate.40.fixture"] == 0.5
    assert values["officials.penalties.20.fixture"] == ((9 % 7 + 15 % 7) + (27 % 7 + 15 % 7)) / 2


def test_where_nobody_is_at_home_no_home_side_wins() -> None:
    games = [NOW, replace(BEFORE[0], neutral=True), *BEFORE[1:]]
    values = said(TINY, games, "now")
    assert values["officials.home_win_rate.40.fixture"] == 1.0
    assert values["officials.penalties.20.fixture"] == ((9 % 7 + 15 % 7) + (27 % 7 + 15 % 7)) / 2


def test_before_he_is_announced_nobody_knows_him() -> None:
    announced = NOW.start - timedelta(minutes=90)
    for as_of, known in ((announced, False), (announced + timedelta(microseconds=1), True)):
        assert math.isfinite(said(TINY, [NOW, *BEFORE], "now", as_of)["officials.penalties.20.fixture"]) == known


@pytest.mark.parametrize("sport", ["soccer", "nfl"])
def test_a_referee_may_not_be_asked_for_the_day_before(sport: str) -> None:
    names = tuple(feature.name for feature in features_of(sport) if feature.group == "officials")
    assert names
    with pytest.raises(LeakageError, match="known from T-1h on"):
        select(sport, prices=False, moment="T-24h", columns=names[:1])
    assert select(sport, prices=False, moment="T-1h", columns=names) == names


def test_without_officials_at_hand_there_is_no_such_group() -> None:
    assert officials(NBA) is None
