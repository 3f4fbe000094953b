"""The MLflow server this process reads from: the one the settings name, else the embedded one."""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import ssl
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from antepost.engines.lease import Lease
from antepost.engines.postgres import acquire
from antepost.engines.process import disk_full, disk_or, end, looks_full, spawn, stands_in
from antepost.errors import EngineError
from antepost.settings import Settings

# The first start also writes MLflow's schema; on two cores that took 18 s.
_START_PATIENCE_S = 180.0
_STOP_STEPS = ((signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0))
_ATTEMPTS = 3
_OK = 200
# /health answers while the store is gone; this question goes through to the database.
_STORE_QUESTION = "/api/2.0/mlflow/registered-models/search"
# The loopback address is asked in plain HTTP ten times a second; to load the system's certificates each time took a
# quarter of a processor from the server that starts.
_NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class MlflowServer:
    """The embedded MLflow server: on the loopback address only, its store in our Postgres."""

    folder: Path
    store: str
    artifacts: Path

    @property
    def log(self) -> Path:
        """What the server said."""
        return self.folder / "log"

    def url(self) -> str:
        """Return where the server answers.

        Raises:
            EngineError: it has not been started.
        """
        found = self._record()
        if found is None:
            raise EngineError(f"no MLflow server is known in {self.folder}", folder=str(self.folder))
        return found[1]

    def healthy(self) -> bool:
        """Return whether the server answers, and its store behind it."""
        found = self._record()
        if found is None or not stands_in(found[0], self.folder):
            return False
        # After the database was restarted, the first question may meet a connection that died with it.
        return any(_answers(found[1]) for _ in range(2))

    def start(self) -> None:
        """Start the server on a free port and wait until it answers.

        Raises:
            EngineError: it does not come up; the text holds what it said last.
        """
        self.stop()
        said = ""
        for _ in range(_ATTEMPTS):
            if self._started():
                return
            said = self._said()
            # Between our choice of a port and its use, somebody else may have taken it.
            if "address already in use" not in said.lower():
                break
        if looks_full(self.folder, said):
            raise disk_full(self.folder)
        raise EngineError(f"MLflow did not start; see {self.log}. It said: {said}", log=str(self.log))

    def stop(self) -> None:
        """Stop the server with its workers."""
        found = self._record()
        if found is not None and not end(found[0], self.folder, _STOP_STEPS, group=True):
            raise EngineError(f"MLflow (pid {found[0]}) does not stop; see {self.log}", pid=found[0])
        self._file().unlink(missing_ok=True)

    def _started(self) -> bool:
        port = _free_port()
        try:
            self.artifacts.mkdir(parents=True, exist_ok=True)
            self.log.write_bytes(b"")
            pid = spawn(self._command(port), self.folder, self.log, _environment())
            self._remember(pid, f"http://127.0.0.1:{port}")
        except OSError as error:
            raise disk_or(error, "cannot prepare MLflow", self.folder) from error
        deadline = time.monotonic() + _START_PATIENCE_S
        while time.monotonic() < deadline:
            if not stands_in(pid, self.folder):
                return False
            if _answers(f"http://127.0.0.1:{port}"):
                return True
            time.sleep(0.1)
        self.stop()
        return False

    def _command(self, port: int) -> list[str]:
        program = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)]
        store = ["--backend-store-uri", self.store, "--artifacts-destination", self.artifacts.as_uri()]
        # Artefacts are named relative to this root: MLflow's columns are too short for the path of a deep home.
        root = ["--serve-artifacts", "--default-artifact-root", "mlflow-artifacts:/"]
        return [*program, *store, *root, "--workers", "1"]

    def _file(self) -> Path:
        return self.folder / "server.json"

    def _remember(self, pid: int, url: str) -> None:
        scratch = self.folder / "server.json.new"
        scratch.write_text(json.dumps({"pid": pid, "url": url}))
        scratch.rename(self._file())

    def _record(self) -> tuple[int, str] | None:
        try:
            found = json.loads(self._file().read_text())
            return int(found["pid"]), str(found["url"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _said(self) -> str:
        return self.log.read_text(errors="replace")[-2000:].strip()


_held: dict[str, tuple[MlflowServer, Lease]] = {}
_guard = threading.RLock()


def mlflow_server(settings: Settings) -> str:
    """Return the URL of an MLflow server that answers, started where none is configured and none runs.

    The embedded one ends with its last user, a moment before the Postgres that it stores in.

    Raises:
        EngineError: it does not start or does not answer.
    """
    if settings.mlflow_url:
        return settings.mlflow_url.rstrip("/")
    with _guard:
        acquire(settings)
        key = str(settings.home)
        if key not in _held:
            server = _server(settings)
            _held[key] = (server, Lease(server))
        server, lease = _held[key]
        if not lease.held or not server.healthy():
            lease.take()
        return server.url()


def mlflow_store(settings: Settings) -> str:
    """Return what MLflow's own SDK is to write to: the configured server, else our database."""
    if settings.mlflow_url:
        return settings.mlflow_url.rstrip("/")
    return acquire(settings).url("mlflow").render_as_string(hide_password=False)


def release_mlflow(settings: Settings) -> None:
    """Give the embedded server back before this process ends; the last one out stops it."""
    with _guard:
        found = _held.pop(str(settings.home), None)
        if found is not None:
            found[1].release()


def _server(settings: Settings) -> MlflowServer:
    return MlflowServer(folder=settings.engines / "mlflow", store=mlflow_store(settings), artifacts=settings.mlruns)


def _answers(url: str) -> bool:
    """Return whether the server and its store answer; no proxy is asked about the loopback address."""
    try:
        with httpx.Client(base_url=url, trust_env=False, verify=_NO_CERTIFICATES, timeout=20.0) as client:
            if client.get("/health").status_code != _OK:
                return False
            return client.get(_STORE_QUESTION, params={"max_results": 1}).status_code == _OK
    except httpx.HTTPError:
        return False


def _environment() -> dict[str, str]:
    quiet = {
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
    }
    return {**os.environ, **quiet}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _release_all() -> None:
    with _guard:
        for _, lease in _held.values():
            lease.release()
        _held.clear()


# Registered after Postgres's, and so run before it: MLflow ends while its store still answers.
atexit.register(_release_all)
