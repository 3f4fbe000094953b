"""Where bytes come from: folders, mirrors over HTTP, upstream; over a transport that answers from memory."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from antepost.errors import DataError, SourceError, SourceUnreachable
from antepost.ingestion import SOURCES, fetch
from antepost.ingestion.client import Client
from antepost.ingestion.unpack import MOST_BYTES

NFLVERSE = SOURCES["nflverse"]
(PART,) = NFLVERSE.parts(2031)
PATH = PART.path
BODY = b"invented\n1\n"

type Answer = Callable[[httpx.Request], httpx.Response]


def world(answer: Answer) -> httpx.MockTransport:
    return httpx.MockTransport(answer)


def restless(answer: Answer) -> Client:
    """A client that tries again without waiting."""
    return Client(transport=world(answer), sleep=lambda _: None)


def put(root: Path, data: bytes, suffix: str = "") -> None:
    path = root / (PATH + suffix)
    path.parent.mkdir(parents=True)
    path.write_bytes(data)


def no_route(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route", request=request)


def test_a_folder_answers_with_the_plain_file(tmp_path: Path) -> None:
    put(tmp_path, BODY)
    fetched = fetch(NFLVERSE, PART, str(tmp_path))
    assert fetched.data == BODY
    assert fetched.origin == str(tmp_path / PATH)


def test_a_folder_answers_with_the_gzipped_file_beside_it(tmp_path: Path) -> None:
    put(tmp_path, gzip.compress(BODY), ".gz")
    assert fetch(NFLVERSE, PART, f"file://{tmp_path}").data == BODY


def test_a_mirror_without_the_file_is_an_error_and_no_reason_to_simulate(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="has no nfl/nflverse") as caught:
        fetch(NFLVERSE, PART, str(tmp_path))
    assert not isinstance(caught.value, SourceUnreachable)


def test_a_gzipped_file_that_was_cut_off_is_named(tmp_path: Path) -> None:
    put(tmp_path, gzip.compress(BODY * 100)[:-9], ".gz")
    with pytest.raises(DataError, match="cut off"):
        fetch(NFLVERSE, PART, str(tmp_path))


def test_a_file_that_unpacks_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    put(tmp_path, gzip.compress(bytes(MOST_BYTES + 1), compresslevel=1), ".gz")
    with pytest.raises(SourceError, match="larger than 50 MiB"):
        fetch(NFLVERSE, PART, str(tmp_path))


def test_a_mirror_over_http_answers_with_either_file() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        found = request.url.path == f"/data/{PATH}.gz"
        return httpx.Response(200, content=gzip.compress(BODY)) if found else httpx.Response(404)

    fetched = fetch(NFLVERSE, PART, "http://mirror.test/data/", world(answer))
    assert fetched.data == BODY
    assert fetched.origin.endswith(".gz")


def test_a_mirror_that_does_not_answer_is_an_error_and_no_reason_to_simulate() -> None:
    with pytest.raises(SourceError, match="does not answer") as caught:
        fetch(NFLVERSE, PART, "https://mirror.test", world(no_route))
    assert not isinstance(caught.value, SourceUnreachable)


def test_upstream_is_asked_where_no_mirror_is_named() -> None:
    fetched = fetch(NFLVERSE, PART, None, world(lambda _: httpx.Response(200, content=BODY)))
    assert fetched.data == BODY
    assert fetched.origin == PART.url


def test_a_redirect_is_followed_while_it_stays_on_https() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "elsewhere.test":
            return httpx.Response(200, content=BODY)
        return httpx.Response(302, headers={"Location": "https://elsewhere.test/games.csv"})

    assert fetch(NFLVERSE, PART, None, world(answer)).data == BODY


def test_a_redirect_off_https_is_not_followed() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https"
        return httpx.Response(302, headers={"Location": "http://elsewhere.test/games.csv"})

    with pytest.raises(SourceError, match="not HTTPS"):
        fetch(NFLVERSE, PART, None, world(answer))


def test_redirects_in_a_circle_end() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"Location": str(request.url)})

    with pytest.raises(SourceError, match="redirects"):
        fetch(NFLVERSE, PART, None, world(answer))


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("refused"), httpx.ConnectTimeout("silence"), httpx.ProxyError("forbidden")]
)
def test_no_route_to_upstream_is_told_apart_from_a_bad_answer(error: httpx.HTTPError) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(SourceUnreachable, match="no route"):
        fetch(NFLVERSE, PART, None, world(answer))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(404), "gone"),
        (httpx.Response(503), "answered 503"),
        (httpx.Response(200, content=bytes(MOST_BYTES + 1)), "larger than 50 MiB"),
    ],
)
def test_an_answer_we_do_not_like_is_a_source_error(answer: httpx.Response, told: str) -> None:
    with pytest.raises(SourceError, match=told) as caught:
        fetch(NFLVERSE, PART, None, client=restless(lambda _: answer))
    assert not isinstance(caught.value, SourceUnreachable)


def test_an_answer_that_breaks_off_is_a_source_error() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError("peer closed", request=request)

    with pytest.raises(SourceError, match="broke off") as caught:
        fetch(NFLVERSE, PART, None, client=restless(answer))
    assert not isinstance(caught.value, SourceUnreachable)


def test_the_simulated_source_answers_for_itself() -> None:
    fetched = fetch(SOURCES["simulated"], PART, "/nowhere", world(no_route))
    assert fetched.origin == "built in"
    assert fetched.data.startswith(b"game_id,season")
