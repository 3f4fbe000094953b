"""Reading over REST, from a small HTTP server that answers with MLflow's own shapes (invented values)."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from antepost.errors import EngineError, ModelError
from antepost.registry import read

VERSION = {
    "name": "nfl.winner.close",
    "version": "2",
    "tags": [{"key": "digest", "value": "ab" * 32}, {"key": "lock", "value": "lock-1"}],
    "aliases": ["champion"],
}


@pytest.fixture
def serve() -> Iterator[Callable[[int, str], str]]:
    """Return a function that starts a server with one answer to everything, and says where it is."""
    running: list[ThreadingHTTPServer] = []

    def start(status: int, body: str) -> str:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
                """Say nothing: the tests' output is read by people."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def test_the_champion_names_version_and_bundle(serve: Callable[[int, str], str]) -> None:
    standing = read.champion(serve(200, json.dumps({"model_version": VERSION})), "nfl.winner.close")
    assert (standing.version, standing.digest, standing.aliases) == ("2", "ab" * 32, ("champion",))


def test_versions_come_oldest_first(serve: Callable[[int, str], str]) -> None:
    body = json.dumps({"model_versions": [{**VERSION, "version": str(n)} for n in (10, 9, 2)]})
    assert [s.version for s in read.versions(serve(200, body), "nfl.winner.close")] == ["2", "9", "10"]


def test_a_model_without_versions_has_none(serve: Callable[[int, str], str]) -> None:
    assert read.versions(serve(200, "{}"), "nfl.winner.close") == []


def test_without_a_champion_the_command_that_makes_one_is_named(serve: Callable[[int, str], str]) -> None:
    url = serve(404, json.dumps({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no such model"}))
    with pytest.raises(ModelError, match="antepost train nfl --odds close"):
        read.champion(url, "nfl.winner.close")


def test_a_version_somebody_else_registered_is_refused(serve: Callable[[int, str], str]) -> None:
    url = serve(200, json.dumps({"model_version": {**VERSION, "tags": []}}))
    with pytest.raises(ModelError, match=r"version 2 .* names no bundle"):
        read.champion(url, "nfl.winner.close")


@pytest.mark.parametrize("body", ['{"error_code": "INTERNAL_ERROR"}', "<html>upstream is away</html>"])
def test_a_server_in_trouble_is_an_engines_fault(serve: Callable[[int, str], str], body: str) -> None:
    """A proxy in front of MLflow answers in HTML; that once ended in a JSON error without a name."""
    with pytest.raises(EngineError, match="502"):
        read.champion(serve(502, body), "nfl.winner.close")


def test_an_answer_that_is_no_json_is_an_engines_fault(serve: Callable[[int, str], str]) -> None:
    with pytest.raises(EngineError, match="no JSON"):
        read.champion(serve(200, "<html>please sign in</html>"), "nfl.winner.close")


def test_a_server_that_is_away_is_an_engines_fault(serve: Callable[[int, str], str]) -> None:
    with pytest.raises(EngineError, match="does not answer"):
        read.champion("http://127.0.0.1:9", "nfl.winner.close")
