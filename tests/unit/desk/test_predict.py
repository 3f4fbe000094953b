from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from antepost.desk.predict import facts_digest, offers, platform_name
from antepost.lake.schemas import PRICES

START = datetime(2031, 9, 7, 17, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def prices(*rows: tuple[str, str, datetime, float | None], book: str = "nflverse") -> dict[str, pl.DataFrame]:
    """Return prices of one invented game: (market, outcome, known_at, odds), each load after the one before."""
    said = [
        {
            "sport": "nfl", "league": "nfl", "season": 2031, "fixture": "a", "event_at": START,
            "event_precision": "minute", "known_at": known_at, "known_how": "recorded", "batch": batch, "raw": "00",
            "book": book,
            "market": market, "outcome": outcome, "label": "close", "line": None, "odds": odds,
        }
        for batch, (market, outcome, known_at, odds) in enumerate(rows, start=1)
    ]  # fmt: skip
    return {"prices": pl.DataFrame(said, schema=PRICES.schema)}


def asked(as_of: datetime) -> pl.DataFrame:
    return pl.DataFrame(
        {"fixture": ["a"], "as_of": [as_of]}, schema={"fixture": pl.String, "as_of": PRICES.schema["known_at"]}
    )


def test_a_price_known_at_the_very_moment_is_not_known_yet() -> None:
    both = prices(("moneyline", "home", START - SECOND, 2.0), ("moneyline", "away", START - SECOND, 1.9))
    assert offers("nfl", both, asked(START - SECOND), "winner") == {}
    assert offers("nfl", both, asked(START), "winner") == {"a": {"home": 2.0, "away": 1.9}}


def test_the_newest_price_of_each_side_counts() -> None:
    said = prices(
        ("moneyline", "home", START - 3 * SECOND, 2.0),
        ("moneyline", "away", START - 3 * SECOND, 1.9),
        ("moneyline", "home", START - 2 * SECOND, 2.2),
    )
    assert offers("nfl", said, asked(START), "winner") == {"a": {"home": 2.2, "away": 1.9}}
    assert offers("nfl", said, asked(START - 2 * SECOND), "winner") == {"a": {"home": 2.0, "away": 1.9}}


def test_one_side_alone_is_no_price() -> None:
    assert offers("nfl", prices(("moneyline", "home", START - SECOND, 2.0)), asked(START), "winner") == {}


def test_both_sides_are_of_one_book_and_of_one_that_the_league_trusts() -> None:
    """With several books at hand the newest home price and the newest away price may come from two of them."""
    ours = prices(("moneyline", "home", START - 3 * SECOND, 2.0), ("moneyline", "away", START - 3 * SECOND, 1.9))
    other = prices(
        ("moneyline", "home", START - SECOND, 9.0), ("moneyline", "away", START - SECOND, 9.0), book="corner"
    )
    both = {"prices": pl.concat([ours["prices"], other["prices"]])}
    assert offers("nfl", both, asked(START), "winner") == {"a": {"home": 2.0, "away": 1.9}}
    assert offers("nfl", other, asked(START), "winner") == {}


def test_other_markets_and_lines_without_odds_are_no_moneyline() -> None:
    said = prices(
        ("spread", "home", START - SECOND, 2.0),
        ("spread", "away", START - SECOND, 1.9),
        ("moneyline", "home", START - SECOND, 2.0),
        ("moneyline", "away", START - SECOND, None),
    )
    assert offers("nfl", said, asked(START), "winner") == {}


def test_the_digest_of_facts_holds_every_bit_and_every_name() -> None:
    row = np.array([1.0, np.nan, 0.1])
    told = facts_digest(("a", "b", "c"), row)
    assert told == facts_digest(("a", "b", "c"), row[::-1][::-1])
    assert told != facts_digest(("a", "b", "d"), row)
    assert told != facts_digest(("a", "b", "c"), np.array([1.0, np.nan, np.nextafter(0.1, 1)]))
    assert told != facts_digest(("a", "b", "c"), np.array([1.0, np.nan, 0.1])[[2, 1, 0]])


def test_the_platform_names_what_bits_depend_on() -> None:
    assert "numba" in platform_name()
    assert platform_name() == platform_name().lower()
