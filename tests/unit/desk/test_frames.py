from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from antepost.desk.evaluate import span_of
from antepost.desk.frames import MARKET_LOGIT, _publish, ask, labels, to_matrix
from antepost.desk.judging import check_seasons
from antepost.errors import DataError, LeakageError, PolicyError
from antepost.lake.files import UNFINISHED
from antepost.models import read_recipe


def test_the_set_of_no_prices_sees_no_price() -> None:
    assert not [name for name in ask("nfl", "none").columns if name.startswith("market.")]
    assert MARKET_LOGIT in ask("nfl", "close").columns
    assert set(ask("nfl", "none").columns) < set(ask("nfl", "close").columns)


def test_a_price_asked_for_by_name_is_refused_to_it() -> None:
    with pytest.raises(LeakageError, match="market"):
        ask("nfl", "none", columns=(MARKET_LOGIT,))


def test_what_is_known_at_the_close_only_is_refused_earlier() -> None:
    with pytest.raises(LeakageError, match="starter"):
        ask("nfl", "close", "T-24h", columns=("starter.margin.10.fixture",))


def test_a_closing_price_is_refused_earlier_by_name_and_left_out_otherwise() -> None:
    with pytest.raises(LeakageError, match="market"):
        ask("nfl", "close", "T-24h", columns=(MARKET_LOGIT,))
    assert MARKET_LOGIT not in ask("nfl", "close", "T-24h").columns


def test_unknown_sets_and_columns_are_refused_by_name() -> None:
    with pytest.raises(DataError, match="'late'"):
        ask("nfl", "late")
    with pytest.raises(DataError, match="oracle"):
        ask("nfl", "close", columns=("oracle.now",))


def test_a_set_is_bound_to_a_moment_unless_another_is_given() -> None:
    moment = datetime(2031, 9, 7, tzinfo=UTC)
    assert ask("nfl", "close").moment == "close"
    assert ask("nfl", "none", moment).moment == moment


def test_a_matrix_holds_nan_where_nothing_is_known() -> None:
    X = to_matrix(pl.DataFrame({"b": [1.0, None], "a": [2, 3]}), ("a", "b"))
    assert X.flags.c_contiguous
    np.testing.assert_array_equal(X, [[2.0, 1.0], [3.0, np.nan]])


def test_what_a_killed_writer_left_in_the_cache_goes_with_the_next_one(tmp_path: Path) -> None:
    frame = pl.DataFrame({"fixture": ["invented"], "a": [0.1]})
    (tmp_path / f"nfl-0.parquet.77{UNFINISHED}").write_bytes(b"half")
    _publish(frame, tmp_path / "nfl-1.parquet")
    assert pl.read_parquet(tmp_path / "nfl-1.parquet").equals(frame)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lock", "nfl-1.parquet"]


def test_a_season_the_recipe_was_tuned_on_is_refused_and_the_next_is_not() -> None:
    recipe = read_recipe("nfl")
    check_seasons("nfl", [recipe.tuned_through + 1], recipe)
    with pytest.raises(PolicyError, match=str(recipe.tuned_through)):
        check_seasons("nfl", [recipe.tuned_through, 2023], recipe)


def test_seasons_with_gaps_are_not_shown_as_a_span() -> None:
    """A report on 2015 and 2023 was once titled, and its plots named, 2015:2023."""
    assert span_of([2015, 2023]) == "2015,2023"
    assert span_of([2015, 2016, 2017]) == "2015:2017"
    assert span_of([2012, 2015, 2016, 2019]) == "2012,2015:2016,2019"
    assert span_of([2023]) == "2023"


def test_who_retires_with_a_set_in_hand_has_lost_and_what_was_not_played_is_void() -> None:
    """The one who led in sets was once taken for the winner."""
    known = datetime(2031, 5, 1, tzinfo=UTC)
    told = [
        ("led", 1, 0, "away", "retired", -1),
        ("level", 1, 1, "home", "retired", 1),
        ("at once", 0, 0, "home", "retired", None),
        ("never began", None, None, "away", "walkover", None),
        ("played", 2, 1, "home", "regulation", 1),
        ("drawn", 2, 2, "draw", "shootout", 0),
        ("only who won", None, None, "away", None, -1),
        ("only the score", 0, 3, None, None, -1),
    ]
    columns = ["fixture", "home_score", "away_score", "outcome", "ending", "expected"]
    results = pl.DataFrame(told, schema=columns, orient="row").with_columns(
        pl.lit(known).alias("known_at"), pl.lit(1).alias("batch")
    )
    found = labels({"results": results}).join(results.select("fixture", "expected"), on="fixture")
    assert found["lead"].to_list() == found["expected"].to_list()
