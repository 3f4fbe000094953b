"""The embedded Postgres server of one home: initdb, start, health, stop."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from antepost.engines.account import as_ordinary_user
from antepost.engines.binaries import postgres_bin
from antepost.engines.process import disk_full, disk_or, end, looks_full, spawn, stands_in
from antepost.engines.sockets import make_private, socket_folder
from antepost.errors import EngineError

SUPERUSER = "antepost"
PORT = "5432"

# Crash recovery after a kill can replay a good deal of log; a mere start takes half a second.
_START_PATIENCE_S = 120.0
# A killed postmaster stays a zombie, and its backends hold shared memory, for a second or two.
_REMAINS_PATIENCE_S = 20.0
_REMAINS = ("lock file", "still in use")
_STOP_STEPS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 15.0))

_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": PORT,
    "shared_buffers": "64MB",
    "max_connections": "100",
    # Containers often give 64 MB of shared memory, which parallel queries overrun.
    "max_parallel_workers_per_gather": "0",
    "max_wal_size": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """The server whose data lie below ``folder``; it listens on a socket that its owner alone can open."""

    folder: Path

    @property
    def data(self) -> Path:
        """Postgres's own data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server said."""
        return self.folder / "log"

    @property
    def socket(self) -> Path:
        """The socket's folder: short enough for the kernel, and never that of a home that lay here before."""
        return socket_folder(self.folder, "Postgres")

    def healthy(self) -> bool:
        """Return whether a connection succeeds; a server with no room for one more is healthy too."""
        try:
            self.connection("postgres").close()
        except psycopg2.OperationalError as error:
            return "too many clients" in str(error)
        return True

    def connection(self, database: str) -> psycopg2.extensions.connection:
        """Return an open connection to ``database`` as the superuser."""
        return psycopg2.connect(host=str(self.socket), port=PORT, user=SUPERUSER, dbname=database, connect_timeout=5)

    def start(self) -> None:
        """Start the server, and with it its data folder where there is none, and wait until it answers.

        Raises:
            EngineError: it does not come up; the text holds what it said last.
        """
        try:
            self._initialise()
            make_private(self.socket)
        except OSError as error:
            raise disk_or(error, "cannot prepare Postgres", self.folder) from error
        deadline = time.monotonic() + _REMAINS_PATIENCE_S
        while not self._started():
            said = self._said()
            if looks_full(self.folder, said):
                raise disk_full(self.folder)
            if time.monotonic() > deadline or not any(remains in said for remains in _REMAINS):
                raise EngineError(f"Postgres did not start; see {self.log}. It said: {said}", log=str(self.log))

    def stop(self) -> None:
        """Stop the server: open transactions roll back, the rest is flushed.

        Raises:
            EngineError: it is still there after every signal.
        """
        pid = self.postmaster()
        if pid is not None and not end(pid, self.data, _STOP_STEPS):
            raise EngineError(f"Postgres (pid {pid}) does not stop; see {self.log}", pid=pid)
        shutil.rmtree(self.socket, ignore_errors=True)

    def postmaster(self) -> int | None:
        """Return the living server's pid, None where the pid file is missing, stale or names a stranger."""
        try:
            first = (self.data / "postmaster.pid").read_text().partition("\n")[0]
        except OSError:
            return None
        pid = int(first) if first.isdigit() else 0
        return pid if pid > 0 and stands_in(pid, self.data) else None

    def _started(self) -> bool:
        """Start a server unless one lives; return whether it answers before it dies."""
        pid = self.postmaster() or self._spawn()
        deadline = time.monotonic() + _START_PATIENCE_S
        while time.monotonic() < deadline:
            if self.healthy():
                return True
            if not stands_in(pid, self.data):
                return False
            time.sleep(0.02)
        raise EngineError(
            f"Postgres (pid {pid}) lives but has not answered for {_START_PATIENCE_S:.0f} s; see {self.log}",
            pid=pid,
        )

    def _spawn(self) -> int:
        # We hold the start lock and nobody alive stands in the data folder, so these files are a dead
        # server's. Postgres itself would refuse to start where their pid now names a stranger; its shared
        # memory still tells it of backends that outlive their postmaster.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.socket / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
        self.log.write_bytes(b"")
        options = [f"--{name}={value}" for name, value in _OPTIONS.items()]
        command = [str(self._bin() / "postgres"), "-D", str(self.data), "-k", str(self.socket), *options]
        return spawn(as_ordinary_user(command, self.data), self.data, self.log, _environment())

    def _initialise(self) -> None:
        """Make the data folder beside its place and rename it: half a one is never found."""
        if self.data.exists():
            return
        scratch = self.folder / "initialising"
        _remove(scratch)
        command = [str(self._bin() / "initdb"), "-D", str(scratch), "-U", SUPERUSER, "--auth=trust"]
        done = subprocess.run(  # noqa: S603  # the command is written here
            as_ordinary_user([*command, "--encoding=UTF8", "--locale=C"], scratch),
            capture_output=True, text=True, check=False, cwd=self.folder, env=_environment(),
        )  # fmt: skip
        if done.returncode != 0:
            full = looks_full(self.folder, done.stderr)
            _remove(scratch)
            if full:
                raise disk_full(self.folder)
            raise EngineError(f"initdb failed in {self.folder}: {done.stderr.strip()}", folder=str(self.folder))
        scratch.rename(self.data)

    def _bin(self) -> Path:
        return postgres_bin(self.folder)

    def _said(self) -> str:
        try:
            return self.log.read_text(errors="replace")[-2000:].strip()
        except OSError as error:
            return f"(its log cannot be read: {error.strerror})"


def _environment() -> dict[str, str]:
    """Return our environment without what would turn Postgres's head: PGPORT, PGDATA, a foreign locale."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
