"""The collector over a server of this machine: what is asked for when, what silver then holds, what goes wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler

import polars as pl
import pytest

from antepost.errors import SettingsError
from antepost.ingestion import replay
from antepost.ingestion.memory import recall
from antepost.ingestion.polling import CollectPolicy, Event, read_journal
from antepost.ingestion.polling.journal import alone
from antepost.ingestion.polling.policy import Step
from antepost.lake import facts, raw
from antepost.lake.batches import batches, loading
from antepost.lake.upkeep import compact
from antepost.settings import Settings
from tests.collecting import INJURIES, LEFT, ODDS, SCOREBOARD, World, forecast, odds, scoreboard
from tests.unit.ingestion.polling.conftest import START, Collect
from tests.upstream import says

NOW = START - timedelta(hours=3)
LATE = CollectPolicy(silver_s=86400)
"""Reads silver at the end only: to read it takes longer than a clock that is moved by waiting allows for."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def kinds(told: list[Event]) -> list[tuple[str, str]]:
    return [(event.kind, event.subject) for event in told]


def test_what_is_due_is_asked_for_and_in_silver_by_its_receipt(collect: Collect, knowing: Settings) -> None:
    told = collect()
    assert [event.subject for event in told if event.kind == "asked"] == [
        "the_odds_api_nfl", "espn_nfl scoreboard", "open_meteo_nfl", "espn_nfl injuries",
    ]  # fmt: skip
    held = facts(knowing, "nfl")
    prices = held["prices"].filter(pl.col("book") == "ants")
    assert prices["outcome"].sort().to_list() == ["away", "home"]
    assert held["injuries"]["name"].to_list() == ["Ann Invented"]
    assert held["weather"]["kind"].unique().to_list() == ["forecast"]
    polled = pl.concat(held[name].select("known_at", "known_how") for name in ("injuries", "weather"))
    polled = pl.concat([polled, prices.select("known_at", "known_how")])
    # Four requests of one host take three turns.
    assert polled["known_at"].is_between(NOW, NOW + timedelta(seconds=1)).all()
    assert set(polled["known_how"]) == {"recorded"}


def test_each_forecast_is_wrapped_in_its_ground_and_moment(collect: Collect, knowing: Settings, feeds: World) -> None:
    collect(sources=("open_meteo_nfl",))
    assert feeds.asked == [feeds.forecast]
    [payload] = batches(knowing)[-1].payloads
    [asked] = json.loads(raw.read(knowing, payload.raw))
    assert (asked["ground"], asked["start"]) == ("INV00", START.isoformat())
    assert datetime.fromisoformat(asked["received_at"]) == NOW
    assert asked["answer"] == json.loads(forecast(START))


def test_a_collector_asks_at_the_pace_of_the_hour(collect: Collect, feeds: World) -> None:
    collect(NOW, minutes=31, policy=LATE)
    counts = {path: feeds.asked.count(path) for path in dict.fromkeys(feeds.asked)}
    assert counts == {ODDS: 7, SCOREBOARD: 7, INJURIES: 1, feeds.forecast: 1}


def test_prices_are_asked_every_minute_in_the_last_hour_and_never_after_the_start(
    collect: Collect, feeds: World
) -> None:
    collect(START - 10 * MINUTE, minutes=30, sources=("the_odds_api_nfl",), policy=LATE)
    assert feeds.asked == [ODDS] * 10


def test_a_restart_goes_on_where_it_was(collect: Collect, feeds: World) -> None:
    collect(NOW)
    collect(NOW + 4 * MINUTE)
    assert len(feeds.asked) == 4
    collect(NOW + 6 * MINUTE)
    assert feeds.asked[4:] == [ODDS, SCOREBOARD]


def test_a_price_that_moved_is_another_quote_known_from_its_own_receipt(
    collect: Collect, knowing: Settings, feeds: World
) -> None:
    collect(NOW, sources=("the_odds_api_nfl",))
    feeds.answers[ODDS] = says(200, odds(START, 1.8, NOW + 4 * MINUTE), **LEFT)
    collect(NOW + 10 * MINUTE, sources=("the_odds_api_nfl",))
    prices = facts(knowing, "nfl")["prices"].filter((pl.col("book") == "ants") & (pl.col("outcome") == "home"))
    assert prices.sort("known_at").select("known_at", "odds").rows() == [(NOW, 1.9), (NOW + 10 * MINUTE, 1.8)]


def test_a_correction_that_is_polled_later_is_a_new_revision(collect: Collect, knowing: Settings, feeds: World) -> None:
    over = START + 4 * HOUR
    feeds.answers[SCOREBOARD] = says(200, scoreboard(START, scores=(20, 17)))
    collect(over, sources=("espn_nfl",))
    feeds.answers[SCOREBOARD] = says(200, scoreboard(START, scores=(23, 17)))
    collect(over + 20 * MINUTE, sources=("espn_nfl",))
    results = facts(knowing, "nfl")["results"].sort("known_at")
    assert results.select("known_at", "home_score").rows() == [(over, 20), (over + 20 * MINUTE, 23)]


def test_once_a_result_is_known_its_scoreboard_is_asked_less_often(collect: Collect, feeds: World) -> None:
    feeds.answers[SCOREBOARD] = says(200, scoreboard(START, scores=(20, 17)))
    after = START + 4 * HOUR
    collect(after, sources=("espn_nfl",))
    collect(after + 10 * MINUTE, sources=("espn_nfl",))
    assert feeds.asked.count(SCOREBOARD) == 1


def test_what_was_polled_between_two_readings_is_one_load_each(
    collect: Collect, knowing: Settings, feeds: World
) -> None:
    """Two answers of one page contradict each other within one load; and each has its own receipt."""
    before = len(batches(knowing))
    quoted = iter(range(100))

    def moving(handler: BaseHTTPRequestHandler) -> None:
        step = next(quoted)
        says(200, odds(START, 1.5 + step / 100, NOW + step * MINUTE), **LEFT)(handler)

    feeds.answers[ODDS] = moving
    told = collect(START - 10 * MINUTE, minutes=6, sources=("the_odds_api_nfl",), policy=CollectPolicy(silver_s=240))
    loads = batches(knowing)[before:]
    assert [load.received_at for load in loads] == [START - (10 - step) * MINUTE for step in range(6)]
    assert all(load.polled for load in loads)
    # The first four were read together, after the fifth was asked for.
    assert [event.kind for event in told].index("read") >= 4
    assert replay(batches(knowing, "nfl"), lambda sha: raw.read(knowing, sha))["prices"].equals(
        facts(knowing, "nfl")["prices"]
    )


def test_the_same_answer_again_is_kept_once_and_read_once(collect: Collect, knowing: Settings, feeds: World) -> None:
    feeds.answers[ODDS] = says(200, odds(START, 1.9, NOW - HOUR), ETag='"1"', **LEFT)
    collect(NOW, sources=("the_odds_api_nfl",))
    loads = len(batches(knowing))
    feeds.answers[ODDS] = says(304, **LEFT)
    [again] = collect(NOW + HOUR, sources=("the_odds_api_nfl",))
    assert again.text.startswith("as before · 5,000 requests left · next ")
    assert feeds.upstream.asked[-1][1]["if-none-match"] == '"1"'
    assert len(batches(knowing)) == loads
    assert read_journal(knowing).waiting == []
    held = recall(knowing, feeds.url + ODDS)
    assert held
    assert held.data == odds(START, 1.9, NOW - HOUR)


def test_tables_are_compacted_once_a_day(collect: Collect, knowing: Settings, feeds: World) -> None:
    for hours in range(3):
        at = START - (50 - hours) * HOUR
        feeds.answers[ODDS] = says(200, odds(START, 1.5 + hours / 10, at), **LEFT)
        collect(at, sources=("the_odds_api_nfl",), policy=CollectPolicy(odds=(Step(within_s=7 * 86400, every_s=60),)))
    feeds.answers[ODDS] = says(200, odds(START, 1.85, NOW), **LEFT)
    collect(NOW, sources=("the_odds_api_nfl",))
    assert facts(knowing, "nfl")["prices"]["batch"].n_unique() == 4
    assert {one.before for one in compact(knowing)} == {1}


def test_a_host_that_is_down_is_left_alone_ever_longer_and_others_go_on(collect: Collect, knowing: Settings) -> None:
    nowhere = "http://127.0.0.1:9"
    [failed] = collect(NOW, mirror=nowhere, sources=("espn_nfl",))
    assert failed.kind == "failed"
    assert nowhere in failed.text
    assert "next 14:01:00Z" in failed.text
    told = collect(NOW, minutes=20, mirror=nowhere, sources=("espn_nfl",))
    assert [event.at for event in told] == [NOW + minutes * MINUTE for minutes in (1, 3, 7, 15)]
    assert read_journal(knowing).troubles[nowhere].failures == 5
    assert read_journal(knowing).asked == {}


def test_a_host_that_asks_for_patience_gets_it(collect: Collect, feeds: World) -> None:
    feeds.answers[SCOREBOARD] = says(429, Retry_After="1200")
    told = collect(NOW, minutes=40, sources=("espn_nfl",), policy=LATE)
    failed = [event for event in told if event.kind == "failed"]
    assert failed[0].figures["next"] == NOW + 20 * MINUTE
    # The list of injuries is at the same host.
    assert feeds.asked == [SCOREBOARD, SCOREBOARD]
    assert failed[1].at >= NOW + 20 * MINUTE


@pytest.mark.parametrize("status", [404, 500])
def test_a_page_that_is_gone_or_broken_leaves_its_host_in_peace(
    status: int, collect: Collect, feeds: World, knowing: Settings
) -> None:
    feeds.answers[SCOREBOARD] = says(status)
    told = collect(NOW, sources=("espn_nfl",))
    assert kinds(told)[:2] == [("failed", "espn_nfl scoreboard"), ("asked", "espn_nfl injuries")]
    assert list(read_journal(knowing).troubles) == ["espn_nfl scoreboard"]


def test_rubbish_is_kept_and_said_and_the_rest_is_read(collect: Collect, feeds: World, knowing: Settings) -> None:
    feeds.answers[SCOREBOARD] = says(200, b'{"events": 3}')
    told = collect(NOW, sources=("espn_nfl",))
    [unread] = [event for event in told if event.kind == "read" and event.subject == "espn_nfl scoreboard"]
    assert unread.text.startswith("not read · ESPN's scoreboard of nfl is cut off or laid out anew at events")
    assert facts(knowing, "nfl")["injuries"].height == 1
    assert read_journal(knowing).waiting == []


def test_a_quota_that_runs_out_slows_prices_down_and_says_so(collect: Collect, feeds: World) -> None:
    left = iter(range(74, 0, -9))

    def counting(handler: BaseHTTPRequestHandler) -> None:
        says(200, odds(START, 1.9, NOW), x_requests_remaining=str(next(left)), x_requests_last="9")(handler)

    feeds.answers[ODDS] = counting
    told = collect(START - 30 * MINUTE, minutes=29, sources=("the_odds_api_nfl",), policy=LATE)
    slowed = next(event for event in told if event.kind == "slowed")
    assert slowed.text == f"74 requests are left at {feeds.url} until 2031-10-01: prices 5.0 times as rarely"
    assert 5 <= feeds.asked.count(ODDS) <= 7


def test_a_quota_that_is_used_up_stops_prices_only(collect: Collect, feeds: World) -> None:
    feeds.answers[ODDS] = says(200, odds(START, 1.9, NOW), x_requests_remaining="3", x_requests_last="9")
    told = collect(NOW, minutes=11, policy=LATE)
    assert feeds.asked.count(ODDS) == 1
    assert feeds.asked.count(SCOREBOARD) == 3
    assert [event.text for event in told if event.kind == "slowed"] == [
        f"3 requests are left at {feeds.url} until 2031-10-01: prices are not asked for until then"
    ]


def test_without_a_key_prices_are_left_out_by_name_and_the_rest_goes_on(
    upstream: Callable[..., list[Event]], feeds: World
) -> None:
    told = upstream(None)
    assert kinds(told)[0] == ("left out", "the_odds_api_nfl")
    assert "set ANTEPOST_ODDS_API_KEY" in told[0].text
    assert [event.subject for event in told if event.kind == "asked"] == [
        "espn_nfl scoreboard", "open_meteo_nfl", "espn_nfl injuries",
    ]  # fmt: skip


def test_a_key_goes_to_its_host_and_into_no_file(
    upstream: Callable[..., list[Event]], feeds: World, knowing: Settings
) -> None:
    told = upstream("very-secret")
    paths = [path for path, _ in feeds.upstream.asked]
    assert [("very-secret" in path) for path in paths] == ["americanfootball_nfl" in path for path in paths]
    assert any("very-secret" in path for path in paths)
    files = [path.read_bytes() for path in knowing.home.rglob("*") if path.is_file()]
    assert not any(b"very-secret" in data for data in [*files, str(told).encode()])


def test_a_second_collector_is_told_of_the_first(collect: Collect, knowing: Settings) -> None:
    with alone(knowing), pytest.raises(SettingsError, match=r"has a collector already \(process \d+\)"):
        collect()
    collect()


def test_polls_go_on_while_another_load_holds_the_lake(collect: Collect, knowing: Settings, feeds: World) -> None:
    """A cold ingest holds the lock for minutes; prices of those minutes would be gone."""
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with loading(knowing):
            held.set()
            release.wait(20)

    def last(handler: BaseHTTPRequestHandler) -> None:
        if feeds.asked.count(ODDS) == 9:
            release.set()
        says(200, odds(START, 1.9, NOW), **LEFT)(handler)

    feeds.answers[ODDS] = last
    other = threading.Thread(target=hold)
    other.start()
    held.wait(20)
    collect(START - 10 * MINUTE, minutes=10, sources=("the_odds_api_nfl",), policy=CollectPolicy(silver_s=1))
    other.join()
    assert feeds.asked.count(ODDS) == 10
    assert facts(knowing, "nfl")["prices"].height == 2
