"""A server of this machine that stands for an upstream, and a road that takes HTTPS requests there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

type Reply = Callable[[BaseHTTPRequestHandler], None]


class Upstream:
    """A server on a port of its own; ``replies`` are given one after another, the last of them for ever."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._gate = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with outer._gate:
                    outer.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                    reply = outer.replies.pop(0) if len(outer.replies) > 1 else outer.replies[0]
                reply(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
                del format, args

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@contextmanager
def serving() -> Iterator[Upstream]:
    """Run a server for as long as it is needed."""
    made = Upstream()
    made.thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    made.thread.join()


def says(status: int, body: bytes = b"", length: int | None = None, **headers: str) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if status != 304:
            handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


class OverLoopback(httpx.BaseTransport):
    """Takes HTTPS requests to a server of this machine, as a road of a test's own: the client still asks HTTPS only."""

    def __init__(self, url: str) -> None:
        self.base = httpx.URL(url)
        self.road = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_with(scheme="http", host=self.base.host, port=self.base.port)
        return self.road.handle_request(httpx.Request(request.method, url, headers=request.headers))

    def close(self) -> None:
        self.road.close()
