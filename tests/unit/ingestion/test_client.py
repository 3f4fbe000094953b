"""The one client, against a server of this machine that answers well, late, in part, in vain and with rubbish."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pytest

from antepost.domain import FixedClock
from antepost.errors import DataError, SourceError, SourceUnreachable
from antepost.ingestion import SOURCES, Part, fetch
from antepost.ingestion.client import Client
from antepost.ingestion.memory import record_of
from antepost.ingestion.pace import Policy
from antepost.settings import Settings, get_settings
from tests.upstream import OverLoopback, Upstream, says, serving

NOW = datetime(2031, 9, 20, 8, tzinfo=UTC)
BODY = b"invented\n1\n"
KEY = "a-key-that-nobody-may-see"
NFLVERSE = SOURCES["nflverse"]


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with serving() as made:
        yield made


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    return get_settings(home=tmp_path / "home", odds_api_key=KEY)


@pytest.fixture
def naps() -> list[float]:
    return []


@pytest.fixture
def client(place: Settings, naps: list[float]) -> Client:
    """A client that counts its pauses and does not take them."""
    return Client(place, clock=FixedClock(NOW), sleep=naps.append, jitter=lambda most: most)


def test_an_answer_is_kept_once_with_its_request_its_headers_and_its_time(
    upstream: Upstream, client: Client, place: Settings
) -> None:
    upstream.replies = [says(200, BODY, ETag='"one"', Set_Cookie="who=me")]
    answer = client.get(f"{upstream.url}/games.csv", secure=False)
    assert answer is not None
    assert answer.data == BODY
    [sha] = [path.name for path in place.bronze.rglob("*") if len(path.name) == 64]
    record = json.loads((place.home / record_of(sha)).read_text())
    assert record["url"] == f"{upstream.url}/games.csv"
    assert record["request"]["User-Agent"] == "antepost"
    assert record["response"]["etag"] == '"one"'
    assert record["received_at"] == "2031-09-20T08:00:00Z"
    assert record["raw"] == sha
    assert "who=me" not in (place.home / record_of(sha)).read_text()


def test_what_did_not_change_is_asked_after_and_not_sent_again(
    upstream: Upstream, client: Client, place: Settings
) -> None:
    stamp = "Sat, 20 Sep 2031 07:00:00 GMT"
    upstream.replies = [says(200, BODY, ETag='"one"', Last_Modified=stamp), says(304)]
    url = f"{upstream.url}/games.csv"
    client.get(url, secure=False)
    again = Client(place).get(url, secure=False)
    assert again is not None
    assert (again.data, again.unchanged) == (BODY, True)
    _, headers = upstream.asked[1]
    assert headers["if-none-match"] == '"one"'
    assert headers["if-modified-since"] == stamp


def test_bytes_that_were_lost_are_asked_for_anew(upstream: Upstream, client: Client, place: Settings) -> None:
    upstream.replies = [says(200, BODY, ETag='"one"')]
    url = f"{upstream.url}/games.csv"
    client.get(url, secure=False)
    for path in place.bronze.rglob("*"):
        if len(path.name) == 64:
            path.write_bytes(b"rotten")
    again = client.get(url, secure=False)
    assert again is not None
    assert (again.data, again.unchanged) == (BODY, False)
    assert "if-none-match" not in upstream.asked[1][1]


def test_a_host_that_is_busy_is_asked_again_when_it_says(upstream: Upstream, client: Client, naps: list[float]) -> None:
    upstream.replies = [says(429, Retry_After="7"), says(200, BODY)]
    answer = client.get(f"{upstream.url}/games.csv", secure=False)
    assert answer is not None
    assert answer.data == BODY
    assert 7.5 in naps


def test_a_host_may_name_the_moment_at_which_it_is_free(upstream: Upstream, client: Client, naps: list[float]) -> None:
    upstream.replies = [says(503, Retry_After="Sat, 20 Sep 2031 08:00:09 GMT"), says(200, BODY)]
    assert client.get(f"{upstream.url}/games.csv", secure=False)
    assert 9.5 in naps


def test_nobody_waits_an_hour(upstream: Upstream, client: Client, naps: list[float]) -> None:
    upstream.replies = [says(429, Retry_After="3600")]
    for told in ("answered 429", "left alone for another 3600 s"):
        with pytest.raises(SourceError, match=told):
            client.get(f"{upstream.url}/games.csv", secure=False)
    assert len(upstream.asked) == 1
    assert max(naps, default=0.0) < 1.0


def test_a_fault_of_the_moment_is_got_over(upstream: Upstream, client: Client, naps: list[float]) -> None:
    upstream.replies = [says(500), says(200, BODY)]
    answer = client.get(f"{upstream.url}/games.csv", secure=False)
    assert answer is not None
    assert answer.data == BODY
    assert 0.5 in naps


def test_a_fault_that_stays_is_told_after_three_tries(upstream: Upstream, client: Client, naps: list[float]) -> None:
    upstream.replies = [says(500)]
    with pytest.raises(SourceError, match="answered 500"):
        client.get(f"{upstream.url}/games.csv", secure=False)
    assert len(upstream.asked) == 3
    assert {0.5, 1.0} <= set(naps)


def test_a_host_that_keeps_failing_is_left_alone_and_then_tried_once(upstream: Upstream) -> None:
    now = [0.0]
    policy = Policy(tries=1, failures=2, rest_s=60.0)
    client = Client(policy=policy, sleep=lambda _: None, monotonic=lambda: now[0])
    url = f"{upstream.url}/games.csv"
    upstream.replies = [says(500), says(500), says(500), says(200, BODY)]
    for told in ("answered 500", "answered 500", "left alone", "left alone"):
        with pytest.raises(SourceError, match=told):
            client.get(url, secure=False)
    assert len(upstream.asked) == 2
    now[0] = 61.0
    for told in ("answered 500", "left alone"):
        with pytest.raises(SourceError, match=told):
            client.get(url, secure=False)
    now[0] = 122.0
    assert client.get(url, secure=False)
    assert client.get(url, secure=False)


def test_silence_of_a_host_stays_silence_while_it_is_left_alone() -> None:
    def no_route(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    client = Client(transport=httpx.MockTransport(no_route), policy=Policy(failures=1))
    for told in ("no route", "left alone"):
        with pytest.raises(SourceUnreachable, match=told):
            client.get("https://gone.test/games.csv")


def test_requests_to_one_host_keep_their_distance(upstream: Upstream, naps: list[float]) -> None:
    client = Client(policy=Policy(per_second=4.0), sleep=naps.append, monotonic=lambda: 100.0)
    upstream.replies = [says(200, BODY)]
    for _ in range(3):
        client.get(f"{upstream.url}/games.csv", secure=False)
    assert naps == [0.25, 0.5]


def test_only_so_many_requests_are_under_way_at_once(upstream: Upstream) -> None:
    under_way, most, gate = [0], [0], threading.Lock()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        with gate:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        threading.Event().wait(0.03)
        with gate:
            under_way[0] -= 1
        says(200, BODY)(handler)

    upstream.replies = [slow]
    client = Client(policy=Policy(at_once=2, per_second=1e6))
    threads = [
        threading.Thread(target=client.get, args=(f"{upstream.url}/games.csv",), kwargs={"secure": False})
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(upstream.asked) == 6
    assert 1 <= most[0] <= 2


def test_a_host_that_says_nothing_is_given_up(upstream: Upstream) -> None:
    def silent(handler: BaseHTTPRequestHandler) -> None:
        threading.Event().wait(0.3)

    upstream.replies = [silent]
    client = Client(policy=Policy(tries=1, silence_s=0.05))
    with pytest.raises(SourceError, match="broke off: ReadTimeout"):
        client.get(f"{upstream.url}/games.csv", secure=False)


def test_an_answer_that_drips_is_given_up(upstream: Upstream) -> None:
    ticks = iter(float(second) for second in range(1000))
    upstream.replies = [says(200, BODY)]
    client = Client(policy=Policy(longest_s=0.5), sleep=lambda _: None, monotonic=lambda: next(ticks))
    with pytest.raises(SourceError, match="takes longer than"):
        client.get(f"{upstream.url}/games.csv", secure=False)


def test_half_an_answer_is_none(upstream: Upstream, client: Client, place: Settings) -> None:
    upstream.replies = [says(200, BODY, length=1000)]
    with pytest.raises(SourceError, match="broke off"):
        client.get(f"{upstream.url}/games.csv", secure=False)
    assert len(upstream.asked) == 3
    assert not place.bronze.exists()


def test_a_web_page_is_no_data(upstream: Upstream, client: Client, place: Settings) -> None:
    upstream.replies = [says(200, b"<html>Log in first</html>", Content_Type="text/html; charset=utf-8")]
    with pytest.raises(SourceError, match="web page"):
        client.get(f"{upstream.url}/games.csv", secure=False)
    assert not place.bronze.exists()


def test_what_is_too_large_is_not_read_to_its_end(upstream: Upstream, place: Settings) -> None:
    upstream.replies = [says(200, bytes(12 << 20))]
    client = Client(place, policy=Policy(most_bytes=10 << 20))
    with pytest.raises(SourceError, match="larger than 10 MiB"):
        client.get(f"{upstream.url}/games.csv", secure=False)
    assert not place.bronze.exists()


def test_rubbish_that_fits_is_refused_by_its_parser(upstream: Upstream, client: Client) -> None:
    upstream.replies = [says(200, bytes(range(1, 256)) * 45_000)]
    [part] = NFLVERSE.parts(2031)
    fetched = fetch(NFLVERSE, part, upstream.url, client=client)
    assert len(fetched.data) > 10 << 20
    with pytest.raises(DataError):
        NFLVERSE.read(fetched.data, part)


@pytest.mark.parametrize(
    "inward",
    [
        "http://127.0.0.2/secret", "http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest",
        "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://localhost:9/", "http://printer.local/", "http://0.0.0.0/",
        "http://2130706433/", "http://127.0.0.1:9/",
    ],
)  # fmt: skip
def test_nobody_is_led_to_a_private_address(upstream: Upstream, client: Client, inward: str) -> None:
    upstream.replies = [says(302, Location=inward)]
    with pytest.raises(SourceError, match="a private address"):
        client.get(f"{upstream.url}/games.csv", secure=False)
    assert len(upstream.asked) == 1


def test_a_mirror_may_lead_to_another_place_of_its_own(upstream: Upstream, client: Client) -> None:
    upstream.replies = [says(301, Location="/new/games.csv"), says(200, BODY)]
    answer = client.get(f"{upstream.url}/games.csv", secure=False)
    assert answer is not None
    assert answer.data == BODY
    assert upstream.asked[1][0] == "/new/games.csv"


def test_a_mirror_answers_as_upstream_would(upstream: Upstream, client: Client) -> None:
    [part] = NFLVERSE.parts(2031)
    upstream.replies = [says(404), says(200, BODY, ETag='"one"'), says(404), says(304)]
    first, second = (fetch(NFLVERSE, part, upstream.url, client=client) for _ in range(2))
    assert first.data == second.data == BODY
    assert [path for path, _ in upstream.asked] == [f"/{part.path}", f"/{part.path}.gz"] * 2
    assert (first.unchanged, second.unchanged) == (False, True)


def odds_part() -> Part:
    [part, *_] = [part for part in SOURCES["the_odds_api_nfl"].parts(2031) if part.url]
    return part


@pytest.mark.parametrize("status", [200, 401, 500])
def test_a_key_is_in_the_request_and_nowhere_else(
    upstream: Upstream, place: Settings, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    """httpx logs every address it asks, and a home may be shown to others."""
    caplog.set_level(logging.DEBUG)
    upstream.replies = [says(status, b"[]", x_requests_remaining="493")]
    client = Client(place, transport=OverLoopback(upstream.url), sleep=lambda _: None)
    told = ""
    try:
        fetched = fetch(SOURCES["the_odds_api_nfl"], odds_part(), client=client, settings=place)
        told = repr(fetched)
        assert fetched.quota == 493
    except SourceError as error:
        told = repr((error, error.evidence, error.__cause__, error.__context__))
    assert f"apiKey={KEY}" in upstream.asked[0][0]
    assert KEY not in told
    assert KEY not in caplog.text
    assert "api.the-odds-api.com" in caplog.text
    assert KEY not in repr(place)
    assert not [path for path in place.home.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def test_a_key_is_not_taken_along_to_another_host(upstream: Upstream, place: Settings) -> None:
    upstream.replies = [says(302, Location=f"https://elsewhere.test/?apiKey={KEY}"), says(500)]
    client = Client(place, transport=OverLoopback(upstream.url), sleep=lambda _: None, policy=Policy(tries=1))
    with pytest.raises(SourceError) as caught:
        fetch(SOURCES["the_odds_api_nfl"], odds_part(), client=client, settings=place)
    assert KEY not in upstream.asked[1][0]
    assert KEY not in str(caught.value)


def test_without_a_key_nobody_is_asked(upstream: Upstream, place: Settings) -> None:
    client = Client(transport=OverLoopback(upstream.url))
    bare = get_settings(home=place.home)
    with pytest.raises(SourceError, match="ANTEPOST_ODDS_API_KEY"):
        fetch(SOURCES["the_odds_api_nfl"], odds_part(), client=client, settings=bare)
    assert upstream.asked == []


def test_upstream_without_encryption_is_not_asked(upstream: Upstream, client: Client) -> None:
    [part] = NFLVERSE.parts(2031)
    with pytest.raises(SourceError, match="not HTTPS"):
        fetch(NFLVERSE, replace(part, url=f"{upstream.url}/games.csv"), client=client)
    assert upstream.asked == []
