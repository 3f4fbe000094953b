"""What models learn from and are judged on."""

from __future__ import annotations

import numpy as np
import polars as pl

from antepost.desk.examples import _dropped, mirror_of
from antepost.desk.frames import ask


def test_what_was_left_out_is_counted_for_each_league_alone() -> None:
    """The ties of six leagues once stood beside the games of one."""
    played = pl.DataFrame(
        {
            "league": ["E0", "E0", "E0", "D1", "D1", "E0"],
            "season": [2030, 2030, 2030, 2030, 2030, 2031],
            "lead": [0, 1, None, 0, 1, 0],
            "rival.winner": [0.1, None, 0.3, None, None, 0.2],
            "rival.draw": [0.1, None, 0.3, None, None, 0.2],
            "rival.elo": [0.1, 0.2, None, 0.1, 0.1, 0.2],
            "early": [False, False, False, False, False, True],
        }
    )
    none = {"told_early": 0, "void": 0, "tie": 0, "no_price": 0, "no_rating": 0, "no_open": 0}
    assert _dropped(played, "winner", ()) == {
        ("D1", 2030): {**none, "tie": 1, "no_price": 1},
        ("E0", 2030): {**none, "tie": 1, "no_price": 1, "void": 1},
        ("E0", 2031): {**none, "told_early": 1},
    }
    assert _dropped(played, "draw", ()) == {
        ("D1", 2030): {**none, "no_price": 2},
        ("E0", 2030): {**none, "no_price": 1, "void": 1},
        ("E0", 2031): {**none, "told_early": 1},
    }


def test_the_mirror_turns_the_sides_of_tennis_and_twice_turned_is_as_before() -> None:
    columns = ask("atp", "close").columns
    mirror = mirror_of("atp", columns)
    first = [columns[place] for place in mirror.places]
    assert first[columns.index("elo.rating.now.home")] == "elo.rating.now.away"
    assert mirror.signs[columns.index("elo.logit.now.fixture")] == -1.0
    assert mirror.signs[columns.index("elo.rating.now.home")] == 1.0
    X = np.random.default_rng(1).normal(size=(3, len(columns)))
    np.testing.assert_array_equal(mirror.of(mirror.of(X)), X)
