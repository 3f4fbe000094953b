"""The process that listens."""

from __future__ import annotations

import queue
import signal
import socket
import threading

import httpx
import pytest

from antepost.errors import EngineError
from antepost.serving import serve, serve_for_a_moment


def test_it_listens_on_loopback_and_is_gone_when_the_block_ends(desk) -> None:
    with serve_for_a_moment(desk) as url:
        assert url.startswith("http://127.0.0.1:")
        assert httpx.get(f"{url}/healthz").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/healthz")


def test_two_of_them_run_side_by_side(desk) -> None:
    with serve_for_a_moment(desk) as one, serve_for_a_moment(desk) as other:
        assert one != other
        assert {httpx.get(f"{url}/readyz").status_code for url in (one, other)} == {200}


def test_it_stops_although_the_block_failed(desk) -> None:
    with pytest.raises(LookupError), serve_for_a_moment(desk):
        raise LookupError
    assert "antepost-api" not in {thread.name for thread in threading.enumerate()}


def test_a_taken_port_is_an_error_that_names_it(desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EngineError, match=f"127.0.0.1:{port}.*--port"):
            serve(desk, port=port)


def test_it_says_where_it_answers(desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told, answers = queue.SimpleQueue[str](), list[int]()

    def ask_and_stop() -> None:
        answers.append(httpx.get(f"{told.get(timeout=60)}/docs").status_code)
        signal.raise_signal(signal.SIGINT)

    asking = threading.Thread(target=ask_and_stop)
    # A shell ignores the signal in what it runs in the background, and so would these tests there.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        asking.start()
        with pytest.raises(KeyboardInterrupt):
            serve(desk, port=port, started=told.put)
        asking.join()
    finally:
        signal.signal(signal.SIGINT, before)
    assert answers == [200]
