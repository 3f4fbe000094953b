"""Every declared feature can be told to somebody who has not read its declaration."""

from __future__ import annotations

import math
import re

import pytest

from antepost.features import features_of
from antepost.features.words import Sides, sentence
from antepost.sports import SPORTS

SIDES = Sides(home="Kansas City", away="Denver")


def told(name: str, value: float, sport: str = "nfl") -> str:
    [feature] = [one for one in features_of(sport) if one.name == name]
    return sentence(feature, value, SIDES)


@pytest.mark.parametrize("sport", SPORTS)
def test_no_word_of_a_sentence_is_a_name_out_of_the_code(sport: str) -> None:
    for feature in features_of(sport):
        for value in (0.37, -12.5, 0.0, math.nan):
            text = sentence(feature, value, SIDES)
            assert not re.search(r"[_{}]|nan|  |\.\.", text), (feature.name, text)
            assert math.isnan(value) == ("not known" in text), (feature.name, text)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("elo.rating.now.home", 1623.4, "Elo rating 1,623, for Kansas City"),
        ("elo.logit.now.fixture", -0.4, "Elo chance 60%, for Denver"),
        ("form.margin.10.away", -3.25, "margin over the last 10 games -3.2 points, for Denver"),
        (
            "form.win_rate.5.fixture", 0.15,
            "win rate over the last 5 games 15 percentage points more for Kansas City than for Denver",
        ),
        (
            "starter_rates.sacks.10.fixture", -0.02,
            "quarterback: sacks over the last 10 games 2 percentage points more for Denver than for Kansas City",
        ),
        ("venue.indoors.now.fixture", 1.0, "ground: indoors yes"),
        ("schedule.rest.now.home", math.nan, "days since the last game not known, for Kansas City"),
    ],
)  # fmt: skip
def test_a_value_is_told_with_its_window_unit_and_side(name: str, value: float, text: str) -> None:
    assert told(name, value) == text


def test_a_sport_speaks_of_its_own_scores_and_starters() -> None:
    assert told("form.points_for.10.home", 2.5, "mlb").startswith("runs scored over the last 10 games")
    [rate] = [one for one in features_of("nhl") if one.name == "starter_rates.save_share.20.fixture"]
    assert sentence(rate, 0.01, SIDES).startswith("goaltender: save share over the last 20 games 1 percentage")
