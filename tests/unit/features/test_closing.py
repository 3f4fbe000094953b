from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from antepost.errors import LeakageError
from antepost.features import build_states, read_states, select, spine
from antepost.features.groups.closing import closing
from antepost.sports.atp import ATP
from antepost.sports.soccer import SOCCER
from tests.worlds import TINY, Game, Row, at, price_row, tables_of

FIRST = Game(
    fixture="f1", season=2001, start=at("2001-09-02T17:00"), home="ANT", away="BEE", home_score=24, away_score=20,
    spread=None,
)  # fmt: skip
LAST = replace(FIRST, fixture="f2", start=FIRST.start + timedelta(days=7))
COLUMNS = ("closing.cover.10.fixture", "closing.spread.h10.fixture", "closing.over.10.home", "closing.over.10.away")
HOUR = timedelta(hours=1)


def ask(*prices: Row, home: str = "ANT") -> dict[str, float]:
    """Return the records before a second meeting of the two, given the prices of the first."""
    last = LAST if home == "ANT" else replace(LAST, home="BEE", away="ANT")
    tables = tables_of([FIRST, last], {"prices": list(prices)})
    asked = spine(tables, TINY).filter(pl.col("fixture") == "f2")
    return dict(zip(COLUMNS, read_states(TINY, build_states(TINY, tables), asked, COLUMNS)[0], strict=True))


@pytest.mark.parametrize(
    ("line", "cover", "beyond"), [(3.5, 1.0, 0.5), (4.0, 0.5, 0.0), (-2.5, 1.0, 6.5), (7.0, 0.0, -3.0)]
)
def test_a_side_covers_by_winning_by_more_than_the_line(line: float, cover: float, beyond: float) -> None:
    said = ask(price_row(FIRST, "spread", "home", line=line))
    assert said["closing.cover.10.fixture"] == cover - (1.0 - cover)
    assert said["closing.spread.h10.fixture"] == beyond - -beyond


def test_who_plays_at_home_next_time_takes_the_record_along() -> None:
    said = ask(price_row(FIRST, "spread", "home", line=3.5), home="BEE")
    assert said["closing.cover.10.fixture"] == 0.0 - 1.0


def test_a_game_without_a_line_counts_for_nothing() -> None:
    said = ask(price_row(FIRST, "total", "over", line=43.5))
    assert math.isnan(said["closing.cover.10.fixture"])
    assert said["closing.over.10.home"] == 1.0


def test_the_last_line_before_the_start_stands_for_the_closing_one() -> None:
    early = price_row(FIRST, "spread", "home", line=9.5, label="open", known_at=FIRST.start - 100 * HOUR)
    late = price_row(FIRST, "spread", "home", line=3.5, label="quote", known_at=FIRST.start - HOUR)
    inplay = price_row(FIRST, "spread", "home", line=9.5, label="early", known_at=FIRST.start + HOUR)
    assert ask(early, late, inplay)["closing.cover.10.fixture"] == 1.0
    assert math.isnan(ask(inplay)["closing.cover.10.fixture"])


def test_the_first_ranked_book_decides_however_late_another_is() -> None:
    first = price_row(FIRST, "spread", "home", line=9.5, label="open", known_at=FIRST.start - 100 * HOUR)
    second = price_row(FIRST, "spread", "home", line=3.5, book="second")
    assert ask(first, second)["closing.cover.10.fixture"] == -1.0
    assert ask(second)["closing.cover.10.fixture"] == 1.0
    assert math.isnan(ask(price_row(FIRST, "spread", "home", line=3.5, book="other"))["closing.cover.10.fixture"])


def test_a_line_corrected_after_the_game_counts_from_then_on() -> None:
    wrong = price_row(FIRST, "spread", "home", line=9.5)
    known = [FIRST.start + timedelta(days=days) for days in (3, 8)]
    soon, late = (price_row(FIRST, "spread", "home", line=3.5, known_at=moment, batch=2) for moment in known)
    assert ask(wrong, soon)["closing.cover.10.fixture"] == 1.0
    assert ask(wrong, late)["closing.cover.10.fixture"] == -1.0


def test_a_past_line_is_a_price_and_set_none_has_none() -> None:
    assert not [name for name in select("nfl", prices=False) if name.startswith("closing.")]
    with pytest.raises(LeakageError, match="holds a price"):
        select("nfl", prices=False, columns=("closing.cover.10.fixture",))


def test_where_no_book_lays_a_line_there_is_no_record_against_it() -> None:
    assert closing(ATP) is None
    group = closing(SOCCER)
    assert group is not None
    assert {column.name.split(".")[1] for column in group.columns} == {"cover", "spread"}
