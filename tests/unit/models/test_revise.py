from __future__ import annotations

import pytest
import yaml

from antepost.errors import ModelError
from antepost.models.recipes.revise import revised

TEXT = """\
# Why it is so.
sport: nfl
tuned_through: 2011  # the last season looked at
families:
  elo: {}
  # The penalty has to do most of the work.
  logistic:
    C: 0.003
  forest:
    max_features: sqrt

    trees: 75
targets:
  draw:
    logistic: {C: 0.001}
"""


def test_values_change_where_they_stand_and_all_else_stays() -> None:
    changes = {
        ("families", "logistic", "C"): 1e-05,
        ("tuned_through",): 2012,
        ("targets", "draw", "logistic", "C"): 0.5,
    }
    told = revised(TEXT, changes)
    assert told == (TEXT.replace("C: 0.003", "C: 1.0e-05").replace("2011", "2012").replace("{C: 0.001}", "{C: 0.5}"))
    assert yaml.safe_load(told)["families"]["logistic"]["C"] == 1e-05


def test_what_is_not_there_is_added_behind_what_is() -> None:
    told = revised(
        TEXT,
        {
            ("families", "forest", "max_depth"): 3,
            ("families", "elo", "k"): "plain",
            ("targets", "draw", "xgboost", "eta"): 0.1,
            ("targets", "draw", "logistic", "tol"): 0.2,
            ("tried", "winner/logistic"): 40,
            ("tried", "winner/forest"): 30,
        },
    )
    read = yaml.safe_load(told)
    assert read["families"]["forest"] == {"max_features": "sqrt", "trees": 75, "max_depth": 3}
    assert read["families"]["elo"] == {"k": "plain"}
    assert read["targets"]["draw"] == {"logistic": {"C": 0.001, "tol": 0.2}, "xgboost": {"eta": 0.1}}
    assert read["tried"] == {"winner/logistic": 40, "winner/forest": 30}
    assert [line for line in TEXT.splitlines() if line not in told.splitlines()] == [
        "  elo: {}",
        "    logistic: {C: 0.001}",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("- a\n", ("a",)),
        ("a: [1]\n", ("a",)),
        ("a: 1\n", ("a", "b")),
        ("a: &x 1\nb: *x\n", ("b", "c")),
        ("a: {", ("a",)),
    ],
)
def test_a_file_of_another_shape_is_refused(text: str, place: tuple[str, ...]) -> None:
    with pytest.raises(ModelError, match=r"plainly|cannot be changed"):
        revised(text, {place: 2})
