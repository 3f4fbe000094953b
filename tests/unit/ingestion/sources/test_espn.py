"""ESPN's scoreboards and injury lists: what counts as a result, three shapes of prices, and whose injury it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from antepost.ingestion import SOURCES, Parsed, Part
from tests.payloads.live import HOME, Json, line, played, scoreboard

NFL = SOURCES["espn_nfl"]
START = datetime(2031, 9, 14, 17, tzinfo=UTC)


def board(*events: Json) -> Parsed:
    return NFL.read(line({"leagues": [{"slug": "nfl"}], "events": list(events)}), Part(name="scoreboard", path="s"))


def priced(**odds: object) -> pl.DataFrame:
    return board(played("1", "pre", "STATUS_SCHEDULED", odds=[odds])).tables["prices"]


def told(prices: pl.DataFrame, label: str = "quote") -> dict[tuple[str, str], tuple[float | None, float | None]]:
    rows = prices.filter(pl.col("label") == label).select("market", "outcome", "line", "odds").iter_rows()
    return {(market, outcome): (line, odds and round(odds, 3)) for market, outcome, line, odds in rows}


def test_only_a_game_that_is_over_has_a_result() -> None:
    parsed = NFL.read(scoreboard("nfl"), Part(name="scoreboard", path="s"))
    [result] = parsed.tables["results"].iter_rows(named=True)
    assert (result["fixture"], result["home_score"], result["away_score"]) == ("3", 7, 3)
    assert result["known_at"] > START + timedelta(hours=3)
    assert set(parsed.tables["periods"]["fixture"]) == {"3"}
    assert parsed.tables["fixtures"].height == 3


def test_overtime_and_what_was_broken_off() -> None:
    longer = played("1", "post", "STATUS_FINAL", completed=True)
    [game] = longer["competitions"]  # pyright: ignore[reportGeneralTypeIssues]
    game["status"] = {**game["status"], "period": 5}
    parsed = board(longer, played("2", "post", "STATUS_SUSPENDED", completed=True))
    [result] = parsed.tables["results"].iter_rows(named=True)
    assert (result["fixture"], result["ending"], result["overtime"]) == ("1", "overtime", True)
    assert parsed.refused["reason"].to_list() == ["a game that was not played to its end"]


def test_a_start_that_is_not_told_yet_has_only_its_day() -> None:
    event = {**played("1", "pre", "STATUS_SCHEDULED", timeValid=False), "date": "2031-09-15T04:00Z"}
    [fixture] = board(event).tables["fixtures"].iter_rows(named=True)
    assert fixture["event_precision"] == "day"
    assert fixture["start"] == datetime(2031, 9, 15, 12, tzinfo=UTC)


def test_two_officials_of_one_kind_are_two_roles() -> None:
    officials = NFL.read(scoreboard("nfl"), Part(name="scoreboard", path="s")).tables["officials"]
    assert officials["role"].to_list() == ["referee", "referee #2"]
    assert set(officials["known_at"]) == {START - timedelta(minutes=90)}


def test_a_text_gives_the_spread_and_whom_it_favours() -> None:
    prices = priced(provider={"name": "Ants & Sons"}, details="GUE -5.5", overUnder=44)
    assert told(prices) == {
        ("spread", "home"): (-5.5, None), ("spread", "away"): (5.5, None),
        ("total", "over"): (44.0, None), ("total", "under"): (44.0, None),
    }  # fmt: skip
    assert set(prices["book"]) == {"ants-sons"}
    assert set(prices["known_at"]) == {START - timedelta(seconds=1)}
    assert set(prices["known_how"]) == {"assumed"}


@pytest.mark.parametrize(("text", "line"), [("EVEN", 0.0), ("HOM -148", None), ("XYZ -3", None), ("", None)])
def test_a_text_may_be_even_a_moneyline_or_about_nobody(text: str, line: float | None) -> None:
    found = told(priced(details=text))
    assert found.get(("spread", "home"), (None,))[0] == line


def test_numbers_a_side_are_its_prices() -> None:
    found = told(
        priced(spread=-3.0, homeTeamOdds={"moneyLine": -150, "spreadOdds": -110}, awayTeamOdds={"moneyLine": 130})
    )
    assert found == {
        ("moneyline", "home"): (None, 1.667), ("moneyline", "away"): (None, 2.3),
        ("spread", "home"): (3.0, 1.909), ("spread", "away"): (-3.0, None),
    }  # fmt: skip


def test_a_side_tells_its_opening_and_its_present_price() -> None:
    home = {
        "open": {
            "pointSpread": {"american": "-0.5"},
            "spread": {"american": "+115"},
            "moneyLine": {"american": "+125"},
        },
        "current": {"moneyLine": {"american": "EVEN"}},
    }
    prices = priced(homeTeamOdds=home, current={"total": {"american": "44.5"}, "over": {"american": "-110"}})
    assert told(prices, "open") == {("moneyline", "home"): (None, 2.25), ("spread", "home"): (0.5, 2.15)}
    assert told(prices) == {
        ("moneyline", "home"): (None, 2.0), ("total", "over"): (44.5, 1.909), ("total", "under"): (44.5, None),
    }  # fmt: skip
    opened = prices.filter(pl.col("label") == "open")
    assert set(opened["known_at"]) == {START - timedelta(days=6)}


def test_the_newest_shape_goes_before_the_older_ones_beside_it() -> None:
    prices = priced(
        details="HOM -3.5",
        homeTeamOdds={"moneyLine": -999},
        moneyline={"home": {"open": {"odds": "-150"}, "close": {"odds": "-160"}}, "away": {"close": {"odds": "+140"}}},
        pointSpread={"home": {"close": {"line": "-3.5", "odds": "-105"}}},
        total={"over": {"close": {"line": "o45.5", "odds": "OFF"}}},
    )
    assert told(prices) == {
        ("moneyline", "home"): (None, 1.625), ("moneyline", "away"): (None, 2.4),
        ("spread", "home"): (3.5, 1.952), ("total", "over"): (45.5, None),
    }  # fmt: skip
    assert told(prices, "open") == {("moneyline", "home"): (None, 1.667)}


def test_prices_of_a_game_that_has_begun_are_refused() -> None:
    parsed = board(played("1", "in", "STATUS_IN_PROGRESS", odds=[{"overUnder": 44}, None]))
    assert parsed.tables["prices"].is_empty()
    assert set(parsed.refused["reason"]) == {"a game that has begun: a price in play is not ours"}


def test_what_is_no_game_of_ours_is_refused() -> None:
    before = {**played("1", "pre", "STATUS_SCHEDULED"), "season": {"type": 1}}
    bare = {**played("2", "pre", "STATUS_SCHEDULED"), "competitions": []}
    assert board(before, bare).refused["reason"].to_list() == ["a pre-season game", "a side is missing"]
    soccer = SOURCES["espn_soccer"].read(scoreboard("usa.1"), Part(name="mls", path="s"))
    assert set(soccer.refused["reason"]) == {"a competition that is not ours"}


def test_the_league_of_a_match_is_what_the_scoreboard_says() -> None:
    soccer = SOURCES["espn_soccer"].read(scoreboard("esp.1"), Part(name="scoreboard of esp.1", path="s"))
    assert set(soccer.tables["fixtures"]["league"]) == {"SP1"}
    assert set(soccer.tables["prices"]["market"]) == {"1x2", "asian_handicap", "total@44.5"}


def test_a_college_goes_by_its_school() -> None:
    college = SOURCES["espn_ncaaf"].read(scoreboard("college-football"), Part(name="scoreboard", path="s"))
    assert set(college.tables["fixtures"]["home"]) == {HOME}


def test_an_injury_is_known_from_its_report_and_its_player_from_a_link() -> None:
    athlete = {"displayName": "Ann Invented", "links": [{"href": "https://ants.test/nfl/player/_/id/4711/ann"}]}
    details = {"type": "Hip", "side": "Left", "returnDate": "2031-11-21"}
    reports = [
        {"status": "Out", "date": "2031-09-10T17:40Z", "athlete": athlete, "details": details},
        {"status": "Questionable", "date": "2032-01-02T17:40Z", "athlete": {"displayName": "Bob Invented"}},
        {"status": "Out", "date": "lately", "athlete": athlete},
    ]
    data = line({"injuries": [{"displayName": HOME, "injuries": reports}]})
    parsed = NFL.read(data, Part(name="injuries", path="i"))
    first, second = parsed.tables["injuries"].iter_rows(named=True)
    assert (first["player"], first["status"], first["detail"]) == ("4711", "Out", "Hip, Left, back 2031-11-21")
    assert first["known_at"] == first["event_at"] == datetime(2031, 9, 10, 17, 40, tzinfo=UTC)
    assert (first["known_how"], first["fixture"], first["team"]) == ("recorded", None, HOME)
    assert (second["player"], second["season"]) == ("bob-invented", 2031)
    assert parsed.refused["reason"].to_list() == ["date cannot be read"]
