"""How a price moved, and why there is no closing price; invented quotes of invented games."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from antepost.lake import TABLES
from antepost.lake.movement import (
    MOVED,
    NO_BOOK,
    NO_MARKET,
    NO_MOMENT,
    NO_ODDS,
    NO_PRICE,
    NOT_BEGUN,
    ONLY_OPENINGS,
    REASONS,
    TOO_OLD,
    closes,
    moves,
)

START = datetime(2031, 9, 7, 17, tzinfo=UTC)
NOW = START + timedelta(days=1)
WITHIN = timedelta(minutes=90)

type Row = dict[str, object]


def price(label: str = "quote", before: float = 1.0, odds: float | None = 2.0, **more: object) -> Row:
    """Return a price of the home side told so many hours before the start."""
    at = START - timedelta(hours=before)
    row = {
        "sport": "nhl", "league": "nhl", "season": 2031, "fixture": "a", "event_at": START, "event_precision": "second",
        "known_at": at, "known_how": "recorded", "batch": 1, "raw": "b", "book": "ants", "market": "moneyline",
        "outcome": "home", "label": label, "quoted_at": at if label == "quote" else None, "odds": odds,
    }  # fmt: skip
    return {**row, **more}


def prices(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=TABLES["prices"].schema, orient="row")


def fixtures(*revisions: Row) -> pl.DataFrame:
    listed = START - timedelta(days=30)
    first = {
        "sport": "nhl", "league": "nhl", "season": 2031, "fixture": "a", "event_at": START, "known_at": listed,
        "known_how": "assumed", "batch": 1, "start": START, "home": "ANT", "away": "BEE",
    }  # fmt: skip
    rows = [first, *({**first, **revision} for revision in revisions)]
    return pl.DataFrame(rows, schema=TABLES["fixtures"].schema, orient="row")


def test_what_changed_between_snapshots_is_a_row_and_what_did_not_is_none() -> None:
    told = moves(prices(price(before=9, odds=2.0), price(before=5, odds=2.0), price(before=1, odds=1.5)))
    assert told.select("at", "odds", "odds_before").rows() == [
        (START - timedelta(hours=9), 2.0, None),
        (START - timedelta(hours=1), 1.5, 2.0),
    ]
    # From even money to two to one on.
    assert told["moved"].to_list() == [None, pytest.approx(math.log(2.0))]


def test_labels_come_in_the_order_in_which_they_were_known() -> None:
    told = moves(prices(price("close", 0.01, 1.7), price("open", 24, 2.0), price("early", 12, 1.9)))
    assert told["label"].to_list() == ["open", "early", "close"]
    assert told["odds_before"].to_list() == [None, 2.0, 1.9]


def test_two_prices_under_different_lines_are_no_move_of_one_price() -> None:
    spread = {"market": "spread"}
    told = moves(prices(price(before=9, line=3.5, **spread), price(before=1, line=7.0, odds=3.0, **spread)))
    assert told.select("line", "line_before", "moved").row(1) == (7.0, 3.5, None)


def test_books_outcomes_and_players_move_each_by_itself() -> None:
    told = moves(
        prices(
            price(before=9), price(before=8, odds=1.8, book="bees"), price(before=7, odds=1.8, outcome="away"),
            price(before=6, odds=1.8, player="p"),
        )
    )  # fmt: skip
    assert told["odds_before"].null_count() == 4


def test_nothing_after_the_start_belongs_to_the_movement() -> None:
    assert moves(prices(price(before=-1), price(before=0))).is_empty()


def test_a_correction_of_a_quote_is_not_a_move_and_a_polled_label_is() -> None:
    """A feed that shows today's line under the closing line's name brings a revision a day."""
    corrected = moves(prices(price(before=9, odds=2.0), {**price(before=9, odds=1.9), "batch": 2}))
    assert corrected["odds"].to_list() == [1.9]
    polled = moves(prices(price("early", 9, 2.0), {**price("early", 5, 1.9), "batch": 2}))
    assert polled["odds"].to_list() == [2.0, 1.9]


def missing(*rows: Row, of: tuple[str, str] = ("ants", "moneyline"), now: datetime = NOW, **moved: object) -> str:
    references = pl.DataFrame({"league": ["nhl"], "book": ["ants"], "market": ["moneyline"]})
    revisions = [moved] if moved else []
    told = closes(fixtures(*revisions), prices(*rows), references, now, WITHIN)
    [row] = told.filter((pl.col("book") == of[0]) & (pl.col("market") == of[1])).rows(named=True)
    assert (row["closed_at"] is None) is (row["missing"] is not None)
    return row["missing"] or "closed"


LATER = {"known_at": START - timedelta(hours=1), "batch": 2, "start": START + timedelta(hours=6)}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([price("close", 0.01)], "closed"),
        ([price(before=1)], "closed"),
        ([price(before=1.5)], "closed"),
        ([price(before=1.6)], TOO_OLD),
        ([price(before=1.6), price(before=1)], "closed"),
        ([], NO_PRICE),
        ([price("close", 0.01, book="bees")], NO_BOOK),
        ([price("close", 0.01, market="total")], NO_MARKET),
        ([price("open", 24), price("early", 12)], ONLY_OPENINGS),
        ([price("close", 0.01, None, line=3.5)], NO_ODDS),
        ([price(before=0.01, quoted_at=None)], NO_MOMENT),
        # A prop is no price of the game.
        ([price("close", 0.01, player="p")], NO_PRICE),
    ],
)
def test_a_missing_close_has_its_reason(rows: list[Row], reason: str) -> None:
    assert missing(*rows) == reason


def test_a_game_that_was_moved_after_the_last_snapshot_says_so() -> None:
    moved = {**LATER, "event_at": START + timedelta(hours=6)}
    near = [price(before=1.2, event_at=moved["event_at"])]
    assert missing(*near, **moved) == MOVED
    # A snapshot that was too old for the old start as well was not outrun.
    assert missing(price(before=5, event_at=moved["event_at"]), **moved) == TOO_OLD


def test_a_game_ahead_has_no_close_yet() -> None:
    assert missing(price(before=1), now=START - timedelta(minutes=1)) == NOT_BEGUN


def test_every_market_with_a_price_is_asked_for_and_every_reason_is_of_the_vocabulary() -> None:
    assert missing(price("open", 24, market="total"), of=("ants", "total")) == ONLY_OPENINGS
    assert {NOT_BEGUN, NO_PRICE, NO_BOOK, NO_MARKET, NO_ODDS, ONLY_OPENINGS, NO_MOMENT, MOVED, TOO_OLD} == set(REASONS)
