"""The process that listens: for good, or for as long as a block of code runs."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

import uvicorn

from antepost.errors import EngineError
from antepost.serving.app import create_app
from antepost.serving.reads import Reads

LOOPBACK = "127.0.0.1"
PORT = 8000
START_WITHIN_SECONDS = 30.0
STOP_WITHIN_SECONDS = 10.0
# Above the interval at which clients and proxies ask again, so that they find their connection open.
KEEP_ALIVE_SECONDS = 65


class _Announcing(uvicorn.Server):
    """A server that says when it accepts requests, so that nobody has to poll for it."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None] | None = None) -> None:
        super().__init__(config)
        self.settled = threading.Event()
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self.settled.set()
        if self.started and self._tell is not None:
            self._tell()

    def run_and_settle(self, listener: socket.socket) -> None:
        """Run until told to stop; an end before the start settles it too, so that no one waits for it."""
        try:
            self.run([listener])
        finally:
            self.settled.set()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise EngineError(
            f"the API cannot listen on {host}:{port}: {error.strerror}; choose another with --port",
            host=host,
            port=port,
        ) from error
    return listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _server(desk: Reads, *, level: str, started: Callable[[], None] | None = None) -> _Announcing:
    config = uvicorn.Config(
        create_app(desk),
        log_level=level,
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=int(STOP_WITHIN_SECONDS),
    )
    return _Announcing(config, started)


def serve(desk: Reads, host: str = LOOPBACK, port: int = PORT, started: Callable[[str], None] | None = None) -> None:
    """Serve the API until the process is told to stop; ``started`` is handed its URL once it answers.

    Raises:
        EngineError: the port is taken or not ours to take.
    """
    with _listen(host, port) as listener:
        url = _url(listener)
        _server(desk, level="info", started=lambda: started(url) if started else None).run([listener])


@contextmanager
def serve_for_a_moment(desk: Reads) -> Generator[str]:
    """Yield the URL of the API on a free loopback port; it stops when the block ends.

    Raises:
        EngineError: it did not start.
    """
    with _listen(LOOPBACK, 0) as listener:
        server = _server(desk, level="warning")
        thread = threading.Thread(target=server.run_and_settle, args=(listener,), name="antepost-api", daemon=True)
        thread.start()
        try:
            server.settled.wait(START_WITHIN_SECONDS)
            if not server.started:
                raise EngineError(f"the API did not start within {START_WITHIN_SECONDS:.0f} s; its log says why")
            yield _url(listener)
        finally:
            server.should_exit = True
            thread.join(STOP_WITHIN_SECONDS)
