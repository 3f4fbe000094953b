"""The embedded Valkey, and one that a URL names."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from antepost.engines.process import wait_until
from antepost.engines.valkey import ValkeyServer, release_valkey, valkey_client
from antepost.errors import EngineError, SettingsError
from antepost.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """A home whose server ends with the test."""
    given = Settings(home=tmp_path)
    yield given
    release_valkey(given)


def test_it_starts_when_first_asked_for_and_ends_with_its_last_user(settings: Settings) -> None:
    client = valkey_client(settings)
    client.set("said", b"once")
    assert valkey_client(settings).get("said") == b"once"
    server = ValkeyServer(folder=settings.engines / "valkey")
    assert server.pid() is not None
    assert server.socket.parent.stat().st_mode & 0o077 == 0
    release_valkey(settings)
    assert server.pid() is None
    assert not server.socket.parent.exists()


def test_one_that_was_killed_is_started_again(settings: Settings) -> None:
    valkey_client(settings).set("said", b"once")
    server = ValkeyServer(folder=settings.engines / "valkey")
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: server.pid() is None, 5.0)
    assert valkey_client(settings).get("said") is None
    assert server.pid() not in (None, pid)


def test_it_writes_nothing_of_what_it_holds_to_the_disk(settings: Settings) -> None:
    client = valkey_client(settings)
    client.set("said", b"once")
    assert client.config_get("save") == {"save": ""}
    assert client.config_get("appendonly") == {"appendonly": "no"}


def test_a_url_takes_the_server_it_names(settings: Settings) -> None:
    valkey_client(settings).set("said", b"there")
    socket = ValkeyServer(folder=settings.engines / "valkey").socket
    other = Settings(home=settings.home / "other", valkey_url=f"unix://{socket}")
    assert valkey_client(other).get("said") == b"there"
    assert not other.engines.exists()
    release_valkey(other)


def test_a_url_of_something_else_or_of_nobody_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ANTEPOST_VALKEY_URL"):
        valkey_client(Settings(home=tmp_path, valkey_url="http://localhost"))
    with pytest.raises(EngineError, match="does not answer"):
        valkey_client(Settings(home=tmp_path, valkey_url=f"unix://{tmp_path}/nobody.sock"))


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "engines").write_text("no folder")
    with pytest.raises(EngineError, match="ANTEPOST_HOME"):
        valkey_client(Settings(home=tmp_path))
