"""What is right and wrong with this machine, its clock and each server, and what to do about it."""

from __future__ import annotations

import ctypes.util
import os
import platform
import shutil
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from antepost.domain.clock import Clock
from antepost.engines import acquire, valkey_client
from antepost.errors import AntepostError
from antepost.lake.batches import watermark
from antepost.settings import Settings

NTP_EPOCH = 2_208_988_800
NTP_PORT = 123
TOLERANCE_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at: ``state`` is ok, warn or fail; ``text`` says what was seen and what to do."""

    name: str
    state: str
    text: str


def examine(settings: Settings, clock: Clock, ntp: str = "pool.ntp.org") -> list[Finding]:
    """Return a finding for the machine, the home, the lake, the clock, Postgres, Valkey, MLflow and the mirror."""
    looks: list[Callable[[], Finding]] = [
        _machine,
        lambda: _home(settings),
        lambda: _lake(settings),
        _openmp,
        lambda: _clock(clock, ntp),
        lambda: _postgres(settings),
        lambda: _valkey(settings),
        lambda: _mlflow(settings),
        lambda: _mirror(settings),
    ]
    return [look() for look in looks]


def _machine() -> Finding:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    text = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB"
    if memory < 4:
        return Finding(name="machine", state="warn", text=f"{text}; training wants 4 GiB")
    return Finding(name="machine", state="ok", text=text)


def _home(settings: Settings) -> Finding:
    existing = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(existing).free / 2**30
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        return Finding(
            name="home", state="fail", text=f"{existing} is no writable folder; set ANTEPOST_HOME to one that is"
        )
    if free < 2:
        return Finding(name="home", state="fail", text=f"{free:.1f} GiB free at {existing}; make room for 2 GiB")
    return Finding(name="home", state="ok", text=f"{settings.home}, {free:.0f} GiB free")


def _lake(settings: Settings) -> Finding:
    try:
        loads = watermark(settings)
    except (AntepostError, OSError) as error:
        return Finding(name="lake", state="fail", text=str(error))
    return Finding(name="lake", state="ok", text=f"{settings.lake}, loads: {loads}")


def _openmp() -> Finding:
    if platform.system() == "Linux" and ctypes.util.find_library("gomp") is None:
        return Finding(name="libgomp1", state="fail", text="LightGBM needs it: sudo apt-get install libgomp1")
    return Finding(name="libgomp1", state="ok", text="found")


def _clock(clock: Clock, server: str, port: int = NTP_PORT) -> Finding:
    try:
        offset = _ntp_offset(clock, server, port)
    except OSError as error:
        return Finding(
            name="clock",
            state="warn",
            text=f"not compared with {server} ({error}); allow UDP 123 or name another with --ntp",
        )
    if abs(offset) > TOLERANCE_SECONDS:
        return Finding(
            name="clock",
            state="fail",
            text=f"{offset:+.3f} s off {server}; seals need the right time: start chrony or systemd-timesyncd",
        )
    return Finding(name="clock", state="ok", text=f"{offset:+.3f} s off {server}")


def _ntp_offset(clock: Clock, server: str, port: int) -> float:
    """Return how far our clock is ahead of ``server`` in seconds, by one SNTP question (RFC 4330)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(2)
        sent = clock.now().timestamp()
        line.sendto(b"\x1b" + 47 * b"\0", (server, port))
        answer = line.recv(48)
        got = clock.now().timestamp()
    if len(answer) < 48:
        raise OSError("the answer is too short")
    seconds, fraction = struct.unpack("!II", answer[40:48])
    if seconds == 0:
        raise OSError("it tells no time")
    return (sent + got) / 2 - (seconds - NTP_EPOCH + fraction / 2**32)


def _postgres(settings: Settings) -> Finding:
    try:
        server = acquire(settings)
    except AntepostError as error:
        return Finding(name="postgres", state="fail", text=str(error))
    kind = "embedded, started and answering" if server.embedded else "answers"
    return Finding(name="postgres", state="ok", text=kind)


def _valkey(settings: Settings) -> Finding:
    try:
        valkey_client(settings)
    except AntepostError as error:
        return Finding(name="valkey", state="warn", text=f"{error}; the hot state goes on in Postgres, slower")
    kind = "answers" if settings.valkey_url else "embedded, started and answering"
    return Finding(name="valkey", state="ok", text=kind)


def _mlflow(settings: Settings) -> Finding:
    if settings.mlflow_url is None:
        return Finding(name="mlflow", state="ok", text="embedded, started when a champion is first asked for")
    return _answers("mlflow", f"{settings.mlflow_url.rstrip('/')}/health", "check ANTEPOST_MLFLOW_URL")


def _mirror(settings: Settings) -> Finding:
    if settings.mirror is None:
        return Finding(name="mirror", state="ok", text="none; sources are fetched from upstream")
    if settings.mirror.startswith(("http://", "https://")):
        return _answers("mirror", settings.mirror, "check ANTEPOST_MIRROR")
    if not Path(settings.mirror).is_dir():
        return Finding(name="mirror", state="fail", text=f"no folder {settings.mirror}; check ANTEPOST_MIRROR")
    return Finding(name="mirror", state="ok", text=settings.mirror)


def _answers(name: str, url: str, advice: str) -> Finding:
    try:
        answer = httpx.get(url, timeout=5, follow_redirects=True)
    except httpx.HTTPError as error:
        return Finding(name=name, state="fail", text=f"{url} does not answer ({error}); {advice}")
    state = "ok" if answer.status_code < 500 else "fail"
    return Finding(name=name, state=state, text=f"{url} answers {answer.status_code}")
