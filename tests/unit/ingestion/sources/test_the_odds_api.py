"""The Odds API's answers: when a price was quoted, which way a spread points, what is laid, what is not ours."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.ingestion import SOURCES, Parsed, Part
from tests.payloads.live import AWAY, HOME, Json, event, line, market, odds

NFL = SOURCES["the_odds_api_nfl"]
KEY = "americanfootball_nfl"
PART = Part(name=KEY, path="the_odds_api/americanfootball_nfl.json")


def read(*events: Json) -> Parsed:
    return NFL.read(line(list(events)), PART)


def reasons(parsed: Parsed) -> list[str]:
    return parsed.refused["reason"].to_list()


def test_a_price_is_known_when_its_market_last_changed_and_else_its_book() -> None:
    prices = NFL.read(odds(KEY), PART).tables["prices"]
    by_market = dict(prices.select("market", "quoted_at").iter_rows())
    assert by_market["spread"] == datetime(2031, 9, 13, 12, 1, tzinfo=UTC)
    assert by_market["moneyline"] == datetime(2031, 9, 13, 12, tzinfo=UTC)
    assert (prices["known_at"] == prices["quoted_at"]).all()
    assert set(prices["known_how"]) == {"recorded"}
    assert set(prices["label"]) == {"quote"}


def test_a_line_is_by_how_much_a_side_is_favoured() -> None:
    spread = NFL.read(odds(KEY), PART).tables["prices"].filter(pl.col("market") == "spread")
    assert dict(spread.select("outcome", "line").iter_rows()) == {"home": -2.5, "away": 2.5}


def test_what_is_laid_at_an_exchange_is_a_market_of_its_own() -> None:
    prices = NFL.read(odds(KEY), PART).tables["prices"].filter(pl.col("book") == "betfair")
    told = {(market, outcome): odd for market, outcome, odd in prices.select("market", "outcome", "odds").iter_rows()}
    assert told["moneyline", "home"] == 2.5
    assert told["moneyline_lay", "home"] == 2.6


def test_an_answer_in_american_odds_is_told_by_its_numbers() -> None:
    parsed = read(event(KEY, ants=[market("spreads", (HOME, -109, -4.5), (AWAY, 120, 4.5))]))
    assert parsed.tables["prices"]["odds"].to_list() == pytest.approx([1 + 100 / 109, 2.2])


def test_a_long_shot_does_not_make_an_answer_american() -> None:
    parsed = read(event(KEY, ants=[market("h2h", (HOME, 151.0, None), (AWAY, 1.01, None))]))
    assert parsed.tables["prices"]["odds"].to_list() == [151.0, 1.01]


def test_the_winner_of_a_football_match_may_be_nobody() -> None:
    soccer = SOURCES["the_odds_api_soccer"]
    three = market("h2h", (HOME, 2.5, None), (AWAY, 2.7, None), ("Draw", 3.4, None))
    parsed = soccer.read(line([event("soccer_epl", ants=[three])]), PART)
    prices = parsed.tables["prices"]
    assert set(prices["market"]) == {"1x2"}
    assert set(prices["outcome"]) == {"home", "draw", "away"}
    assert set(prices["league"]) == {"E0"}


def test_football_has_a_market_for_every_total_and_asian_handicaps() -> None:
    total = market("totals", ("Over", 1.9, 2.5), ("Under", 1.9, 2.5))
    spread = market("spreads", (HOME, 1.9, -0.5), (AWAY, 1.9, 0.5))
    parsed = SOURCES["the_odds_api_soccer"].read(line([event("soccer_epl", ants=[total, spread])]), PART)
    assert set(parsed.tables["prices"]["market"]) == {"total@2.5", "asian_handicap"}


def test_the_props_of_a_player_keep_whose_they_are() -> None:
    prop: Json = {
        "key": "player_pass_tds",
        "outcomes": [{"name": "Over", "description": "Ann Invented", "price": 1.9, "point": 1.5}],
    }
    [price] = read(event(KEY, ants=[prop])).tables["prices"].iter_rows(named=True)
    assert (price["market"], price["player"], price["outcome"], price["line"]) == (
        "player_pass_tds", "Ann Invented", "over", 1.5,
    )  # fmt: skip


def test_a_price_in_play_or_without_its_moment_is_refused() -> None:
    late = market("h2h", (HOME, 2.5, None), last_update="2031-09-14T17:00:00Z")
    never = event(KEY, 2, ants=[market("h2h", (HOME, 2.5, None))])
    books = [{"key": "ants", "markets": [market("h2h", (HOME, 2.5, None))]}]
    parsed = read(event(KEY, ants=[late]), {**never, "bookmakers": books})
    assert parsed.tables["prices"].is_empty()
    assert reasons(parsed) == [
        "quoted after the start: a price in play", "no last_update: nobody knows when it was quoted",
    ]  # fmt: skip


def test_what_is_none_of_our_games_is_refused() -> None:
    outright = {**event(KEY, 2), "home_team": None, "away_team": None}
    parsed = read(event("boxing_boxing"), outright, event(KEY, 3, start="soon"))
    assert reasons(parsed) == [
        "a competition that is not ours", "an outright: it belongs to no game", "commence_time cannot be read",
    ]  # fmt: skip


def test_an_unknown_outcome_and_a_spread_without_its_point_are_refused() -> None:
    parsed = read(event(KEY, ants=[market("h2h", ("Nobody", 2.5, None)), market("spreads", (HOME, 1.9, None))]))
    assert reasons(parsed) == [
        "an outcome that this release does not know", "a spread or total without its point",
    ]  # fmt: skip


def test_an_answer_of_the_past_is_read_like_one_of_the_present() -> None:
    past = {"timestamp": "2031-09-13T12:05:00Z", "data": [event(KEY, ants=[market("h2h", (HOME, 2.5, None))])]}
    assert NFL.read(line(past), PART).tables["prices"].height == 1


def test_no_game_at_all_is_an_answer() -> None:
    assert read().games == 0


@pytest.mark.parametrize("data", [b"{}", b'{"message": "Usage quota has been reached"}', b"[1]", b"[" * 5000, b"\xff"])
def test_what_is_no_answer_is_refused_as_a_whole(data: bytes) -> None:
    with pytest.raises(DataError, match="The Odds API's answer"):
        NFL.read(data, PART)


def test_a_key_is_asked_for_upstream_only() -> None:
    for name, source in SOURCES.items():
        for part in source.parts(2031):
            assert part.key is None or (part.url or "").startswith("https://api.the-odds-api.com/"), name
            assert "apiKey" not in (part.url or "")
