"""What models learn from and are judged on."""

from __future__ import annotations

import polars as pl

from antepost.desk.examples import _dropped


def test_what_was_left_out_is_counted_for_each_league_alone() -> None:
    """The ties of six leagues once stood beside the games of one."""
    played = pl.DataFrame(
        {
            "league": ["E0", "E0", "E0", "D1", "D1", "E0"],
            "season": [2030, 2030, 2030, 2030, 2030, 2031],
            "home_score": [1, 2, 0, 1, 3, 0],
            "away_score": [1, 0, 1, 1, 0, 0],
            "rival.market": [0.1, None, 0.3, None, None, 0.2],
        }
    )
    assert _dropped(played) == {
        ("D1", 2030): {"tie": 1, "no_price": 1, "no_open": 0},
        ("E0", 2030): {"tie": 1, "no_price": 1, "no_open": 0},
        ("E0", 2031): {"tie": 1, "no_price": 0, "no_open": 0},
    }
